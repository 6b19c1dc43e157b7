using System.Globalization;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Statements;
using static Sluice.Sandbox.Snowflake.Results.ResultColumn;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>SHOW DATABASES and SHOW SCHEMAS.</summary>
internal static class ContainerListings
{
    public static Listing Databases(StatementContext context, bool terse, bool history)
    {
        var seen = context.Account.Databases.Values.Where(database => context.Access.Sees(database));
        if (terse)
        {
            return new(
                [Instant("created_on"), Text("name"), Text("kind"), Text("database_name"), Text("schema_name")],
                1,
                seen.Select(database => (object?[])[database.CreatedOn, database.Name, database.Kind, "", ""]));
        }

        ResultColumn[] columns =
        [
            Instant("created_on"), Text("name"), Text("is_default"), Text("is_current"), Text("origin"), Text("owner"), Text("comment"), Text("options"),
            Text("retention_time"), .. history ? [Instant("dropped_on")] : (ResultColumn[])[], Text("kind"), Text("budget"), Text("owner_role_type"), Text("object_visibility"),
        ];
        return new(columns, 1, seen.Select(database => (object?[])
        [
            database.CreatedOn, database.Name, "N", context.Session.Database == database ? "Y" : "N", database.Origin, database.Owner?.Name ?? "", database.Comment ?? "",
            database.IsTransient ? "TRANSIENT" : "", database.IsReadOnly ? "" : database.RetentionDays.ToString(CultureInfo.InvariantCulture),
            .. history ? [null] : (object?[])[], database.Kind, null, OwnerType(database), null,
        ]));
    }

    public static Listing Schemas(StatementContext context, IEnumerable<DatabaseState> databases, bool terse, bool history)
    {
        var seen = databases.Where(database => context.Access.Sees(database))
            .SelectMany(database => database.Schemas.Values.Where(schema => context.Access.Sees(schema)));
        if (terse)
        {
            return new(
                [Instant("created_on"), Text("name"), Text("kind"), Text("database_name"), Text("schema_name")],
                1,
                seen.Select(schema => (object?[])[schema.CreatedOn, schema.Name, null, schema.Database.Name, null]));
        }

        ResultColumn[] columns =
        [
            Instant("created_on"), Text("name"), Text("is_default"), Text("is_current"), Text("database_name"), Text("owner"), Text("comment"), Text("options"),
            Text("retention_time"), .. history ? [Instant("dropped_on")] : (ResultColumn[])[], Text("owner_role_type"), Text("budget"),
        ];
        return new(columns, 1, seen.Select(schema => (object?[])
        [
            schema.CreatedOn, schema.Name, "N", context.Session.Schema == schema ? "Y" : "N", schema.Database.Name, schema.Owner?.Name ?? "", schema.Comment ?? "",
            string.Join(", ", new[] { schema.IsTransient ? "TRANSIENT" : null, schema.IsManaged ? "MANAGED ACCESS" : null }.OfType<string>()),
            schema.Name == "INFORMATION_SCHEMA" ? "1" : schema.Database.RetentionDays.ToString(CultureInfo.InvariantCulture),
            .. history ? [null] : (object?[])[], OwnerType(schema), null,
        ]));
    }

    public static string OwnerType(Securable securable) => securable.Owner switch
    {
        null => "",
        { Database: null } => "ROLE",
        _ => "DATABASE_ROLE",
    };
}
