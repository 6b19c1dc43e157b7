using Sluice.Core.Catalog;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

/// <summary>A crawl of one table sees one name. What it makes of it must be what a crawl of everything would.</summary>
public sealed class TableCrawlTests
{
    [Fact]
    public async Task A_table_that_took_the_name_of_another_keeps_its_overrides()
    {
        await using var engine = await StartAsync();
        var b = await BarAsync(engine, "b");

        // a is dropped and b takes its place, as a blue-green deployment does.
        engine.Platform.Remote.TryRemove("db0/b", out _);
        engine.Platform.Add("db0/a", nativeId: "2");
        var job = await engine.CrawlAsync("pg", "db0", "a");

        job.OutputJson.ShouldNotBeNull().ShouldContain("\"renamed\":1");
        await IsBarredAsync(engine, "a", b);
        await engine.CrawlAsync("pg");
        await IsBarredAsync(engine, "a", b);
        (await engine.TreeAsync()).Count(o => o.Object.NativeId == "2").ShouldBe(1);
    }

    [Fact]
    public async Task Two_tables_that_swapped_names_keep_their_overrides()
    {
        await using var engine = await StartAsync();
        var b = await BarAsync(engine, "b");
        var a = (await engine.ReadAsync("pg", "db0", "a")).Object.Id;
        engine.Platform.Add("db0/a", nativeId: "2");
        engine.Platform.Add("db0/b", nativeId: "1");

        await engine.CrawlAsync("pg", "db0", "a");
        await IsBarredAsync(engine, "a", b);
        await engine.CrawlAsync("pg", "db0");

        await IsBarredAsync(engine, "a", b);
        (await engine.ReadAsync("pg", "db0", "b")).Object.Id.ShouldBe(a);
    }

    [Fact]
    public async Task A_missing_table_that_comes_back_under_another_name_keeps_its_overrides()
    {
        await using var engine = await StartAsync();
        var b = await BarAsync(engine, "b");
        engine.Platform.Remote.TryRemove("db0/b", out _);
        await engine.CrawlAsync("pg");
        engine.Platform.Add("db0/a", nativeId: "2");

        await engine.CrawlAsync("pg", "db0", "a");

        await IsBarredAsync(engine, "a", b);
    }

    [Fact]
    public async Task A_table_whose_name_was_taken_comes_back_whole_when_it_takes_the_name_back()
    {
        await using var engine = await StartAsync();
        var a = await BarAsync(engine, "a");
        engine.Platform.Add("db0/a", nativeId: "3");
        await engine.CrawlAsync("pg", "db0", "a");
        engine.Platform.Add("db0/a", nativeId: "1");

        await engine.CrawlAsync("pg", "db0", "a");

        await IsBarredAsync(engine, "a", a);
    }

    [Fact]
    public async Task A_table_made_anew_inherits_the_overrides_of_the_one_before()
    {
        await using var engine = await StartAsync();
        var before = await BarAsync(engine, "a");
        engine.Platform.Add("db0/a", nativeId: "3");

        await engine.CrawlAsync("pg", "db0", "a");

        var after = await engine.ReadAsync("pg", "db0", "a");
        after.Object.Id.ShouldNotBe(before);
        after.IsActive.ShouldBeFalse();
        after.Object.Overrides.DataOwners.ShouldBe(["bob"]);
    }

    [Fact]
    public async Task Whether_the_table_is_there_or_not_nothing_is_said_of_its_siblings()
    {
        await using var engine = await StartAsync();
        engine.Platform.Remote.TryRemove("db0/b", out _);
        await engine.CrawlAsync("pg", "db0", "a");
        (await engine.PresentAsync()).ShouldBe(["db0", "db0/a", "db0/b"]);

        engine.Platform.Remote.TryRemove("db0/a", out var remote);
        await engine.CrawlAsync("pg", "db0", "a");
        (await engine.PresentAsync()).ShouldBe(["db0", "db0/b"]);

        engine.Platform.Remote["db0/a"] = remote!;
        await engine.CrawlAsync("pg", "db0", "a");
        (await engine.PresentAsync()).ShouldBe(["db0", "db0/a", "db0/b"]);
    }

    private static async Task<EngineHost> StartAsync()
    {
        var platform = new FakePlatform();
        platform.Add("db0");
        platform.Add("db0/a", nativeId: "1");
        platform.Add("db0/b", nativeId: "2");
        var engine = await EngineHost.StartAsync(platform);
        (await engine.RegisterAndCrawlAsync(isActive: true)).State.ShouldBe(JobState.Completed);
        return engine;
    }

    /// <summary>Makes a table inactive and gives it an owner; its id.</summary>
    private static async Task<long> BarAsync(EngineHost engine, string table)
    {
        var settings = EngineHost.Json("""{"isActive": false, "dataOwners": ["bob"]}""");
        await engine.WaitAsync((await engine.Catalog.ChangeSettingsAsync(new ObjectPath("pg", "db0", table), settings, null, EngineHost.Admin, default)).Accepted);
        return (await engine.ReadAsync("pg", "db0", table)).Object.Id;
    }

    private static async Task IsBarredAsync(EngineHost engine, string table, long id)
    {
        var read = await engine.ReadAsync("pg", "db0", table);
        read.Object.Id.ShouldBe(id);
        read.Object.MissingSince.ShouldBeNull();
        read.IsActive.ShouldBeFalse();
        read.Object.Overrides.DataOwners.ShouldBe(["bob"]);
    }
}
