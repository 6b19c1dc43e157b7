using System.Runtime.CompilerServices;
using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Wire;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>
/// Runs statements on a cluster by the Command Execution API (1.2), in one execution context that lives as long as the session. A command shows a
/// thousand rows at most, so it costs more round trips than a warehouse.
/// </summary>
/// <param name="workspace">The workspace.</param>
/// <param name="compute">The cluster.</param>
/// <param name="reading">Reads answers.</param>
/// <param name="waiting">How long a command may take.</param>
/// <param name="options">Limits.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterSql(
    WorkspaceClient workspace, ComputePath compute, StatementReading reading, Waiting waiting, DatabricksOptions options, TimeProvider time) : ISqlEndpoint
{
    private const string Remedy =
        "see that httpPath names a running cluster with Unity Catalog, on which the service principal has CAN ATTACH TO; or use a SQL warehouse, which starts by itself";

    private readonly SemaphoreSlim _opening = new(1, 1);
    private string? _context;

    public int MostRows => options.ClusterRows;

    public async IAsyncEnumerable<SqlChunk> QueryAsync(string sql, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var answer = await RunAsync(sql, started, cancellationToken);
        if (answer.Status == "Cancelled") throw SqlFailures.Ended(answer.Status, null);
        if (answer.Status != "Finished" || answer.ResultType == "error")
        {
            var summary = NotebookWords.Plain(answer.Summary) ?? $"The command ended as {answer.Status}.";
            throw SqlFailures.Of(null, summary, workspace.Quotable(summary), null);
        }

        yield return new SqlChunk(answer.Rows ?? throw SqlFailures.Incomplete(compute.Shown), answer.IsCut);
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is { } context) await DestroyAsync(context);
        _opening.Dispose();
    }

    private Task DestroyAsync(string context) => waiting.GiveUpAsync(token => workspace.PostAsync(
        "commands:destroy", "/api/1.2/contexts/destroy", Json.Utf8(json => WriteContext(json, context)), token));

    // A context lives in the cluster's memory: after a restart of the cluster it is gone, and another one does as well.
    private async Task<CommandAnswer> RunAsync(string sql, long started, CancellationToken cancellationToken)
    {
        var context = await ContextAsync(started, cancellationToken);
        try
        {
            return await RunAsync(context, sql, started, cancellationToken);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.NotFound or PlatformFailure.Refused && e.Message.Contains("context", StringComparison.OrdinalIgnoreCase))
        {
            Interlocked.CompareExchange(ref _context, null, context);
            return await RunAsync(await ContextAsync(started, cancellationToken), sql, started, cancellationToken);
        }
    }

    private async Task<CommandAnswer> RunAsync(string context, string sql, long started, CancellationToken cancellationToken)
    {
        var command = await workspace.PostAsync(
            "commands:execute",
            "/api/1.2/commands/execute",
            Json.Utf8(json =>
            {
                WriteContext(json, context);
                json.WriteString("language", "sql");
                json.WriteString("command", sql);
            }),
            StatementReading.Id,
            cancellationToken);
        CommandAnswer answer;
        try
        {
            answer = await waiting.UntilAsync(
                await StatusAsync(cancellationToken), static c => c.IsUnderWay, StatusAsync, started, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or PlatformException)
        {
            await waiting.GiveUpAsync(CancelAsync);
            throw;
        }

        if (!answer.IsUnderWay) return answer;
        await waiting.GiveUpAsync(CancelAsync);
        throw SqlFailures.TooLate(compute.Shown, answer.Status == "Running", waiting.Limit);

        Task<CommandAnswer> StatusAsync(CancellationToken token) =>
            workspace.GetAsync("commands:status", $"/api/1.2/commands/status?{Query(context)}&commandId={Uri.EscapeDataString(command)}", reading.Command, token);

        Task CancelAsync(CancellationToken token) => workspace.PostAsync(
            "commands:cancel",
            "/api/1.2/commands/cancel",
            Json.Utf8(json =>
            {
                WriteContext(json, context);
                json.WriteString("commandId", command);
            }),
            token);
    }

    private async Task<string> ContextAsync(long started, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _context ??= await OpenAsync(started, cancellationToken);
        }
        catch (PlatformException e) when (e.Status is not null && e.Failure is not (PlatformFailure.CredentialsRejected or PlatformFailure.Throttled))
        {
            throw SqlFailures.OfCompute(e, compute.Shown, Remedy);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<string> OpenAsync(long started, CancellationToken cancellationToken)
    {
        // Each request may make one more on the cluster, whether or not its answer arrives: it is sent once, and whoever asked comes back later.
        var context = await workspace.With(RetryPolicy.None).PostAsync(
            "commands:create",
            "/api/1.2/contexts/create",
            Json.Utf8(json =>
            {
                json.WriteString("clusterId", compute.Id);
                json.WriteString("language", "sql");
            }),
            StatementReading.Id,
            cancellationToken);
        try
        {
            var seen = await waiting.UntilAsync(
                await StatusAsync(cancellationToken), static c => c.Status == "Pending", StatusAsync, started, cancellationToken);
            return seen.Status switch
            {
                "Running" => context,
                "Pending" => throw SqlFailures.TooLate(compute.Shown, hasStarted: false, waiting.Limit),
                _ => throw new PlatformException(PlatformFailure.Refused, $"Databricks can't make an execution context on {compute.Shown}: {Remedy}."),
            };
        }
        catch (Exception e) when (e is OperationCanceledException or PlatformException)
        {
            // Nobody else knows of it: it would stay on the cluster until that ends.
            await DestroyAsync(context);
            throw;
        }

        Task<CommandAnswer> StatusAsync(CancellationToken token) =>
            workspace.GetAsync("commands:context", $"/api/1.2/contexts/status?{Query(context)}", reading.Command, token);
    }

    private void WriteContext(System.Text.Json.Utf8JsonWriter json, string context)
    {
        json.WriteString("clusterId", compute.Id);
        json.WriteString("contextId", context);
    }

    private string Query(string context) => $"clusterId={Uri.EscapeDataString(compute.Id)}&contextId={Uri.EscapeDataString(context)}";
}
