using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Storage.Connections;
using Sluice.Storage.Vault;
using Sluice.Testing;

namespace Sluice.Storage.Tests.Vault;

/// <summary>The vault on a database, with the key file of a fresh home.</summary>
public sealed class VaultStoreTests : IAsyncDisposable
{
    private readonly VaultScene _scene = new();
    private readonly List<ServiceProvider> _servers = [];
    private DatabaseOptions? _database;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _scene.Dispose();
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Secrets_open_after_restarts_and_rotations(string database)
    {
        var secret = await (await StartAsync(database)).SealAsync("s3cret \U0001F511");
        var rotation = await (await StartAsync(database)).RotateAsync();
        rotation.Rewrapped.ShouldBe(1);
        var later = await StartAsync(database);
        (await later.OpenAsync(secret)).ShouldBe("s3cret \U0001F511");
        (await later.RotateAsync()).Rewrapped.ShouldBe(2);
        (await (await StartAsync(database)).OpenAsync(secret)).ShouldBe("s3cret \U0001F511");
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_wrapping_is_replaced_only_while_it_is_the_expected_one(string database)
    {
        await StartAsync(database);
        var store = _servers[^1].GetRequiredService<IVaultStore>();
        var key = new WrappedDataKey(Guid.NewGuid(), "one", [1, 2, 3], new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await store.AddDataKeyAsync(key, Ending);

        (await store.RewrapAsync(key with { KeyEncryptionKeyId = "two", Wrapped = [4] }, "other", Ending)).ShouldBeFalse();
        (await store.RewrapAsync(key with { Id = Guid.NewGuid() }, "one", Ending)).ShouldBeFalse();
        (await store.RewrapAsync(key with { KeyEncryptionKeyId = "two", Wrapped = [5, 6] }, "one", Ending)).ShouldBeTrue();
        (await store.RewrapAsync(key with { KeyEncryptionKeyId = "three", Wrapped = [7] }, "one", Ending)).ShouldBeFalse();

        var stored = (await store.DataKeysAsync(Ending)).ShouldHaveSingleItem();
        stored.KeyEncryptionKeyId.ShouldBe("two");
        stored.Wrapped.ShouldBe([5, 6]);
        stored.Id.ShouldBe(key.Id);
        stored.CreatedAt.ShouldBe(key.CreatedAt);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Two_servers_rotate_and_seal_at_once_and_lose_nothing(string database)
    {
        VaultServer[] servers = [await StartAsync(database), await StartAsync(database)];
        var secrets = new ConcurrentBag<(SealedSecret Secret, string Text)>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(user => Task.Run(async () =>
        {
            for (var n = 0; n < 20; n++)
            {
                if (n % 5 == user) await servers[user % 2].RotateAsync();
                secrets.Add((await servers[(user + n) % 2].SealAsync($"{user}/{n}"), $"{user}/{n}"));
            }
        })));

        var last = await servers[0].RotateAsync();
        var keys = await _servers[0].GetRequiredService<IVaultStore>().DataKeysAsync(Ending);
        keys.ShouldAllBe(k => k.KeyEncryptionKeyId == last.KeyEncryptionKeyId);
        secrets.Count.ShouldBe(80);
        var later = await StartAsync(database);
        foreach (var (secret, text) in secrets) (await later.OpenAsync(secret)).ShouldBe(text);
    }

    [Fact]
    public async Task No_page_of_the_database_holds_a_key_that_opens_it()
    {
        var server = await StartAsync("SQLite");
        await server.SealAsync("s3cret");
        await server.RotateAsync();
        var lines = (await File.ReadAllLinesAsync(Directory.EnumerateFiles(_scene.KeyDirectory, "*.key").Single(), Ending)).Where(l => l is not (['#', ..] or []));
        var keys = lines.Select(l => l.Split(' ')[1]).ToList();
        keys.Count.ShouldBe(2);

        var files = Directory.EnumerateFiles(_scene.Data).ToList();
        files.ShouldContain(f => f.EndsWith("sluice.db", StringComparison.Ordinal));
        var pages = new List<byte>();
        foreach (var file in files)
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            await stream.ReadExactlyAsync(content, Ending);
            pages.AddRange(content);
        }

        var all = pages.ToArray().AsSpan();
        all.IndexOf("data_keys"u8).ShouldBeGreaterThan(0);
        foreach (var key in keys)
        {
            all.IndexOf(Convert.FromBase64String(key)).ShouldBe(-1);
            all.IndexOf(System.Text.Encoding.ASCII.GetBytes(key)).ShouldBe(-1);
        }
    }

    private async Task<VaultServer> StartAsync(string database)
    {
        _database ??= new DatabaseOptions
        {
            DataDirectory = _scene.Data,
            PostgreSqlConnectionString = database == "PostgreSQL" ? await NewDatabaseAsync() : null,
        };
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_scene.Logs));
        services.AddSingleton(new EnvironmentVariables(name => _scene.Variables.GetValueOrDefault(name)));
        services.AddSluiceStorage(_database);
        services.AddSluiceVault(_scene.Options);
        var provider = services.BuildServiceProvider();
        _servers.Add(provider);
        await provider.GetRequiredService<IDatabase>().MigrateAsync(Ending);
        return new VaultServer(provider);
    }

    private static async Task<string> NewDatabaseAsync()
    {
        var cluster = await Requires.PostgreSqlAsync();
        return await cluster.CreateDatabaseAsync(Ending);
    }
}
