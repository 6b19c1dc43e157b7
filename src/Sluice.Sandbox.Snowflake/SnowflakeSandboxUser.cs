namespace Sluice.Sandbox.Snowflake;

/// <summary>A user a sandbox starts with.</summary>
/// <param name="Name">Its name, as stored: upper case unless it was quoted.</param>
public sealed record SnowflakeSandboxUser(string Name)
{
    /// <summary>The name it logs in by, without regard to case; null is the name.</summary>
    public string? LoginName { get; init; }

    /// <summary>Its password; null has none.</summary>
    public string? Password { get; init; }

    /// <summary>RSA_PUBLIC_KEY: SubjectPublicKeyInfo, in PEM or its base 64 alone.</summary>
    public string? RsaPublicKey { get; init; }

    /// <summary>RSA_PUBLIC_KEY_2, for rotation.</summary>
    public string? RsaPublicKey2 { get; init; }

    /// <summary>Programmatic access tokens it may log in with.</summary>
    public IReadOnlyList<string> AccessTokens { get; init; } = [];

    /// <summary>Roles granted to it; one that doesn't exist is created.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The role of a session that names none.</summary>
    public string? DefaultRole { get; init; }

    /// <summary>The warehouse of a session that names none.</summary>
    public string? DefaultWarehouse { get; init; }

    /// <summary>DEFAULT_SECONDARY_ROLES = ('ALL'), the default since 2024; false sets none.</summary>
    public bool DefaultSecondaryRolesAll { get; init; } = true;
}
