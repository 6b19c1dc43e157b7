using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>Reads the system catalogs of one database.</summary>
internal static class CatalogReader
{
    /// <summary>The server's databases, in the order of a crawl.</summary>
    public static Task<List<DatabaseRow>> DatabasesAsync(DatabaseConnection database, CancellationToken cancellationToken) =>
        database.ReadAsync(
            [new Query(CatalogQueries.Databases)],
            static answer => answer.RowsAsync(static async r => new DatabaseRow(
                await r.LongAsync(), await r.SharedTextAsync(), await r.BooleanAsync(),
                (await r.OptionalSharedTextAsync())?.Cut(CatalogQueries.MostCommentCharacters))),
            cancellationToken);

    /// <summary>What the database holds, by keys.</summary>
    /// <param name="database">Where.</param>
    /// <param name="schema">The only schema wanted; null for all.</param>
    /// <param name="withTables">Whether the tables are wanted too.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static Task<DatabaseOutline> OutlineAsync(
        DatabaseConnection database, string? schema, bool withTables, CancellationToken cancellationToken)
    {
        var only = schema ?? "";
        List<Query> queries = [new Query(CatalogQueries.CurrentDatabase), new Query(CatalogQueries.Schemas, only)];
        if (withTables) queries.Add(new Query(CatalogQueries.TableKeys, only));
        return database.ReadAsync(
            queries,
            async answer =>
            {
                var oid = await answer.RowsAsync(static r => r.LongAsync());
                await answer.NextResultAsync();
                var schemas = await answer.RowsAsync(static async r => new SchemaRow(
                    await r.LongAsync(), await r.TextAsync(), await r.OptionalTextAsync()));
                if (!withTables) return new DatabaseOutline(oid[0], schemas, []);
                await answer.NextResultAsync();
                return new DatabaseOutline(oid[0], schemas, await answer.RowsAsync(ReadKeyAsync));
            },
            cancellationToken);
    }

    /// <summary>The key of one table, or null when it is not there.</summary>
    public static async Task<TableKey?> FindAsync(
        DatabaseConnection database, string schema, string table, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            [new Query(CatalogQueries.TableKey, schema, table)], static answer => answer.RowsAsync(ReadKeyAsync), cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>The tables that are still there, with their columns, in the order of a crawl.</summary>
    public static Task<List<TableRow>> TablesAsync(
        DatabaseConnection database, IEnumerable<TableKey> keys, CancellationToken cancellationToken)
    {
        var oids = keys.Select(k => k.Table).ToArray();
        return database.ReadAsync(
            [new Query(CatalogQueries.Tables(database.ServerVersion), oids), new Query(CatalogQueries.Columns, oids)],
            async answer =>
            {
                var columns = new Dictionary<long, List<DiscoveredColumn>>(oids.Length);
                var tables = await answer.RowsAsync(async r =>
                {
                    var oid = await r.LongAsync();
                    return new TableRow(
                        oid, await r.LongAsync(), await r.TextAsync(), Kind(await r.TextAsync()), await r.OptionalTextAsync(),
                        new TableOwner(await r.SharedTextAsync(), await r.BooleanAsync(), await r.BooleanAsync()),
                        columns[oid] = []);
                });
                await answer.NextResultAsync();
                while (await answer.NextRowAsync())
                {
                    var ofTable = columns[await answer.LongAsync()];
                    var number = await answer.IntAsync();
                    ofTable.Add(new DiscoveredColumn(
                        await answer.TextAsync(), await answer.TextAsync(), $"{number}", await answer.OptionalTextAsync(), await answer.BooleanAsync()));
                }

                return tables;
            },
            cancellationToken);
    }

    private static async Task<TableKey> ReadKeyAsync(Answer row) => new(await row.LongAsync(), await row.LongAsync());

    private static ObjectKind Kind(string relkind) => relkind switch
    {
        "v" => ObjectKind.View,
        "m" => ObjectKind.MaterializedView,
        "f" => ObjectKind.ExternalTable,
        _ => ObjectKind.Table,
    };
}
