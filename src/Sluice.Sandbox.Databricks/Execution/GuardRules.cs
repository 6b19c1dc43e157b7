using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution.Dialect;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>
/// Which functions may guard a table: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-column-mask and
/// …/sql-ref-syntax-ddl-row-filter, refused with the conditions of …/error-messages/row-column-access-error-class. Who sets one needs
/// EXECUTE on it and the use of its catalog and schema, beside MANAGE on the table: …/filters-and-masks/manually-apply.
/// </summary>
internal sealed class GuardRules(WorkspaceState state, Session session, AccessRules access)
{
    public ColumnMask Mask(TableObject table, SetMask set)
    {
        var column = table.IndexOf(set.Column) is >= 0 and var index ? table.Columns[index] : throw SqlException.NoColumn($"`{set.Column}`");
        var given = Known(table, set.Using);
        foreach (var name in given.Select(argument => argument.Column).OfType<string>())
        {
            if (name == column.Name) throw SqlException.Guard("ASSIGNED_COLUMN_MASK_USING_COLUMN_NAME_SAME_AS_TARGET_COLUMN", $"The column `{name}` had the same name as the target column, which is invalid; please remove the column from the USING COLUMNS list and retry the command.");
        }

        Distinct(given, "ASSIGNED_COLUMN_MASK_DUPLICATE_USING_COLUMN_NAME");
        var found = Function(set.Function, "ASSIGNED_COLUMN_MASK_FUNCTION_NOT_FOUND", $"assign a mask to a column `{column.Name}`");
        if (found.Function.Parameters.Length != given.Length + 1) throw SqlException.Guard("ASSIGNED_COLUMN_MASK_WRONG_NUMBER_OF_COLUMNS", $"The number of names in the USING COLUMNS list, the masked column counted, does not match the arguments of the mask function ({Names(found)}).");
        Fits(found, table, [GuardArgument.Of(column.Name), .. given]);
        if (!CastForms.IsPossible(found.Function.Returns, column.Type)) throw Misfit($"what `{found.FullName}` returns", found.Function.Returns, column.Type);
        return new(found.FullName, given);
    }

    public RowFilter Filter(TableObject table, SetRowFilter set)
    {
        var given = Known(table, set.On);
        Distinct(given, "ASSIGNED_ROW_FILTER_DUPLICATE_COLUMN_NAME");
        var found = Function(set.Function, "ASSIGNED_ROW_FILTER_FUNCTION_NOT_FOUND", "assign a row filter to a table");
        if (found.Function.Parameters.Length != given.Length) throw SqlException.Guard("ASSIGNED_ROW_FILTER_WRONG_NUMBER_OF_COLUMNS", $"The number of names in the ON list does not match the arguments of the row filter function ({Names(found)}).");
        if (found.Function.Returns.Base != "boolean") throw Misfit($"what `{found.FullName}` returns", found.Function.Returns, SqlType.Boolean);
        Fits(found, table, given);
        return new(found.FullName, given);
    }

    private Located Function(SqlName name, string condition, string attempt)
    {
        var found = Resolve.Find(state, session, new(SecurableKind.Function, name)) ?? throw SqlException.Guard(condition, $"A statement attempted to {attempt}, but the requested function {name} did not match the name of any SQL user-defined function in the catalog.");
        Demands.Use(access, found, Privilege.Execute);
        return found;
    }

    private static void Distinct(ImmutableArray<GuardArgument> given, string condition)
    {
        var twice = given.Select(argument => argument.Column).OfType<string>().GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw SqlException.Guard(condition, $"Two or more of the columns given have the same name `{twice.Key}`, which is invalid.");
    }

    private static void Fits(Located function, TableObject table, ImmutableArray<GuardArgument> given)
    {
        foreach (var (argument, parameter) in given.Zip(function.Function.Parameters))
        {
            var type = argument.Column is { } name ? table.Columns[table.IndexOf(name)].Type : argument.IsText ? SqlType.String : argument.Constant switch
            {
                "NULL" => new("void"),
                "true" or "false" => SqlType.Boolean,
                _ => new("double"),
            };
            if (!CastForms.IsPossible(type, parameter.Type)) throw Misfit($"`{argument}` as the argument `{parameter.Name}`", type, parameter.Type);
        }
    }

    private static SqlException Misfit(string what, SqlType from, SqlType to) =>
        new("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "42K09", $"Cannot cast {what}: \"{from.ResultText}\" is no \"{to.ResultText}\".");

    private static string Names(Located function) => string.Join(", ", function.Function.Parameters.Select(parameter => parameter.Name));

    /// <summary>The columns as the table spells them.</summary>
    private static ImmutableArray<GuardArgument> Known(TableObject table, ImmutableArray<GuardArgument> given) =>
        [.. given.Select(argument => argument.Column is not { } name ? argument : table.IndexOf(name) is >= 0 and var index ? GuardArgument.Of(table.Columns[index].Name) : throw SqlException.NoColumn($"`{name}`"))];
}
