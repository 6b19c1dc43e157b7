using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Changes a table's columns, masks and row filter.</summary>
internal sealed class TableAlterations(SandboxRuntime runtime, Session session, WorkspaceState state, AccessRules access)
{
    private GuardRules Guards => new(state, session, access);

    public TableObject Apply(TableObject table, Alteration change)
    {
        switch (change)
        {
            case SetComment comment:
                return Column(table, comment.Column!, column => column with { Comment = comment.Comment });
            case SetTags tags:
                return Column(table, tags.Column!, column => column with { Tags = TagRules.Set(column.Tags, tags) });
            case UnsetTags tags:
                return Column(table, tags.Column!, column => column with { Tags = column.Tags.RemoveRange(tags.Keys) });
            case SetNullable nullable:
                return Column(table, nullable.Column, column => column with { Nullable = nullable.Nullable });
            case SetType type:
                return Altered(table, Column(table, type.Column, column => column with { Type = type.Type }), $"ALTER COLUMN {Spelled(table, type.Column)} TYPE {type.Type.Engine}");
            case SetMask mask:
                return Column(table, mask.Column, column => column with { Mask = Guards.Mask(table, mask) });
            case DropMask mask:
                return Column(table, mask.Column, column => column with { Mask = null });
            case SetRowFilter filter:
                return table with { RowFilter = Guards.Filter(table, filter) };
            case DropRowFilter:
                return table with { RowFilter = null };
            case AddColumns add:
                return Added(table, add.Columns);
            case DropColumns drop:
                return Dropped(table, Known(table, drop.IfExists ? [.. drop.Columns.Where(column => table.IndexOf(column) >= 0)] : drop.Columns));
            case RenameColumn rename:
                return Renamed(table, rename);
            default:
                throw SqlException.Unsupported($"The sandbox doesn't know {change.GetType().Name} on a table.");
        }
    }

    /// <summary>A new table whose masks and row filter name their functions in full.</summary>
    public TableObject Resolved(TableObject table)
    {
        foreach (var column in table.Columns.Where(column => column.Mask is not null))
        {
            table = Apply(table, new SetMask(column.Name, new([.. column.Mask!.Function.Split('.')]), column.Mask.Using));
        }

        return table.RowFilter is { } filter ? Apply(table, new SetRowFilter(new([.. filter.Function.Split('.')]), filter.On)) : table;
    }

    private TableObject Added(TableObject table, ImmutableArray<ColumnObject> columns)
    {
        var added = table;
        foreach (var column in columns)
        {
            if (added.IndexOf(column.Name) >= 0) throw Exists("add", column.Name);
            added = added with { Columns = added.Columns.Add(column) };
        }

        foreach (var column in columns.Where(column => column.Mask is not null)) added = Apply(added, new SetMask(column.Name, new([.. column.Mask!.Function.Split('.')]), column.Mask.Using));
        return Altered(table, added, [.. columns.Select(column => $"ADD COLUMN {EngineQuoting.Identifier(column.Name)} {column.Type.Engine}")]);
    }

    private TableObject Renamed(TableObject table, RenameColumn rename)
    {
        Unguarding(table, rename.From);
        var renamed = Column(table, rename.From, column => column with { Name = rename.To });
        if (table.IndexOf(rename.To) is >= 0 and var taken && taken != table.IndexOf(rename.From)) throw Exists("rename", rename.To);
        return Altered(table, renamed, $"RENAME COLUMN {Spelled(table, rename.From)} TO {EngineQuoting.Identifier(rename.To)}");
    }

    private TableObject Dropped(TableObject table, ImmutableArray<string> columns)
    {
        if (columns.IsEmpty) return table;
        var dropped = table;
        foreach (var column in columns)
        {
            Unguarding(table, column);
            if (dropped.IndexOf(column) is not (>= 0 and var index)) throw SqlException.NoColumn($"`{column}`");
            dropped = dropped with { Columns = dropped.Columns.RemoveAt(index) };
        }

        if (dropped.Columns.IsEmpty) throw new SqlException("UNSUPPORTED_FEATURE.TABLE_OPERATION", "0A000", "A table must keep a column.");
        return Altered(table, dropped, [.. columns.Select(column => $"DROP COLUMN {Spelled(table, column)}")]);
    }

    /// <summary>The engine comes last, when nothing else can fail: what it refuses has then changed nothing.</summary>
    private TableObject Altered(TableObject table, TableObject after, params IReadOnlyList<string> changes)
    {
        runtime.Engine.Alter(table, changes);
        return after;
    }

    private static void Unguarding(TableObject table, string column)
    {
        var guards = table.Columns.SelectMany(other => other.Mask?.Columns ?? []).Concat(table.RowFilter?.Columns ?? []);
        if (guards.Contains(column, StringComparer.OrdinalIgnoreCase)) throw new SqlException("UNSUPPORTED_FEATURE.TABLE_OPERATION", "0A000", $"Column `{column}` is used by a row filter or column mask.");
    }

    private static SqlException Exists(string verb, string column) => new("FIELD_ALREADY_EXISTS", "42710", $"Cannot {verb} column, because `{column}` already exists.");

    /// <summary>A column that is there, as the engine knows it.</summary>
    private static string Spelled(TableObject table, string column) => EngineQuoting.Identifier(Known(table, [column])[0]);

    private static TableObject Column(TableObject table, string name, Func<ColumnObject, ColumnObject> change)
    {
        var index = table.IndexOf(name);
        return index < 0 ? throw SqlException.NoColumn($"`{name}`") : table with { Columns = table.Columns.SetItem(index, change(table.Columns[index])) };
    }

    /// <summary>The columns as the table spells them.</summary>
    private static ImmutableArray<string> Known(TableObject table, ImmutableArray<string> names) =>
        [.. names.Select(name => table.IndexOf(name) is >= 0 and var index ? table.Columns[index].Name : throw SqlException.NoColumn($"`{name}`"))];
}
