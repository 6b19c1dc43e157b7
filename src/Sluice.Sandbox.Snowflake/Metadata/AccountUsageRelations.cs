using System.Text.Json;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Shows;
using Sluice.Sandbox.Snowflake.Statements;

namespace Sluice.Sandbox.Snowflake.Metadata;

/// <summary>The views of SNOWFLAKE.ACCOUNT_USAGE the sandbox has. What was dropped is not kept, so DELETED columns are never filled.</summary>
internal static class AccountUsageRelations
{
    private static readonly Dictionary<string, IRelation> ByName = Build().ToDictionary(relation => relation.Name, StringComparer.Ordinal);

    /// <summary>The database roles of SNOWFLAKE that may read each view.</summary>
    private static readonly Dictionary<string, string[]> Viewers = new(StringComparer.Ordinal)
    {
        ["DATABASES"] = ["OBJECT_VIEWER"],
        ["SCHEMATA"] = ["OBJECT_VIEWER"],
        ["TABLES"] = ["OBJECT_VIEWER"],
        ["COLUMNS"] = ["OBJECT_VIEWER"],
        ["VIEWS"] = ["OBJECT_VIEWER"],
        ["TAGS"] = ["OBJECT_VIEWER", "GOVERNANCE_VIEWER"],
        ["TAG_REFERENCES"] = ["GOVERNANCE_VIEWER"],
        ["POLICY_REFERENCES"] = ["GOVERNANCE_VIEWER"],
        ["MASKING_POLICIES"] = ["GOVERNANCE_VIEWER"],
        ["ROW_ACCESS_POLICIES"] = ["GOVERNANCE_VIEWER"],
        ["QUERY_HISTORY"] = ["GOVERNANCE_VIEWER"],
        ["ACCESS_HISTORY"] = ["GOVERNANCE_VIEWER"],
        ["GRANTS_TO_ROLES"] = ["SECURITY_VIEWER"],
        ["GRANTS_TO_USERS"] = ["SECURITY_VIEWER"],
        ["ROLES"] = ["SECURITY_VIEWER"],
        ["USERS"] = ["SECURITY_VIEWER"],
    };

    public static IEnumerable<IRelation> All => ByName.Values;

    public static IRelation? Find(string name) => ByName.GetValueOrDefault(name);

    public static IEnumerable<string> ViewersOf(string name) => Viewers.GetValueOrDefault(name) ?? [];

    private static IEnumerable<IRelation> Build() =>
    [
        Databases(), Schemata(), Tables(), Columns(), Tags(), TagReferences(), PolicyReferences(), Policies("MASKING_POLICIES", Domain.MaskingPolicy), Policies("ROW_ACCESS_POLICIES", Domain.RowAccessPolicy),
        GrantsToRoles(), GrantsToUsers(), Roles(), Users(), HistoryRelations.Queries(), HistoryRelations.Accesses(),
    ];

    private static Relation<DatabaseState> Databases() => new Relation<DatabaseState>("DATABASES", scope => scope.Databases)
        .Number("DATABASE_ID", database => database.Id).Text("DATABASE_NAME", database => database.Name).Text("DATABASE_OWNER", database => database.Owner?.Name)
        .Flag("IS_TRANSIENT", database => database.IsTransient).Text("COMMENT", database => database.Comment).Instant("CREATED", database => database.CreatedOn)
        .Instant("LAST_ALTERED", database => database.LastAltered).Instant("DELETED", _ => null).Number("RETENTION_TIME", database => database.RetentionDays).Empty("RESOURCE_GROUP")
        .Text("TYPE", database => database.Kind).Text("OWNER_ROLE_TYPE", ContainerListings.OwnerType);

    private static Relation<SchemaState> Schemata() => new Relation<SchemaState>("SCHEMATA", scope => scope.Schemas)
        .Number("SCHEMA_ID", schema => schema.Id).Text("SCHEMA_NAME", schema => schema.Name).Number("CATALOG_ID", schema => schema.Database.Id)
        .Text("CATALOG_NAME", schema => schema.Database.Name).Text("SCHEMA_OWNER", schema => schema.Owner?.Name).Number("RETENTION_TIME", schema => schema.Database.RetentionDays)
        .Flag("IS_TRANSIENT", schema => schema.IsTransient).Flag("IS_MANAGED_ACCESS", schema => schema.IsManaged).Text("COMMENT", schema => schema.Comment)
        .Instant("CREATED", schema => schema.CreatedOn).Instant("LAST_ALTERED", schema => schema.LastAltered).Instant("DELETED", _ => null)
        .Text("OWNER_ROLE_TYPE", ContainerListings.OwnerType);

