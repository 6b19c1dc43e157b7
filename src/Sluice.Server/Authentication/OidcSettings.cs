namespace Sluice.Server.Authentication;

/// <summary>The OIDC issuer whose JWTs are accepted, and what they allow.</summary>
public sealed record OidcSettings
{
    /// <summary>The issuer, exactly as tokens name it.</summary>
    public required string Issuer { get; init; }

    /// <summary>The audience tokens must be for.</summary>
    public required string Audience { get; init; }

    /// <summary>The signature algorithms tokens may use; asymmetric ones only.</summary>
    public required IReadOnlyList<string> Algorithms { get; init; }

    /// <summary>The claim whose values are mapped.</summary>
    public required string Claim { get; init; }

    /// <summary>The permissions each claim value gives.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Permissions { get; init; }

    /// <summary>Whether the e-mail claim counts without <c>email_verified</c>.</summary>
    public bool TrustsEmail { get; init; }
}
