using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>Results of the newest state, kept for those who ask the same again; empty unless the options want it.</summary>
internal sealed class ResultCache(bool enabled)
{
    private readonly Lock gate = new();
    private readonly Dictionary<ResultKey, CachedResult> kept = [];
    private WorkspaceState? newest;

    /// <summary>A result that the caller then holds, and disposes.</summary>
    public CachedResult? Find(ResultKey key)
    {
        lock (gate) return kept.TryGetValue(key, out var found) && found.Spool.TryHold() ? found : null;
    }

    public void Keep(ResultKey key, CachedResult result)
    {
        if (!enabled || !key.IsCacheable) return;
        lock (gate)
        {
            // A former state's results can't be asked for again; statements that hold one keep it.
            if (!ReferenceEquals(newest, key.State)) LetGo();
            newest = key.State;
            if (!kept.ContainsKey(key) && result.Spool.TryHold()) kept[key] = result;
        }
    }

    public void Clear()
    {
        lock (gate) LetGo();
    }

    private void LetGo()
    {
        foreach (var result in kept.Values) result.Spool.Dispose();
        kept.Clear();
    }
}

/// <summary>A result that is kept.</summary>
/// <param name="Origin">The statement that yielded it.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Spool">Its rows.</param>
internal sealed record CachedResult(string Origin, IReadOnlyList<ResultColumn> Columns, ResultSpool Spool);
