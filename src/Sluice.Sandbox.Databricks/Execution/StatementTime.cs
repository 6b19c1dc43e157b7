using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>How long one statement may still run.</summary>
internal sealed class StatementTime : IDisposable
{
    private readonly DatabricksSandboxOptions options;
    private readonly CancellationTokenSource limit;
    private readonly CancellationTokenSource linked;
    private readonly CancellationToken cancelled;

    public StatementTime(DatabricksSandboxOptions options, CancellationToken cancelled)
    {
        this.options = options;
        this.cancelled = cancelled;
        limit = new(options.StatementTimeout, TimeProvider.System);
        linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancelled);
    }

    public CancellationToken Token => linked.Token;

    /// <summary>The time ran out, before anybody cancelled.</summary>
    public bool IsOver => limit.IsCancellationRequested && !cancelled.IsCancellationRequested;

    public SqlException Exceeded() =>
        new("QUERY_EXECUTION_TIMEOUT_EXCEEDED", "57KD0", $"Query execution was cancelled because it exceeded the timeout ({(long)options.StatementTimeout.TotalSeconds}s).");

    public void Dispose()
    {
        linked.Dispose();
        limit.Dispose();
    }
}
