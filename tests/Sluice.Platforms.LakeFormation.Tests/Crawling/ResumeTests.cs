using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Faults;

namespace Sluice.Platforms.LakeFormation.Tests.Crawling;

public sealed class ResumeTests
{
    // Two pages of databases, and databases of one, two and three pages of tables, with small pages.
    private static readonly AwsLimits SmallPages = new() { CatalogPage = 7 };

    [Fact]
    public async Task A_crawl_that_goes_on_after_any_page_yields_exactly_the_rest()
    {
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { Catalog = AwsSandboxCatalog.Generated(100, 2, 9) });
        lake.Options = lake.Options with { Limits = SmallPages };
        await using var session = lake.OpenWithKey();
        var whole = await SandboxLake.CrawlAsync(session);
        whole.Count.ShouldBeGreaterThan(15);

        for (var stored = 1; stored < whole.Count; stored++)
        {
            await using var next = lake.OpenWithKey();
            var rest = await SandboxLake.CrawlAsync(next, new CrawlScope { Container = SandboxLake.Root, Cursor = whole[stored - 1].Cursor });

            rest.SelectMany(p => p.Objects).Select(o => o.Path).ShouldBe(whole.Skip(stored).SelectMany(p => p.Objects).Select(o => o.Path));
            rest.SelectMany(p => p.Completed).ShouldBe(whole.Skip(stored).SelectMany(p => p.Completed));
            rest[^1].Cursor.ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_database_goes_on_after_any_page()
    {
        await using var lake = await SandboxLake.StartAsync();
        lake.Options = lake.Options with { Limits = SmallPages };
        await using var session = lake.OpenWithKey();
        var path = SandboxLake.Root.Child("sales");
        var whole = await SandboxLake.CrawlAsync(session, new CrawlScope { Container = path });
        whole.Count.ShouldBe(3);

        var rest = await SandboxLake.CrawlAsync(session, new CrawlScope { Container = path, Cursor = whole[0].Cursor });

        rest.SelectMany(p => p.Objects).Select(o => o.Path).ShouldBe(whole.Skip(1).SelectMany(p => p.Objects).Select(o => o.Path));
        rest[^1].Completed.ShouldBe([path]);
    }

    [Theory]
    [InlineData("""{"Database":"sales","Token":"no longer a token"}""")]
    [InlineData("not a cursor")]
    [InlineData("""{"Database":7}""")]
    public async Task A_cursor_that_is_no_longer_taken_starts_the_scope_again(string cursor)
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();
        var path = SandboxLake.Root.Child("sales");

        var pages = await SandboxLake.CrawlAsync(session, new CrawlScope { Container = path, Cursor = cursor });

        pages.SelectMany(p => p.Objects).Count().ShouldBe(15);
        pages[^1].Completed.ShouldBe([path]);
    }

