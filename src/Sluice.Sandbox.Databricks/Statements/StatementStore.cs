using System.Collections.Concurrent;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>The statements of the warehouse, by id.</summary>
internal sealed class StatementStore(SandboxRuntime runtime) : IDisposable
{
    private readonly ConcurrentDictionary<string, StatementRun> runs = new(StringComparer.Ordinal);

    public ResultCache Cache { get; } = new(runtime.Options.ReuseResults);

    public StatementRun Add(StatementRequest request)
    {
        var run = new StatementRun(runtime, request);
        runs[run.Id] = run;
        Forget();
        return run;
    }

    /// <exception cref="DatabricksException">There is no such statement, or it is somebody else's.</exception>
    public StatementRun Of(Call call)
    {
        var id = call.Route("statement_id");
        if (!runs.TryGetValue(id, out var run) || run.Request.Session.Caller.Name != call.Caller.Name) throw new DatabricksException("NOT_FOUND", $"The statement {id} was not found.", 404);
        run.CloseWhenOld();
        return run;
    }

    public StatementRun? Find(string id) => runs.GetValueOrDefault(id);

    public void Clear()
    {
        foreach (var id in runs.Keys)
        {
            if (runs.TryRemove(id, out var run)) run.Dispose();
        }

        Cache.Clear();
    }

    public void Dispose() => Clear();

    // Ended statements are kept for twelve hours, as documented; a long test keeps no more than these.
    private void Forget()
    {
        var limit = runtime.Options.Clock.GetUtcNow() - TimeSpan.FromHours(12);
        foreach (var (id, run) in runs)
        {
            if (run.Completion.IsCompleted && run.Ended < limit && runs.TryRemove(id, out var old)) old.Dispose();
        }
    }
}
