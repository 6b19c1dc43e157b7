using Sluice.Core.Catalog;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

/// <summary>A container whose whole listing is as it was is not looked at table by table.</summary>
public sealed class KnownListingTests
{
    private static FakePlatform Platform()
    {
        var platform = new FakePlatform { TellsListings = true };
        platform.Add("db");
        for (var table = 0; table < 7; table++)
        {
            platform.Add($"db/t{table}");
            platform.LastChanges[$"db/t{table}"] = 100 + table;
        }

        // A view: what lies behind it changes without it.
        platform.LastChanges.TryRemove("db/t6", out _);
        return platform;
    }

    private static async Task<EngineHost> CrawledAsync()
    {
        var engine = await EngineHost.StartAsync(Platform());
        (await engine.RegisterAndCrawlAsync()).State.ShouldBe(JobState.Completed);
        engine.Platform.Reads.Clear();
        return engine;
    }

    [Fact]
    public async Task Only_what_is_never_stamped_is_read_and_all_of_it_is_found()
    {
        await using var engine = await CrawledAsync();

        var job = await engine.CrawlAsync("pg", "db");

        engine.Platform.Reads.ShouldBe(["db/t6"]);
        job.OutputJson.ShouldNotBeNull().ShouldContain("\"found\":7");
        job.OutputJson.ShouldContain("\"missing\":0");
        job.OutputJson.ShouldContain("\"updated\":0");
        (await engine.PresentAsync()).ShouldBe(engine.Platform.Remote.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_read_of_it_is_stored_and_keeps_its_id()
    {
        await using var engine = await CrawledAsync();
        engine.Platform.Columns["db/t6"] = [new DiscoveredColumn("id", "int"), new DiscoveredColumn("ssn", "text")];

        await engine.CrawlAsync("pg", "db");

        var stored = await engine.ReadAsync("pg", "db", "t6");
        stored.Columns.Select(c => c.Column.Name).ShouldBe(["id", "ssn"]);
        stored.Object.NativeId.ShouldBe("id:db/t6");

        // It was written, and the listing told nothing of it: the next crawl compares stamps, and knows the listing from then on.
        engine.Platform.Reads.Clear();
        await engine.CrawlAsync("pg", "db");
        await engine.CrawlAsync("pg", "db");
        engine.Platform.Reads.ShouldBe(["db/t6", "db/t6"]);
    }

    [Fact]
    public async Task What_was_deleted_here_is_read_as_new()
    {
        await using var engine = await CrawledAsync();
        await engine.Catalog.DeleteAsync(new ObjectPath("pg", "db", "t1"), null, EngineHost.Admin, CancellationToken.None);

        await engine.CrawlAsync("pg", "db");

        engine.Platform.Reads.ShouldBe(["db/t1", "db/t6"]);
        (await engine.ReadAsync("pg", "db", "t1")).Columns.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_deleted_here_while_it_was_read_is_read_again()
    {
        var engine = await EngineHost.StartAsync(Platform());
        await using var _ = engine;
        var deleted = false;
        engine.Platform.BeforePage = async (below, at, token) =>
        {
            if (deleted || below != "db" || at < 6) return;
            await engine.UntilPresentAsync(7);
            deleted = true;
            await engine.Catalog.DeleteAsync(new ObjectPath("pg", "db", "t0"), null, EngineHost.Admin, token);
        };
        await engine.RegisterAndCrawlAsync();
        engine.Platform.BeforePage = static (_, _, _) => Task.CompletedTask;

        await engine.CrawlAsync("pg", "db");

        deleted.ShouldBeTrue();
        (await engine.PresentAsync()).ShouldBe(engine.Platform.Remote.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_container_that_went_and_came_back_brings_all_of_it_back()
    {
        await using var engine = await CrawledAsync();
        engine.Platform.Remote.TryRemove("db", out var remote).ShouldBeTrue();
        await engine.CrawlAsync("pg");
        (await engine.PresentAsync()).ShouldBeEmpty();

        engine.Platform.Remote["db"] = remote;
        await engine.CrawlAsync("pg");

        (await engine.PresentAsync()).ShouldBe(engine.Platform.Remote.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_happens_between_two_crawls_what_is_stored_is_what_is_there(int seed)
    {
        await using var engine = await CrawledAsync();
        var platform = engine.Platform;
        var random = new Random(seed);
        var clock = 1000;
        var dropped = new Dictionary<string, (FakePlatform.RemoteObject Remote, int? LastChange)>();
        for (var step = 0; step < 40; step++)
        {
            foreach (var _ in Enumerable.Range(0, random.Next(3))) Change($"db/t{random.Next(9)}");
            var tables = (await engine.PresentAsync()).Where(p => p.Contains('/')).ToList();
            if (random.Next(6) == 0 && tables.Count > 0)
                await engine.Catalog.DeleteAsync(new ObjectPath("pg", "db", tables[random.Next(tables.Count)][3..]), null, EngineHost.Admin, CancellationToken.None);

            (await engine.CrawlAsync("pg", "db")).State.ShouldBe(JobState.Completed);

            (await engine.PresentAsync()).ShouldBe(platform.Remote.Keys.Order(StringComparer.Ordinal), ignoreOrder: false, $"seed {seed}, step {step}");
            foreach (var path in platform.Remote.Keys.Where(p => p.Contains('/')))
            {
                var stored = await engine.ReadAsync("pg", "db", path[3..]);
                stored.Object.NativeId.ShouldBe(platform.Remote[path].NativeId, customMessage: $"seed {seed}, step {step}, {path}");
                stored.Columns.Select(c => c.Column.Name).ShouldBe(
                    platform.Columns.TryGetValue(path, out var real) ? real.Select(c => c.Name) : ["id", "name"], customMessage: $"seed {seed}, step {step}, {path}");
            }
        }

        void Change(string path)
        {
            if (!platform.Remote.TryGetValue(path, out var remote))
            {
                // Undropped as it was, or another one of the name.
                if (random.Next(2) == 0 && dropped.Remove(path, out var before))
                {
                    platform.Remote[path] = before.Remote;
                    if (before.LastChange is { } at) platform.LastChanges[path] = at;
                    return;
                }

                platform.Add(path, nativeId: $"id:{++clock}");
                platform.Columns[path] = [new DiscoveredColumn($"c{clock}", "int")];
                if (random.Next(4) > 0) platform.LastChanges[path] = clock;
            }
            else if (random.Next(3) == 0)
            {
                dropped[path] = (remote, platform.LastChanges.TryRemove(path, out var at) ? at : null);
                platform.Remote.TryRemove(path, out _);
            }
            else
            {
                platform.Columns[path] = [new DiscoveredColumn($"c{++clock}", "int")];
                if (platform.LastChanges.ContainsKey(path)) platform.LastChanges[path] = clock;
            }
        }
    }
}