    [Fact]
    public async Task A_token_that_goes_stale_between_two_pages_loses_nothing()
    {
        await using var lake = await SandboxLake.StartAsync();
        lake.Options = lake.Options with { Limits = SmallPages };
        await using var session = lake.OpenWithKey();
        var whole = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));
        foreach (var operation in (string[])["GetDatabases", "GetTables", "SearchTablesByLFTags"])
        {
            lake.Sandbox.SetFaults(new AwsSandboxFault { Operation = operation, Kind = AwsSandboxFaultKind.ExpireNextToken, Times = 1 });
            await using var next = lake.OpenWithKey();

            var pages = await SandboxLake.CrawlAsync(next);

            // A listing that starts again yields pages twice; that is allowed, and merging makes one of them.
            var objects = pages.SelectMany(p => p.Objects).GroupBy(o => string.Join('/', o.Path.Names.Skip(1)), StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Last().Fingerprint, StringComparer.Ordinal);
            objects.OrderBy(o => o.Key, StringComparer.Ordinal).ShouldBe(
                whole.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => KeyValuePair.Create(o.Key, o.Value.Fingerprint)));
        }
    }

    [Theory]
    [InlineData(AwsSandboxFaultKind.Throttle)]
    [InlineData(AwsSandboxFaultKind.HiddenThrottle)]
    [InlineData(AwsSandboxFaultKind.ServerError)]
    [InlineData(AwsSandboxFaultKind.Unavailable)]
    [InlineData(AwsSandboxFaultKind.ConcurrentModification)]
    [InlineData(AwsSandboxFaultKind.Drop)]
    [InlineData(AwsSandboxFaultKind.DropAfterCommit)]
    [InlineData(AwsSandboxFaultKind.CutAnswer)]
    public async Task Faults_that_pass_change_nothing_of_what_is_found(AwsSandboxFaultKind kind)
    {
        await using var lake = await SandboxLake.StartAsync();

        // One call of many at once may meet every fourth again and again: six times in a row happened in one run of some.
        lake.Options = lake.Options with { Limits = SmallPages, Retry = lake.Options.Retry with { Attempts = 12 } };
        await using var session = lake.OpenWithKey();
        var whole = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));
        lake.Sandbox.SetFaults(new AwsSandboxFault { Kind = kind, Every = 4 });
        await using var next = lake.OpenWithKey();

        var found = SandboxLake.ByPath(await SandboxLake.CrawlAsync(next));

        lake.Sandbox.Requests.Errors.Values.Sum().ShouldBeGreaterThan(5);
        found.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => (o.Key, o.Value.Fingerprint)).ShouldBe(
            whole.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => (o.Key, o.Value.Fingerprint)));
    }

    [Fact]
    public async Task A_fault_that_stays_ends_the_crawl_and_completes_nothing_it_did_not_read()
    {
        await using var lake = await SandboxLake.StartAsync();
        lake.Options = lake.Options with { Limits = SmallPages };
        await using var session = lake.OpenWithKey();
        lake.Sandbox.SetFaults(new AwsSandboxFault { Operation = "GetTables", Kind = AwsSandboxFaultKind.ServerError, After = 3 });
        var pages = new List<CrawlPage>();

        var e = await Should.ThrowAsync<PlatformException>(async () =>
        {
            await foreach (var page in session.CrawlAsync(new CrawlScope { Container = SandboxLake.Root }, TestContext.Current.CancellationToken))
                pages.Add(page);
        });

        e.Failure.ShouldBe(PlatformFailure.Unavailable);
        var listed = pages.SelectMany(p => p.Objects).GroupBy(o => o.Path.Parent!).ToDictionary(g => g.Key, g => g.Count());
        foreach (var completed in pages.SelectMany(p => p.Completed).Where(c => c.Depth == 1))
            listed.GetValueOrDefault(completed).ShouldBeGreaterThan(0);
        pages.SelectMany(p => p.Completed).Count().ShouldBeLessThan(8);
    }

    [Fact]
    public async Task A_database_that_is_closed_to_us_is_not_completed_and_the_others_go_on()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();
        var seen = false;
        var scope = new CrawlScope
        {
            Container = SandboxLake.Root,
            Enter = _ =>
            {
                // Dropped after it was listed and before its tables are.
                if (!seen) lake.Sandbox.Change(new CatalogChange(CatalogChangeKind.DropDatabase, "hr"));
                seen = true;
                return true;
            },
        };

        var pages = await SandboxLake.CrawlAsync(session, scope);

        pages.SelectMany(p => p.Completed).ShouldNotContain(SandboxLake.Root.Child("hr"));
        pages.SelectMany(p => p.Completed).ShouldContain(SandboxLake.Root.Child("web_analytics"));
        pages.SelectMany(p => p.Warnings).ShouldHaveSingleItem().ShouldStartWith("The tables of hr could not be read to their end.");
    }

    [Fact]
    public async Task Whoever_stops_taking_pages_stops_the_reading()
    {
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { Catalog = AwsSandboxCatalog.Generated(5_000, 2, 5) });
        await using (var session = lake.OpenWithKey())
        {
            await foreach (var page in session.CrawlAsync(new CrawlScope { Container = SandboxLake.Root }, TestContext.Current.CancellationToken))
                if (page.Objects.Any(o => o.Path.Depth == 2)) break;
        }

        lake.Sandbox.Requests.Of("glue:GetTables").ShouldBeLessThan(50);
    }

    [Fact]
    public async Task A_cancelled_crawl_ends_with_the_cancellation()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();
        using var cancelled = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in session.CrawlAsync(new CrawlScope { Container = SandboxLake.Root }, cancelled.Token))
                await cancelled.CancelAsync();
        });
    }
}
