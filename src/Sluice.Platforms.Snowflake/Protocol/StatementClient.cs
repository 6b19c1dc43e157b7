using Sluice.Platforms.Http;
using Sluice.Platforms.Snowflake.Crawling;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>
/// Runs statements in a session: waits for those that take longer, renews the session under way, and aborts what nobody waits for any more. A statement
/// keeps its request id over all attempts, so that it runs once.
/// </summary>
internal sealed class StatementClient(
    AccountClient statements, AccountClient control, AccountSession session, ChunkClient chunks, ColumnPool pool, SnowflakeOptions options, RetryPolicy retry,
    TimeProvider time)
{
    // A session that expires again and again without an answer between is not getting anywhere.
    private const int MostRenewals = 3;

    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private long _sequence;

    /// <summary>The role the statements run under.</summary>
    public Sql.SnowflakeName Role => session.Role;

    /// <summary>What all results of the session share.</summary>
    public ColumnPool Pool => pool;

    /// <summary>Runs a statement; the caller disposes of the result.</summary>
    /// <exception cref="PlatformException">Snowflake refused it, or can't be reached.</exception>
    public async Task<ResultSet> RunAsync(Statement statement, CancellationToken cancellationToken)
    {
        var (response, answer) = await AnswerAsync(statement, cancellationToken);
        return new ResultSet(response, answer, chunks, options.RowBytes, pool);
    }

    /// <summary>
    /// Runs several statements in one request, one after the other, and reads none of their results, each of which would be a request. At the first that fails the
    /// others are not run, and its refusal is the answer (https://github.com/snowflakedb/gosnowflake/blob/master/doc.go, on multi-statement queries).
    /// </summary>
    /// <exception cref="PlatformException">Snowflake refused one of them, did not tell of all, or can't be reached.</exception>
    public async Task RunAllAsync(Statement statements, CancellationToken cancellationToken)
    {
        var (response, answer) = await AnswerAsync(statements, cancellationToken);
        response.Dispose();
        if (answer.ResultIds.Count != statements.Count)
            throw new PlatformException(PlatformFailure.Refused, $"Snowflake was sent {statements.Count} statements and told of {answer.ResultIds.Count}: which were run can't be said.");
    }

    private async Task<(PlatformResponse Response, QueryAnswer Answer)> AnswerAsync(Statement statement, CancellationToken cancellationToken)
    {
        var tokens = await session.TokensAsync(retry, cancellationToken);
        var requestId = statements.NewId();
        var body = QueryRequest.Body(statement, Interlocked.Increment(ref _sequence));
        try
        {
            for (var renewals = 0; ; renewals++)
            {
                var response = await statements.PostAsync(
                    "snowflake:query", QueryRequest.Path, [], requestId, _ => ValueTask.FromResult(body), tokens.Token, retry, cancellationToken);
                var answer = Read(response);
                if (SnowflakeCodes.IsExpired(answer.Code) && renewals < MostRenewals)
                {
                    response.Dispose();
                    tokens = await session.RenewAsync(tokens, retry, cancellationToken);
                    continue;
                }

                if (!answer.IsInProgress) return (response, Accepted(response, answer));
                response.Dispose();
                var (last, result) = await WaitAsync(answer.ResultUrl ?? throw Envelope.NotSnowflake("a query"), tokens, cancellationToken);
                return (last, Accepted(last, result));
            }
        }
        catch (OperationCanceledException)
        {
            await AbortAsync(requestId);
            throw;
        }
        catch (PlatformException e) when (e is { IsTransient: true, Code: null })
        {
            // Without a code of Snowflake's, which ends it, the statement may still run, and nobody would read its result.
            await AbortAsync(requestId);
            throw;
        }
    }

    /// <summary>Asks for a result until it is there. The account holds each request for a while; where it doesn't, the pauses grow.</summary>
    private async Task<(PlatformResponse Response, QueryAnswer Answer)> WaitAsync(string url, SessionTokens tokens, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var pause = FirstPause;
        var renewals = 0;
        while (true)
        {
            var asked = time.GetTimestamp();
            var response = await statements.GetResultAsync(url, tokens.Token, retry, cancellationToken);
            var answer = Read(response);
            if (SnowflakeCodes.IsExpired(answer.Code) && renewals++ < MostRenewals)
            {
                response.Dispose();
                tokens = await session.RenewAsync(tokens, retry, cancellationToken);
                continue;
            }

            if (!answer.IsInProgress) return (response, answer);
            response.Dispose();
            renewals = 0;
            url = answer.ResultUrl ?? url;
            if (time.GetElapsedTime(started) > options.StatementTimeout)
                throw new PlatformException(PlatformFailure.Unreachable, $"A statement ran longer than {options.StatementTimeout.TotalMinutes:0.#} minutes and was aborted.");
            if (time.GetElapsedTime(asked) >= pause) continue;
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static QueryAnswer Read(PlatformResponse response)
    {
        try
        {
            return QueryAnswer.Read(response.Body.Span);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static QueryAnswer Accepted(PlatformResponse response, QueryAnswer answer)
    {
        var refusal = answer switch
        {
            { Success: false } => SnowflakeErrors.OfStatement(answer.Code, answer.Message),
            { Format: not (null or "json") } => new PlatformException(
                PlatformFailure.Refused, $"Snowflake answered with a result in the format {ForeignWords.Bounded(answer.Format)}, not JSON."),
            _ => null,
        };
        if (refusal is null) return answer;
        response.Dispose();
        throw refusal;
    }

    private async Task AbortAsync(Guid requestId)
    {
        using var timeout = new CancellationTokenSource(AbortTimeout, time);
        try
        {
            var tokens = await session.TokensAsync(RetryPolicy.None, timeout.Token);
            using var answer = await control.PostAsync(
                "snowflake:abort", QueryRequest.AbortPath, [], control.NewId(), _ => ValueTask.FromResult(QueryRequest.AbortBody(requestId)), tokens.Token,
                RetryPolicy.None, timeout.Token);
        }
        catch (Exception e) when (e is PlatformException or OperationCanceledException)
        {
            // Nothing more can be done; the account's own statement timeout ends it.
        }
    }
}
