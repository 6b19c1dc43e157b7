using System.Text.Json;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Queries;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;
using static Sluice.Sandbox.Snowflake.Results.ResultColumn;

namespace Sluice.Sandbox.Snowflake.Metadata;

/// <summary>A table function of INFORMATION_SCHEMA.</summary>
internal sealed record MetadataFunction(IReadOnlyList<ResultColumn> Columns, Func<MetadataScope, CallArguments, IEnumerable<object?[]>> Rows);

/// <summary>TAG_REFERENCES, TAG_REFERENCES_ALL_COLUMNS and POLICY_REFERENCES.</summary>
internal static class MetadataFunctions
{
    private static readonly ResultColumn[] TagColumns =
    [
        Text("TAG_DATABASE"), Text("TAG_SCHEMA"), Text("TAG_NAME"), Text("TAG_VALUE"), Text("LEVEL"), Text("OBJECT_DATABASE"), Text("OBJECT_SCHEMA"), Text("OBJECT_NAME"), Text("DOMAIN"),
        Text("COLUMN_NAME"), Text("APPLY_METHOD"),
    ];

    private static readonly ResultColumn[] PolicyColumns =
    [
        Text("POLICY_DB"), Text("POLICY_SCHEMA"), Text("POLICY_NAME"), Text("POLICY_KIND"), Text("REF_DATABASE_NAME"), Text("REF_SCHEMA_NAME"), Text("REF_ENTITY_NAME"),
        Text("REF_ENTITY_DOMAIN"), Text("REF_COLUMN_NAME"), Text("REF_ARG_COLUMN_NAMES"), Text("TAG_DATABASE"), Text("TAG_SCHEMA"), Text("TAG_NAME"), Text("POLICY_STATUS"),
    ];

    public static MetadataFunction? Find(string name) => name switch
    {
        "TAG_REFERENCES" => new(TagColumns, (scope, arguments) => [.. TagReferences(scope.Context, Need(arguments, 0), Need(arguments, 1))]),
        "TAG_REFERENCES_ALL_COLUMNS" => new(TagColumns, (scope, arguments) => [.. AllColumns(scope.Context, Need(arguments, 0))]),
        "POLICY_REFERENCES" => new(PolicyColumns, (scope, arguments) => [.. PolicyReferences(scope.Context, arguments)]),
        _ => null,
    };

    private static string Need(CallArguments arguments, int index) => arguments.At(index)
        ?? throw new SnowflakeException("001015", "42601", "SQL compilation error:\nnot enough arguments for table function");

    private static IEnumerable<object?[]> TagReferences(StatementContext context, string objectName, string domain)
    {
        if (domain.Equals("COLUMN", StringComparison.OrdinalIgnoreCase))
        {
            var reader = new TokenReader(objectName);
            List<string> parts = [reader.ReadIdentifier()];
            while (reader.AcceptSymbol(".")) parts.Add(reader.ReadIdentifier());
            var table = context.Object(Domain.Table, ObjectName.Of(parts[..^1]));
            if (table.Columns.All(column => column.Name != parts[^1])) throw SnowflakeException.InvalidIdentifier(parts[^1]);
            return Rows(context, table, parts[^1]);
        }

        var kind = new TokenReader(domain).TryReadDomain() ?? throw SnowflakeException.Invalid($"Invalid object domain '{domain}'.");
        return Rows(context, context.Find(kind, Signatures.Called(objectName)), null);
    }

    private static IEnumerable<object?[]> AllColumns(StatementContext context, string objectName)
    {
        var table = context.Object(Domain.Table, ObjectName.Parse(objectName));
        return table.Columns.SelectMany(column => Rows(context, table, column.Name));
    }

    private static IEnumerable<object?[]> Rows(StatementContext context, Securable holder, string? column)
    {
        var database = (holder as DatabaseState ?? (holder as SchemaState ?? holder.Parent as SchemaState)?.Database)?.Name;
        return TagInheritance.Of(context.Account, holder, column).Select(tag => (object?[])
        [
            tag.Setting.Tag.Database.Name, tag.Setting.Tag.Schema.Name, tag.Setting.Tag.Name, tag.Setting.Value, tag.Level, holder is DatabaseState ? null : database,
            (holder.Parent as SchemaState)?.Name, holder.Name, column is null ? EffectiveTag.Spelled(holder.Domain) : "COLUMN", column,
            tag.SetOn == holder && tag.SetOnColumn == column ? "MANUAL" : "INHERITED",
        ]);
    }

