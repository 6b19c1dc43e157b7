using Microsoft.Extensions.DependencyInjection;
using Sluice.Storage.Access;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Cluster;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;
using Sluice.Storage.Jobs;
using Sluice.Storage.People;
using Sluice.Storage.Plans;
using Sluice.Storage.Server;
using Sluice.Storage.Tests.Audit;
using Sluice.Testing;

namespace Sluice.Storage.Tests;

/// <summary>A migrated database of its own for one test, and the stores on it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    public const string Sqlite = "SQLite";
    public const string PostgreSql = "PostgreSQL";

    private static readonly Lazy<Task<string>> PostgreSqlTemplate = new(MakeTemplateAsync);
    private static readonly Lazy<Task<byte[]>> SqliteTemplate = new(MakeSqliteTemplateAsync);

    private readonly List<ServiceProvider> _servers = [];

    private TestDatabase() { }

    /// <summary>Every store test runs on each of these.</summary>
    public static TheoryData<string> Each { get; } = [Sqlite, PostgreSql];

    public required DatabaseOptions Options { get; init; }

    public Clock Clock { get; } = new();

    public TestAuditKeys AuditKeys { get; } = new();

    public IConnectionStore Connections => Get<IConnectionStore>();
    public ICatalogStore Catalog => Get<ICatalogStore>();
    public IJobStore Jobs => Get<IJobStore>();
    public IApiKeyStore ApiKeys => Get<IApiKeyStore>();
    public IAuditStore Audit => Get<IAuditStore>();
    public AuditTrail Trail => Get<AuditTrail>();
    public IServerFacts Facts => Get<IServerFacts>();
    public IMembershipStore Membership => Get<IMembershipStore>();
    public IPlanStore Plans => Get<IPlanStore>();
    public IPeopleStore People => Get<IPeopleStore>();
    public IGroupStore Groups => Get<IGroupStore>();
    public IPeopleSnapshots PeopleSnapshots => Get<IPeopleSnapshots>();
    public Database Database => Get<Database>();
    public bool IsSqlite => Options.PostgreSqlConnectionString is null;

    public static CancellationToken Ending => TestContext.Current.CancellationToken;

    /// <summary>A copy of one that was migrated before.</summary>
    public static async Task<TestDatabase> CreateAsync(string provider)
    {
        var connectionString = provider == PostgreSql ? await CopyTemplateAsync() : null;
        var directory = Directory.CreateTempSubdirectory("sluice-storage-").FullName;
        if (connectionString is null)
        {
            Directory.CreateDirectory(Path.Combine(directory, "data"));
            await File.WriteAllBytesAsync(Path.Combine(directory, "data", "sluice.db"), await SqliteTemplate.Value, Ending);
        }

        return await MigratedAsync(directory, connectionString);
    }

    /// <summary>One of SQLite that the server made itself, file and all.</summary>
    public static Task<TestDatabase> CreateNewAsync() => MigratedAsync(Directory.CreateTempSubdirectory("sluice-storage-").FullName, null);

    private static async Task<TestDatabase> MigratedAsync(string directory, string? connectionString)
    {
        var database = new TestDatabase
        {
            Options = new DatabaseOptions { DataDirectory = Path.Combine(directory, "data"), PostgreSqlConnectionString = connectionString },
        };
        database.StartServer();
        await database.Get<IDatabase>().MigrateAsync(Ending);
        return database;
    }

    /// <summary>Another server on the same database: nothing that one keeps in memory is known to the other.</summary>
    public ServiceProvider StartServer()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IAuditKeys>(AuditKeys);
        services.AddSluiceStorage(Options);
        _servers.Add(services.BuildServiceProvider());
        return _servers[^1];
    }

    /// <summary>How a question to the database is answered, for what no store tells.</summary>
    public Task<long?> NumberAsync(string sql, params (string, object?)[] parameters) =>
        Database.ReadAsync((context, token) => context.NumberAsync(sql, token, parameters), Ending);

    public Task ExecuteAsync(string sql) => Database.WriteAsync((context, token) => context.ExecuteAsync(sql, token), Ending);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(Options.DataDirectory)!, recursive: true);
    }

    private static async Task<string> CopyTemplateAsync()
    {
        var cluster = await Requires.PostgreSqlAsync();
        var name = $"test_{Guid.NewGuid():N}";
        await cluster.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {await PostgreSqlTemplate.Value}", ct: Ending);
        return cluster.ConnectionString(name);
    }

    /// <summary>Migrations are slower than a copy of their result.</summary>
    private static async Task<string> MakeTemplateAsync()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var connectionString = await cluster.CreateDatabaseAsync(CancellationToken.None);
        await using (var database = new PostgreSqlDatabase(connectionString, null)) await database.MigrateAsync(CancellationToken.None);
        return new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Database!;
    }

    private static async Task<byte[]> MakeSqliteTemplateAsync()
    {
        await using var database = await CreateNewAsync();
        var file = Path.Combine(database.Options.DataDirectory, "template.db");
        await database.Get<IDatabase>().BackUpAsync(file, CancellationToken.None);
        return await File.ReadAllBytesAsync(file);
    }

    public T Get<T>() where T : notnull => _servers[0].GetRequiredService<T>();
}
