namespace Sluice.Platforms.Snowflake.Login;

/// <summary>What a login request carries to prove who asks.</summary>
/// <param name="LoginName">The user; null where the token names it.</param>
/// <param name="Authenticator">The way, null for a password.</param>
/// <param name="Secret">The password, or the token of the way.</param>
internal sealed record LoginProof(string? LoginName, string? Authenticator, string Secret)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => $"LoginProof {{ {Authenticator ?? "password"} }}";
}
