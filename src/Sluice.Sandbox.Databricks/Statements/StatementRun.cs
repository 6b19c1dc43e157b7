using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.SystemTables;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>One statement on its way from PENDING to its end.</summary>
internal sealed class StatementRun(SandboxRuntime runtime, StatementRequest request) : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource cancelling = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int pendingPolls = runtime.Options.StatementPendingPolls;
    private readonly DateTimeOffset begun = runtime.Options.Clock.GetUtcNow();
    private bool started;
    private string? cacheOrigin;

    public string Id { get; } = RandomId.New().ToString();

    public StatementRequest Request => request;

    public StatementState State => Outcome.State;

    /// <summary>Swapped whole: who holds one sees it to the end.</summary>
    public StatementOutcome Outcome { get; private set; } = new(StatementState.Pending);

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
                Finish(new(StatementState.Failed) { Error = new("INTERNAL_ERROR", "XX000", "The SQL warehouse was deleted.", "RESOURCE_DOES_NOT_EXIST") });
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
            End(new(StatementState.Canceled));
        }
    }

    /// <summary>A result that was kept for its time is let go.</summary>
    public void CloseWhenOld()
    {
        lock (gate)
        {
            if (State == StatementState.Succeeded && runtime.Options.Clock.GetUtcNow() - Ended > runtime.Options.ResultLifetime) Close();
        }
    }

    /// <summary>Ends it, if it hasn't, and lets its result go.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            Cancel();
            if (State == StatementState.Succeeded) Close();
        }
    }

    private void Close()
    {
        var result = Outcome.Result;
        Outcome = new(StatementState.Closed);
        result?.Dispose();
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
                Outcome = new(StatementState.Running);
            }

            Execute();
        }
        catch (OperationCanceledException)
        {
            Finish(new(StatementState.Canceled));
        }
        catch (SqlException problem)
        {
            Finish(cancelling.IsCancellationRequested ? new(StatementState.Canceled) : new(StatementState.Failed) { Error = problem });
        }
        catch (Exception problem)
        {
            // Whatever else goes wrong is the sandbox's own fault, and must not leave the statement running for ever.
            Finish(new(StatementState.Failed) { Error = new("INTERNAL_ERROR", "XX000", problem.Message, "INTERNAL_ERROR") });
        }
        finally
        {
            if (placed) runtime.Places.Release();
        }
    }

    private void Execute()
    {
        // What is due has changed the tables before anybody is answered from an earlier result.
        runtime.SystemLog.Deliver();
        var key = new ResultKey(runtime, request);
        if (runtime.Statements.Cache.Find(key) is { } cached)
        {
            runtime.Requests.Ran("SELECT");
            cacheOrigin = cached.Origin;
            Succeed(cached.Columns, cached.Spool);
            return;
        }

        var limits = request.IsExternal
            ? new SpoolLimits(runtime.Options.ResultChunkBytes, request.RowLimit, request.ByteLimit ?? runtime.Options.ExternalByteLimit)
            : new SpoolLimits(runtime.Options.ResultChunkBytes, request.RowLimit, request.ByteLimit, runtime.Options.InlineByteLimit);
        using var time = new StatementTime(runtime.Options, cancelling.Token);
        using var inPlace = runtime.Requests.Running();
        try
        {
            using var result = new StatementRunner(runtime, request.Session) { StatementId = Id }.Run(request.Text, time.Token);
            var spool = ResultSpool.Read(result, limits, runtime.SpoolFolder, ResultValues.WriteText, time.Token);
            runtime.Statements.Cache.Keep(key, new(Id, result.Columns, spool));
            Succeed(result.Columns, spool);
        }
        catch (Exception) when (time.IsOver)
        {
            throw time.Exceeded();
        }
    }

    private void Succeed(IReadOnlyList<ResultColumn> columns, ResultSpool spool)
    {
        // Cancelled or forgotten meanwhile: nobody else lets it go.
        if (!Finish(new(StatementState.Succeeded) { Columns = columns, Result = spool })) spool.Dispose();
    }

    private bool Finish(StatementOutcome outcome)
    {
        lock (gate)
        {
            if (State is not (StatementState.Pending or StatementState.Running)) return false;
            End(outcome);
            return true;
        }
    }

    private void End(StatementOutcome outcome)
    {
        Ended = runtime.Options.Clock.GetUtcNow();
        Outcome = outcome;
        HistoryRows.Add(runtime, new(Id, request.Session.Caller.Name, request.Text, outcome.State switch { StatementState.Succeeded => "FINISHED", StatementState.Canceled => "CANCELED", _ => "FAILED" }, begun, Ended)
        {
            OtherWorkspace = request.Session.Caller.OtherWorkspace,
            Error = outcome.Error?.Message,
            CacheOrigin = cacheOrigin,
            Rows = outcome.Result?.Rows,
        });
        ended.TrySetResult();
    }
}

/// <summary>How a statement stands.</summary>
internal sealed record StatementOutcome(StatementState State)
{
    public SqlException? Error { get; init; }

    public IReadOnlyList<ResultColumn> Columns { get; init; } = [];

    /// <summary>There while the state is SUCCEEDED.</summary>
    public ResultSpool? Result { get; init; }
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
