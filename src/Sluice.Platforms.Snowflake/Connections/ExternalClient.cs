using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>An External OAuth client as a payload describes it: who asks which authority for a token, for what, and by what it proves itself.</summary>
internal sealed record ExternalClient
{
    /// <summary>The scope that lets a session take any role of its user ("External OAuth overview", scopes).</summary>
    public const string DefaultScope = "session:role-any";

    /// <summary>The registered application.</summary>
    public required string ClientId { get; init; }

    /// <summary>The authority, as <see cref="OAuth.AuthorityUrl"/> reads it.</summary>
    public required Uri AuthorityUrl { get; init; }

    /// <summary>Whether it proves itself by a certificate's key instead of a secret.</summary>
    public required bool UseCertificate { get; init; }

    /// <summary>The scope asked for.</summary>
    public required string Scope { get; init; }

    /// <summary>With a certificate: its digest.</summary>
    public Thumbprint? Thumbprint { get; init; }

    /// <summary>With a certificate: the key's label and file name.</summary>
    public KeyFile? PrivateKey { get; init; }

    /// <summary>Passed to the authority, where one is given.</summary>
    public string? Resource { get; init; }

    /// <summary>As the authority knows it.</summary>
    public OAuthClient ToClient() => new() { ClientId = ClientId, Authority = AuthorityUrl, Scope = Scope, Resource = Resource };

    /// <summary>By what it proves itself.</summary>
    /// <param name="secret">The secret, or the certificate's private key.</param>
    public OAuthCredential ToCredential(string secret) => UseCertificate ? OAuthCredential.OfKey(secret, thumbprint: Thumbprint) : OAuthCredential.OfSecret(secret);
}
