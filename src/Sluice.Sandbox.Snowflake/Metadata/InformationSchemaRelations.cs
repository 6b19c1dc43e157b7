using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Shows;

namespace Sluice.Sandbox.Snowflake.Metadata;

/// <summary>The views of INFORMATION_SCHEMA, with the columns Snowflake's reference lists.</summary>
internal static class InformationSchemaRelations
{
    private static readonly Dictionary<string, IRelation> ByName = Build().ToDictionary(relation => relation.Name, StringComparer.Ordinal);

    public static IEnumerable<IRelation> All => ByName.Values;

    public static IRelation? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<IRelation> Build() =>
    [
        Tables(), Columns(), Views(), Schemata(), Databases(), TablePrivileges("TABLE_PRIVILEGES"), ObjectPrivileges(), ApplicableRoles(), EnabledRoles(), Functions(),
        new Relation<DatabaseState>("INFORMATION_SCHEMA_CATALOG_NAME", scope => [scope.Database!]).Text("CATALOG_NAME", database => database.Name),
    ];

    private static Relation<SchemaObject> Tables() => new Relation<SchemaObject>("TABLES", scope => scope.Tables)
        .Text("TABLE_CATALOG", table => table.Database.Name).Text("TABLE_SCHEMA", table => table.Schema.Name).Text("TABLE_NAME", table => table.Name)
        .Text("TABLE_OWNER", table => table.Owner?.Name).Text("TABLE_TYPE", TypeOf)
        .Text("IS_TRANSIENT", table => table.Domain.IsView() ? null : table.IsTransient || table.Schema.IsTransient ? "YES" : "NO").Empty("CLUSTERING_KEY")
        .Number("ROW_COUNT", table => table.Domain == Domain.View ? null : table.RowCount).Number("BYTES", table => table.Domain == Domain.View ? null : table.RowCount * 1024)
        .Number("RETENTION_TIME", table => table.Domain.IsView() ? null : table.Database.RetentionDays)
        .Empty("SELF_REFERENCING_COLUMN_NAME", "REFERENCE_GENERATION", "USER_DEFINED_TYPE_CATALOG", "USER_DEFINED_TYPE_SCHEMA", "USER_DEFINED_TYPE_NAME")
        .Flag("IS_INSERTABLE_INTO", table => !table.Domain.IsView()).Flag("IS_TYPED", table => !table.Domain.IsView()).Empty("COMMIT_ACTION")
        .Instant("CREATED", table => table.CreatedOn).Instant("LAST_ALTERED", table => table.LastAltered).Instant("LAST_DDL", table => table.LastDdl)
        .Text("LAST_DDL_BY", table => table.LastDdlBy).Text("AUTO_CLUSTERING_ON", table => table.Domain.IsView() ? null : "NO").Text("COMMENT", table => table.Comment)
        .Flag("IS_TEMPORARY", table => table.IsTemporary).Flag("IS_ICEBERG", table => table.Domain == Domain.IcebergTable)
        .Flag("IS_DYNAMIC", table => table.Domain == Domain.DynamicTable).Flag("IS_IMMUTABLE", _ => false).Flag("IS_HYBRID", _ => false);

    private static Relation<ColumnItem> Columns() => new Relation<ColumnItem>("COLUMNS", scope => scope.Tables.SelectMany(ColumnItem.Of))
        .Text("TABLE_CATALOG", item => item.Table.Database.Name).Text("TABLE_SCHEMA", item => item.Table.Schema.Name).Text("TABLE_NAME", item => item.Table.Name)
        .Text("COLUMN_NAME", item => item.Column.Name).Number("ORDINAL_POSITION", item => item.Ordinal).Text("COLUMN_DEFAULT", item => item.Column.Default)
        .Flag("IS_NULLABLE", item => item.Column.Nullable).Text("DATA_TYPE", item => item.Column.Type.Short)
        .Number("CHARACTER_MAXIMUM_LENGTH", item => item.Column.Type.Kind == SqlKind.Text ? item.Column.Type.Length : null)
        .Number("CHARACTER_OCTET_LENGTH", item => item.Column.Type.Kind switch
        {
            SqlKind.Text => Math.Min(item.Column.Type.Length * 4L, SqlType.LongestText),
            SqlKind.Binary => item.Column.Type.Length,
            _ => null,
        })
        .Number("NUMERIC_PRECISION", item => item.Column.Type.Kind == SqlKind.Fixed ? item.Column.Type.Precision : null)
        .Number("NUMERIC_PRECISION_RADIX", item => item.Column.Type.Kind == SqlKind.Fixed ? 10 : null)
        .Number("NUMERIC_SCALE", item => item.Column.Type.Kind == SqlKind.Fixed ? item.Column.Type.Scale : null)
        .Number("DATETIME_PRECISION", item => item.Column.Type.Kind is SqlKind.Time or SqlKind.TimestampNtz or SqlKind.TimestampLtz or SqlKind.TimestampTz ? item.Column.Type.Scale : null)
        .Empty(
            "INTERVAL_TYPE", "INTERVAL_PRECISION", "CHARACTER_SET_CATALOG", "CHARACTER_SET_SCHEMA", "CHARACTER_SET_NAME", "COLLATION_CATALOG", "COLLATION_SCHEMA", "COLLATION_NAME",
            "DOMAIN_CATALOG", "DOMAIN_SCHEMA", "DOMAIN_NAME", "UDT_CATALOG", "UDT_SCHEMA", "UDT_NAME", "SCOPE_CATALOG", "SCOPE_SCHEMA", "SCOPE_NAME", "MAXIMUM_CARDINALITY", "DTD_IDENTIFIER")
        .Flag("IS_SELF_REFERENCING", _ => false).Flag("IS_IDENTITY", _ => false)
        .Empty("IDENTITY_GENERATION", "IDENTITY_START", "IDENTITY_INCREMENT", "IDENTITY_MAXIMUM", "IDENTITY_MINIMUM", "IDENTITY_CYCLE", "IDENTITY_ORDERED", "SCHEMA_EVOLUTION_RECORD")
        .Text("COMMENT", item => item.Column.Comment).Text("EXPRESSION", item => item.Column.Expression).Text("KIND", item => item.Column.Kind);

