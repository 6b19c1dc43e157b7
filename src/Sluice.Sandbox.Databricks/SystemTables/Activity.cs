using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>What one statement reads and writes, by the names in its text.</summary>
/// <param name="statementId">Its id; null for a command of a cluster, which has none.</param>
internal sealed class Activity(string? statementId)
{
    private readonly Dictionary<string, ActivityTable> read = new(StringComparer.Ordinal);

    public string? StatementId => statementId;

    /// <summary>What runs; of EXECUTE IMMEDIATE, the statement in its text.</summary>
    public Statement? Statement { get; set; }

    public IEnumerable<ActivityTable> Read => read.Values;

    public ActivityTable? Written { get; private set; }

    /// <param name="at">The relation.</param>
    /// <param name="wanted">The names in the statement, lower case; null when it asks for all columns.</param>
    public void Reads(Located at, IReadOnlySet<string>? wanted) =>
        read[at.FullName] = new(at.FullName, at.Table, [.. at.Table.Columns.Select(column => column.Name).Where(name => wanted is null || wanted.Contains(name.ToLowerInvariant()))]);

    public void Writes(string fullName, TableObject table) => Written = new(fullName, table, []);
}

/// <summary>A relation that a statement touched.</summary>
/// <param name="FullName">catalog.schema.name.</param>
/// <param name="Table">As it was then.</param>
/// <param name="Columns">Those read.</param>
internal sealed record ActivityTable(string FullName, TableObject Table, IReadOnlyList<string> Columns);
