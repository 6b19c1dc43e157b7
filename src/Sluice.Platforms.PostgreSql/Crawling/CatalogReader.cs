using Npgsql;
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
            (reader, token) => RowsAsync(reader, r => new DatabaseRow(r.GetInt64(0), r.GetString(1), r.GetBoolean(2), Text(r, 3)), token),
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
            async (reader, token) =>
            {
                var oid = await RowsAsync(reader, r => r.GetInt64(0), token);
                await reader.NextResultAsync(token);
                var schemas = await RowsAsync(reader, r => new SchemaRow(r.GetInt64(0), r.GetString(1), Text(r, 2)), token);
                if (!withTables) return new DatabaseOutline(oid[0], schemas, []);
                await reader.NextResultAsync(token);
                return new DatabaseOutline(oid[0], schemas, await RowsAsync(reader, ReadKey, token));
            },
            cancellationToken);
    }

    /// <summary>The key of one table, or null when it is not there.</summary>
    public static async Task<TableKey?> FindAsync(
        DatabaseConnection database, string schema, string table, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            [new Query(CatalogQueries.TableKey, schema, table)], (reader, token) => RowsAsync(reader, ReadKey, token), cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>The tables that are still there, with their columns, in the order of a crawl.</summary>
    public static Task<List<TableRow>> TablesAsync(
        DatabaseConnection database, IEnumerable<TableKey> keys, CancellationToken cancellationToken)
    {
        var oids = keys.Select(k => k.Table).ToArray();
        return database.ReadAsync(
            [new Query(CatalogQueries.Tables(database.ServerVersion), oids), new Query(CatalogQueries.Columns, oids)],
            async (reader, token) =>
            {
                var columns = new Dictionary<long, List<DiscoveredColumn>>(oids.Length);
                var tables = await RowsAsync(
                    reader,
                    r =>
                    {
                        var oid = r.GetInt64(0);
                        return new TableRow(
                            oid, r.GetInt64(1), r.GetString(2), Kind(r.GetString(3)), Text(r, 4), r.GetString(5), r.GetBoolean(6),
                            columns[oid] = []);
                    },
                    token);
                await reader.NextResultAsync(token);
                while (await reader.ReadAsync(token))
                {
                    columns[reader.GetInt64(0)].Add(new DiscoveredColumn(
                        reader.GetString(2), reader.GetString(3), $"{reader.GetInt32(1)}", Text(reader, 4), reader.GetBoolean(5)));
                }

                return tables;
            },
            cancellationToken);
    }

    /// <summary>Reads all rows of the result at hand.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    private static TableKey ReadKey(NpgsqlDataReader reader) => new(reader.GetInt64(0), reader.GetInt64(1));

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static ObjectKind Kind(string relkind) => relkind switch
    {
        "v" => ObjectKind.View,
        "m" => ObjectKind.MaterializedView,
        "f" => ObjectKind.ExternalTable,
        _ => ObjectKind.Table,
    };
}