    private static Relation<SchemaObject> Views() => new Relation<SchemaObject>("VIEWS", scope => scope.Tables.Where(table => table.Domain.IsView()))
        .Text("TABLE_CATALOG", view => view.Database.Name).Text("TABLE_SCHEMA", view => view.Schema.Name).Text("TABLE_NAME", view => view.Name).Text("TABLE_OWNER", view => view.Owner?.Name)
        .Text("VIEW_DEFINITION", view => view.IsSecure ? "" : view.Text).Text("CHECK_OPTION", _ => "NONE").Flag("IS_UPDATABLE", _ => false).Flag("INSERTABLE_INTO", _ => false)
        .Flag("IS_SECURE", view => view.IsSecure).Instant("CREATED", view => view.CreatedOn).Instant("LAST_ALTERED", view => view.LastAltered).Instant("LAST_DDL", view => view.LastDdl)
        .Text("LAST_DDL_BY", view => view.LastDdlBy).Text("COMMENT", view => view.Comment);

    private static Relation<SchemaState> Schemata() => new Relation<SchemaState>("SCHEMATA", scope => scope.Schemas.Where(schema => scope.Filters.Allows("SCHEMA_NAME", schema.Name)))
        .Text("CATALOG_NAME", schema => schema.Database.Name).Text("SCHEMA_NAME", schema => schema.Name).Text("SCHEMA_OWNER", schema => schema.Owner?.Name)
        .Flag("IS_TRANSIENT", schema => schema.IsTransient).Flag("IS_MANAGED_ACCESS", schema => schema.IsManaged).Number("RETENTION_TIME", schema => schema.Database.RetentionDays)
        .Empty("DEFAULT_CHARACTER_SET_CATALOG", "DEFAULT_CHARACTER_SET_SCHEMA", "DEFAULT_CHARACTER_SET_NAME", "SQL_PATH")
        .Instant("CREATED", schema => schema.CreatedOn).Instant("LAST_ALTERED", schema => schema.LastAltered).Text("COMMENT", schema => schema.Comment)
        .Text("OWNER_ROLE_TYPE", ContainerListings.OwnerType);

    private static Relation<DatabaseState> Databases() => new Relation<DatabaseState>("DATABASES", scope => scope.Databases)
        .Text("DATABASE_NAME", database => database.Name).Text("DATABASE_OWNER", database => database.Owner?.Name).Flag("IS_TRANSIENT", database => database.IsTransient)
        .Text("COMMENT", database => database.Comment).Instant("CREATED", database => database.CreatedOn).Instant("LAST_ALTERED", database => database.LastAltered)
        .Number("RETENTION_TIME", database => database.RetentionDays).Text("TYPE", database => database.Kind).Text("OWNER_ROLE_TYPE", ContainerListings.OwnerType);

    private static Relation<(SchemaObject Table, Grant Grant)> TablePrivileges(string name) =>
        new Relation<(SchemaObject Table, Grant Grant)>(name, scope => scope.Tables.SelectMany(table => WithOwner(scope.Account, table).Select(grant => (table, grant))))
            .Text("GRANTOR", item => item.Grant.GrantedBy?.Name).Text("GRANTEE", item => item.Grant.Grantee.Name).Text("GRANTED_TO", item => item.Grant.Grantee.Domain.Underscored())
            .Text("TABLE_CATALOG", item => item.Table.Database.Name).Text("TABLE_SCHEMA", item => item.Table.Schema.Name).Text("TABLE_NAME", item => item.Table.Name)
            .Text("PRIVILEGE_TYPE", item => item.Grant.Privilege).Flag("IS_GRANTABLE", item => item.Grant.WithGrantOption).Flag("WITH_HIERARCHY", _ => false)
            .Instant("CREATED", item => item.Grant.On);

