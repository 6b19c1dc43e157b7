using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Runs ALTER and COMMENT ON.</summary>
internal sealed class AlterCommands(SandboxRuntime runtime, Session session)
{
    public void Run(Alter alter)
    {
        // Worked out before the state is locked: it may read the engine.
        var columns = alter.Change is ReplaceView replaced ? new QueryRunner(runtime, session).Describe(replaced.Query) : [];
        runtime.Change(state =>
        {
            if (alter.IfExists && Resolve.Find(state, session, alter.What) is null) return state;
            var at = Resolve.Target(state, session, alter.What);
            var access = new AccessRules(state, session.Caller);
            Fits(alter, at);
            if (alter.Change is SetTags or UnsetTags) Demands.Tag(access, at);
            else Demands.Manage(access, at);
            return alter.Change is Rename rename
                ? Renamed(state, at, rename.To)
                : state.Replace(at, Touched(Changed(state, access, at, alter.Change, columns)));
        });
    }

    private SecurableObject Changed(WorkspaceState state, AccessRules access, Located at, Alteration change, IReadOnlyList<ResultColumn> columns)
    {
        switch (change)
        {
            case SetOwner to:
                if (!state.Principals.IsGrantable(to.Owner)) throw SqlException.NoPrincipal(to.Owner);
                return at.Securable with { Owner = to.Owner };
            case SetComment { Column: null } comment:
                return at.Securable with { Comment = comment.Comment };
            case SetTags { Column: null } tags:
                return at.Securable with { Tags = TagRules.Set(at.Securable.Tags, tags) };
            case UnsetTags { Column: null } tags:
                return at.Securable with { Tags = at.Securable.Tags.RemoveRange(tags.Keys) };
            case SetProperties properties:
                return at.Securable with { Properties = at.Securable.Properties.SetItems(properties.Properties) };
            case UnsetProperties properties:
                return at.Securable with { Properties = at.Securable.Properties.RemoveRange(properties.Keys) };
            case ReplaceView view when at.Leaf is TableObject { IsView: true } old:
                return old with { ViewDefinition = view.Query, Columns = [.. columns.Select(column => new ColumnObject(column.Name, column.Type))] };
            default:
                return at.Leaf is TableObject table ? new TableAlterations(runtime, session, state, access).Apply(table, change) : throw SqlException.Unsupported("Only tables have columns, masks and row filters.");
        }
    }

    /// <summary>
    /// Streaming tables and materialized views are altered by statements of their own:
    /// https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-streaming-table and …-alter-materialized-view.
    /// </summary>
    private static void Fits(Alter alter, Located at)
    {
        if (at.Leaf is not TableObject table) return;
        if (alter.What.IsPipelined && table.Type is not (TableType.StreamingTable or TableType.MaterializedView))
        {
            throw SqlException.Pipelined(alter.What.IsView == true ? "MATERIALIZED_VIEW_OPERATION_NOT_ALLOWED.NON_MATERIALIZED_VIEW" : "STREAMING_TABLE_OPERATION_NOT_ALLOWED.NON_STREAMING_TABLE", $"`{at.FullName}` is no {(alter.What.IsView == true ? "materialized view" : "streaming table")}.");
        }

        if (alter.Change is not (SetMask or DropMask or SetRowFilter or DropRowFilter)) return;
        if (table.Type == TableType.StreamingTable && !alter.What.IsPipelined) throw SqlException.Pipelined("STREAMING_TABLE_OPERATION_NOT_ALLOWED.INVALID_ALTER", $"`{at.FullName}` is a streaming table: use ALTER STREAMING TABLE.");
        if (table.Type is TableType.View or TableType.MetricView) throw SqlException.Unsupported("Views have no masks and row filters of their own.");
    }

    private SecurableObject Touched(SecurableObject securable) => securable with { UpdatedAt = runtime.Now, UpdatedBy = session.Caller.Name };

    private WorkspaceState Renamed(WorkspaceState state, Located at, SqlName to)
    {
        // A table may be renamed within its schema alone; where it stands may be repeated.
        var depth = at.Leaf is not null ? 3 : at.Schema is not null ? 2 : 1;
        var full = to.Under(at.Catalog!.Name, at.Schema?.Name ?? "", depth);
        var parent = at.FullName.Split('.')[..(depth - 1)];
        if (!full.AsSpan()[..(depth - 1)].SequenceEqual(parent, StringComparer.OrdinalIgnoreCase)) throw SqlException.Unsupported("A rename cannot move an object to another schema or catalog.");
        if (state.Find(at.Kind, full.AsSpan()) is not null) throw new SqlException("TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", $"Cannot rename to {to} because it already exists.");
        return state.Replace(at, Touched(at.Securable with { Name = ObjectNames.Check(full[^1]) }));
    }
}
