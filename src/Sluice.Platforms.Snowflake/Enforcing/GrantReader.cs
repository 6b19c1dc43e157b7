using Sluice.Core.Catalog;
using Sluice.Platforms.Snowflake.Auditing;
using Sluice.Platforms.Snowflake.Crawling;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Reads what is granted.</summary>
internal sealed class GrantReader(StatementClient statements, string connectionKey)
{
    private const string ToUser = "USER";
    private const string ToDatabaseRole = "DATABASE_ROLE";

    /// <summary>
    /// The grants on all objects of a database on which the role of the session has something itself: of others this view tells nothing
    /// (https://docs.snowflake.com/en/sql-reference/info-schema/table_privileges).
    /// </summary>
    public async Task<(List<ObjectGrant> Grants, List<UserGrant> ToUsers)> OfDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        var schema = $"{Quote.Identifier(database)}.INFORMATION_SCHEMA";
        var sql = $"SELECT p.TABLE_SCHEMA, p.TABLE_NAME, p.PRIVILEGE_TYPE, p.GRANTEE, p.GRANTED_TO, p.IS_GRANTABLE, t.TABLE_TYPE, t.IS_ICEBERG, t.IS_DYNAMIC FROM {schema}.TABLE_PRIVILEGES p "
            + $"JOIN {schema}.TABLES t ON t.TABLE_SCHEMA = p.TABLE_SCHEMA AND t.TABLE_NAME = p.TABLE_NAME";
        using var result = await statements.RunAsync(new Statement(sql), cancellationToken);
        var (grants, toUsers) = (new List<ObjectGrant>(), new List<UserGrant>());
        await foreach (var row in result.RowsAsync(cancellationToken))
        {
            if (TableKinds.Of(row[6] ?? "", row[7], row[8]) is not { } kind) continue;
            var path = new ObjectPath(connectionKey, database, row[0]!, row[1]!);
            Add(path, row[2] ?? "", ObjectKinds.Keyword(kind), row[3] ?? "", row[4] ?? "", TableKinds.IsYes(row[5]), grants, toUsers);
        }

        return (grants, toUsers);
    }

    /// <summary>
    /// The objects on which users themselves were granted something on data, of any database: what Information Schema does not tell
    /// (https://docs.snowflake.com/en/sql-reference/account-usage/grants_to_roles). Up to two hours late; what is so now <see cref="OnAsync"/> tells.
    /// </summary>
    /// <exception cref="PlatformException">The view may not be read.</exception>
    public async Task<IReadOnlySet<ObjectPath>> OfUsersAsync(CancellationToken cancellationToken)
    {
        var privileges = string.Join(", ", Privilege.Writing.Prepend(Privilege.Select).Select(Quote.Literal));
        var sql = "SELECT DISTINCT TABLE_CATALOG, TABLE_SCHEMA, NAME FROM SNOWFLAKE.ACCOUNT_USAGE.GRANTS_TO_ROLES "
            + $"WHERE GRANTED_TO = 'USER' AND DELETED_ON IS NULL AND TABLE_CATALOG IS NOT NULL AND TABLE_SCHEMA IS NOT NULL AND PRIVILEGE IN ({privileges})";
        using var result = await statements.RunAsync(new Statement(sql), cancellationToken);
        var objects = new HashSet<ObjectPath>();
        await foreach (var row in result.RowsAsync(cancellationToken)) objects.Add(new ObjectPath(connectionKey, row[0]!, row[1]!, row[2]!));
        return objects;
    }

    /// <summary>
    /// The objects that a role sees by a privilege on themselves, each with its kind as a GRANT names it: also where it may not use what they lie in, and Information Schema shows it nothing
    /// (https://docs.snowflake.com/en/sql-reference/sql/show-grants). Of so many that the list is cut, those that it has.
    /// </summary>
    public async Task<IReadOnlyList<(ObjectPath Path, string Kind)>> SeenByAsync(SnowflakeName role, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(new Statement($"SHOW GRANTS TO ROLE {role.Quoted}"), cancellationToken);
        var (privilege, on, name) = (result.Column("privilege"), result.Column("granted_on"), result.Column("name"));
        var objects = new List<(ObjectPath, string)>();
        await foreach (var row in result.RowsAsync(cancellationToken))
        {
            if (!ObjectKinds.IsSeeing(row[privilege]) || row[on]?.Replace('_', ' ') is not { } kind || !ObjectKinds.IsKeyword(kind)) continue;
            if (ObjectNames.PathOf(connectionKey, row[name]) is { } path) objects.Add((path, kind));
        }

        return objects;
    }

    /// <summary>The grants on one object, or on a schema or database.</summary>
    /// <param name="path">Which.</param>
    /// <param name="kind">As a GRANT names it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(List<ObjectGrant> Grants, List<UserGrant> ToUsers)> OnAsync(ObjectPath path, string kind, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(new Statement($"SHOW GRANTS ON {kind} {Statements.Name(path)}"), cancellationToken);
        var (privilege, to, grantee, option) = (result.Column("privilege"), result.Column("granted_to"), result.Column("grantee_name"), result.Column("grant_option"));
        var (grants, toUsers) = (new List<ObjectGrant>(), new List<UserGrant>());
        await foreach (var row in result.RowsAsync(cancellationToken))
            Add(path, row[privilege] ?? "", path.Depth == 3 ? kind : ObjectKinds.Table, RoleHolders.NameOf(row[grantee] ?? ""), row[to] ?? "", TableKinds.IsYes(row[option]), grants, toUsers);
        return (grants, toUsers);
    }

    private static void Add(
        ObjectPath path, string privilege, string kind, string grantee, string to, bool isGrantable, List<ObjectGrant> grants, List<UserGrant> toUsers)
    {
        switch (to)
        {
            case ToUser: toUsers.Add(new UserGrant(path, new Privilege(privilege, kind, IsOfUser: true), grantee, isGrantable)); break;
            // GRANTS_TO_ROLES has the second word for it; what TABLE_PRIVILEGES says is not documented.
            case "ROLE" or "ACCOUNT ROLE": grants.Add(new ObjectGrant(path, new Privilege(privilege, kind), new RoleName(grantee), isGrantable)); break;
            case ToDatabaseRole: grants.Add(new ObjectGrant(path, new Privilege(privilege, kind), new RoleName(RoleHolders.OfDatabase(grantee, path.Names[1]), path.Names[1]), isGrantable)); break;
        }
    }
}
