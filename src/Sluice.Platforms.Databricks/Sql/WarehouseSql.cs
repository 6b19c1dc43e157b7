using System.Runtime.CompilerServices;
using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>
/// Runs statements on a SQL warehouse by the Statement Execution API. A stopped warehouse is started by the statement itself. Results come inline;
/// one that is larger than may be is asked for again in cloud storage.
/// </summary>
/// <param name="workspace">The workspace.</param>
/// <param name="compute">The warehouse.</param>
/// <param name="storage">Reads results in cloud storage.</param>
/// <param name="reading">Reads answers.</param>
/// <param name="waiting">How long a statement may take.</param>
/// <param name="options">Limits.</param>
/// <param name="time">The clock.</param>
internal sealed class WarehouseSql(
    WorkspaceClient workspace, ComputePath compute, ExternalResults storage, StatementReading reading, Waiting waiting, DatabricksOptions options, TimeProvider time)
    : ISqlEndpoint
{
    private const string Statements = "/api/2.0/sql/statements";
    private const string Inline = "INLINE", Links = "EXTERNAL_LINKS";

    public int MostRows => options.WarehouseRows;

    public async IAsyncEnumerable<SqlChunk> QueryAsync(string sql, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var statement = await RunAsync(sql, Inline, cancellationToken);
        if (statement.IsTooLargeInline) statement = await RunAsync(sql, Links, cancellationToken);
        if (statement.WasEnded) throw SqlFailures.Ended(statement.State, workspace.Quotable(statement.ErrorMessage));
        if (!statement.HasSucceeded)
            throw SqlFailures.Of(statement.ErrorCode ?? statement.State, statement.ErrorMessage, workspace.Quotable(statement.ErrorMessage), statement.SqlState);

        // What is not there is taken for gone by those who read it, so a result must prove that it is whole.
        if (statement is { First: null, Total: not 0 }) throw SqlFailures.Incomplete(compute.Shown);
        var index = 0;
        var received = 0L;
        var chunk = statement.First ?? new ResultChunk([], [], null);
        while (true)
        {
            if (chunk is { Rows: [], Links: [] } && statement.Total != 0) throw SqlFailures.Incomplete(compute.Shown);
            var isLast = chunk.Next is null;
            var rows = await RowsAsync(statement.Id, index, chunk, cancellationToken);
            received += rows.Count;
            if (isLast && !statement.IsCut && statement.Total is { } total && received != total) throw SqlFailures.Incomplete(compute.Shown);
            yield return new SqlChunk(rows, isLast && statement.IsCut);
            if (chunk.Next is not { } next) yield break;
            if (next <= index) throw new PlatformException(PlatformFailure.Refused, $"{workspace.Host} names a chunk of a result that was read already as the next one.");
            index = next;
            chunk = await ChunkAsync(statement.Id, index, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<StatementAnswer> RunAsync(string sql, string disposition, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var statement = await StartAsync(sql, disposition, cancellationToken);
        try
        {
            statement = await waiting.UntilAsync(
                statement,
                static s => s.IsUnderWay,
                token => workspace.GetAsync("sql:statement", PathOf(statement.Id), reading.Statement, token),
                started,
                cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or PlatformException)
        {
            await waiting.GiveUpAsync(token => CancelAsync(statement.Id, token));
            throw;
        }

        if (!statement.IsUnderWay) return statement;
        await waiting.GiveUpAsync(token => CancelAsync(statement.Id, token));
        throw SqlFailures.TooLate(compute.Shown, statement.State != StatementAnswer.Pending, waiting.Limit);
    }

    private async Task<StatementAnswer> StartAsync(string sql, string disposition, CancellationToken cancellationToken)
    {
        // No longer than it may take in all; the API waits 5 s at least.
        var wait = Math.Clamp((int)Math.Min(options.StatementWait.TotalSeconds, waiting.Limit.TotalSeconds), 5, 50);
        var body = Json.Utf8(json =>
        {
            json.WriteString("warehouse_id", compute.Id);
            json.WriteString("statement", sql);
            json.WriteString("wait_timeout", $"{wait}s");
            json.WriteString("on_wait_timeout", "CONTINUE");
            json.WriteString("disposition", disposition);
            json.WriteString("format", "JSON_ARRAY");
        });
        try
        {
            return await workspace.PostAsync("sql:execute", Statements, body, reading.Statement, cancellationToken);
        }
        catch (PlatformException e) when (e.Status is not null && e.Failure is PlatformFailure.NotFound or PlatformFailure.AccessDenied or PlatformFailure.Refused)
        {
            throw SqlFailures.OfCompute(
                e, compute.Shown, "see that httpPath names a warehouse of this workspace, and that the service principal has CAN USE on it");
        }
    }

    private async Task<IReadOnlyList<string?[]>> RowsAsync(string statement, int index, ResultChunk chunk, CancellationToken cancellationToken)
    {
        if (chunk.Links.Count == 0) return chunk.Rows;
        try
        {
            return await storage.ReadAsync(chunk.Links, cancellationToken);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound or PlatformFailure.Refused && e.Status is not null)
        {
            // The link is good for some minutes; whoever takes the rows may have been busy for longer.
            var again = await ChunkAsync(statement, index, cancellationToken);
            return again.Links.Count > 0 ? await storage.ReadAsync(again.Links, cancellationToken) : throw SqlFailures.Incomplete(compute.Shown);
        }
    }

    private Task<ResultChunk> ChunkAsync(string statement, int index, CancellationToken cancellationToken) =>
        workspace.GetAsync("sql:chunk", $"{PathOf(statement)}/result/chunks/{index}", reading.Chunk, cancellationToken);

    private Task CancelAsync(string statement, CancellationToken cancellationToken) =>
        workspace.PostAsync("sql:cancel", $"{PathOf(statement)}/cancel", "{}"u8.ToArray(), cancellationToken);

    private static string PathOf(string statement) => $"{Statements}/{Uri.EscapeDataString(statement)}";
}