    private static Relation<SchemaObject> Tables() => new Relation<SchemaObject>("TABLES", scope => Own(scope))
        .Number("TABLE_ID", table => table.Id).Text("TABLE_NAME", table => table.Name).Number("TABLE_SCHEMA_ID", table => table.Schema.Id).Text("TABLE_SCHEMA", table => table.Schema.Name)
        .Number("TABLE_CATALOG_ID", table => table.Database.Id).Text("TABLE_CATALOG", table => table.Database.Name).Text("TABLE_OWNER", table => table.Owner?.Name)
        .Text("TABLE_TYPE", InformationSchemaRelations.TypeOf).Flag("IS_TRANSIENT", table => table.IsTransient).Empty("CLUSTERING_KEY")
        .Number("ROW_COUNT", table => table.Domain == Domain.View ? null : table.RowCount).Number("BYTES", table => table.Domain == Domain.View ? null : table.RowCount * 1024)
        .Number("RETENTION_TIME", table => table.Database.RetentionDays).Instant("CREATED", table => table.CreatedOn).Instant("LAST_ALTERED", table => table.LastAltered)
        .Instant("LAST_DDL", table => table.LastDdl).Text("LAST_DDL_BY", table => table.LastDdlBy).Instant("DELETED", _ => null).Flag("AUTO_CLUSTERING_ON", _ => false)
        .Text("COMMENT", table => table.Comment).Text("OWNER_ROLE_TYPE", ContainerListings.OwnerType).Flag("IS_ICEBERG", table => table.Domain == Domain.IcebergTable)
        .Flag("IS_DYNAMIC", table => table.Domain == Domain.DynamicTable).Flag("IS_HYBRID", _ => false);

    private static Relation<ColumnItem> Columns() => new Relation<ColumnItem>("COLUMNS", scope => Own(scope).SelectMany(ColumnItem.Of))
        .Number("COLUMN_ID", item => (item.Table.Id * 10_000) + item.Ordinal).Text("COLUMN_NAME", item => item.Column.Name).Number("TABLE_ID", item => item.Table.Id)
        .Text("TABLE_NAME", item => item.Table.Name).Number("TABLE_SCHEMA_ID", item => item.Table.Schema.Id).Text("TABLE_SCHEMA", item => item.Table.Schema.Name)
        .Number("TABLE_CATALOG_ID", item => item.Table.Database.Id).Text("TABLE_CATALOG", item => item.Table.Database.Name).Number("ORDINAL_POSITION", item => item.Ordinal)
        .Text("COLUMN_DEFAULT", item => item.Column.Default).Flag("IS_NULLABLE", item => item.Column.Nullable).Text("DATA_TYPE", item => item.Column.Type.Short)
        .Number("CHARACTER_MAXIMUM_LENGTH", item => item.Column.Type.Kind == SqlKind.Text ? item.Column.Type.Length : null)
        .Number("NUMERIC_PRECISION", item => item.Column.Type.Kind == SqlKind.Fixed ? item.Column.Type.Precision : null)
        .Number("NUMERIC_SCALE", item => item.Column.Type.Kind == SqlKind.Fixed ? item.Column.Type.Scale : null)
        .Text("COMMENT", item => item.Column.Comment).Instant("DELETED", _ => null);

    private static Relation<SchemaObject> Tags() => new Relation<SchemaObject>("TAGS", scope => scope.Schemas.SelectMany(schema => schema.Of(Domain.Tag)).Where(scope.Sees))
        .Number("TAG_ID", tag => tag.Id).Text("TAG_NAME", tag => tag.Name).Number("TAG_SCHEMA_ID", tag => tag.Schema.Id).Text("TAG_SCHEMA", tag => tag.Schema.Name)
        .Number("TAG_DATABASE_ID", tag => tag.Database.Id).Text("TAG_DATABASE", tag => tag.Database.Name).Text("TAG_OWNER", tag => tag.Owner?.Name).Text("TAG_COMMENT", tag => tag.Comment)
        .Instant("CREATED", tag => tag.CreatedOn).Instant("LAST_ALTERED", tag => tag.LastAltered).Instant("DELETED", _ => null)
        .Text("ALLOWED_VALUES", tag => tag.AllowedValues.IsEmpty ? null : JsonSerializer.Serialize(tag.AllowedValues)).Text("OWNER_ROLE_TYPE", ContainerListings.OwnerType);

