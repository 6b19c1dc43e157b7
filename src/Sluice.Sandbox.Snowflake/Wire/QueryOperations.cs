using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Sandbox.Snowflake.Faults;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Sessions;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>Statements: begun, waited for, fetched, aborted, watched.</summary>
internal sealed class QueryOperations(SandboxRuntime runtime)
{
    public const string ChunkRoot = "/_results/";

    private const string KeyHeader = "x-amz-server-side-encryption-customer-key";

    private readonly QueryStarter starter = new(runtime);

    public async Task<Answer> StartAsync(HttpRequest request, JsonObject body, FaultVerdict verdict, CancellationToken cancellationToken)
    {
        var session = Find(request);
        var requestId = request.Query["requestId"].ToString();
        // A driver that lost an answer asks again with the same id: it gets that run, and nothing is done twice.
        QueryRun run;
        if (requestId.Length == 0) run = starter.Start(session, body, verdict.Slow);
        else
        {
            lock (session.ByRequest)
            {
                if (!session.ByRequest.TryGetValue(requestId, out run!))
                {
                    session.ByRequest[requestId] = run = starter.Start(session, body, verdict.Slow);
                    run.RequestId = requestId;
                }
            }
        }

        var isAsync = body["asyncExec"] is JsonValue flag && flag.TryGetValue<bool>(out var wanted) && wanted;
        if (isAsync) return InProgress(run, "333334");
        return await WaitAsync(run, cancellationToken);
    }

    public async Task<Answer> ResultAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var session = Find(request);
        var id = request.Path.Value!.Split('/')[2];
        var run = runtime.Log.Find(id);
        return run is null || run.Session.User != session.User ? throw SnowflakeException.NoStatement(id) : await WaitAsync(run, cancellationToken);
    }

    public Answer Abort(HttpRequest request, JsonObject body)
    {
        var session = Find(request);
        var parts = request.Path.Value!.Split('/');
        var run = parts is [_, _, "v1", _] ? session.ByRequest.GetValueOrDefault(body["requestId"]?.ToString() ?? "") : runtime.Log.Find(parts[2]);
        if (run is null || run.Ended is not null || run.Session.User != session.User) throw new SnowflakeException("000605", "02000", "Identified SQL statement is not currently executing.");
        run.Abort();
        return Answers.Success(null);
    }

    public Answer Monitor(HttpRequest request)
    {
        var session = Find(request);
        var id = request.Path.Value!.Split('/')[^1];
        var queries = new JsonArray();
        if (runtime.Log.Find(id) is { } run && run.Session.User == session.User)
        {
            queries.Add(new JsonObject
            {
                ["id"] = run.Id, ["sqlText"] = run.Sql, ["status"] = run.Status, ["state"] = run.Status, ["sessionId"] = run.Session.Id, ["userName"] = run.Session.User.Name,
                ["startTime"] = run.Started.ToUnixTimeMilliseconds(), ["endTime"] = run.Ended?.ToUnixTimeMilliseconds() ?? 0, ["errorCode"] = run.Failure?.Code, ["errorMessage"] = run.Failure?.Message,
                ["warehouseName"] = run.WarehouseName, ["queryTag"] = run.Tag,
            });
        }

        return Answers.Success(new JsonObject { ["queries"] = queries });
    }

    /// <summary>A chunk, as the object store in which Snowflake puts them would give it: by its key, without a session.</summary>
    public Answer Chunk(HttpRequest request)
    {
        var parts = request.Path.Value!.Split('/');
        if (parts.Length != 4 || runtime.Log.Find(parts[2]) is not { Result: { } result } run || !int.TryParse(parts[3], CultureInfo.InvariantCulture, out var index) || index < 0 || index >= result.Chunks.Count)
        {
            return new("<Error><Code>NoSuchKey</Code></Error>"u8.ToArray()) { Status = 404, ContentType = "application/xml" };
        }

        return request.Headers[KeyHeader] == QueryAnswers.KeyOf(run)
            ? new(result.ReadChunk(index)) { IsGzip = true, ContentType = "text/plain" }
            : new("<Error><Code>AccessDenied</Code></Error>"u8.ToArray()) { Status = 403, ContentType = "application/xml" };
    }

    private Session Find(HttpRequest request) => runtime.Sessions.Find(SessionOperations.Authorization(request));

    private async Task<Answer> WaitAsync(QueryRun run, CancellationToken cancellationToken)
    {
        if (!run.Work.IsCompleted)
        {
            if (runtime.Options.AsyncAfter == TimeSpan.Zero && run.MarkAnnounced()) return InProgress(run, "333333");
            var patience = runtime.Options.AsyncAfter > TimeSpan.Zero ? runtime.Options.AsyncAfter : TimeSpan.FromSeconds(45);
            await Task.WhenAny(run.Work, Task.Delay(patience, runtime.Options.Clock, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (!run.Work.IsCompleted) return InProgress(run, "333333");
        }

        if (run.Failure is { } failure) return Answers.Error(failure, run.Id);
        // Of old runs the answer is gone.
        return run.Result is { } result ? QueryAnswers.Of(run, result, runtime.Endpoint) : throw SnowflakeException.NoStatement(run.Id);
    }

    private static Answer InProgress(QueryRun run, string code) => Answers.Success(
        new JsonObject { ["queryId"] = run.Id, ["getResultUrl"] = $"/queries/{run.Id}/result", ["queryAbortsAfterSecs"] = 300, ["progressDesc"] = null },
        code,
        "Query execution in progress. " + (code == "333334" ? "Asynchronous execution in progress. Use provided query id to perform query monitoring and management." : ""));
}
