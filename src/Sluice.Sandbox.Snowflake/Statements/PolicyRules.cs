using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Metadata;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Who may put a masking or row access policy on what, and where policies are in force.</summary>
internal static class PolicyRules
{
    /// <summary>The policy and the columns it is given, checked against the caller, the columns' types and the other policies of the table.</summary>
    public static PolicyReference Bind(StatementContext context, SchemaObject table, Domain domain, ObjectName name, IReadOnlyList<string> columns)
    {
        var policy = context.Object(domain, name, "SET POLICY");
        Demand(context, table, policy);
        if (columns.Count != policy.Arguments.Length)
        {
            throw SnowflakeException.Invalid($"Policy '{policy.Name}' takes {policy.Arguments.Length} argument(s), {columns.Count} column(s) were given.");
        }

        for (var i = 0; i < columns.Count; i++)
        {
            var column = table.Columns.FirstOrDefault(candidate => candidate.Name == columns[i]) ?? throw SnowflakeException.InvalidIdentifier(columns[i]);
            if (column.Type.Kind != policy.Arguments[i].Type.Kind)
            {
                throw SnowflakeException.Invalid(
                    $"Column '{column.Name}' data type '{column.Type}' does not match with {domain.Words().ToLowerInvariant()} data type '{policy.Arguments[i].Type}'.");
            }
        }

        PolicyConflicts.Refuse(context, table, policy, columns);
        return new(policy, [.. columns]) { On = context.Now };
    }

    /// <summary>APPLY ... POLICY on the account; or APPLY on the policy and ownership of the table.</summary>
    public static void Demand(StatementContext context, SchemaObject table, SchemaObject policy)
    {
        if (context.Access.Has(context.Account.Self, $"APPLY {policy.Domain.Sql()}")) return;
        if (!context.Access.Has(policy, "APPLY")) throw SnowflakeException.Missing(policy.Domain, policy.FullName);
        context.DemandOwnership(table);
    }

    /// <summary>Where a policy is in force: tables for row access, columns for masks, tags for both.</summary>
    public static IEnumerable<(SchemaObject Holder, string? Column, PolicyReference Reference)> UsesOf(AccountState account, SchemaObject policy) =>
        from schema in account.Schemas
        from holder in schema.Stated
        from use in holder.Policies.Select(reference => (Column: (string?)null, reference))
            .Concat(holder.Columns.Where(column => column.Mask is not null).Select(column => (Column: (string?)column.Name, reference: column.Mask!)))
        where use.reference.Policy == policy
        select (holder, use.Column, use.reference);

    /// <summary>
    /// The mask of a column: its own, else that of a tag it carries, whose data type is the column's
    /// (https://docs.snowflake.com/en/user-guide/tag-based-masking-policies). Conditional columns of a tag's policy are found by name.
    /// </summary>
    public static PolicyReference? MaskOf(AccountState account, SchemaObject table, ColumnState column)
    {
        if (column.Mask is { } own) return own;
        foreach (var tag in TagInheritance.Of(account, table, column.Name))
        {
            var policy = tag.Setting.Tag.Policies.Select(reference => reference.Policy).FirstOrDefault(policy => policy.Arguments[0].Type.Kind == column.Type.Kind);
            if (policy is not null) return new(policy, [column.Name, .. policy.Arguments.Skip(1).Select(argument => argument.Name)]);
        }

        return null;
    }

    public static ImmutableArray<ColumnState> WithMask(SchemaObject table, string column, PolicyReference? mask) =>
        [.. table.Columns.Select(candidate => candidate.Name == column ? candidate with { Mask = mask } : candidate)];
}
