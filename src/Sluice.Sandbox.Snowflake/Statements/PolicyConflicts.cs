using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>
/// Policies that can't be on a table together. A column stands in a masking signature or in a row access signature, conditional columns
/// included, and a masked column is no conditional column (https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy), unless
/// its mask says EXEMPT_OTHER_POLICIES and its owner is in the role hierarchy of the other policy's.
/// </summary>
internal static class PolicyConflicts
{
    public static void Refuse(StatementContext context, SchemaObject table, SchemaObject policy, IReadOnlyList<string> columns)
    {
        RefuseMaterialized(context, table);
        RefuseVirtual(table, policy, columns);
        if (policy.Domain == Domain.RowAccessPolicy) RefuseMasked(table, policy, columns);
        else RefuseFiltered(table, policy, columns);
    }

    /// <summary>What a materialized view can't be made of (https://docs.snowflake.com/en/user-guide/security-column-intro#materialized-views).</summary>
    /// <param name="context">The statement.</param>
    /// <param name="tables">The tables it reads.</param>
    /// <param name="names">The names its query mentions; null when it reads every column.</param>
    public static void RefuseBase(StatementContext context, IEnumerable<SchemaObject> tables, IReadOnlySet<string>? names)
    {
        foreach (var table in tables)
        {
            if (!table.Policies.IsEmpty) throw SnowflakeException.Unsupported("CREATE ON OBJECTS ENFORCED BY ROW ACCESS POLICY");
            if (table.Columns.Any(column => (names is null || names.Contains(column.Name)) && PolicyRules.MaskOf(context.Account, table, column) is not null))
            {
                throw SnowflakeException.Unsupported("CREATE ON MASKING POLICY COLUMN");
            }
        }
    }

    private static void RefuseMaterialized(StatementContext context, SchemaObject table)
    {
        var views = context.Account.Schemas.SelectMany(schema => schema.Stated).Count(view => view.Domain == Domain.MaterializedView && view.BaseTables.Contains(table.Id));
        if (views > 0)
        {
            throw new SnowflakeException("002118", "0A000", $"SQL execution error: One or more materialized views exist on the table. number of mvs={views}, table name={table.Name}.");
        }
    }

    // All columns of an external table but VALUE are virtual. Others can be conditional columns of a mask, and nothing else
    // (https://docs.snowflake.com/en/user-guide/security-row-intro and security-column-intro, "External tables"; security-column-intro, "Troubleshooting").
    private static void RefuseVirtual(SchemaObject table, SchemaObject policy, IReadOnlyList<string> columns)
    {
        var isRows = policy.Domain == Domain.RowAccessPolicy;
        if (table.Domain != Domain.ExternalTable && table.Columns.Any(column => column.Expression is not null && (isRows ? columns.Contains(column.Name) : columns[0] == column.Name)))
            throw SnowflakeException.Invalid($"{(isRows ? "Row access" : "Masking")} policy cannot be attached to a VIRTUAL_COLUMN column.");
        if (table.Domain == Domain.ExternalTable && columns.FirstOrDefault(column => column != "VALUE") is { } column)
            throw SnowflakeException.Unsupported($"POLICY ON VIRTUAL COLUMN '{column}' OF AN EXTERNAL TABLE");
    }

    private static void RefuseMasked(SchemaObject table, SchemaObject policy, IReadOnlyList<string> columns)
    {
        foreach (var masked in table.Columns.Where(column => column.Mask is not null))
        {
            var shared = masked.Mask!.Columns.FirstOrDefault(columns.Contains);
            if (shared is not null && !(shared == masked.Name && Exempts(masked.Mask.Policy, policy)))
            {
                throw SnowflakeException.Invalid($"Column '{shared}' can't be in the signature of row access policy '{policy.Name}': it is in that of masking policy '{masked.Mask.Policy.Name}'.");
            }
        }
    }

    private static void RefuseFiltered(SchemaObject table, SchemaObject policy, IReadOnlyList<string> columns)
    {
        var filtered = table.Policies.SelectMany(reference => reference.Columns.Select(column => (column, reference.Policy)))
            .FirstOrDefault(use => columns.Contains(use.column) && !(use.column == columns[0] && Exempts(policy, use.Policy)));
        if (filtered.Policy is not null)
        {
            throw SnowflakeException.Invalid($"Column '{filtered.column}' can't be in the signature of masking policy '{policy.Name}': it is in that of row access policy '{filtered.Policy.Name}'.");
        }

        foreach (var other in table.Columns.Where(column => column.Name != columns[0] && column.Mask is not null))
        {
            var isCondition = columns.Skip(1).Contains(other.Name) && !Exempts(other.Mask!.Policy, policy);
            var hasCondition = other.Mask!.Columns.Skip(1).Contains(columns[0]) && !Exempts(policy, other.Mask.Policy);
            if (isCondition || hasCondition) throw SnowflakeException.Invalid($"A masked column can't be a conditional column of a masking policy: '{(isCondition ? other.Name : columns[0])}'.");
        }
    }

    private static bool Exempts(SchemaObject mask, SchemaObject other) => mask.Options.GetValueOrDefault("EXEMPT_OTHER_POLICIES") == "TRUE"
        && mask.Owner is { } below && other.Owner is { } above && Access.Closure([above]).Contains(below);
}
