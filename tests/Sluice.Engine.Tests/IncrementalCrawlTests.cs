using Sluice.Core.Catalog;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

/// <summary>A crawl after the first reads what the platform says has changed.</summary>
public sealed class IncrementalCrawlTests
{
    private static FakePlatform Platform()
    {
        var platform = new FakePlatform();
        platform.Add("db");
        for (var table = 0; table < 7; table++)
        {
            platform.Add($"db/t{table}");
            platform.LastChanges[$"db/t{table}"] = 100 + table;
        }

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
    public async Task What_has_its_stamp_is_found_without_being_read()
    {
        await using var engine = await CrawledAsync();

        var job = await engine.CrawlAsync("pg", "db");

        engine.Platform.Reads.ShouldBeEmpty();
        job.OutputJson.ShouldNotBeNull().ShouldContain("\"found\":7");
        job.OutputJson.ShouldContain("\"missing\":0");
        (await engine.PresentAsync()).ShouldBe(engine.Platform.Remote.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_was_changed_is_read_and_stored_with_its_new_stamp()
    {
        await using var engine = await CrawledAsync();
        engine.Platform.Columns["db/t2"] = [new DiscoveredColumn("id", "int"), new DiscoveredColumn("ssn", "text")];
        engine.Platform.LastChanges["db/t2"] = 500;

        await engine.CrawlAsync("pg", "db");

        engine.Platform.Reads.ShouldBe(["db/t2"]);
        (await engine.ReadAsync("pg", "db", "t2")).Columns.Select(c => c.Column.Name).ShouldBe(["id", "ssn"]);
        engine.Platform.Reads.Clear();
        await engine.CrawlAsync("pg", "db");
        engine.Platform.Reads.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stamp_that_moved_without_a_change_is_stored_and_nothing_counts_as_updated()
    {
        await using var engine = await CrawledAsync();
        engine.Platform.LastChanges["db/t2"] = 500;

        var job = await engine.CrawlAsync("pg", "db");

        engine.Platform.Reads.ShouldBe(["db/t2"]);
        job.OutputJson.ShouldNotBeNull().ShouldContain("\"updated\":0");
        engine.Platform.Reads.Clear();
        await engine.CrawlAsync("pg", "db");
        engine.Platform.Reads.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_platform_puts_no_stamp_on_any_more_is_read_each_time()
    {
        await using var engine = await CrawledAsync();
        engine.Platform.LastChanges.TryRemove("db/t2", out _);

        await engine.CrawlAsync("pg", "db");
        await engine.CrawlAsync("pg", "db");

        engine.Platform.Reads.ShouldBe(["db/t2", "db/t2"]);
    }

    [Fact]
    public async Task What_is_gone_is_missing_and_read_when_it_is_back_with_the_old_stamp()
    {
        await using var engine = await CrawledAsync();
        engine.Platform.Remote.TryRemove("db/t4", out var remote).ShouldBeTrue();
        await engine.CrawlAsync("pg", "db");
        (await engine.ReadAsync("pg", "db", "t4")).Object.MissingSince.ShouldNotBeNull();
        (await engine.PresentAsync()).ShouldBe(engine.Platform.Remote.Keys.Order(StringComparer.Ordinal));

        engine.Platform.Remote["db/t4"] = remote;
        await engine.CrawlAsync("pg", "db");

        engine.Platform.Reads.ShouldBe(["db/t4"]);
        (await engine.ReadAsync("pg", "db", "t4")).Object.MissingSince.ShouldBeNull();
    }

    [Fact]
    public async Task What_was_deleted_here_is_read_as_new()
    {
        await using var engine = await CrawledAsync();
        await engine.Catalog.DeleteAsync(new ObjectPath("pg", "db", "t1"), null, EngineHost.Admin, CancellationToken.None);

        await engine.CrawlAsync("pg", "db");

        engine.Platform.Reads.ShouldBe(["db/t1"]);
        (await engine.ReadAsync("pg", "db", "t1")).Columns.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_crawl_that_breaks_off_among_unchanged_tables_goes_on_and_marks_nothing_missing()
    {
        await using var engine = await CrawledAsync();
        var broken = false;
        engine.Platform.BeforePage = (_, at, _) =>
        {
            if (at != 3 || broken) return Task.CompletedTask;
            broken = true;
            throw new Sluice.Platforms.PlatformException(Sluice.Platforms.PlatformFailure.Unavailable, "gone for a moment");
        };

        var job = await engine.CrawlAsync("pg", "db");

        broken.ShouldBeTrue();
        job.State.ShouldBe(JobState.Completed, job.Error);
        job.OutputJson.ShouldNotBeNull().ShouldContain("\"missing\":0");
        engine.Platform.Reads.ShouldBeEmpty();
    }
}