    private static Relation<TagItem> TagReferences() => new Relation<TagItem>("TAG_REFERENCES", TagItem.Set)
        .Text("TAG_DATABASE", item => item.Setting.Tag.Database.Name).Text("TAG_SCHEMA", item => item.Setting.Tag.Schema.Name).Number("TAG_ID", item => item.Setting.Tag.Id)
        .Text("TAG_NAME", item => item.Setting.Tag.Name).Text("TAG_VALUE", item => item.Setting.Value)
        .Text("OBJECT_DATABASE", item => (item.Holder as SchemaObject)?.Database.Name ?? (item.Holder as SchemaState)?.Database.Name)
        .Text("OBJECT_SCHEMA", item => (item.Holder as SchemaObject)?.Schema.Name).Number("OBJECT_ID", item => item.Holder.Id).Text("OBJECT_NAME", item => item.Holder.Name)
        .Instant("OBJECT_DELETED", _ => null).Text("DOMAIN", item => item.Column is null ? EffectiveTag.Spelled(item.Holder.Domain) : "COLUMN")
        .Number("COLUMN_ID", item => item.Column is null ? null : (item.Holder.Id * 10_000) + item.Ordinal).Text("COLUMN_NAME", item => item.Column).Text("APPLY_METHOD", _ => "MANUAL");

    private static Relation<SchemaObject> Policies(string name, Domain domain) => new Relation<SchemaObject>(name, scope => scope.Schemas.SelectMany(schema => schema.Of(domain)).Where(scope.Sees))
        .Number("POLICY_ID", policy => policy.Id).Text("POLICY_NAME", policy => policy.Name).Number("POLICY_SCHEMA_ID", policy => policy.Schema.Id).Text("POLICY_SCHEMA", policy => policy.Schema.Name)
        .Number("POLICY_CATALOG_ID", policy => policy.Database.Id).Text("POLICY_CATALOG", policy => policy.Database.Name).Text("POLICY_OWNER", policy => policy.Owner?.Name)
        .Text("POLICY_SIGNATURE", policy => $"({string.Join(", ", policy.Arguments.Select(argument => $"{argument.Name} {(argument.Type.Kind == SqlKind.Text ? "VARCHAR" : argument.Type.ToString())}"))})")
        .Text("POLICY_RETURN_TYPE", policy => policy.Returns).Text("POLICY_BODY", policy => policy.Body).Text("POLICY_COMMENT", policy => policy.Comment).Instant("CREATED", policy => policy.CreatedOn)
        .Instant("LAST_ALTERED", policy => policy.LastAltered).Instant("DELETED", _ => null).Text("OWNER_ROLE_TYPE", ContainerListings.OwnerType);

    private static Relation<object?[]> PolicyReferences()
    {
        var relation = new Relation<object?[]>("POLICY_REFERENCES", scope => scope.Schemas
            .SelectMany(schema => schema.Of(Domain.MaskingPolicy).Concat(schema.Of(Domain.RowAccessPolicy)))
            .SelectMany(policy => PolicyRules.UsesOf(scope.Account, policy))
            .Where(use => use.Reference.On <= scope.AsOf)
            .Select(use => MetadataFunctions.Row(use.Holder, use.Column, use.Reference))
            .Concat(MetadataFunctions.SessionPolicies(scope.Account).Select(use => use.Row)));
        string[] names =
        [
            "POLICY_DB", "POLICY_SCHEMA", "POLICY_NAME", "POLICY_KIND", "REF_DATABASE_NAME", "REF_SCHEMA_NAME", "REF_ENTITY_NAME", "REF_ENTITY_DOMAIN", "REF_COLUMN_NAME",
            "REF_ARG_COLUMN_NAMES", "TAG_DATABASE", "TAG_SCHEMA", "TAG_NAME", "POLICY_STATUS",
        ];
        foreach (var (name, index) in names.Select((name, index) => (name, index))) relation.Text(name, row => (string?)row[index]);
        return relation;
    }