    private static IEnumerable<object?[]> PolicyReferences(StatementContext context, CallArguments arguments)
    {
        if (arguments.Named("POLICY_NAME") is { } policyName)
        {
            var policy = context.TryObject(Domain.MaskingPolicy, ObjectName.Parse(policyName)) ?? context.TryObject(Domain.RowAccessPolicy, ObjectName.Parse(policyName))
                ?? context.TryObject(Domain.SessionPolicy, ObjectName.Parse(policyName))
                ?? throw SnowflakeException.Missing(Domain.MaskingPolicy, policyName);
            return policy.Domain == Domain.SessionPolicy ? SessionPolicies(context.Account).Where(use => use.Policy == policy).Select(use => use.Row) : PolicyRules.UsesOf(context.Account, policy).Select(use => Row(use.Holder, use.Column, use.Reference));
        }

        var entity = arguments.Named("REF_ENTITY_NAME") ?? throw new SnowflakeException("001015", "42601", "SQL compilation error:\nnot enough arguments for table function");
        var domain = new TokenReader(arguments.Named("REF_ENTITY_DOMAIN") ?? "TABLE").TryReadDomain() ?? Domain.Table;
        if (domain is Domain.User or Domain.Account)
        {
            var whose = domain == Domain.User ? context.Find(domain, ObjectName.Parse(entity)) : context.Account.Self;
            return SessionPolicies(context.Account).Where(use => use.On == whose).Select(use => use.Row);
        }

        if (context.Find(domain, ObjectName.Parse(entity), describes: true) is not SchemaObject holder) return [];
        var rows = holder.Policies.Select(reference => Row(holder, null, reference))
            .Concat(holder.Columns.Where(column => column.Mask is not null).Select(column => Row(holder, column.Name, column.Mask!)));
        // A masking policy on a tag reaches the columns that carry the tag and have no policy of their own.
        var byTag = from column in holder.Columns
                    where column.Mask is null
                    from tag in TagInheritance.Of(context.Account, holder, column.Name)
                    from reference in tag.Setting.Tag.Policies
                    where reference.Policy.Arguments[0].Type.Kind == column.Type.Kind
                    select Row(holder, column.Name, reference, tag.Setting.Tag);
        return rows.Concat(holder.Domain.IsTableLike() ? byTag : []);
    }

    /// <summary>The session policies of the account and its users.</summary>
    public static IEnumerable<(SchemaObject Policy, Securable On, object?[] Row)> SessionPolicies(AccountState account) =>
        from use in account.Users.Values.Select(user => (user.SessionPolicy, On: (Securable)user)).Append((account.Self.SessionPolicy, account.Self))
        where use.SessionPolicy is not null
        select (use.SessionPolicy, use.On, (object?[])
        [
            use.SessionPolicy.Database.Name, use.SessionPolicy.Schema.Name, use.SessionPolicy.Name, use.SessionPolicy.Domain.Underscored(), null, null, use.On.Name, use.On.Domain.Underscored(),
            null, null, null, null, null, "ACTIVE",
        ]);

    public static object?[] Row(SchemaObject holder, string? column, PolicyReference reference, SchemaObject? tag = null)
    {
        var onTag = holder.Domain == Domain.Tag;
        var arguments = reference.Columns.Skip(reference.Policy.Domain == Domain.MaskingPolicy ? 1 : 0).ToArray();
        var via = tag ?? (onTag ? holder : null);
        return
        [
            reference.Policy.Database.Name, reference.Policy.Schema.Name, reference.Policy.Name, reference.Policy.Domain.Underscored(), holder.Database.Name, holder.Schema.Name, holder.Name,
            onTag ? "TAG" : holder.Domain.IsView() ? holder.Domain.Sql() : "TABLE", column, arguments.Length > 0 ? JsonSerializer.Serialize(arguments) : null, via?.Database.Name,
            via?.Schema.Name, via?.Name, "ACTIVE",
        ];
    }
}
