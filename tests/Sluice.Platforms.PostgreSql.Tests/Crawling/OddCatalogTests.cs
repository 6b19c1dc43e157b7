using Sluice.Core.Catalog;
using Sluice.Testing;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>A schema of two hundred odd tables, and others, read whole, in pages, and from every place where a crawl can have been interrupted.</summary>
public sealed class OddCatalogTests(OddCatalogTests.OddServer server) : IClassFixture<OddCatalogTests.OddServer>
{
    private static readonly ObjectPath Root = new(Registered.Key);
    private static readonly ObjectPath Database = Root.Child(OddCatalog.Database);

    [Fact]
    public async Task Every_table_is_found_under_its_own_name()
    {
        var pages = await CrawlAsync(new CrawlScope { Container = Root });

        OddCatalog.Tables.Count(t => t.Schema == "public").ShouldBe(200);
        var found = pages.SelectMany(p => p.Objects).ToList();
        found.Where(o => o.Path.Depth == 3).Select(o => o.Path).ShouldBe(
            OddCatalog.Tables.Select(t => Database.Child(t.Schema).Child(t.Name)), ignoreOrder: true);
        found.Where(o => o.Path.Depth == 2 && o.Path.Names[1] == OddCatalog.Database).Select(o => o.Path.Name)
            .ShouldBe(OddCatalog.Schemas, ignoreOrder: true);
        found.Where(o => o.Path.Depth == 1).Select(o => o.Path.Name).ShouldBe(["postgres", OddCatalog.Database], ignoreOrder: true);
        found.ShouldAllBe(o => o.NativeId != null && o.Governance == Governance.Governed);
        pages.SelectMany(p => p.Warnings).ShouldBeEmpty();
    }