    private static Relation<(Securable On, Grant Grant)> ObjectPrivileges() =>
        new Relation<(Securable On, Grant Grant)>("OBJECT_PRIVILEGES", scope => Securables(scope).SelectMany(on => WithOwner(scope.Account, on).Select(grant => (on, grant))))
            .Text("GRANTOR", item => item.Grant.GrantedBy?.Name).Text("GRANTEE", item => item.Grant.Grantee.Name).Text("GRANTED_TO", item => item.Grant.Grantee.Domain.Underscored())
            .Text("OBJECT_CATALOG", item => (item.On as SchemaObject)?.Database.Name ?? (item.On as SchemaState)?.Database.Name)
            .Text("OBJECT_SCHEMA", item => (item.On as SchemaObject)?.Schema.Name).Text("OBJECT_NAME", item => item.On.Name).Text("OBJECT_TYPE", item => item.On.Domain.Sql())
            .Text("PRIVILEGE_TYPE", item => item.Grant.Privilege).Flag("IS_GRANTABLE", item => item.Grant.WithGrantOption).Instant("CREATED", item => item.Grant.On);

    private static Relation<(string Grantee, RoleState Role)> ApplicableRoles() =>
        new Relation<(string Grantee, RoleState Role)>("APPLICABLE_ROLES", scope => Applicable(scope))
            .Text("GRANTEE", item => item.Grantee).Text("ROLE_NAME", item => item.Role.Name).Text("ROLE_OWNER", item => item.Role.Owner?.Name).Flag("IS_GRANTABLE", _ => false);

    private static Relation<RoleState> EnabledRoles() =>
        new Relation<RoleState>("ENABLED_ROLES", scope => scope.Context.Access.Active.Where(role => role.Database is null).OrderBy(role => role.Name, StringComparer.Ordinal))
            .Text("ROLE_NAME", role => role.Name).Text("ROLE_OWNER", role => role.Owner?.Name);

    private static Relation<SchemaObject> Functions() =>
        new Relation<SchemaObject>("FUNCTIONS", scope => scope.Schemas.SelectMany(schema => schema.Of(Domain.Function)).Where(scope.Sees))
            .Text("FUNCTION_CATALOG", function => function.Database.Name).Text("FUNCTION_SCHEMA", function => function.Schema.Name).Text("FUNCTION_NAME", function => function.Name)
            .Text("FUNCTION_OWNER", function => function.Owner?.Name)
            .Text("ARGUMENT_SIGNATURE", function => $"({string.Join(", ", function.Arguments.Select(argument => $"{argument.Name} {argument.Type.Short}"))})")
            .Text("DATA_TYPE", function => function.Returns).Text("FUNCTION_LANGUAGE", _ => "SQL").Text("FUNCTION_DEFINITION", function => function.IsSecure ? "" : function.Body)
            .Instant("CREATED", function => function.CreatedOn).Instant("LAST_ALTERED", function => function.LastAltered).Text("COMMENT", function => function.Comment)
            .Flag("IS_SECURE", function => function.IsSecure).Flag("IS_MEMOIZABLE", function => function.IsMemoizable);

    public static string TypeOf(SchemaObject table) => table.Domain switch
    {
        Domain.View => "VIEW",
        Domain.MaterializedView => "MATERIALIZED VIEW",
        Domain.ExternalTable => "EXTERNAL TABLE",
        Domain.EventTable => "EVENT TABLE",
        _ => table.IsTemporary ? "TEMPORARY TABLE" : "BASE TABLE",
    };

    private static IEnumerable<Securable> Securables(MetadataScope scope) =>
        [scope.Database!, .. scope.Schemas, .. scope.Tables.Where(table => table.Schema.Name != "INFORMATION_SCHEMA")];

    /// <summary>What roles were granted: of users these views say nothing (https://docs.snowflake.com/en/sql-reference/info-schema/table_privileges).</summary>
    private static IEnumerable<Grant> WithOwner(AccountState account, Securable on)
    {
        var toRoles = account.Grants.On(on).Where(grant => grant.Grantee is RoleState);
        return on.Owner is { } owner ? toRoles.Prepend(new("OWNERSHIP", owner, WithGrantOption: true, owner, on.CreatedOn)) : toRoles;
    }

    private static IEnumerable<(string Grantee, RoleState Role)> Applicable(MetadataScope scope)
    {
        var direct = scope.Context.Session.User.Roles.Select(grant => grant.Role).ToArray();
        foreach (var role in direct) yield return (scope.Context.Session.User.Name, role);
        foreach (var holder in Access.Closure(direct))
        {
            foreach (var granted in holder.Granted) yield return (holder.Name, granted.Role);
        }
    }
}