    private static Relation<(Securable On, Grant Grant)> GrantsToRoles() =>
        new Relation<(Securable On, Grant Grant)>("GRANTS_TO_ROLES", scope => GrantItems.ToRoles(scope.Account).Where(item => item.Grant.On <= scope.AsOf))
            .Instant("CREATED_ON", item => item.Grant.On).Instant("MODIFIED_ON", item => item.Grant.On).Text("PRIVILEGE", item => item.Grant.Privilege)
            .Text("GRANTED_ON", item => item.On.Domain.Underscored()).Text("NAME", item => item.On.Name)
            .Text("TABLE_CATALOG", item => (item.On as SchemaObject)?.Database.Name ?? (item.On as SchemaState)?.Database.Name ?? (item.On as RoleState)?.Database?.Name)
            .Text("TABLE_SCHEMA", item => (item.On as SchemaObject)?.Schema.Name).Text("GRANTED_TO", item => GrantedTo(item.Grant.Grantee.Domain))
            .Text("GRANTEE_NAME", item => item.Grant.Grantee.Name).Text("GRANT_OPTION", item => item.Grant.WithGrantOption ? "true" : "false")
            .Text("GRANTED_BY", item => item.Grant.GrantedBy?.Name).Instant("DELETED_ON", _ => null)
            .Text("GRANTED_BY_ROLE_TYPE", item => item.Grant.GrantedBy?.Domain.Underscored()).Empty("OBJECT_INSTANCE");

    /// <summary>
    /// Where SHOW GRANTS says ROLE this view says ACCOUNT ROLE (https://docs.snowflake.com/en/sql-reference/account-usage/grants_to_roles,
    /// https://docs.snowflake.com/en/sql-reference/sql/show-grants). What the privilege views of INFORMATION_SCHEMA say is not documented.
    /// </summary>
    private static string GrantedTo(Domain grantee) => grantee == Domain.Role ? "ACCOUNT ROLE" : grantee.Underscored();

    /// <summary>Account roles alone: what else users are granted is in GRANTS_TO_ROLES (https://docs.snowflake.com/en/sql-reference/account-usage/grants_to_users).</summary>
    private static Relation<(UserState User, RoleGrant Grant)> GrantsToUsers() =>
        new Relation<(UserState User, RoleGrant Grant)>("GRANTS_TO_USERS", scope => scope.Account.Users.Values.SelectMany(user => user.Roles.Where(grant => grant.Role.Database is null && grant.On <= scope.AsOf).Select(grant => (user, grant))))
            .Instant("CREATED_ON", item => item.Grant.On).Instant("DELETED_ON", _ => null).Text("ROLE", item => item.Grant.Role.Name).Text("GRANTED_TO", _ => "USER")
            .Text("GRANTEE_NAME", item => item.User.Name).Text("GRANTED_BY", item => item.Grant.GrantedBy?.Name);

    private static Relation<RoleState> Roles() => new Relation<RoleState>("ROLES", scope => scope.Account.AllRoles.Where(scope.Sees))
        .Number("ROLE_ID", role => role.Id).Instant("CREATED_ON", role => role.CreatedOn).Instant("DELETED_ON", _ => null).Text("NAME", role => role.Name)
        .Text("COMMENT", role => role.Comment).Text("OWNER", role => role.Owner?.Name).Text("ROLE_TYPE", role => role.Domain.Underscored())
        .Text("ROLE_DATABASE_NAME", role => role.Database?.Name).Text("OWNER_ROLE_TYPE", ContainerListings.OwnerType);

    private static Relation<UserState> Users() => new Relation<UserState>("USERS", scope => scope.Account.Users.Values.Where(scope.Sees))
        .Number("USER_ID", user => user.Id).Text("NAME", user => user.Name).Instant("CREATED_ON", user => user.CreatedOn).Instant("DELETED_ON", _ => null)
        .Text("LOGIN_NAME", user => user.LoginName).Text("DISPLAY_NAME", user => user.Name).Text("EMAIL", user => user.Email).Text("HAS_PASSWORD", user => user.Password is null ? "false" : "true")
        .Text("DISABLED", user => user.Disabled ? "true" : "false").Text("DEFAULT_WAREHOUSE", user => user.DefaultWarehouse).Text("DEFAULT_NAMESPACE", user => user.DefaultNamespace)
        .Text("DEFAULT_ROLE", user => user.DefaultRole).Text("COMMENT", user => user.Comment).Text("OWNER", user => user.Owner?.Name)
        .Instant("LAST_SUCCESS_LOGIN", user => user.LastLogin).Text("HAS_RSA_PUBLIC_KEY", user => user.PublicKey is null ? "false" : "true").Text("TYPE", user => user.Type);

    private static IEnumerable<SchemaObject> Own(MetadataScope scope) => scope.Tables.Where(table => table.Database.Name != "SNOWFLAKE" && table.Schema.Name != "INFORMATION_SCHEMA");
}
