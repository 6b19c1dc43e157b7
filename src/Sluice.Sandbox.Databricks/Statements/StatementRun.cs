using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>One statement on its way from PENDING to its end.</summary>
internal sealed class StatementRun(SandboxRuntime runtime, StatementRequest request) : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource cancelling = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int pendingPolls = runtime.Options.StatementPendingPolls;
    private bool started;

    public string Id { get; } = RandomId.New().ToString();

    public StatementRequest Request => request;

    public StatementState State { get; private set; } = StatementState.Pending;

    public SqlException? Error { get; private set; }

    public IReadOnlyList<ResultColumn> Columns { get; private set; } = [];

    public ResultSpool? Result { get; private set; }

    public DateTimeOffset Ended { get; private set; }

    /// <summary>Completes with the statement.</summary>
    public Task Completion => ended.Task;

    /// <summary>Whether it still waits for polls and nothing else moves it.</summary>
    public bool WaitsForPolls => Volatile.Read(ref pendingPolls) > 0;

    /// <summary>Runs when the warehouse is up and enough polls have come; called on the start, on each poll and when the warehouse is up.</summary>
    public void TryStart(bool isPoll)
    {
        lock (gate)
        {
            if (isPoll && pendingPolls > 0) pendingPolls--;
            if (started || State != StatementState.Pending || pendingPolls > 0) return;
            if (runtime.Warehouse.IsDeleted)
            {
                Finish(StatementState.Failed, new("INTERNAL_ERROR", "XX000", "The SQL warehouse was deleted.", "RESOURCE_DOES_NOT_EXIST"));
                return;
            }

            var left = runtime.Warehouse.Start();
            if (left > TimeSpan.Zero)
            {
                _ = StartLaterAsync(left);
                return;
            }

            started = true;
            _ = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    public void Cancel()
    {
        lock (gate)
        {
            if (State is not (StatementState.Pending or StatementState.Running)) return;
            cancelling.Cancel();
            End(StatementState.Canceled);
        }
    }

    /// <summary>A result that was kept for its time is let go.</summary>
    public void CloseWhenOld()
    {
        lock (gate)
        {
            if (State == StatementState.Succeeded && runtime.Options.Clock.GetUtcNow() - Ended > runtime.Options.ResultLifetime) State = StatementState.Closed;
        }
    }

    public void Dispose()
    {
        Cancel();
        if (!runtime.Options.ReuseResults) Result?.Dispose();
    }

    private async Task StartLaterAsync(TimeSpan left)
    {
        await Task.Delay(left, runtime.Options.Clock, cancelling.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TryStart(isPoll: false);
    }

    private async Task RunAsync()
    {
        var placed = false;
        try
        {
            await runtime.Places.WaitAsync(cancelling.Token);
            placed = true;
            lock (gate)
            {
                if (State != StatementState.Pending) return;
                State = StatementState.Running;
            }

            Execute();
        }
        catch (OperationCanceledException)
        {
            Finish(StatementState.Canceled, null);
        }
        catch (SqlException problem)
        {
            Finish(cancelling.IsCancellationRequested ? StatementState.Canceled : StatementState.Failed, problem);
        }
        catch (Exception problem)
        {
            // Whatever else goes wrong is the sandbox's own fault, and must not leave the statement running for ever.
            Finish(StatementState.Failed, new("INTERNAL_ERROR", "XX000", problem.Message, "INTERNAL_ERROR"));
        }
        finally
        {
            if (placed) runtime.Places.Release();
        }
    }

    private void Execute()
    {
        var key = new ResultKey(runtime, request);
        if (runtime.Statements.Cache.Find(key) is { } cached)
        {
            (Columns, Result) = cached;
            runtime.Requests.Ran("SELECT");
            Finish(StatementState.Succeeded, null);
            return;
        }

        using var result = new StatementRunner(runtime, request.Session).Run(request.Text, cancelling.Token);
        var most = request.IsExternal ? long.MaxValue : runtime.Options.InlineByteLimit;
        var spool = ResultSpool.Read(result, runtime.Options.ResultChunkBytes, request.RowLimit, request.ByteLimit, most, ResultValues.WriteText, cancelling.Token);
        if (spool is null) throw SqlException.TooLargeInline(most);

        (Columns, Result) = (result.Columns, spool);
        runtime.Statements.Cache.Keep(key, result.Columns, spool);
        Finish(StatementState.Succeeded, null);
    }

    private void Finish(StatementState state, SqlException? error)
    {
        lock (gate)
        {
            if (State is not (StatementState.Pending or StatementState.Running)) return;
            Error = error;
            End(state);
        }
    }

    private void End(StatementState state)
    {
        State = state;
        Ended = runtime.Options.Clock.GetUtcNow();
        ended.TrySetResult();
    }
}

/// <summary>The states of the Statement Execution API.</summary>
internal enum StatementState
{
    Pending,
    Running,
    Succeeded,
    Failed,
    Canceled,
    Closed,
}
