using System.Text.Json;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Statements;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Commands;

/// <summary>A command of an execution context.</summary>
internal sealed class CommandRun(SandboxRuntime runtime, CommandContext context, string text)
{
    /// <summary>A notebook's table shows no more rows.</summary>
    private const long MostRows = 10_000;

    /// <summary>Nor more bytes: https://docs.databricks.com/aws/en/notebooks/notebook-limitations.</summary>
    private const long MostBytes = 2 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly CancellationTokenSource cancelling = new();
    private int pendingPolls = runtime.Options.StatementPendingPolls;
    private bool started;

    public string Id { get; } = RandomId.New().ToString("N");

    /// <summary>Queued, Running, Finished or Cancelled; a failed command is Finished, with an error for a result.</summary>
    public string Status { get; private set; } = "Queued";

    public bool HasEnded => Status is not ("Queued" or "Running");

    private IReadOnlyList<ResultColumn> Columns { get; set; } = [];

    private ReadOnlyMemory<byte> Rows { get; set; }

    private bool Truncated { get; set; }

    private string? Error { get; set; }

    public void TryStart(bool isPoll)
    {
        lock (gate)
        {
            if (isPoll && pendingPolls > 0) pendingPolls--;
            if (started || Status != "Queued" || pendingPolls > 0) return;
            started = true;
        }

        _ = Task.Run(RunAsync);
    }

    public void Cancel()
    {
        lock (gate)
        {
            if (Status is not ("Queued" or "Running")) return;
            cancelling.Cancel();
            Status = "Cancelled";
        }
    }

    public void WriteResults(Utf8JsonWriter json)
    {
        json.WriteStartObject("results");
        if (Error is not null)
        {
            json.WriteString("resultType", "error");
            json.WriteString("summary", $"<span class=\"ansi-red-fg\">AnalysisException</span>: {Error}");
            json.WriteString("cause", $"---------------------------------------------------------------------------\norg.apache.spark.sql.AnalysisException: {Error}");
        }
        else
        {
            json.WriteString("resultType", "table");
            json.WritePropertyName("data");
            json.WriteRawValue(Rows.IsEmpty ? "[]"u8 : Rows.Span, skipInputValidation: true);
            json.WriteStartArray("schema");
            foreach (var column in Columns)
            {
                json.WriteStartObject();
                json.WriteString("name", column.Name);
                json.WriteString("type", TypeJson(column.Type));
                json.WriteString("metadata", "{}");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBoolean("truncated", Truncated);
            json.WriteBoolean("isJsonSchema", true);
        }

        json.WriteEndObject();
    }

    private async Task RunAsync()
    {
        try
        {
            await context.Turn.WaitAsync(cancelling.Token);
            try
            {
                await InPlaceAsync();
            }
            finally
            {
                context.Turn.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Cancel has said so already.
        }
        catch (Exception problem)
        {
            Finish(problem is SqlException ? problem.Message : $"[INTERNAL_ERROR] {problem.Message}");
        }
    }

    /// <summary>The places are the engine's, which the cluster shares with the warehouse.</summary>
    private async Task InPlaceAsync()
    {
        await runtime.Places.WaitAsync(cancelling.Token);
        try
        {
            lock (gate)
            {
                if (Status != "Queued") return;
                Status = "Running";
            }

            Execute();
        }
        finally
        {
            runtime.Places.Release();
        }
    }

    private void Execute()
    {
        using var time = new StatementTime(runtime.Options, cancelling.Token);
        using var inPlace = runtime.Requests.Running();
        try
        {
            using var result = new StatementRunner(runtime, context.Session).Run(text, time.Token);
            using var spool = ResultSpool.Read(result, new(int.MaxValue, MostRows, MostBytes), runtime.SpoolFolder, ResultValues.WriteTyped, time.Token);
            Columns = result.Columns;
            Rows = spool.Chunks.Count == 0 ? default : spool.ReadChunk(0);
            Truncated = spool.Truncated;
            Finish(null);
        }
        catch (Exception) when (time.IsOver)
        {
            throw time.Exceeded();
        }
    }

    private void Finish(string? error)
    {
        lock (gate)
        {
            if (Status is not ("Queued" or "Running")) return;
            Error = error;
            Status = "Finished";
        }
    }

    private static string TypeJson(SqlType type)
    {
        using var buffer = ResponseBuffer.Rent();
        type.WriteJson(buffer.Json);
        return System.Text.Encoding.UTF8.GetString(buffer.Written.Span);
    }
}
