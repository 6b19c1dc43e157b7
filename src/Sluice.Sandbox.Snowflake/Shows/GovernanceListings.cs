using System.Text.Json;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Statements;
using static Sluice.Sandbox.Snowflake.Results.ResultColumn;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>SHOW TAGS, policies and functions.</summary>
internal static class GovernanceListings
{
    public static Listing Tags(StatementContext context, IEnumerable<SchemaState> schemas) => new(
        [
            Instant("created_on"), Text("name"), Text("database_name"), Text("schema_name"), Text("owner"), Text("comment"), Text("allowed_values"), Text("owner_role_type"),
            Text("propagate"), Text("on_conflict"),
        ],
        1,
        Seen(context, schemas, Domain.Tag).Select(tag => (object?[])
        [
            tag.CreatedOn, tag.Name, tag.Database.Name, tag.Schema.Name, tag.Owner?.Name ?? "", tag.Comment ?? "",
            tag.AllowedValues.IsEmpty ? null : JsonSerializer.Serialize(tag.AllowedValues), ContainerListings.OwnerType(tag), null, null,
        ]));

    public static Listing Policies(StatementContext context, IEnumerable<SchemaState> schemas, Domain domain) => new(
        [
            Instant("created_on"), Text("name"), Text("database_name"), Text("schema_name"), Text("kind"), Text("owner"), Text("comment"),
            Text("owner_role_type"), Text("options"),
        ],
        1,
        Seen(context, schemas, domain).Select(policy => (object?[])
        [
            policy.CreatedOn, policy.Name, policy.Database.Name, policy.Schema.Name, domain.Underscored(), policy.Owner?.Name ?? "", policy.Comment ?? "",
            ContainerListings.OwnerType(policy), policy.Options.GetValueOrDefault("EXEMPT_OTHER_POLICIES") == "TRUE" ? "{\"EXEMPT_OTHER_POLICIES\":\"TRUE\"}" : "",
        ]));

    public static Listing Functions(StatementContext context, IEnumerable<SchemaState> schemas, Domain domain) => new(
        [
            Instant("created_on"), Text("name"), Text("schema_name"), Text("is_builtin"), Text("is_aggregate"), Text("is_ansi"), Number("min_num_arguments"), Number("max_num_arguments"),
            Text("arguments"), Text("description"), Text("catalog_name"), Text("is_table_function"), Text("valid_for_clustering"), Text("is_secure"), Text("secrets"),
            Text("external_access_integrations"), Text("is_external_function"), Text("language"), Text("is_memoizable"), Text("is_data_metric"),
        ],
        1,
        Seen(context, schemas, domain).Select(function => (object?[])
        [
            function.CreatedOn, function.Name, function.Schema.Name, "N", "N", "N", (long)function.Arguments.Length, (long)function.Arguments.Length,
            $"{function.Name}({string.Join(", ", function.Arguments.Select(argument => argument.Type.Kind == SqlKind.Text ? "VARCHAR" : argument.Type.Short))}) RETURN {function.Returns}",
            function.Comment ?? "user-defined function", function.Database.Name, "N", "N", function.IsSecure ? "Y" : "N", "", "", "N", "SQL", function.IsMemoizable ? "Y" : "N", "N",
        ]));

    /// <summary>Kinds the sandbox names but cannot make: the columns all SHOW commands share.</summary>
    public static Listing Others(StatementContext context, IEnumerable<SchemaState> schemas, Domain domain) => new(
        [Instant("created_on"), Text("name"), Text("database_name"), Text("schema_name"), Text("owner"), Text("comment")],
        1,
        Seen(context, schemas, domain).Select(other => (object?[])[other.CreatedOn, other.Name, other.Database.Name, other.Schema.Name, other.Owner?.Name ?? "", other.Comment ?? ""]));

    private static IEnumerable<SchemaObject> Seen(StatementContext context, IEnumerable<SchemaState> schemas, Domain domain) =>
        schemas.SelectMany(schema => schema.Of(domain)).Where(found => context.Access.Sees(found));
}
