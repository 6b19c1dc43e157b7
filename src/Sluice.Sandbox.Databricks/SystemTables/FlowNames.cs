using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>What the names of a statement mean to the session that ran it.</summary>
internal sealed class FlowNames(WorkspaceState state, Session session, Activity activity)
{
    /// <summary>The columns of a relation that the statement read; none of any other.</summary>
    public IReadOnlyList<FlowColumn> Columns(SqlName name)
    {
        var full = string.Join('.', name.Under(session.Catalog, session.Schema, 3));
        var table = activity.Read.FirstOrDefault(read => string.Equals(read.FullName, full, StringComparison.OrdinalIgnoreCase));
        return table is null ? [] : [.. table.Table.Columns.Select(column => new FlowColumn(column.Name, [new(table.FullName, column.Name)]))];
    }

    /// <summary>Whether a call is one of a function that somebody made.</summary>
    public bool IsFunction(SqlName name) => name.Length <= 3 && state.Find(SecurableKind.Function, name.Under(session.Catalog, session.Schema, 3).AsSpan()) is not null;
}
