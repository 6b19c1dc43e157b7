using System.Globalization;
using Sluice.Core.Catalog;
using Sluice.Platforms.Snowflake.Tests.Fakes;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>A crawl after the first asks for the columns of what was altered since.</summary>
public sealed class IncrementalCrawlTests
{
    private const int Tables = 40;

    private static readonly string[] TagColumns =
        ["OBJECT_DATABASE", "OBJECT_SCHEMA", "OBJECT_NAME", "DOMAIN", "COLUMN_NAME", "TAG_DATABASE", "TAG_SCHEMA", "TAG_NAME", "TAG_VALUE"];

    private static FakeCatalog Catalog(FakeAccount account)
    {
        var catalog = new FakeCatalog(account);
        var database = catalog.Add("SALES").Schema("EU");
        for (var i = 0; i < Tables; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"T{i:D2}");
            database.Table("EU", name);
            catalog.LastAltered[name] = "1700000000.000000000";
        }

        return catalog;
    }

    /// <summary>A crawl that knows what an earlier one has yielded.</summary>
    private static Task<List<CrawlPage>> AgainAsync(IPlatformSession session, IEnumerable<CrawlPage> before)
    {
        var known = before.SelectMany(p => p.Objects).Where(o => o.ChangeStamp is not null).ToLookup(o => o.Path.Parent!);
        return Crawled.PagesAsync(session, new CrawlScope
        {
            Container = Crawled.Root,
            StampsAsync = (container, _) => Task.FromResult<IReadOnlyDictionary<string, UInt128>>(known[container].ToDictionary(o => o.Path.Name, o => o.ChangeStamp!.Value)),
        });
    }

    private static List<FakeAccount.Asked> ColumnReads(FakeAccount account) =>
        [.. account.Statements.Where(s => s.Sql.Contains("INFORMATION_SCHEMA.COLUMNS", StringComparison.Ordinal))];

    [Fact]
    public async Task Where_nothing_was_altered_no_column_is_read_and_everything_is_there()
    {
        await using var account = await FakeAccount.StartAsync();
        Catalog(account);
        await using var session = account.Open();
        var before = await Crawled.PagesAsync(session);
        var reads = ColumnReads(account).Count;

        var again = await AgainAsync(session, before);

        ColumnReads(account).Count.ShouldBe(reads);
        again.SelectMany(p => p.Unchanged).Count().ShouldBe(Tables);
        again.Names().ShouldBe(["SALES", "SALES/EU"]);
        again.Completed().ShouldBe(["", "SALES", "SALES/EU"]);
    }

    [Fact]
    public async Task The_few_that_were_altered_are_asked_for_by_their_names()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = Catalog(account);
        await using var session = account.Open();
        var before = await Crawled.PagesAsync(session);
        catalog.LastAltered["T03"] = "1700000001.000000000";
        catalog.LastAltered.Remove("T30");

        var again = await AgainAsync(session, before);

        ColumnReads(account)[^1].Bindings.ShouldBe(["EU", "T03", "T30"]);
        again.Names().ShouldBe(["SALES", "SALES/EU", "SALES/EU/T03", "SALES/EU/T30"]);
        again.Object("SALES/EU/T03").Columns.Count.ShouldBe(2);
        again.Object("SALES/EU/T03").ChangeStamp.ShouldNotBe(before.Object("SALES/EU/T03").ChangeStamp);
        again.Object("SALES/EU/T30").ChangeStamp.ShouldBeNull("it was altered just now, and may be again");
        again.SelectMany(p => p.Unchanged).Count().ShouldBe(Tables - 2);
    }

    [Fact]
    public async Task Where_many_were_altered_the_database_is_read_as_a_whole()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = Catalog(account);
        await using var session = account.Open();
        var before = await Crawled.PagesAsync(session);
        foreach (var name in catalog.LastAltered.Keys.Take(Tables / 2).ToList()) catalog.LastAltered[name] = "1700000001.000000000";

        var again = await AgainAsync(session, before);

        ColumnReads(account)[^1].Bindings.ShouldBeEmpty();
        again.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3).ShouldAllBe(o => o.Columns.Count == 2);
        again.SelectMany(p => p.Objects).Count(o => o.Path.Depth == 3).ShouldBe(Tables / 2);
        again.SelectMany(p => p.Unchanged).Count().ShouldBe(Tables / 2);
    }

    [Fact]
    public async Task A_tag_that_was_set_since_makes_its_table_be_read()
    {
        await using var account = await FakeAccount.StartAsync();
        Catalog(account);
        await using var session = account.Open();
        var before = await Crawled.PagesAsync(session);
        account.On("ACCOUNT_USAGE.TAG_REFERENCES", FakeAccount.Rows(TagColumns, ["SALES", "EU", "T05", "TABLE", null, "GOV", "TAGS", "PII", "yes"]));
        await using var next = account.Open();

        // Tags are read now, and were not before: every stamp says so, and the next crawl is quiet again.
        var first = await AgainAsync(next, before);
        first.Object("SALES/EU/T05").Tags.ShouldBe([new ObjectTag(null, "GOV.TAGS.PII", "yes")]);
        first.SelectMany(p => p.Unchanged).ShouldBeEmpty();
        (await AgainAsync(next, first)).SelectMany(p => p.Unchanged).Count().ShouldBe(Tables);
    }

    [Fact]
    public async Task Tags_that_may_not_be_read_are_unread_and_not_gone()
    {
        await using var account = await FakeAccount.StartAsync();
        Catalog(account);
        await using var session = account.Open();

        (await Crawled.PagesAsync(session)).SelectMany(p => p.Objects).ShouldAllBe(o => o.TagsAreUnread);
    }

    [Fact]
    public async Task What_shows_no_columns_gets_no_stamp_for_a_grant_alters_no_table()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = Catalog(account);
        var hidden = catalog.Databases[0].Tables[7];
        catalog.Databases[0].Tables[7] = hidden with { Columns = [] };
        await using var session = account.Open();

        var pages = await Crawled.PagesAsync(session);

        pages.Object($"SALES/EU/{hidden.Name}").ChangeStamp.ShouldBeNull();
        pages.Object("SALES/EU/T00").ChangeStamp.ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_a_schema_that_is_listed_as_it_was_only_what_tells_nothing_is_read()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = Catalog(account);
        catalog.LastAltered.Remove("T30");
        await using var session = account.Open();
        var before = await Crawled.PagesAsync(session);
        before.SelectMany(p => p.Listings).Select(l => (l.Container.Name, l.Count)).ShouldBe([("EU", Tables)]);

        var again = await KnownAsync(session, before);

        ColumnReads(account)[^1].Bindings.ShouldBe(["EU", "T30"]);
        again.SelectMany(p => p.UnchangedListings).Select(u => (u.Container.Name, u.Unread)).ShouldBe([("EU", Tables - 1)]);
        again.Names().ShouldBe(["SALES", "SALES/EU", "SALES/EU/T30"]);
        again.Completed().ShouldBe(["", "SALES", "SALES/EU"]);
        again.SelectMany(p => p.Listings).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("altered")]
    [InlineData("dropped")]
    [InlineData("made")]
    public async Task A_schema_of_which_anything_is_told_otherwise_is_compared_table_by_table(string change)
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = Catalog(account);
        await using var session = account.Open();
        var before = await Crawled.PagesAsync(session);
        if (change == "altered") catalog.LastAltered["T03"] = "1700000001.000000000";
        else if (change == "dropped") catalog.Databases[0].Tables.RemoveAt(7);
        else catalog.Databases[0].Table("EU", "T99");

        var again = await KnownAsync(session, before);

        again.SelectMany(p => p.UnchangedListings).ShouldBeEmpty();
        again.SelectMany(p => p.Listings).Count().ShouldBe(1);
        again.SelectMany(p => p.Objects).Count(o => o.Path.Depth == 3).ShouldBe(catalog.Databases[0].Tables.Count);
    }

    [Fact]
    public async Task A_schema_with_a_table_that_shows_no_columns_is_not_known_by_its_listing()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = Catalog(account);
        catalog.Databases[0].Tables[7] = catalog.Databases[0].Tables[7] with { Columns = [] };
        await using var session = account.Open();

        (await Crawled.PagesAsync(session)).SelectMany(p => p.Listings).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_schema_that_an_earlier_run_began_to_read_is_not_taken_for_read_whole()
    {
        await using var account = await FakeAccount.StartAsync();
        Catalog(account);
        account.Options = account.Options with { PageSize = 10 };
        await using var session = account.Open();
        var whole = await Crawled.PagesAsync(session);

        var rest = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root, Cursor = whole.First(p => p.Objects.Any(o => o.Path.Depth == 3)).Cursor });

        whole.SelectMany(p => p.Listings).Count().ShouldBe(1);
        rest.Completed().ShouldContain("SALES/EU");
        rest.SelectMany(p => p.Listings).ShouldBeEmpty();
    }

    private static Task<List<CrawlPage>> KnownAsync(IPlatformSession session, IReadOnlyCollection<CrawlPage> before) => Crawled.PagesAsync(session, new CrawlScope
    {
        Container = Crawled.Root,
        ListingsAsync = (container, _) => Task.FromResult<IReadOnlyDictionary<string, UInt128>>(
            before.SelectMany(p => p.Listings).Where(l => l.Container.Parent!.Equals(container)).ToDictionary(l => l.Container.Name, l => l.Fingerprint)),
    });
}
