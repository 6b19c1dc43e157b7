using Sluice.Platforms.Egress;
using Sluice.Core.Payloads;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>What one object of a payload says about the account and its login. What is left out or has a problem is null.</summary>
internal sealed class Members
{
    public string? AuthenticationType { get; set; }

    public EndpointHost? Host { get; set; }

    public int? Port { get; set; }

    public string? Warehouse { get; set; }

    public string? Username { get; set; }

    public KeyFile? PrivateKey { get; set; }

    /// <summary>The object of the OAuth client, where there is one: script examples print other members in it.</summary>
    public PayloadObject? OAuth { get; set; }

    public string? Provider { get; set; }

    public string? ClientId { get; set; }

    public Uri? AuthorityUrl { get; set; }

    public bool? UseCertificate { get; set; }

    public string? Scope { get; set; }

    public string? Resource { get; set; }

    public Thumbprint? Thumbprint { get; set; }

    public KeyFile? OAuthKey { get; set; }

    /// <summary>The facts by the name they have in every object.</summary>
    public Dictionary<string, Fact> Facts { get; } = new(StringComparer.Ordinal);

    /// <summary>The secrets by <see cref="SecretPaths"/>, those that are absent included.</summary>
    public Dictionary<string, GivenSecret> Secrets { get; } = new(StringComparer.Ordinal);
}
