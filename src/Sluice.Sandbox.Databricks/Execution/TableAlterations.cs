using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Changes a table's columns, masks and row filter.</summary>
internal sealed class TableAlterations(SandboxRuntime runtime, Session session, WorkspaceState state, AccessRules access)
{
    public TableObject Apply(TableObject table, Alteration change)
    {
        switch (change)
        {
            case SetComment comment:
                return Column(table, comment.Column!, column => column with { Comment = comment.Comment });
            case SetTags tags:
                return Column(table, tags.Column!, column => column with { Tags = TagRules.Check(column.Tags.SetItems(tags.Tags)) });
            case UnsetTags tags:
                return Column(table, tags.Column!, column => column with { Tags = column.Tags.RemoveRange(tags.Keys) });
            case SetNullable nullable:
                return Column(table, nullable.Column, column => column with { Nullable = nullable.Nullable });
            case SetType type:
                runtime.Engine.Alter(table, $"ALTER COLUMN {EngineQuoting.Identifier(type.Column)} TYPE {type.Type.Engine}");
                return Column(table, type.Column, column => column with { Type = type.Type });
            case SetMask mask:
                return Column(table, mask.Column, column => column with { Mask = new(Function(mask.Function, mask.Using.Length + 1), Known(table, mask.Using)) });
            case DropMask mask:
                return Column(table, mask.Column, column => column with { Mask = null });
            case SetRowFilter filter:
                return table with { RowFilter = new(Function(filter.Function, filter.On.Length), Known(table, filter.On)) };
            case DropRowFilter:
                return table with { RowFilter = null };
            case AddColumns add:
                return Added(table, add.Columns);
            case DropColumns drop:
                return Dropped(table, Known(table, drop.Columns));
            case RenameColumn rename:
                runtime.Engine.Alter(table, $"RENAME COLUMN {EngineQuoting.Identifier(rename.From)} TO {EngineQuoting.Identifier(rename.To)}");
                return Column(table, rename.From, column => column with { Name = rename.To });
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
        foreach (var column in columns)
        {
            if (table.IndexOf(column.Name) >= 0) throw new SqlException("FIELD_ALREADY_EXISTS", "42710", $"Cannot add column, because `{column.Name}` already exists.");
            runtime.Engine.Alter(table, $"ADD COLUMN {EngineQuoting.Identifier(column.Name)} {column.Type.Engine}");
            table = table with { Columns = table.Columns.Add(column) };
        }

        return table;
    }

    private TableObject Dropped(TableObject table, ImmutableArray<string> columns)
    {
        foreach (var column in columns)
        {
            if (table.RowFilter?.On.Contains(column) == true || table.Columns.Any(other => other.Mask?.Using.Contains(column) == true))
            {
                throw new SqlException("UNSUPPORTED_FEATURE.TABLE_OPERATION", "0A000", $"Column `{column}` is used by a row filter or column mask.");
            }

            runtime.Engine.Alter(table, $"DROP COLUMN {EngineQuoting.Identifier(column)}");
            table = table with { Columns = table.Columns.RemoveAt(table.IndexOf(column)) };
        }

        return table;
    }

    private static TableObject Column(TableObject table, string name, Func<ColumnObject, ColumnObject> change)
    {
        var index = table.IndexOf(name);
        return index < 0 ? throw SqlException.NoColumn($"`{name}`") : table with { Columns = table.Columns.SetItem(index, change(table.Columns[index])) };
    }

    /// <summary>The columns as the table spells them.</summary>
    private static ImmutableArray<string> Known(TableObject table, ImmutableArray<string> names) =>
        [.. names.Select(name => table.IndexOf(name) is >= 0 and var index ? table.Columns[index].Name : throw SqlException.NoColumn($"`{name}`"))];

    private string Function(SqlName name, int arguments)
    {
        var found = Resolve.Target(state, session, new(SecurableKind.Function, name));
        Demands.Use(access, found, Privilege.Execute);
        if (found.Function.Parameters.Length != arguments) throw new SqlException("WRONG_NUM_ARGS", "42605", $"The `{found.FullName}` requires {found.Function.Parameters.Length} parameters but the actual number is {arguments}.");
        return found.FullName;
    }
}
