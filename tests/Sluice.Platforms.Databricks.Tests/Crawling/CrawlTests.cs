using Sluice.Core.Catalog;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Tests.Fakes;

namespace Sluice.Platforms.Databricks.Tests.Crawling;

public sealed class CrawlTests : IAsyncLifetime
{
    private static readonly ObjectPath Root = new("unity");

    private FakeWorkspace _workspace = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.Store.Add(
            "sales",
            new FakeSchema(
                "orders",
                new FakeTable("lines", new("id", "bigint"), new("day", "date", "when", IsPartition: true)) { Comment = "each line" },
                new FakeTable("open_lines", new FakeColumn("id", "bigint")) { Type = "VIEW", Format = "UNITY_CATALOG" },
                new FakeTable("totals", new FakeColumn("sum", "decimal(18,2)")) { Type = "MATERIALIZED_VIEW" },
                new FakeTable("feed", new FakeColumn("x", "string")) { Type = "STREAMING_TABLE" },
                new FakeTable("files", new FakeColumn("x", "string")) { Type = "EXTERNAL" },
                new FakeTable("remote", new FakeColumn("x", "string")) { Type = "FOREIGN" },
                new FakeTable("ice", new FakeColumn("x", "string")) { Format = "ICEBERG" }),
            new FakeSchema("empty"),
            new FakeSchema("people", new FakeTable("staff", new("name", "string"), new("ssn", "string"))));
        _workspace.Store.Add("hr", new FakeSchema("core", new FakeTable("t", new FakeColumn("c", "int"))));
        _workspace.Store.Add("system", new FakeSchema("access")).Type = "SYSTEM_CATALOG";
        _workspace.Store.Add("samples", new FakeSchema("nyc")).Type = "DELTASHARING_CATALOG";
        _workspace.Store.Add("hive_metastore", new FakeSchema("default"));
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task The_key_is_the_metastores_id()
    {
        await using var session = _workspace.Open();

        var identity = await session.IdentifyAsync(default);

        identity.Key.ShouldBe("unitycatalog:11111111-2222-3333-4444-555555555555");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_metastore_is_read_whole(bool throughSql)
    {
        if (!throughSql) _workspace.OnStatement(_ => FakeWorkspace.StatementFailed("[INSUFFICIENT_PERMISSIONS] User does not have USE SCHEMA on Schema 'system.information_schema'.", sqlState: "42501"));

        var pages = await CrawlAsync(Root);

        var objects = pages.SelectMany(p => p.Objects).ToList();
        objects.Select(o => $"{o.Path} {o.Kind}").ShouldBe(
            [
                "unity/hr Database", "unity/sales Database", "unity/hr/core Schema", "unity/hr/core/t Table", "unity/sales/empty Schema", "unity/sales/orders Schema",
                "unity/sales/people Schema", "unity/sales/orders/feed StreamingTable", "unity/sales/orders/files ExternalTable", "unity/sales/orders/ice IcebergTable",
                "unity/sales/orders/lines Table", "unity/sales/orders/open_lines View", "unity/sales/orders/remote FederatedTable", "unity/sales/orders/totals MaterializedView",
                "unity/sales/people/staff Table",
            ],
            ignoreOrder: !throughSql);
        var lines = objects.Single(o => o.Path.Name == "lines");
        lines.NativeId.ShouldBe("id-sales.orders.lines");
        lines.Comment.ShouldBe("each line");
        lines.Columns.ShouldBe([new("id", "bigint"), new("day", "date", Comment: "when")]);
        objects.Single(o => o.Path.Name == "orders").NativeId.ShouldBe("id-sales.orders");
        pages.SelectMany(p => p.Completed).Select(p => p.ToString()).ShouldBe(
            ["unity", "unity/hr", "unity/hr/core", "unity/sales", "unity/sales/empty", "unity/sales/orders", "unity/sales/people"]);
        pages[^1].Cursor.ShouldBeNull();
        pages[..^1].ShouldAllBe(p => p.Cursor != null);
        objects.ShouldAllBe(o => o.Governance == (throughSql ? Governance.Governed : Governance.Unknown));
        objects.ShouldAllBe(o => o.TagsAreUnread == !throughSql);
        var warnings = pages.SelectMany(p => p.Warnings).ToList();
        warnings[0].ShouldStartWith("The catalogs hive_metastore, system and samples are left out");
        if (throughSql) warnings.Count.ShouldBe(1);
        else warnings[1].ShouldContain("[INSUFFICIENT_PERMISSIONS]");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_page_it_stops_at_it_goes_on_behind(bool throughSql)
    {
        _workspace.Options = _workspace.Options with { TablesListed = 2, SchemasPerStatement = 2, WarehouseRows = 3 };
        if (!throughSql) _workspace.OnStatement(_ => FakeWorkspace.StatementFailed("no", sqlState: "42501"));
        var whole = await CrawlAsync(Root);

        for (var stop = 0; stop < whole.Count - 1; stop++)
        {
            var rest = await CrawlAsync(Root, whole[stop].Cursor);

            var expected = whole.Skip(stop + 1).ToList();
            rest.SelectMany(p => p.Objects).Select(o => (o.Path, o.Fingerprint)).ShouldBe(expected.SelectMany(p => p.Objects).Select(o => (o.Path, o.Fingerprint)));
            rest.SelectMany(p => p.Completed).ShouldBe(expected.SelectMany(p => p.Completed));
        }
    }

    [Fact]
    public async Task A_list_that_changed_since_the_cursor_is_read_again()
    {
        _workspace.Options = _workspace.Options with { TablesListed = 1 };
        var cursor = (await CrawlAsync(Root.Child("sales")))[2].Cursor;
        _workspace.Store.Catalogs.Single(c => c.Name == "sales").Schemas.Add(new FakeSchema("aaa", new FakeTable("new", new FakeColumn("c", "int"))));

        var rest = await CrawlAsync(Root.Child("sales"), cursor);

        rest[0].Completed.ShouldBe([Root.Child("sales")]);
        rest.SelectMany(p => p.Objects).ShouldContain(o => o.Path.Name == "new");
    }

    [Fact]
    public async Task Tags_are_handed_down_to_tables_and_not_to_columns_and_the_nearer_one_holds()
    {
        _workspace.Store.CatalogTags.AddRange([("sales", "domain", "sales"), ("sales", "level", "low")]);
        _workspace.Store.SchemaTags.Add(("sales", "people", "level", "high"));
        _workspace.Store.TableTags.AddRange([("sales", "people", "staff", "pii", ""), ("sales", "people", "staff", "domain", "hr")]);
        _workspace.Store.ColumnTags.Add(("sales", "people", "staff", "ssn", "level", "top"));

        var objects = (await CrawlAsync(Root.Child("sales"))).SelectMany(p => p.Objects).ToList();

        objects.Single(o => o.Path.Name == "people").Tags.ShouldBe([new(null, "level", "high"), new(null, "domain", "sales", Inherited: true)], ignoreOrder: true);
        objects.Single(o => o.Path.Name == "staff").Tags.ShouldBe(
            [new(null, "pii", ""), new(null, "domain", "hr"), new("ssn", "level", "top"), new(null, "level", "high", Inherited: true)], ignoreOrder: true);
        objects.Single(o => o.Path.Name == "lines").Tags.ShouldBe([new(null, "domain", "sales", Inherited: true), new(null, "level", "low", Inherited: true)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_may_not_be_entered_is_not_read()
    {
        await using var session = _workspace.Open();
        var pages = await session.CrawlAsync(
            new CrawlScope { Container = Root.Child("sales"), Enter = p => p.Name != "orders" }, default).ToListAsync();

        pages.SelectMany(p => p.Objects).Select(o => o.Path.Name).ShouldBe(["empty", "orders", "people", "staff"]);
        pages.SelectMany(p => p.Completed).ShouldNotContain(p => p.Name == "orders");
    }

    [Fact]
    public async Task A_table_is_read_alone_and_one_that_is_gone_is_said_to_be()
    {
        var table = Root.Child("sales").Child("people").Child("staff");

        var there = (await CrawlAsync(table)).ShouldHaveSingleItem();
        var gone = (await CrawlAsync(table.Parent!.Child("nobody"))).ShouldHaveSingleItem();

        there.Objects.ShouldHaveSingleItem().Columns.Count.ShouldBe(2);
        there.Completed.ShouldBe([table]);
        gone.Objects.ShouldBeEmpty();
        gone.Completed.ShouldBe([table.Parent!.Child("nobody")]);
    }

    [Theory]
    [InlineData("tables/sales.people.staff", """{"name":"staff","table_type":"MANAGED"}""", 200, "is there, and the information schema does not show it")]
    [InlineData("tables/sales.people.staff", """{"error_code":"PERMISSION_DENIED","message":"no"}""", 403, "PERMISSION_DENIED")]
    [InlineData("schemas/sales.people", """{"error_code":"SCHEMA_DOES_NOT_EXIST","message":"no"}""", 404, "SCHEMA_DOES_NOT_EXIST")]
    public async Task A_table_that_is_not_seen_is_gone_only_when_databricks_says_so(string path, string json, int status, string message)
    {
        _workspace.OnStatement(_ => FakeWorkspace.Succeeded([]));
        _workspace.On("GET", $"/api/2.1/unity-catalog/{path}", json, status);

        var failure = await Should.ThrowAsync<PlatformException>(() => CrawlAsync(Root.Child("sales").Child("people").Child("staff")));

        failure.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("""{"privilege_assignments":[]}""", 200, "lacks USE SCHEMA")]
    [InlineData("""{"error_code":"PERMISSION_DENIED","message":"no"}""", 403, "PERMISSION_DENIED")]
    public async Task A_catalog_that_shows_no_schema_is_empty_only_when_one_would_be_seen(string privileges, int status, string why)
    {
        var catalog = Root.Child("bare");
        _workspace.Store.Add("bare");
        (await CrawlAsync(catalog)).SelectMany(p => p.Completed).ShouldBe([catalog]);
        _workspace.On("GET", "/api/2.1/unity-catalog/effective-permissions/catalog/bare", privileges, status);

        var page = (await CrawlAsync(catalog)).ShouldHaveSingleItem();
        _workspace.Store.Catalogs.Single(c => c.Name == "bare").Owner = FakeWorkspace.Principal;
        var owned = await CrawlAsync(catalog);

        page.Completed.ShouldBeEmpty();
        page.Warnings.ShouldHaveSingleItem().ShouldContain(why);
        owned.SelectMany(p => p.Completed).ShouldBe([catalog]);
    }

    [Fact]
    public async Task A_schema_whose_ids_are_refused_is_not_read_and_not_completed()
    {
        _workspace.Before("GET", "/api/2.1/unity-catalog/tables", asked => asked.Query["schema_name"] == "orders"
            ? new FakeWorkspace.Answer("""{"error_code":"PERMISSION_DENIED","message":"no"}""", 403)
            : null);

        var pages = await CrawlAsync(Root.Child("sales"));

        pages.SelectMany(p => p.Objects).Where(o => o.Kind.IsReadable()).Select(o => o.Path.Name).ShouldBe(["staff"]);
        pages.SelectMany(p => p.Completed).Select(p => p.Name).ShouldBe(["sales", "empty", "people"]);
        pages.SelectMany(p => p.Warnings).ShouldHaveSingleItem().ShouldStartWith("Schema sales.orders is not read");
        await Should.ThrowAsync<PlatformException>(() => CrawlAsync(Root.Child("sales").Child("orders").Child("lines")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Made by Sluice, instance instance-2. It is used by that Sluice alone: leave this comment as it is.")]
    public async Task Another_metastore_is_not_read(string? comment)
    {
        if (comment is null) _workspace.Store.Catalogs.RemoveAll(c => c.Name == "sluice");
        else _workspace.Store.Catalogs.Single(c => c.Name == "sluice").Comment = comment;

        var failure = await Should.ThrowAsync<PlatformException>(() => CrawlAsync(Root));

        failure.Failure.ShouldBe(PlatformFailure.Refused);
        failure.Message.ShouldContain("still belongs to the metastore that was registered is not proven");
    }

    [Fact]
    public async Task A_workspace_that_was_moved_since_it_was_identified_is_not_read()
    {
        await using var session = _workspace.Open();
        await session.IdentifyAsync(default);
        _workspace.On("GET", "/api/2.1/unity-catalog/current-metastore-assignment", """{"metastore_id":"99999999-2222-3333-4444-555555555555","workspace_id":1}""");

        var failure = await Should.ThrowAsync<PlatformException>(async () => await session.CrawlAsync(new CrawlScope { Container = Root }, default).ToListAsync());

        failure.Message.ShouldContain("it was 11111111-2222-3333-4444-555555555555 and is 99999999-2222-3333-4444-555555555555");
    }

    [Fact]
    public async Task That_a_metastore_is_the_registered_one_is_proven_again_after_a_minute()
    {
        var clock = new TestClock();
        await using var session = _workspace.Open(time: clock);
        await session.CrawlAsync(new CrawlScope { Container = Root }, default).ToListAsync();
        _workspace.Store.Catalogs.RemoveAll(c => c.Name == "sluice");

        clock.Advance(TimeSpan.FromMinutes(1));

        var failure = await Should.ThrowAsync<PlatformException>(async () => await session.CrawlAsync(new CrawlScope { Container = Root.Child("sales") }, default).ToListAsync());
        failure.Message.ShouldContain("shows no catalog sluice of Sluice's");
    }

    [Fact]
    public async Task A_catalog_that_a_sluice_made_for_itself_is_left_out()
    {
        _workspace.Store.Add("other_sluice", new FakeSchema("functions")).Comment = new InstanceMark("instance-2").Comment;

        (await CrawlAsync(Root)).SelectMany(p => p.Objects).ShouldNotContain(o => o.Path.Names.Contains("other_sluice"));
    }

    [Theory]
    [InlineData("CANCELED", PlatformFailure.Unavailable)]
    [InlineData("CLOSED", PlatformFailure.Unavailable)]
    [InlineData("FAILED", PlatformFailure.Refused)]
    public async Task A_statement_that_does_not_say_that_something_is_lacking_ends_the_crawl(string state, PlatformFailure expected)
    {
        _workspace.OnStatement(_ => new FakeWorkspace.Answer($$"""{"statement_id":"s1","status":{"state":"{{state}}"} }"""));

        var failure = await Should.ThrowAsync<PlatformException>(() => CrawlAsync(Root));

        failure.Failure.ShouldBe(expected);
    }

    [Fact]
    public void What_lies_between_schemas_that_were_not_asked_for_is_not_read()
    {
        var range = TableRange.Of([new("a", "x"), new("c", "y"), new("c", "z")], 0, 2);

        foreach (var statement in (string[])[InformationSchema.Columns("k", InformationSchema.Between(range), null, 5), InformationSchema.TableTags("k", range, null, 5), InformationSchema.ColumnTags("k", range, null, 5)])
            statement.ShouldContain(" IN ('a', 'c') AND (");
    }

    [Fact]
    public async Task A_catalog_that_is_gone_is_no_empty_one()
    {
        var failure = await Should.ThrowAsync<PlatformException>(() => CrawlAsync(Root.Child("nowhere")));

        failure.Failure.ShouldBe(PlatformFailure.NotFound);
    }

    [Fact]
    public async Task What_is_as_it_was_is_not_read_again()
    {
        var catalog = Root.Child("sales");
        var first = (await CrawlAsync(catalog)).SelectMany(p => p.Objects).Where(o => o.Kind.IsReadable()).ToList();
        _workspace.Store.Catalogs.Single(c => c.Name == "sales").Schemas[0].Tables.Single(t => t.Name == "lines").LastAltered = "2026-11-02T00:00:00.000Z";
        _workspace.Store.TableTags.Add(("sales", "people", "staff", "tier", "gold"));
        _workspace.Requests.Clear();

        await using var session = _workspace.Open();
        var pages = await session.CrawlAsync(new CrawlScope { Container = catalog, StampsAsync = Known }, default).ToListAsync();

        // Altered, given a tag, or of a kind whose columns change elsewhere.
        pages.SelectMany(p => p.Objects).Where(o => o.Kind.IsReadable()).Select(o => o.Path.Name).Order().ShouldBe(["feed", "lines", "open_lines", "remote", "staff", "totals"]);
        pages.SelectMany(p => p.Objects).Where(o => o.Kind.IsReadable()).ShouldAllBe(o => o.Columns.Count > 0);
        pages.SelectMany(p => p.Unchanged).Select(p => p.Name).Order().ShouldBe(["files", "ice"]);

        Task<IReadOnlyDictionary<string, UInt128>> Known(ObjectPath schema, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyDictionary<string, UInt128>>(
            first.Where(o => o.Path.Parent!.Equals(schema) && o.ChangeStamp is not null).ToDictionary(o => o.Path.Name, o => o.ChangeStamp!.Value));
    }

    [Fact]
    public async Task Of_schemas_that_are_listed_as_they_were_only_what_changes_elsewhere_is_read_and_no_id()
    {
        var catalog = Root.Child("sales");
        var first = await CrawlAsync(catalog);
        _workspace.Requests.Clear();

        await using var session = _workspace.Open();
        var pages = await session.CrawlAsync(new CrawlScope { Container = catalog, ListingsAsync = KnownListings(first) }, default).ToListAsync();

        pages.SelectMany(p => p.Completed).ShouldBe(first.SelectMany(p => p.Completed));
        pages.SelectMany(p => p.UnchangedListings).Select(u => (u.Container.Name, u.Unread)).ShouldBe([("empty", 0), ("orders", 3), ("people", 1)]);
        var read = pages.SelectMany(p => p.Objects).Where(o => o.Kind.IsReadable()).ToList();
        read.Select(o => o.Path.Name).Order().ShouldBe(["feed", "open_lines", "remote", "totals"]);
        read.ShouldAllBe(o => o.Columns.Count > 0 && o.NativeId == null && o.NativeIdIsUnread && o.ChangeStamp == null);
        pages.SelectMany(p => p.Unchanged).ShouldBeEmpty();
        pages.SelectMany(p => p.Listings).ShouldBeEmpty();
        _workspace.Requests.ShouldNotContain(r => r.Path.EndsWith("/unity-catalog/tables", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("altered")]
    [InlineData("tagged")]
    [InlineData("dropped")]
    [InlineData("made")]
    [InlineData("commented")]
    public async Task A_schema_of_which_anything_is_told_otherwise_is_compared_table_by_table(string change)
    {
        var catalog = Root.Child("sales");
        var first = await CrawlAsync(catalog);
        var schemas = _workspace.Store.Catalogs.Single(c => c.Name == "sales").Schemas;
        var at = schemas.FindIndex(s => s.Name == "orders");
        var schema = schemas[at];
        switch (change)
        {
            case "altered":
                schema.Tables.Single(t => t.Name == "open_lines").LastAltered = "2026-11-02T00:00:00.000Z";
                break;
            case "tagged":
                _workspace.Store.ColumnTags.Add(("sales", "orders", "lines", "id", "tier", "gold"));
                break;
            case "dropped":
                schemas[at] = schema with { Tables = [.. schema.Tables.Where(t => t.Name != "lines")] };
                break;
            case "made":
                schemas[at] = schema with { Tables = [.. schema.Tables, new FakeTable("zebra", new FakeColumn("c", "int"))] };
                break;
            default:
                schema.Tables.Single(t => t.Name == "lines").Comment = "what was ordered";
                break;
        }

        await using var session = _workspace.Open();
        var pages = await session.CrawlAsync(new CrawlScope { Container = catalog, ListingsAsync = KnownListings(first) }, default).ToListAsync();

        pages.SelectMany(p => p.UnchangedListings).Select(u => u.Container.Name).ShouldBe(["empty", "people"]);
        pages.SelectMany(p => p.Listings).Select(l => (l.Container.Name, l.Count)).ShouldBe([("orders", schemas[at].Tables.Length)]);
        pages.SelectMany(p => p.Objects).Where(o => o.Path.Parent!.Name == "orders").ShouldAllBe(o => o.NativeId != null && !o.NativeIdIsUnread);
    }

    [Fact]
    public async Task A_schema_that_an_earlier_run_began_to_read_is_not_taken_for_read_whole()
    {
        _workspace.Options = _workspace.Options with { TablesListed = 2 };
        var whole = await CrawlAsync(Root.Child("sales"));
        var within = whole.First(p => p.Cursor is { } c && c.Contains("lines", StringComparison.Ordinal));

        var rest = await CrawlAsync(Root.Child("sales"), within.Cursor);

        whole.SelectMany(p => p.Listings).Select(l => l.Container.Name).ShouldBe(["empty", "people"], "a schema larger than a listing is never seen whole");
        rest.SelectMany(p => p.Completed).ShouldContain(p => p.Name == "orders");
        rest.SelectMany(p => p.Listings).Select(l => l.Container.Name).ShouldBe(["people"]);
    }

    [Fact]
    public async Task A_table_without_an_id_keeps_its_schema_from_being_known_by_its_listing()
    {
        _workspace.Before("GET", "/api/2.1/unity-catalog/tables", asked => asked.Query["schema_name"] == "people"
            ? new FakeWorkspace.Answer("""{"tables":[]}""", 200)
            : null);

        (await CrawlAsync(Root.Child("sales"))).SelectMany(p => p.Listings).Select(l => l.Container.Name).ShouldBe(["empty", "orders"]);
    }

    private static Func<ObjectPath, CancellationToken, Task<IReadOnlyDictionary<string, UInt128>>> KnownListings(IEnumerable<CrawlPage> pages) => (container, _) =>
        Task.FromResult<IReadOnlyDictionary<string, UInt128>>(pages.SelectMany(p => p.Listings).Where(l => l.Container.Parent!.Equals(container))
            .ToDictionary(l => l.Container.Name, l => l.Fingerprint));

    private async Task<List<CrawlPage>> CrawlAsync(ObjectPath container, string? cursor = null)
    {
        await using var session = _workspace.Open();
        return await session.CrawlAsync(new CrawlScope { Container = container, Cursor = cursor }, default).ToListAsync();
    }
}
