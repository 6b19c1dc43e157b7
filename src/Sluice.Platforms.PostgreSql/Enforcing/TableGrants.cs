using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>A table as its grants need it.</summary>
internal sealed record GovernedTable(long Oid, ObjectPath Path, string Kind, long Owner, bool FiltersRows);

/// <summary>A grant on a table or a column of it.</summary>
/// <param name="Table">By oid.</param>
/// <param name="Privilege">What.</param>
/// <param name="Grantee">By oid; 0 for everybody.</param>
/// <param name="Grantor">By oid.</param>
/// <param name="IsGrantable">Whether the grantee can grant it in turn.</param>
/// <param name="IsRevocable">Whether the account can take it away.</param>
internal sealed record TableGrant(long Table, Privilege Privilege, long Grantee, long Grantor, bool IsGrantable, bool IsRevocable);

/// <summary>A grant on a schema or a database to a role of ours.</summary>
internal sealed record ContainerGrant(ObjectPath Path, string Privilege, long Grantee, bool IsGrantable);

/// <summary>Reads grants.</summary>
internal static class GrantReader
{
    /// <summary>The tables of a database, their grants, and the grants on its schemas to roles of ours: of one moment.</summary>
    public static Task<(List<GovernedTable> Tables, List<TableGrant> Grants, List<ContainerGrant> OnSchemas)> OfDatabaseAsync(
        DatabaseConnection database, ObjectPath path, long[] ours, CancellationToken cancellationToken) => database.ReadAsync(
        [
            new Query(EnforcingQueries.Tables),
            new Query(EnforcingQueries.TableGrants(database.ServerVersion)),
            new Query(EnforcingQueries.SchemaGrants, ours),
        ],
        async answer =>
        {
            var tables = await answer.RowsAsync(async r => new GovernedTable(
                await r.LongAsync(), path.Child(await r.TextAsync()).Child(await r.TextAsync()), await r.TextAsync(), await r.LongAsync(),
                await r.BooleanAsync()));
            await answer.NextResultAsync();
            var grants = await answer.RowsAsync(static async r =>
            {
                var (table, column) = (await r.LongAsync(), await r.OptionalTextAsync());
                return new TableGrant(
                    table, new Privilege(await r.TextAsync(), column), await r.LongAsync(), await r.LongAsync(), await r.BooleanAsync(),
                    await r.BooleanAsync());
            });
            await answer.NextResultAsync();
            var onSchemas = await answer.RowsAsync(async r => new ContainerGrant(
                path.Child(await r.TextAsync()), await r.TextAsync(), await r.LongAsync(), await r.BooleanAsync()));
            return (tables, grants, onSchemas);
        },
        cancellationToken);

    /// <summary>The grants on databases to roles of ours.</summary>
    public static Task<List<ContainerGrant>> OnDatabasesAsync(
        DatabaseConnection maintenance, string connectionKey, long[] ours, CancellationToken cancellationToken) => maintenance.ReadAsync(
        [new Query(EnforcingQueries.DatabaseGrants, ours)],
        answer => answer.RowsAsync(async r => new ContainerGrant(
            new ObjectPath(connectionKey, (await r.SharedTextAsync()).Text), await r.TextAsync(), await r.LongAsync(), await r.BooleanAsync())),
        cancellationToken);

    /// <summary>The databases to look at besides those that were asked for.</summary>
    public static Task<List<SharedText>> DatabasesAsync(
        DatabaseConnection maintenance, long[] ours, ServerRole account, CancellationToken cancellationToken) => maintenance.ReadAsync(
        [new Query(EnforcingQueries.DatabasesOfRoles, ours, account.Oid, account.IsSuperuser)],
        static answer => answer.RowsAsync(static r => r.SharedTextAsync()),
        cancellationToken);
}
