namespace Sluice.Platforms.Snowflake.Login;

/// <summary>One of the documented ways to log in.</summary>
internal interface IProvesLogin : IDisposable
{
    /// <summary>What to look at when a login is refused; null when Snowflake's words are enough.</summary>
    string? Hint { get; }

    /// <summary>A proof that is good now.</summary>
    ValueTask<LoginProof> ProveAsync(CancellationToken cancellationToken);

    /// <summary>Forgets a proof that was refused; whether another one may be better.</summary>
    bool Forget();
}
