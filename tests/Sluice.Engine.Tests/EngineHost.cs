using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Engine.Catalog;
using Sluice.Engine.Connections;
using Sluice.Engine.Jobs;
using Sluice.Platforms;
using Sluice.Platforms.Egress;
using Sluice.Storage;
using Sluice.Storage.Jobs;
using Sluice.Storage.Server;
using Sluice.Storage.Vault;

namespace Sluice.Engine.Tests;

/// <summary>The engine on a real database (SQLite unless PostgreSQL is named) and a real silo, with a platform in memory.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    public static readonly Caller Admin = new("admin", "Ada", "ada@example.com", new HashSet<string>(Permission.All));

    private static readonly Lazy<Task<byte[]>> Migrated = new(MigrateAsync);
    private readonly IHost _host;

    private EngineHost(IHost host, FakePlatform platform, string directory)
    {
        _host = host;
        Platform = platform;
        Directory = directory;
    }

    public FakePlatform Platform { get; }

    public string Directory { get; }

    public IConnectionUseCases Connections => _host.Services.GetRequiredService<IConnectionUseCases>();

    public ICatalogUseCases Catalog => _host.Services.GetRequiredService<ICatalogUseCases>();

    public IJobUseCases Jobs => _host.Services.GetRequiredService<IJobUseCases>();

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public static string NewDirectory() => System.IO.Directory.CreateTempSubdirectory("sluice-engine-").FullName;

    public static async Task<EngineHost> StartAsync(
        FakePlatform platform, string? directory = null, EngineOptions? options = null, string? postgreSql = null,
        Action<IServiceCollection>? add = null, Action<IServiceCollection>? replace = null)
    {
        if (directory is null)
        {
            // What is migrated already is as new, and there sooner.
            directory = NewDirectory();
            if (postgreSql is null) await File.WriteAllBytesAsync(Path.Combine(directory, "sluice.db"), await Migrated.Value);
        }

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        // Before the engine's own: what is there already stays.
        add?.Invoke(builder.Services);
        builder.Services.AddSluiceStorage(new DatabaseOptions { DataDirectory = directory, PostgreSqlConnectionString = postgreSql });
        builder.Services.AddSluiceVault(new VaultOptions { DataDirectory = directory, KeyInDataDirectory = true });
        builder.AddSluiceEngine(
            options ?? new EngineOptions { RetryBaseDelay = TimeSpan.FromMilliseconds(20), PollInterval = TimeSpan.FromMilliseconds(100) },
            new EgressPolicy { AllowLoopback = true },
            new AwsOptions());
        builder.Services.RemoveAll<IPlatform>();
        builder.Services.AddSingleton<IPlatform>(platform);
        replace?.Invoke(builder.Services);
        var host = builder.Build();
        await host.Services.GetRequiredService<IServerLock>().TakeAsync(CancellationToken.None);
        await host.Services.GetRequiredService<IDatabase>().MigrateAsync(CancellationToken.None);
        await host.Services.GetRequiredService<IVaultStartup>().UnlockAsync(CancellationToken.None);
        await host.Services.GetRequiredService<InstanceFacts>().LoadAsync(CancellationToken.None);
        await host.StartAsync();
        return new EngineHost(host, platform, directory);
    }

    /// <summary>
    /// Gives the engine a clock of the test's own. The silo numbers itself by the system's and would take itself, behind that clock, for one that never got to join:
    /// on a busy machine it ended the process.
    /// </summary>
    public static void AddTime(IServiceCollection services, TimeProvider time)
    {
        services.AddSingleton(time);
        services.Configure<ClusterMembershipOptions>(static membership =>
            (membership.LivenessEnabled, membership.EvictWhenMaxJoinAttemptTimeExceeded, membership.SiloGenerationRetirementAge) = (false, false, null));
    }

    private static async Task<byte[]> MigrateAsync()
    {
        var directory = NewDirectory();
        await using var storage = new ServiceCollection().AddSingleton(TimeProvider.System).AddSluiceStorage(new DatabaseOptions { DataDirectory = directory }).BuildServiceProvider();
        var database = storage.GetRequiredService<IDatabase>();
        await database.MigrateAsync(CancellationToken.None);
        var file = Path.Combine(directory, "template.db");
        await database.BackUpAsync(file, CancellationToken.None);
        return await File.ReadAllBytesAsync(file);
    }

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public Task<Accepted> RegisterAsync(string key = "pg", string host = "db", bool isActive = false, bool force = true, string password = FakePlatform.Password) =>
        Connections.RegisterAsync(Payload(key, host, isActive, force, password), Admin, CancellationToken.None);

    public static JsonElement Payload(string key, string host, bool isActive = false, bool force = true, string password = FakePlatform.Password) =>
        JsonSerializer.SerializeToElement(new
        {
            connectionKey = key,
            connection = new { technology = "PostgreSQL", hostname = host, password },
            settings = new { isActive },
            options = new { forceRecursiveCrawl = force },
        });

    public async Task<StoredJob> WaitAsync(Accepted accepted)
    {
        while (true)
        {
            var job = (await Jobs.ListAsync(accepted.BulkId, Admin, CancellationToken.None)).Single();
            var ended = await Jobs.StatusesAsync([job.Id], TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(100), Admin, CancellationToken.None);
            if (ended.Single() is { FinishedAt: not null } done) return done;
        }
    }

    /// <summary>Waits until a job of a type that nobody asked for has ended.</summary>
    public async Task<StoredJob> UntilAsync(string type)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await look.WaitForNextTickAsync())
        {
            var page = await Jobs.SearchAsync(new JobQuery { Type = type }, Admin, CancellationToken.None);
            if (page.Jobs.FirstOrDefault(j => j.FinishedAt is not null) is { } ended) return ended;
        }

        throw new InvalidOperationException("The timer ended.");
    }

    public async Task<StoredJob> RegisterAndCrawlAsync(string key = "pg", bool isActive = false, bool force = true) =>
        await WaitAsync(await RegisterAsync(key, isActive: isActive, force: force));

    public async Task<StoredJob> CrawlAsync(params string[] path) =>
        await WaitAsync(await Catalog.CrawlAsync(new ObjectPath(path), default, null, Admin, CancellationToken.None));

    public Task<ObjectView> ReadAsync(params string[] path) => Catalog.ReadAsync(new ObjectPath(path), Admin, CancellationToken.None);

    public async Task<IReadOnlyList<ObjectView>> TreeAsync(string key = "pg")
    {
        var query = Json("""{"descendants": true, "size": 1000}""");
        return (await Catalog.SearchAsync(new ObjectPath(key), query, Admin, CancellationToken.None)).Hits;
    }

    public async Task<IReadOnlyList<string>> PresentAsync(string key = "pg") =>
        [.. (await TreeAsync(key)).Where(o => o.Object.MissingSince is null).Select(o => string.Join('/', o.Object.Path.Names.Skip(1))).Order(StringComparer.Ordinal)];

    /// <summary>Waits until so many objects are stored: pages are written behind the reading of later ones.</summary>
    public async Task UntilPresentAsync(int count, string key = "pg")
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while ((await PresentAsync(key)).Count < count) await look.WaitForNextTickAsync();
    }

    /// <summary>Waits until a job has done so many steps.</summary>
    public async Task UntilProgressAsync(Accepted accepted, int done)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while ((await Jobs.ListAsync(accepted.BulkId, Admin, CancellationToken.None)).Single().ProgressDone < done) await look.WaitForNextTickAsync();
    }

    /// <summary>Stops as a server told to stop does.</summary>
    public async Task StopAsync() => await _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
