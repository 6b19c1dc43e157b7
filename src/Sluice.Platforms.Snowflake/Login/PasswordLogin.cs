namespace Sluice.Platforms.Snowflake.Login;

/// <summary>A password, or a programmatic access token in its place.</summary>
internal sealed class PasswordLogin(string username, string password) : IProvesLogin
{
    public string Hint =>
        "Snowflake takes no single-factor passwords of service users any more: put a programmatic access token (ALTER USER … ADD PROGRAMMATIC ACCESS TOKEN … ROLE_RESTRICTION = '…', "
        + "of Sluice's role, for a user under a network policy) in the password's place, or use keyPair.";

    public ValueTask<LoginProof> ProveAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new LoginProof(username, null, password));

    public bool Forget() => false;

    public void Dispose()
    {
    }
}
