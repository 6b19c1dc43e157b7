using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>
/// The rows of the system tables on their way: each appears when its lag has passed, so that rows appear out of the order of their events
/// as far as the options let them. Delivered when a system table is read.
/// </summary>
internal sealed class SystemLog(SandboxRuntime runtime)
{
    private const int RowsAtOnce = 200;

    /// <summary>More rows than these don't wait: whoever lets them pile up reads none of them.</summary>
    private const int MostWaiting = 100_000;

    private readonly Lock gate = new();
    private readonly PriorityQueue<(string Schema, string Table, IReadOnlyDictionary<string, string> Values), (DateTimeOffset Due, long Order)> waiting = new();
    private readonly Random jitter = new(runtime.Options.Seed);
    private long order;

    public bool IsRecording => runtime.Options.SystemTableLag is not null;

    public DateTimeOffset Now => runtime.Options.Clock.GetUtcNow();

    /// <summary>Puts a row on its way; its values are the engine's literals by column.</summary>
    public void Add(string schema, string table, IReadOnlyDictionary<string, string> values)
    {
        if (runtime.Options.SystemTableLag is not { } lag) return;
        lock (gate)
        {
            if (waiting.Count >= MostWaiting) return;
            var late = runtime.Options.SystemTableJitter * jitter.NextDouble();
            waiting.Enqueue((schema, table, values), (Now + lag + late, order++));
        }
    }

    /// <summary>Lets the rows appear whose time has come; those of a schema that is not enabled never do.</summary>
    public void Deliver()
    {
        List<(string Schema, string Table, IReadOnlyDictionary<string, string> Values)> due = [];
        lock (gate)
        {
            while (waiting.TryPeek(out _, out var when) && when.Due <= Now) due.Add(waiting.Dequeue());
            foreach (var rows in due.GroupBy(row => (row.Schema, row.Table)))
            {
                if (runtime.State.Find(SecurableKind.Table, SystemCatalog.Name, rows.Key.Schema, rows.Key.Table) is not { } found) continue;
                foreach (var some in rows.Chunk(RowsAtOnce)) runtime.Engine.Append(found.Table, some.Select(row => Row(found.Table, row.Values)));
            }
        }
    }

    public void Clear()
    {
        lock (gate) waiting.Clear();
    }

    private static string Row(TableObject table, IReadOnlyDictionary<string, string> values) =>
        $"({string.Join(", ", table.Columns.Select(column => values.TryGetValue(column.Name, out var literal) ? Literal(literal, column.Type) : "NULL"))})";

    private static string Literal(string literal, SqlType type) => type.Parts.IsEmpty ? literal : $"CAST({literal} AS {type.Engine})";
}
