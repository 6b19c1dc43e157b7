namespace Sluice.Platforms.Snowflake.Login;

/// <summary>What a login request carries to prove who asks.</summary>
/// <param name="LoginName">The user; null where the token names it.</param>
/// <param name="Authenticator">The way, null for a password.</param>
/// <param name="Secret">The password, or the token of the way.</param>
internal sealed record LoginProof(string? LoginName, string? Authenticator, string Secret)
{
    /// <summary>Whether a text, such as the refusal of a login, repeats the secret.</summary>
    public bool IsRepeatedBy(string? text) => Secret.Length > 0 && text?.Contains(Secret, StringComparison.Ordinal) == true;

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"LoginProof {{ {Authenticator ?? "password"} }}";
}
