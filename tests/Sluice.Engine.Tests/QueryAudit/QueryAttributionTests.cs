using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;
using Sluice.Core.QueryAudit;
using Sluice.Engine.QueryAudit;
using Sluice.Platforms;
using Sluice.Storage.Audit;
using Sluice.Storage.QueryAudit;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tests.QueryAudit;

/// <summary>Whose a query was, and whether the policies on what it read are those of then.</summary>
public sealed class QueryAttributionTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AuditAction.DiscoveryCleared, "pg", KnownBy.Taking)]
    [InlineData(AuditAction.VanishedTagsConfirmed, "pg", KnownBy.Taking)]
    [InlineData(AuditAction.LineageRemoved, "pg", KnownBy.Taking)]
    [InlineData(AuditAction.ObjectDeleted, "pg", KnownBy.Taking)]
    [InlineData(AuditAction.ConnectionUpdated, "pg", KnownBy.Taking)]
    [InlineData(AuditAction.PolicyDeleted, "other", KnownBy.Taking)]
    [InlineData(AuditAction.LineageRemoved, "other", KnownBy.History)]
    [InlineData(AuditAction.ConnectionUpdated, "other", KnownBy.History)]
    public async Task Whatever_turns_policies_since_a_query_began_makes_them_those_of_the_taking(string action, string key, KnownBy expected)
    {
        await using var engine = await StartAsync(new FakePlatform());
        var asked = QueryAuditTests.Event("q0", "ADA");
        await engine.Get<IAuditStore>().AppendAsync(
            [new AuditEvent { Stream = AuditStream.Administration, Time = TimeProvider.System.GetUtcNow(), ActorId = "u", ActorName = "U", Action = action, Object = new ObjectPath(key, "shop", "orders") }], Ending);
        (await TakenAsync(engine, asked)).PoliciesKnownBy.ShouldBe(expected);
    }

    [Theory]
    [InlineData("shop/orders", KnownBy.Taking)]
    [InlineData("shop", KnownBy.Taking)]
    [InlineData("shop/customers", KnownBy.History)]
    public async Task Tags_that_a_crawl_found_since_on_the_object_or_above_it_make_them_those_of_the_taking(string tagged, KnownBy expected)
    {
        var platform = new FakePlatform();
        await using var engine = await StartAsync(platform);
        var asked = QueryAuditTests.Event("q0", "ADA");
        platform.Tags[tagged] = [new ObjectTag(null, "secret", "")];
        await engine.CrawlAsync("pg");
        (await engine.ReadAsync(["pg", .. tagged.Split('/')])).Tags.ShouldHaveSingleItem();
        (await TakenAsync(engine, asked)).PoliciesKnownBy.ShouldBe(expected);
    }

    // Since when a tag came along is not stored.
    [Fact]
    public async Task Tags_that_came_along_lineage_make_them_those_of_the_taking()
    {
        var (from, to) = (new LineagePoint(new ObjectPath("pg", "shop", "customers"), "name"), new LineagePoint(new ObjectPath("pg", "shop", "orders"), "id"));
        var platform = new FakePlatform { Lineage = [new LineageSighting(new LineageEdge(from, to), TimeProvider.System.GetUtcNow())] };
        await using var engine = await StartAsync(platform);
        await engine.Get<ITagStore>().AssignAsync((await engine.ReadAsync("pg", "shop", "customers")).Object.Id, "name", ["pii"], new("u", "U"), Ending);
        await QueryAuditTests.ReadAsync(engine);
        (await engine.ReadAsync("pg", "shop", "orders")).Lineage.ShouldHaveSingleItem();
        (await TakenAsync(engine, QueryAuditTests.Event("q0", "ADA"))).PoliciesKnownBy.ShouldBe(KnownBy.Taking);
    }

    [Fact]
    public async Task A_policy_that_came_in_the_midst_of_a_reading_is_on_what_was_asked_behind_it()
    {
        var source = new QueryAuditSource("history", new FeedTiming(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(100)));
        var platform = new FakePlatform { AuditSources = [source] };
        await using var engine = await StartAsync(platform);
        var (first, second) = (QueryAuditTests.Event("q0", "ADA"), default(QueryEvent));
        var isOneReading = true;
        platform.Queries = (_, window) => Shown(window);
        await QueryAuditTests.ReadAsync(engine);

        isOneReading.ShouldBeTrue("the second was to be read in the same reading");
        var page = await engine.Get<IQueryAuditUseCases>().SearchAsync(new QuerySearch(), "pg", EngineHost.Admin, Ending);
        // Where the policy took longer to store than the reading had still to go, the next one has it.
        for (; page.Hits.Count < 2; page = await engine.Get<IQueryAuditUseCases>().SearchAsync(new QuerySearch(), "pg", EngineHost.Admin, Ending)) await QueryAuditTests.ReadAsync(engine);
        page.Hits.ToDictionary(static h => h.Taken.Event.EventId, static h => (string.Join(' ', h.Taken.Policies.Values.Single().Order(StringComparer.Ordinal)), h.Taken.PoliciesKnownBy))
            .ShouldBe(new Dictionary<string, (string, KnownBy)> { ["q0"] = ("share", KnownBy.History), ["q1"] = ("more share", KnownBy.History) }, ignoreOrder: true);

        async IAsyncEnumerable<IReadOnlyList<QueryEvent>> Shown(FeedWindow window)
        {
            // There is more to read behind the first.
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (window.From <= first.EndedAt && TimeProvider.System.GetUtcNow() < window.To + (3 * source.Timing.Stretch) && await look.WaitForNextTickAsync(Ending)) { }
            if (second is null && window.From > first.EndedAt)
            {
                await QueryAuditTests.PutAsync(engine, "more", "open");
                second = QueryAuditTests.Event("q1", "ADA");
                isOneReading = !window.IsLast;
            }

            yield return [.. new[] { first, second }.OfType<QueryEvent>().Where(e => e.EndedAt >= window.From && e.EndedAt < window.To)];
        }
    }

    [Theory]
    [InlineData(true, "ada")]
    [InlineData(false, "")]
    public async Task Whose_an_identity_is_goes_by_what_the_platform_takes_for_the_same(bool foldsCase, string expected)
    {
        var platform = new FakePlatform { Identities = foldsCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal };
        await using var engine = await StartAsync(platform);
        await QueryAuditTests.GiveAsync(engine, "ada", "Ada@Acme.example");
        var taken = await TakenAsync(engine, QueryAuditTests.Event("q0", "ada@acme.EXAMPLE"));
        (taken.Event.Identity, string.Join(' ', taken.People.Select(static p => p.Username)), taken.PeopleKnownBy).ShouldBe(("ada@acme.EXAMPLE", expected, foldsCase ? KnownBy.Taking : KnownBy.Nothing));
    }

    // With a policy on the orders that was enforced before anything is asked.
    private static async Task<EngineHost> StartAsync(FakePlatform platform)
    {
        if (platform.AuditSources.Count == 0) platform.AuditSources = [QueryAuditTests.Source];
        foreach (var path in (string[])["shop", "shop/orders", "shop/customers"]) platform.Add(path);
        var engine = await QueryAuditTests.StartAsync(platform, isActive: true);
        await QueryAuditTests.PutAsync(engine, "share", "open");
        await engine.Get<ITagStore>().AssignAsync((await engine.ReadAsync("pg", "shop", "orders")).Object.Id, null, ["open"], new("u", "U"), Ending);
        await QueryAuditTests.ReconciledAsync(engine);
        return engine;
    }

    private static async Task<TakenQuery> TakenAsync(EngineHost engine, QueryEvent asked)
    {
        engine.Platform.Queries = (_, window) => QueryAuditTests.Pages([asked]);
        await QueryAuditTests.ReadAsync(engine);
        var page = await engine.Get<IQueryAuditUseCases>().SearchAsync(new QuerySearch(), "pg", EngineHost.Admin, Ending);
        var taken = page.Hits.ShouldHaveSingleItem().Taken;
        taken.Policies.GetValueOrDefault(new ObjectPath("pg", "shop", "orders")).ShouldBe(["share"]);
        return taken;
    }
}
