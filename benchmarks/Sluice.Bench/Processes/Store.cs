using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sluice.Bench.Rows;
using Sluice.Testing;

namespace Sluice.Bench.Processes;

/// <summary>A database a server stores in: SQLite in its folder, or one of a private PostgreSQL.</summary>
internal sealed class Store(string folder, PostgresCluster? cluster, string? connectionString)
{
    public string Folder => folder;

    /// <summary>PostgreSQL's; null for SQLite.</summary>
    public string? ConnectionString => connectionString;

    public bool IsSqlite => connectionString is null;

    /// <summary>The id of PostgreSQL's first process, 0 for SQLite.</summary>
    public int ProcessId => cluster is null ? 0 : int.Parse(File.ReadLines(Path.Combine(cluster.DataDirectory, "postmaster.pid")).First());

    public string DatabaseFile => Path.Combine(folder, "sluice.db");

    public static async Task<Store> CreateAsync(Workplace place, PostgresCluster? cluster, CancellationToken cancellationToken) => new(
        place.NewFolder(cluster is null ? "sqlite" : "postgresql"), cluster, cluster is null ? null : await cluster.CreateDatabaseAsync(cancellationToken));

    /// <summary>PostgreSQL as it runs in earnest: the private cluster's savings at durability are taken back.</summary>
    public static async Task<PostgresCluster> StartDurableAsync(CancellationToken cancellationToken)
    {
        var cluster = await PostgresCluster.StartAsync(cancellationToken);
        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes"])
            await cluster.ExecuteAsync($"ALTER SYSTEM SET {setting} = on", ct: cancellationToken);
        await cluster.ExecuteAsync("SELECT pg_reload_conf()", ct: cancellationToken);
        return cluster;
    }

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        DbConnection connection = connectionString is null
            ? new SqliteConnection($"Data Source={DatabaseFile};Mode=ReadWrite;Pooling=False")
            : new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public async Task<CatalogRows> RowsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        return await CatalogRows.ReadAsync(connection, cancellationToken);
    }

    /// <summary>Makes the schema by the server's own migrations.</summary>
    public async Task MigrateAsync(Workplace place, CancellationToken cancellationToken)
    {
        await using var server = await Server.StartAsync(place, folder, connectionString, cancellationToken);
        await server.StopAsync();
    }

    /// <summary>The bulk insert that a crawl is measured against.</summary>
    public async Task InsertAsync(CatalogRows rows, CancellationToken cancellationToken)
    {
        if (connectionString is null) SqliteInsert.Run(DatabaseFile, rows, SqliteInsert.RowsPerStatement, cancellationToken);
        else await PostgreSqlCopy.RunAsync(connectionString, rows, cancellationToken);
    }
}
