using Sluice.Platforms.Http;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>Leaves a new session its role alone, before anything is read in it.</summary>
internal sealed class SessionSetup(AccountClient control, SnowflakeOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A user's secondary roles would show the crawl more than its role may see. Where an account refuses the statement for good, they stay: more is seen
    /// then, and nothing is lost.
    /// </summary>
    /// <returns>Why it is not known whether the session has its role alone: it ended, or the account failed; null when it can be used.</returns>
    public async Task<PlatformException?> RunAsync(SessionTokens tokens, RetryPolicy retry, CancellationToken cancellationToken)
    {
        var body = QueryRequest.Body(new Statement("USE SECONDARY ROLES NONE"), sequence: 1);
        var answer = Read(await control.PostAsync(
            "snowflake:query", QueryRequest.Path, [], control.NewId(), _ => ValueTask.FromResult(body), tokens.Token, retry, cancellationToken));
        var started = time.GetTimestamp();
        for (var pause = FirstPause; answer.IsInProgress; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (time.GetElapsedTime(started) > options.StatementTimeout)
                return new PlatformException(PlatformFailure.Unavailable, "Snowflake did not switch off a session's secondary roles in time.");
            await Task.Delay(pause, time, cancellationToken);
            answer = Read(await control.GetResultAsync(answer.ResultUrl ?? throw Envelope.NotSnowflake("a query"), tokens.Token, retry, cancellationToken));
        }

        if (answer.Success) return null;
        var refusal = SnowflakeErrors.OfStatement(answer.Code, answer.Message);
        return refusal.IsTransient || SnowflakeCodes.IsExpired(answer.Code) ? refusal : null;
    }

    private static QueryAnswer Read(PlatformResponse response)
    {
        using (response) return QueryAnswer.Read(response.Body.Span);
    }
}
