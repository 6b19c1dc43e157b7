using System.Collections.Concurrent;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>Results of the newest state, kept for those who ask the same again; empty unless the options want it.</summary>
internal sealed class ResultCache(bool enabled)
{
    private readonly ConcurrentDictionary<ResultKey, (IReadOnlyList<ResultColumn> Columns, ResultSpool Spool)> kept = new();
    private WorkspaceState? newest;

    public (IReadOnlyList<ResultColumn> Columns, ResultSpool Spool)? Find(ResultKey key) => enabled && kept.TryGetValue(key, out var found) ? found : null;

    public void Keep(ResultKey key, IReadOnlyList<ResultColumn> columns, ResultSpool spool)
    {
        if (!enabled || !key.IsCacheable) return;
        // A former state's results can't be asked for again; statements that hold one keep it.
        if (!ReferenceEquals(Interlocked.Exchange(ref newest, key.State), key.State)) kept.Clear();
        kept[key] = (columns, spool);
    }

    public void Clear() => kept.Clear();
}
