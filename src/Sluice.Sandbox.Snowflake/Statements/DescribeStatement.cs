using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;
using static Sluice.Sandbox.Snowflake.Results.ResultColumn;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>DESCRIBE of tables, views, databases, schemas, policies, users, functions and integrations.</summary>
internal sealed class DescribeStatement(Domain domain, ObjectName name) : Statement
{
    public override bool Writes => false;

    public override bool IsQuery => true;

    public static DescribeStatement Read(TokenReader reader)
    {
        reader.Accept("SECURITY");
        var domain = reader.TryReadDomain() ?? Domain.Table;
        var name = Signatures.Read(reader, domain);

        if (reader.Accept("TYPE"))
        {
            reader.ExpectSymbol("=");
            reader.Expect("COLUMNS");
        }

        return new(domain, name);
    }

    public override Outcome Execute(StatementContext context)
    {
        var outcome = context.Find(domain, name, describes: true) switch
        {
            SchemaObject { Domain: Domain.MaskingPolicy or Domain.RowAccessPolicy } policy => new(
                [Text("name"), Text("signature"), Text("return_type"), Text("body")],
                [[policy.Name, $"({string.Join(", ", policy.Arguments.Select(argument => $"{argument.Name} {Plain(argument.Type)}"))})", policy.Returns, policy.Body]]),
            SchemaObject { Domain: Domain.Function } function => Properties(
                ("signature", $"({string.Join(", ", function.Arguments.Select(argument => $"{argument.Name} {Plain(argument.Type)}"))})"), ("returns", function.Returns), ("language", "SQL"), ("body", function.Body)),
            SchemaObject { Domain: var kind } table when kind.IsTableLike() => Columns(context, table),
            SchemaObject other => Properties(("name", other.Name), ("comment", other.Comment)),
            DatabaseState database => new(
                [Instant("created_on"), Text("name"), Text("kind")],
                database.Schemas.Values.Where(schema => context.Access.Sees(schema)).Select(schema => (object?[])[schema.CreatedOn, schema.Name, "SCHEMA"])),
            SchemaState schema => new(
                [Instant("created_on"), Text("name"), Text("kind")],
                schema.Tables().Where(table => context.Access.Sees(table)).Select(table => (object?[])[table.CreatedOn, table.Name, table.Domain.IsView() ? "VIEW" : "TABLE"])),
            UserState user => User(context, user),
            IntegrationState integration => Integration(integration),
            { } found => Properties(("name", found.Name), ("comment", found.Comment)),
        };
        return outcome with { StatementType = StatementTypes.Describe };
    }

    private static Outcome Columns(StatementContext context, SchemaObject table)
    {
        if (!context.Access.HasAny(table, "SELECT", "REFERENCES", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "MONITOR") && !context.Access.MayDescribe(table)) throw SnowflakeException.Insufficient(table.Domain, table.Name);
        return new(
            [
                Text("name"), Text("type"), Text("kind"), Text("null?"), Text("default"), Text("primary key"), Text("unique key"), Text("check"), Text("expression"), Text("comment"),
                Text("policy name"), Text("privacy domain"), .. table.Domain.IsView() ? (ResultColumn[])[] : [Text("schema_evolution_record")],
            ],
            table.Columns.Select(column => (object?[])
            [
                column.Name, column.Type.ToString(), "COLUMN", column.Nullable ? "Y" : "N", column.Default, "N", "N", null, null, column.Comment, column.Mask?.Policy.FullName, null,
                .. table.Domain.IsView() ? (object?[])[] : [null],
            ]));
    }

    private static Outcome User(StatementContext context, UserState user)
    {
        if (!context.Access.Sees(user) && user != context.Session.User) throw SnowflakeException.Missing(Domain.User, user.Name);
        (string Key, string? Value)[] properties =
            [
                ("NAME", user.Name), ("COMMENT", user.Comment), ("LOGIN_NAME", user.LoginName), ("EMAIL", user.Email), ("DISABLED", user.Disabled ? "true" : "false"),
                ("DEFAULT_WAREHOUSE", user.DefaultWarehouse), ("DEFAULT_NAMESPACE", user.DefaultNamespace), ("DEFAULT_ROLE", user.DefaultRole),
                ("DEFAULT_SECONDARY_ROLES", user.SecondaryRolesAll ? "[\"ALL\"]" : "[]"), ("TYPE", user.Type), ("RSA_PUBLIC_KEY_FP", Print(user.PublicKey)), ("RSA_PUBLIC_KEY_2_FP", Print(user.PublicKey2)),
            ];
        return new(
            [Text("property"), Text("value"), Text("default"), Text("description")],
            properties.Select(property => (object?[])[property.Key, property.Value ?? "null", "null", ""]));
    }

    private static Outcome Integration(IntegrationState integration)
    {
        (string Key, string Type, string? Value, string Default)[] properties = integration.IsExternalOAuth
            ?
            [
                ("ENABLED", "Boolean", integration.Enabled ? "true" : "false", "false"), Of("EXTERNAL_OAUTH_ISSUER", "String"), Of("EXTERNAL_OAUTH_JWS_KEYS_URL", "Object"),
                Of("EXTERNAL_OAUTH_ANY_ROLE_MODE", "String", "DISABLE"), Of("EXTERNAL_OAUTH_RSA_PUBLIC_KEY", "String"), Of("EXTERNAL_OAUTH_RSA_PUBLIC_KEY_2", "String"),
                ("EXTERNAL_OAUTH_BLOCKED_ROLES_LIST", "List", string.Join(',', integration.BlockedRoles), "[]"), Of("EXTERNAL_OAUTH_ALLOWED_ROLES_LIST", "List", "[]"),
                Of("EXTERNAL_OAUTH_AUDIENCE_LIST", "List", "[]"),
                ("EXTERNAL_OAUTH_TOKEN_USER_MAPPING_CLAIM", "Object", $"[{string.Join(", ", integration.List("EXTERNAL_OAUTH_TOKEN_USER_MAPPING_CLAIM").Select(claim => $"'{claim}'"))}]", ""),
                Of("EXTERNAL_OAUTH_SNOWFLAKE_USER_MAPPING_ATTRIBUTE", "String"), Of("EXTERNAL_OAUTH_SCOPE_DELIMITER", "String", ","),
                Of("EXTERNAL_OAUTH_SCOPE_MAPPING_ATTRIBUTE", "String"), ("COMMENT", "String", integration.Comment, ""),
            ]
            : [.. integration.Options.Select(option => (option.Key, "String", (string?)option.Value, ""))];
        return new(
            [Text("property"), Text("property_type"), Text("property_value"), Text("property_default")],
            properties.Select(property => (object?[])[property.Key, property.Type, property.Value ?? "", property.Default]));

        (string, string, string?, string) Of(string key, string type, string standard = "") =>
            (key, type, integration.Options.GetValueOrDefault(key) ?? (standard == "[]" ? "" : standard), standard);
    }

    private static string? Print(string? key) => key is null ? null : Identity.KeyPairTokens.Fingerprint(key);

    private static string Plain(SqlType type) => type.Kind == SqlKind.Text ? "VARCHAR" : type.ToString();

    private static Outcome Properties(params (string Key, string? Value)[] properties) =>
        new([Text("property"), Text("value")], properties.Select(property => (object?[])[property.Key, property.Value]));
}
