using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.History;

/// <summary>How what is read counts: named by the query, read on its behalf, or by a policy, which is not recorded.</summary>
internal enum Recording
{
    Direct,
    Base,
    None,
}

/// <summary>What one statement read and wrote, for ACCESS_HISTORY.</summary>
internal sealed class AccessRecord
{
    private readonly Lock gate = new();
    private readonly Dictionary<SchemaObject, SortedSet<int>> direct = [];
    private readonly Dictionary<SchemaObject, SortedSet<int>> read = [];
    private readonly HashSet<SchemaObject> directFunctions = [];
    private readonly HashSet<SchemaObject> functions = [];
    private readonly HashSet<(SchemaObject Table, string? Column, SchemaObject Policy)> policies = [];

    /// <summary>Tables and views the query names, with the columns it names of each.</summary>
    public IReadOnlyDictionary<SchemaObject, SortedSet<int>> Direct => direct;

    /// <summary>Tables the rows came from.</summary>
    public IReadOnlyDictionary<SchemaObject, SortedSet<int>> Base => read;

    public IReadOnlySet<SchemaObject> DirectFunctions => directFunctions;

    public IReadOnlySet<SchemaObject> Functions => functions;

    /// <summary>Policies that were in force on what was read; those without a column are row access policies.</summary>
    public IReadOnlySet<(SchemaObject Table, string? Column, SchemaObject Policy)> Policies => policies;

    public ModifiedTable? Modified { get; set; }

    public bool IsEmpty => direct.Count == 0 && read.Count == 0 && functions.Count == 0 && Modified is null;

    public void Read(SchemaObject table, IEnumerable<int> columns, Recording recording)
    {
        if (recording == Recording.None) return;
        lock (gate)
        {
            if (recording == Recording.Direct) Add(direct, table, columns);
            if (!table.Domain.IsView()) Add(read, table, columns);
        }
    }

    public void Called(SchemaObject function, Recording recording)
    {
        if (recording == Recording.None) return;
        lock (gate)
        {
            functions.Add(function);
            if (recording == Recording.Direct) directFunctions.Add(function);
        }
    }

    public void Enforced(SchemaObject table, string? column, SchemaObject policy, Recording recording)
    {
        if (recording == Recording.None) return;
        lock (gate) policies.Add((table, column, policy));
    }

    private static void Add(Dictionary<SchemaObject, SortedSet<int>> into, SchemaObject table, IEnumerable<int> columns)
    {
        if (!into.TryGetValue(table, out var known)) into[table] = known = [];
        known.UnionWith(columns);
    }
}

/// <summary>A table that was written, with its columns and where each came from.</summary>
internal sealed record ModifiedTable(SchemaObject Table, IReadOnlyList<(int Column, IReadOnlyList<ColumnSource> Direct)> Columns);

/// <summary>A column that values came from.</summary>
internal readonly record struct ColumnSource(SchemaObject Table, int Column);
