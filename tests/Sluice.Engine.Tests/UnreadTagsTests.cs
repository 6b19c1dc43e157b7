using Sluice.Core.Catalog;

namespace Sluice.Engine.Tests;

/// <summary>Tags that a platform does not show this time are not gone: what rests on them must not be lifted.</summary>
public sealed class UnreadTagsTests
{
    private static readonly ObjectTag[] Tags = [new(null, "domain", "people"), new("name", "pii", "yes")];

    private static async Task<EngineHost> CrawledAsync()
    {
        var platform = new FakePlatform();
        platform.Add("db");
        platform.Add("db/people");
        platform.Add("db/plain");
        platform.Tags["db/people"] = Tags;
        var engine = await EngineHost.StartAsync(platform);
        await engine.RegisterAndCrawlAsync();
        platform.HidesTags = true;
        return engine;
    }

    [Fact]
    public async Task What_is_stored_stays_and_nothing_counts_as_changed()
    {
        await using var engine = await CrawledAsync();

        var job = await engine.CrawlAsync("pg");

        job.OutputJson.ShouldNotBeNull().ShouldContain("\"updated\":0");
        (await engine.ReadAsync("pg", "db", "people")).Tags.ShouldBe(Tags);
    }

    [Fact]
    public async Task What_was_governed_stays_so_and_what_is_new_waits_for_its_tags()
    {
        await using var engine = await CrawledAsync();
        engine.Platform.Add("db/new");

        await engine.CrawlAsync("pg");

        (await engine.ReadAsync("pg", "db", "people")).Object.Governance.ShouldBe(Governance.Governed);
        (await engine.ReadAsync("pg", "db", "new")).Object.Governance.ShouldBe(Governance.Unknown);

        engine.Platform.HidesTags = false;
        await engine.CrawlAsync("pg");
        (await engine.ReadAsync("pg", "db", "new")).Object.Governance.ShouldBe(Governance.Governed);
    }

    [Fact]
    public async Task They_stay_when_the_columns_change()
    {
        await using var engine = await CrawledAsync();
        engine.Platform.Columns["db/people"] = [new DiscoveredColumn("name", "text"), new DiscoveredColumn("ssn", "text")];

        await engine.CrawlAsync("pg");

        var people = await engine.ReadAsync("pg", "db", "people");
        people.Columns.Select(c => c.Column.Name).ShouldBe(["name", "ssn"]);
        people.Tags.ShouldBe(Tags);
    }

    [Fact]
    public async Task What_is_found_for_the_first_time_has_none()
    {
        await using var engine = await CrawledAsync();
        engine.Platform.Add("db/new");
        engine.Platform.Tags["db/new"] = Tags;

        await engine.CrawlAsync("pg");

        (await engine.ReadAsync("pg", "db", "new")).Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task Once_they_are_read_again_they_count_gone_ones_too()
    {
        await using var engine = await CrawledAsync();
        await engine.CrawlAsync("pg");
        engine.Platform.HidesTags = false;
        engine.Platform.Tags["db/people"] = Tags[..1];

        await engine.CrawlAsync("pg");

        (await engine.ReadAsync("pg", "db", "people")).Tags.ShouldBe(Tags[..1]);
    }
}
