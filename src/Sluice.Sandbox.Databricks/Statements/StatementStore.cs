using System.Collections.Concurrent;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>The statements of the warehouse, by id.</summary>
internal sealed class StatementStore(SandboxRuntime runtime) : IDisposable
{
    /// <summary>Ended statements beyond these are forgotten before their time, the oldest first: whoever still asks asked long ago.</summary>
    public const int MostKept = 2_000;

    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, StatementRun> runs = new(StringComparer.Ordinal);

    private DateTimeOffset nextSweep;

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
        if (Find(id) is not { } run || run.Request.Session.Caller.Name != call.Caller.Name) throw new DatabricksException("NOT_FOUND", $"The statement {id} was not found.", 404);
        return run;
    }

    public StatementRun? Find(string id)
    {
        var run = runs.GetValueOrDefault(id);
        run?.CloseWhenOld();
        return run;
    }

    public void Clear()
    {
        foreach (var id in runs.Keys) Remove(id);
        Cache.Clear();
    }

    public void Dispose() => Clear();

    // Ended statements are kept for twelve hours and results for their lifetime, as documented. All are looked at once in a while,
    // not with each new one.
    private void Forget()
    {
        lock (gate)
        {
            var now = runtime.Options.Clock.GetUtcNow();
            if (now < nextSweep && runs.Count <= MostKept + (MostKept / 10)) return;
            nextSweep = now + BetweenSweeps;
            var ended = runs.Values.Where(run => run.Completion.IsCompleted).OrderBy(run => run.Ended).ToArray();
            var tooMany = Math.Max(0, runs.Count - MostKept);
            foreach (var (index, run) in ended.Index())
            {
                if (index < tooMany || now - run.Ended > TimeSpan.FromHours(12)) Remove(run.Id);
                else run.CloseWhenOld();
            }
        }
    }

    private void Remove(string id)
    {
        if (runs.TryRemove(id, out var run)) run.Dispose();
    }
}
