using System.Collections.Immutable;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>Who may put a masking or row access policy on what.</summary>
internal static class PolicyRules
{
    /// <summary>The policy and the columns it is given, checked against the caller and the columns' types.</summary>
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
                    $"Column '{column.Name}' data type '{column.Type}' does not match with masking policy data type '{policy.Arguments[i].Type}'.".Replace(
                        "masking policy", domain.Words().ToLowerInvariant(), StringComparison.Ordinal));
            }
        }

        return new(policy, [.. columns]);
    }

    /// <summary>APPLY ... POLICY on the account; or APPLY on the policy and ownership of the table.</summary>
    public static void Demand(StatementContext context, SchemaObject table, SchemaObject policy)
    {
        if (context.Access.Has(context.Account.Self, $"APPLY {policy.Domain.Sql()}")) return;
        if (!context.Access.Has(policy, "APPLY")) throw SnowflakeException.Insufficient(policy.Domain, policy.Name);
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

    public static ImmutableArray<ColumnState> WithMask(SchemaObject table, string column, PolicyReference? mask) =>
        [.. table.Columns.Select(candidate => candidate.Name == column ? candidate with { Mask = mask } : candidate)];
}