    [Fact]
    public async Task Columns_and_comments_are_those_of_their_table()
    {
        var pages = await CrawlAsync(new CrawlScope { Container = Database });

        foreach (var table in pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3))
        {
            var name = table.Path.Name;
            table.Kind.ShouldBe(ObjectKind.Table);
            table.Comment.ShouldBe($"about {name}");
            table.Columns.ShouldBe([new DiscoveredColumn("id", "bigint", "1"), new DiscoveredColumn(name, "text", "2", name)]);
        }
    }

    [Fact]
    public async Task A_parent_comes_before_its_children_and_before_its_own_completion()
    {
        var listed = new HashSet<ObjectPath> { Root };
        var completed = new HashSet<ObjectPath>();
        foreach (var page in await CrawlAsync(new CrawlScope { Container = Root }, pageSize: 7))
        {
            foreach (var found in page.Objects)
            {
                listed.ShouldContain(found.Path.Parent!);
                completed.ShouldNotContain(found.Path.Parent!);
                listed.Add(found.Path).ShouldBeTrue();
            }

            foreach (var container in page.Completed)
            {
                listed.ShouldContain(container);
                completed.Add(container).ShouldBeTrue();
            }
        }

        completed.Count.ShouldBe(1 + 2 + OddCatalog.Schemas.Length + 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(55)]
    [InlineData(199)]
    public async Task Small_pages_hold_what_one_big_page_holds(int pageSize)
    {
        var small = await CrawlAsync(new CrawlScope { Container = Root }, pageSize);
        var big = await CrawlAsync(new CrawlScope { Container = Root }, pageSize: 10_000);

        Told(small).ShouldBe(Told(big), ignoreOrder: true);
        small.ShouldAllBe(p => p.Objects.Count(o => o.Path.Depth == 3) <= pageSize);
        small.SkipLast(1).ShouldAllBe(p => p.Cursor != null);
        small[^1].Cursor.ShouldBeNull();
    }

    [Theory]
    [InlineData(1, 19)]
    [InlineData(13, 1)]
    [InlineData(55, 1)]
    public async Task A_crawl_goes_on_after_any_page_and_tells_everything_once(int pageSize, int step)
    {
        var all = await CrawlAsync(new CrawlScope { Container = Database }, pageSize);

        for (var stored = 1; stored < all.Count; stored += step)
        {
            var rest = await CrawlAsync(new CrawlScope { Container = Database, Cursor = all[stored - 1].Cursor }, pageSize);
            Told(all.Take(stored).Concat(rest)).ShouldBe(Told(all), ignoreOrder: true);
            rest[^1].Cursor.ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_crawl_of_the_whole_server_goes_on_after_any_page_too()
    {
        var all = await CrawlAsync(new CrawlScope { Container = Root }, pageSize: 20);

        for (var stored = 1; stored < all.Count; stored++)
        {
            var rest = await CrawlAsync(new CrawlScope { Container = Root, Cursor = all[stored - 1].Cursor }, pageSize: 20);
            Told(all.Take(stored).Concat(rest)).ShouldBe(Told(all), ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("1.1.1.1")]
    [InlineData("3.1.1.1.1.1")]
    [InlineData("2.1.1.1")]
    [InlineData("2.-1.0.0.0.0")]
    [InlineData("2.1.1")]
    [InlineData("2.99999999999999999999.0.0.0.0")]
    public async Task A_cursor_that_is_none_of_ours_starts_again(string cursor)
    {
        var pages = await CrawlAsync(new CrawlScope { Container = Database, Cursor = cursor });

        pages.SelectMany(p => p.Objects).Count(o => o.Path.Depth == 3).ShouldBe(OddCatalog.Tables.Count);
    }

    [Fact]
    public async Task A_cursor_of_another_database_starts_again()
    {
        var pages = await CrawlAsync(new CrawlScope { Container = Database, Cursor = new CrawlCursor(1, CrawlCursor.Finished, CrawlCursor.Finished).ToString() });

        pages.SelectMany(p => p.Objects).Count(o => o.Path.Depth == 3).ShouldBe(OddCatalog.Tables.Count);
    }

    [Fact]
    public async Task A_schema_alone_is_its_tables_and_its_completion()
    {
        foreach (var schema in OddCatalog.Schemas)
        {
            var pages = await CrawlAsync(new CrawlScope { Container = Database.Child(schema) }, pageSize: 10);

            pages.SelectMany(p => p.Objects).Select(o => o.Path.Name)
                .ShouldBe(OddCatalog.Tables.Where(t => t.Schema == schema).Select(t => t.Name), ignoreOrder: true);
            pages.SelectMany(p => p.Completed).ShouldBe([Database.Child(schema)]);
        }
    }

    [Fact]
    public async Task A_table_alone_is_read_alone()
    {
        foreach (var (schema, name) in OddCatalog.Tables)
        {
            var path = Database.Child(schema).Child(name);
            var page = (await CrawlAsync(new CrawlScope { Container = path })).ShouldHaveSingleItem();

            page.Objects.ShouldHaveSingleItem().Path.ShouldBe(path);
            page.Completed.ShouldBe([path]);
            page.Cursor.ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_table_that_is_gone_is_looked_for_and_absent()
    {
        foreach (var path in new[] { Database.Child("public").Child("gone"), Database.Child("gone").Child("plain"), Database.Child("sluice").Child("entitlement") })
        {
            var page = (await CrawlAsync(new CrawlScope { Container = path })).ShouldHaveSingleItem();

            page.Objects.ShouldBeEmpty();
            page.Completed.ShouldBe([path]);
        }
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("pg_catalog")]
    [InlineData("information_schema")]
    [InlineData("sluice")]
    public async Task A_schema_that_is_gone_or_not_a_users_is_not_found(string schema)
    {
        var refusal = await Should.ThrowAsync<PlatformException>(() => CrawlAsync(new CrawlScope { Container = Database.Child(schema) }));

        refusal.Failure.ShouldBe(PlatformFailure.NotFound);
    }

    [Fact]
    public async Task A_database_that_is_gone_is_not_found()
    {
        var refusal = await Should.ThrowAsync<PlatformException>(() => CrawlAsync(new CrawlScope { Container = Root.Child("gone") }));

        refusal.Failure.ShouldBe(PlatformFailure.NotFound);
        refusal.Code.ShouldBe("3D000");
    }

    [Fact]
    public async Task Children_only_is_one_level()
    {
        var databases = (await CrawlAsync(new CrawlScope { Container = Root, ChildrenOnly = true })).ShouldHaveSingleItem();
        databases.Objects.ShouldAllBe(o => o.Path.Depth == 1);
        databases.Completed.ShouldBe([Root]);

        var schemas = (await CrawlAsync(new CrawlScope { Container = Database, ChildrenOnly = true })).ShouldHaveSingleItem();
        schemas.Objects.Select(o => o.Path.Name).ShouldBe(OddCatalog.Schemas, ignoreOrder: true);
        schemas.Completed.ShouldBe([Database]);

        var tables = await CrawlAsync(new CrawlScope { Container = Database.Child("a.b"), ChildrenOnly = true });
        tables.SelectMany(p => p.Completed).ShouldBe([Database.Child("a.b")]);
    }

    [Fact]
    public async Task What_may_not_be_entered_is_listed_and_not_completed()
    {
        var entered = new[] { Database, Database.Child("a.b") };
        var pages = await CrawlAsync(new CrawlScope { Container = Root, Enter = entered.Contains });

        pages.SelectMany(p => p.Completed).ShouldBe([Root, Database, Database.Child("a.b")], ignoreOrder: true);
        var found = pages.SelectMany(p => p.Objects).ToList();
        found.Count(o => o.Path.Depth == 1).ShouldBe(2);
        found.Where(o => o.Path.Depth == 2).ShouldAllBe(o => o.Path.Names[1] == OddCatalog.Database);
        found.Where(o => o.Path.Depth == 3).ShouldAllBe(o => o.Path.Names[2] == "a.b");
        found.Count(o => o.Path.Depth == 3).ShouldBe(OddCatalog.Tables.Count(t => t.Schema == "a.b"));
    }

    private Task<List<CrawlPage>> CrawlAsync(CrawlScope scope, int pageSize = 500) => Crawls.RunAsync(server.Cluster, scope, pageSize);

    /// <summary>Everything a crawl told, each telling counted.</summary>
    private static List<string> Told(IEnumerable<CrawlPage> pages) =>
    [
        .. pages.SelectMany(p => p.Objects.Select(o => $"found {o.Path.ToUrl()} {o.Fingerprint}").Concat(p.Completed.Select(c => $"completed {c.ToUrl()}"))),
    ];

    public sealed class OddServer : IAsyncLifetime
    {
        private readonly PostgresFixture _fixture = new();

        public PostgresCluster Cluster => _fixture.Cluster;

        public async ValueTask InitializeAsync()
        {
            await _fixture.InitializeAsync();
            if (PostgresCluster.Unavailable is null) await OddCatalog.CreateAsync(Cluster);
        }

        public ValueTask DisposeAsync() => _fixture.DisposeAsync();
    }
}
