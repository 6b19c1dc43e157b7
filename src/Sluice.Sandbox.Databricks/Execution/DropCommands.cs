using System.Globalization;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.InformationSchema;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Runs DROP and UNDROP, and lists what may come back.</summary>
internal sealed class DropCommands(SandboxRuntime runtime, Session session)
{
    public void Drop(Drop drop)
    {
        List<TableObject> gone = [];
        runtime.Change(state =>
        {
            gone.Clear();
            if (drop.IfExists && Resolve.Find(state, session, drop.What) is null) return state;
            var found = Resolve.Target(state, session, drop.What);
            Demands.Manage(new(state, session.Caller), found);
            if (found.Kind == SecurableKind.Catalog && !drop.Cascade && found.Catalog!.Schemas.Values.Any(schema => schema.Name is not (InformationRelations.SchemaName or Session.DefaultSchema) || !schema.Tables.IsEmpty && schema.Name == Session.DefaultSchema))
            {
                throw new SqlException("CATALOG_NOT_EMPTY", "2BP01", $"Cannot drop catalog '{found.FullName}' because it is not empty.");
            }

            if (found.Kind == SecurableKind.Schema && !drop.Cascade && (!found.Schema!.Tables.IsEmpty || !found.Schema.Functions.IsEmpty))
            {
                throw new SqlException("SCHEMA_NOT_EMPTY", "2BP01", $"Cannot drop a schema `{found.FullName}` because it contains objects.");
            }

            var after = state.Remove(found);
            if (found.Leaf is not TableObject table || !DroppedTable.MayComeBack(table.Type))
            {
                gone.AddRange(TablesOf(found));
                return after;
            }

            after = after with { Dropped = after.Dropped.Add(new(found.Catalog!.Name, found.Schema!.Name, table, runtime.Now)) };
            var kept = after.Dropped.RemoveAll(dropped => runtime.Now - dropped.DroppedAt > DroppedTable.KeptFor);
            kept = kept.RemoveRange(0, Math.Max(0, kept.Count - DroppedTable.MostKept));
            gone.AddRange(after.Dropped.Except(kept).Select(dropped => dropped.Table));
            return after with { Dropped = kept };
        });
        runtime.Engine.Drop(gone);
    }

    /// <summary>
    /// The most recently dropped table of a name comes back with its privileges, columns and properties, as its page says. The page names
    /// neither row filter nor masks: they are left behind, so that nobody relies on them.
    /// </summary>
    public void Undrop(Undrop undrop) => runtime.Change(state =>
    {
        var dropped = undrop.Id is { } id ? state.Dropped.LastOrDefault(candidate => candidate.Table.Id == id) : Named(state, undrop.Name!);
        if (dropped is null || runtime.Now - dropped.DroppedAt > DroppedTable.KeptFor) throw new SqlException("TABLE_OR_VIEW_NOT_FOUND", "42P01", $"No dropped table {undrop.Name?.ToString() ?? undrop.Id} that could come back was found.");
        var parent = Resolve.Target(state, session, new(SecurableKind.Schema, new([dropped.Catalog, dropped.Schema])));
        Demand(state, parent, dropped);
        if (parent.Schema!.Tables.Find(dropped.Table.Name) is not null) throw new SqlException("TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", $"Cannot undrop `{parent.FullName}.{dropped.Table.Name}` because a table or view of this name exists.");
        var table = runtime.Options.UndroppedTablesKeepGuards ? dropped.Table : dropped.Table with { RowFilter = null, Columns = [.. dropped.Table.Columns.Select(column => column with { Mask = null })] };
        return state.Replace(parent, table) with { Dropped = state.Dropped.Remove(dropped) };
    });

    public SqlResult ShowDropped(SqlName? within)
    {
        var state = runtime.State;
        var parent = Resolve.Target(state, session, new(SecurableKind.Schema, within ?? new([session.Catalog, session.Schema])));
        string[] names = ["catalogName", "schemaName", "tableName", "tableId", "tableType", "deletedAt", "createdAt", "updatedAt", "createdBy", "owner", "comment"];
        var rows = state.Dropped
            .Where(dropped => dropped.Catalog == parent.Catalog!.Name && dropped.Schema == parent.Schema!.Name && runtime.Now - dropped.DroppedAt <= DroppedTable.KeptFor && May(state, parent, dropped))
            .Select(dropped => new object?[]
            {
                dropped.Catalog, dropped.Schema, dropped.Table.Name, dropped.Table.Id, TableTypes.Of(dropped.Table.Type), Time(dropped.DroppedAt),
                Time(dropped.Table.CreatedAt), Time(dropped.Table.UpdatedAt), dropped.Table.CreatedBy, dropped.Table.Owner, dropped.Table.Comment,
            });
        return SqlResult.Of([.. names.Select(name => new ResultColumn(name, SqlType.String))], rows);
    }

    private DroppedTable? Named(WorkspaceState state, SqlName name)
    {
        var full = name.Under(session.Catalog, session.Schema, 3);
        return state.Dropped.LastOrDefault(dropped => string.Equals(dropped.Catalog, full[0], StringComparison.OrdinalIgnoreCase) && string.Equals(dropped.Schema, full[1], StringComparison.OrdinalIgnoreCase) && string.Equals(dropped.Table.Name, full[2], StringComparison.OrdinalIgnoreCase));
    }

    private void Demand(WorkspaceState state, Located parent, DroppedTable dropped)
    {
        var access = new AccessRules(state, session.Caller);
        if (!May(state, parent, dropped)) throw Demands.Lacks(access.On(parent), "MANAGE", parent with { Leaf = dropped.Table });
        if (!access.On(parent).Manages) Demands.Use(access, parent, Privilege.CreateTable);
    }

    /// <summary>The table's owner, who can create tables there, or an owner above it.</summary>
    private bool May(WorkspaceState state, Located parent, DroppedTable dropped)
    {
        var holding = new AccessRules(state, session.Caller).On(parent with { Leaf = dropped.Table });
        return holding.IsMetastoreAdmin || holding.OwnsAbove || (holding.Reachable && holding.Owns);
    }

    private static string Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    private static IEnumerable<TableObject> TablesOf(Located at) => at.Kind switch
    {
        SecurableKind.Catalog => at.Catalog!.Schemas.Values.SelectMany(schema => schema.Tables.After(null)),
        SecurableKind.Schema => at.Schema!.Tables.After(null),
        SecurableKind.Table => [at.Table],
        _ => [],
    };
}
