using Sluice.Core.Catalog;
using Sluice.Platforms.Snowflake.Tests.Fakes;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>What a crawl yields of an account, and in which order.</summary>
public sealed class CrawlTests
{
    [Fact]
    public async Task Databases_then_schemas_then_tables_with_their_columns()
    {
        await using var account = await FakeAccount.StartAsync();
        new FakeCatalog(account).Add("SALES").Schema("EU", "ORDERS", "PEOPLE").Schema("US", "ORDERS");
        await using var session = account.Open();

        var pages = await Crawled.PagesAsync(session);

        pages.Names().ShouldBe(["SALES", "SALES/EU", "SALES/US", "SALES/EU/ORDERS", "SALES/EU/PEOPLE", "SALES/US/ORDERS"]);
        pages.Completed().ShouldBe(["", "SALES", "SALES/EU", "SALES/US"]);
        pages[^1].Cursor.ShouldBeNull();
        pages[..^1].ShouldAllBe(p => p.Cursor != null);
        var orders = pages.Object("SALES/EU/ORDERS");
        orders.Kind.ShouldBe(ObjectKind.Table);
        orders.Comment.ShouldBe("table ORDERS");
        orders.NativeId.ShouldBeNull();
        orders.Governance.ShouldBe(Governance.Governed);
        orders.Columns.ShouldBe([new DiscoveredColumn("ID", "NUMBER(38,0)", Comment: "column ID"), new DiscoveredColumn("NAME", "NUMBER(38,0)", Comment: "column NAME")]);
        pages.Object("SALES/EU").Comment.ShouldBe("schema EU");
        pages.SelectMany(p => p.Objects).Count(o => o.Path.Name == "INFORMATION_SCHEMA").ShouldBe(0);
    }

    [Fact]
    public async Task Every_kind_of_table()
    {
        await using var account = await FakeAccount.StartAsync();
        new FakeCatalog(account).Add("D").Schema("S").Table("S", "TABLE").Table("S", "VIEW", "VIEW").Table("S", "MATERIALIZED", "MATERIALIZED VIEW")
            .Table("S", "EXTERNAL", "EXTERNAL TABLE").Table("S", "EVENT", "EVENT TABLE").Table("S", "ICEBERG", iceberg: "YES").Table("S", "DYNAMIC", dynamic: "YES")
            .Table("S", "TEMPORARY", "TEMPORARY TABLE");
        await using var session = account.Open();

        var found = (await Crawled.PagesAsync(session)).SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3).ToDictionary(o => o.Path.Name, o => o.Kind);

        found.ShouldBe(
            new Dictionary<string, ObjectKind>
            {
                ["TABLE"] = ObjectKind.Table, ["VIEW"] = ObjectKind.View, ["MATERIALIZED"] = ObjectKind.MaterializedView, ["EXTERNAL"] = ObjectKind.ExternalTable,
                ["EVENT"] = ObjectKind.EventTable, ["ICEBERG"] = ObjectKind.IcebergTable, ["DYNAMIC"] = ObjectKind.DynamicTable,
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task Shared_application_and_own_databases_are_handled_and_said()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = new FakeCatalog(account);
        catalog.Add("SALES").Schema("S", "T");
        catalog.Add("WEATHER", "IMPORTED DATABASE", "VENDOR.SHARE").Schema("S", "T");
        catalog.Add("APP", "APPLICATION");
        catalog.Add("SNOWFLAKE", "APPLICATION", "SNOWFLAKE.ACCOUNT_USAGE");
        catalog.Add("GOVERNED").Schema("POLICIES");
        await using var session = account.Open();

        var pages = await Crawled.PagesAsync(session);

        pages.Names().Where(n => !n.Contains('/')).ShouldBe(["SALES", "WEATHER"]);
        pages.Object("WEATHER").Governance.ShouldBe(Governance.Ungoverned);
        pages.Object("WEATHER/S/T").GovernanceReason!.ShouldContain("IMPORTED PRIVILEGES");
        var warnings = pages.SelectMany(p => p.Warnings).ToList();
        foreach (var name in (string[])["WEATHER", "APP", "SNOWFLAKE", "GOVERNED"]) warnings.ShouldContain(w => w.StartsWith($"Database {name} ", StringComparison.Ordinal));
        warnings.ShouldContain(w => w.Contains("GRANT DATABASE ROLE SNOWFLAKE.GOVERNANCE_VIEWER TO ROLE \"GOVERNED_SYSTEM\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_than_ten_thousand_names_come_page_by_page()
    {
        await using var account = await FakeAccount.StartAsync();
        account.Options = account.Options with { ShowRows = 3 };
        var catalog = new FakeCatalog(account);
        var database = catalog.Add("D");
        for (var i = 0; i < 10; i++) database.Schema($"S{i}", "T");
        for (var i = 0; i < 7; i++) catalog.Add($"E{i}");
        await using var session = account.Open();

        var pages = await Crawled.PagesAsync(session);

        pages.Names().Count(n => !n.Contains('/')).ShouldBe(8);
        pages.Names().Count(n => n.StartsWith("D/", StringComparison.Ordinal)).ShouldBe(20);
        account.Statements.Count(s => s.Sql.StartsWith("SHOW DATABASES", StringComparison.Ordinal)).ShouldBe(3);
        account.Statements.ShouldContain(s => s.Sql == "SHOW SCHEMAS IN DATABASE \"D\" LIMIT 3 FROM 'S1'");
    }

    [Fact]
    public async Task A_database_that_was_listed_is_not_looked_up_again_and_a_new_one_is()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = new FakeCatalog(account);
        catalog.Add("D").Schema("S", "T");
        await using var session = account.Open();
        await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root, ChildrenOnly = true });
        catalog.Add("NEW").Schema("S", "T");

        (await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root.Child("D") })).Names().ShouldBe(["D/S", "D/S/T"]);
        (await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root.Child("NEW") })).Names().ShouldBe(["NEW/S", "NEW/S/T"]);

        account.Statements.Count(s => s.Sql.StartsWith("SHOW DATABASES", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task What_Information_Schema_finds_too_much_is_read_in_parts(int most, bool ignoresRanges)
    {
        await using var account = await FakeAccount.StartAsync();
        account.On("SHOW TABLES IN SCHEMA", asked => FakeAccount.Rows(
            ["created_on", "name", "kind", "comment", "is_external", "is_event", "is_iceberg", "is_dynamic"],
            asked.Sql.Contains("\"A\"", StringComparison.Ordinal)
                ? [["t", "T1", "TABLE", "table T1", "N", "N", "N", "N"], ["t", "T2", "TABLE", "table T2", "N", "N", "N", "N"], ["t", "T3", "TABLE", "table T3", "N", "N", "N", "N"]]
                : [["t", "T1", "TABLE", "table T1", "N", "N", "N", "N"], ["t", "T2", "TABLE", "table T2", "N", "N", "N", "N"]]));
        account.On("SHOW VIEWS IN SCHEMA", FakeAccount.Rows(["created_on", "name", "comment", "is_materialized"]));
        var catalog = new FakeCatalog(account) { MostTables = most, IgnoresRanges = ignoresRanges };
        catalog.Add("D").Schema("A", "T1", "T2", "T3").Schema("B", "T1", "T2");
        await using var session = account.Open();

        var pages = await Crawled.PagesAsync(session);

        pages.Names().ShouldBe(["D", "D/A", "D/B", "D/A/T1", "D/A/T2", "D/A/T3", "D/B/T1", "D/B/T2"]);
        pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3).ShouldAllBe(o => o.Columns.Count == 2);
        pages.SelectMany(p => p.Warnings).ShouldContain(w => w.Contains("090030", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_that_is_closed_keeps_the_others_from_nothing()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = new FakeCatalog(account);
        catalog.Add("A").Schema("S", "T");
        catalog.Add("B").Schema("S", "T");
        catalog.Add("C").Schema("S", "T");
        account.Refuses("SHOW SCHEMAS IN DATABASE \"B\"", "002043", "SQL compilation error: Object does not exist, or operation cannot be performed.");
        await using var session = account.Open();

        var pages = await Crawled.PagesAsync(session);

        pages.Names().ShouldContain("C/S/T");
        pages.Completed().ShouldNotContain("B");
        pages.SelectMany(p => p.Warnings).ShouldContain(w => w.Contains("GRANT USAGE ON DATABASE \"B\" TO ROLE \"CRAWLER\"", StringComparison.Ordinal));
        pages[^1].Cursor.ShouldBeNull();
    }

    [Fact]
    public async Task A_crawl_without_a_warehouse_fails_with_the_remedy()
    {
        await using var account = await FakeAccount.StartAsync();
        new FakeCatalog(account).Add("A").Schema("S", "T");
        account.Refuses("INFORMATION_SCHEMA", "000606", "No active warehouse selected in the current session.");
        await using var session = account.Open();

        var failure = await Should.ThrowAsync<PlatformException>(Crawled.PagesAsync(session));

        failure.Message.ShouldContain("AUTO_RESUME");
    }

    [Theory]
    [InlineData("000606")]
    [InlineData("090073")]
    public async Task A_warehouse_that_stops_in_the_middle_of_a_crawl_is_no_databases_fault(string code)
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = new FakeCatalog(account);
        foreach (var name in (string[])["A", "B", "C"]) catalog.Add(name).Schema("S", "T");
        account.Refuses("\"B\".INFORMATION_SCHEMA", code, "Warehouse 'WH' cannot be resumed.");
        await using var session = account.Open();

        var failure = await Should.ThrowAsync<PlatformException>(Crawled.PagesAsync(session));
        var alone = await Should.ThrowAsync<PlatformException>(Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root.Child("B") }));

        // Whoever reads databases one by one passes over those that are refused, and must not pass over this one.
        foreach (var thrown in (PlatformException[])[failure, alone])
        {
            thrown.Failure.ShouldBe(PlatformFailure.Unavailable);
            thrown.Message.ShouldContain("AUTO_RESUME");
        }
    }

    [Fact]
    public async Task A_schema_that_is_made_while_the_database_is_read_takes_no_columns_from_the_others()
    {
        await using var account = await FakeAccount.StartAsync();
        new FakeCatalog(account).Add("D").Schema("M", "T1", "T2").Table("A_NEW", "X").Table("Z_NEW", "X").Table("Z_NEW", "Y");
        await using var session = account.Open();

        var pages = await Crawled.PagesAsync(session);

        pages.Names().ShouldBe(["D", "D/M", "D/M/T1", "D/M/T2"]);
        pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 3).ShouldAllBe(o => o.Columns.Count == 2);
        pages.SelectMany(p => p.Warnings).ShouldNotContain(w => w.Contains("no columns", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_begins_again_is_told_and_not_taken_for_its_end()
    {
        await using var account = await FakeAccount.StartAsync();
        account.Options = account.Options with { ShowRows = 2 };
        var catalog = new FakeCatalog(account);
        foreach (var name in (string[])["A", "B", "C"]) catalog.Add(name);
        account.On("SHOW DATABASES", FakeAccount.Rows(["name", "origin", "comment", "kind"], ["A", "", "", "STANDARD"], ["B", "", "", "STANDARD"]));
        await using var session = account.Open();

        var failure = await Should.ThrowAsync<PlatformException>(Crawled.PagesAsync(session));

        failure.Failure.ShouldBe(PlatformFailure.Refused);
        failure.Message.ShouldContain("SHOW DATABASES");
    }

    [Fact]
    public async Task Every_page_is_a_place_to_go_on_from()
    {
        await using var account = await FakeAccount.StartAsync();
        account.Options = account.Options with { PageSize = 2, DatabasesAhead = 2 };
        var catalog = new FakeCatalog(account);
        catalog.Add("A").Schema("EMPTY").Schema("S", "T1", "T2", "T3").Schema("U", "T1").Schema("ZERO");
        catalog.Add("B").Schema("S", "T1", "T2", "T3", "T4", "T5");
        catalog.Add("C");
        await using var session = account.Open();
        var whole = await Crawled.PagesAsync(session);
        whole.Count.ShouldBeGreaterThan(6);

        for (var read = 1; read < whole.Count; read++)
        {
            var rest = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root, Cursor = whole[read - 1].Cursor });

            whole[..read].Concat(rest).Names().ShouldBe(whole.Names());
            whole[..read].Concat(rest).Completed().ShouldBe(whole.Completed());
            rest[^1].Cursor.ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_list_that_changed_meanwhile_is_read_again()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = new FakeCatalog(account);
        var database = catalog.Add("A").Schema("S", "T1");
        catalog.Add("B").Schema("S", "T1");
        await using var session = account.Open();
        var whole = await Crawled.PagesAsync(session);
        var cursor = whole.First(p => p.Objects.Any(o => o.Path.Depth == 2)).Cursor;

        database.Schema("NEW", "T");
        var schemasChanged = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root, Cursor = cursor });
        catalog.Add("0").Schema("S", "T");
        var databasesChanged = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root, Cursor = cursor });

        schemasChanged.Names().ShouldContain("A/NEW");
        schemasChanged.Names().ShouldNotContain("A");
        databasesChanged.Names().ShouldContain("0/S/T");
        databasesChanged.Names().ShouldContain("A");
    }

    [Fact]
    public async Task A_cursor_that_is_none_starts_again()
    {
        await using var account = await FakeAccount.StartAsync();
        new FakeCatalog(account).Add("A").Schema("S", "T");
        await using var session = account.Open();

        (await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root, Cursor = "1.2.3" })).Names().ShouldBe(["A", "A/S", "A/S/T"]);
    }

    [Fact]
    public async Task A_part_alone()
    {
        await using var account = await FakeAccount.StartAsync();
        new FakeCatalog(account).Add("A").Schema("S", "T1", "T2").Schema("U", "T1");
        await using var session = account.Open();

        var database = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root.Child("A") });
        var children = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root, ChildrenOnly = true });
        var schemas = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root.Child("A"), ChildrenOnly = true });
        var schema = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root.Child("A").Child("S") });
        var table = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root.Child("A").Child("S").Child("T2") });
        var gone = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root.Child("A").Child("S").Child("NO") });
        var goneSchema = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root.Child("A").Child("NO") });

        database.Names().ShouldBe(["A/S", "A/U", "A/S/T1", "A/S/T2", "A/U/T1"]);
        children.Names().ShouldBe(["A"]);
        children.Single().Cursor.ShouldBeNull();
        schemas.Names().ShouldBe(["A/S", "A/U"]);
        schemas.Completed().ShouldBe(["A"]);
        schema.Names().ShouldBe(["A/S/T1", "A/S/T2"]);
        schema.Completed().ShouldBe(["A/S"]);
        table.Names().ShouldBe(["A/S/T2"]);
        table.Completed().ShouldBe(["A/S/T2"]);
        table.Object("A/S/T2").Fingerprint.ShouldBe(database.Object("A/S/T2").Fingerprint);
        gone.Names().ShouldBeEmpty();
        gone.Completed().ShouldBe(["A/S/NO"]);
        goneSchema.Completed().ShouldBe(["A/NO"]);
        foreach (var pages in (List<CrawlPage>[])[database, schemas, schema, table, gone]) pages[^1].Cursor.ShouldBeNull();
    }

    [Fact]
    public async Task Only_what_may_be_entered_is()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = new FakeCatalog(account);
        catalog.Add("A").Schema("S", "T").Schema("U", "T");
        catalog.Add("B").Schema("S", "T");
        await using var session = account.Open();

        var pages = await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root, Enter = p => p.Name != "B" && p.Name != "U" });

        pages.Names().ShouldBe(["A", "B", "A/S", "A/U", "A/S/T"]);
        pages.Completed().ShouldBe(["", "A", "A/S"]);
        account.Statements.ShouldNotContain(s => s.Sql.Contains("\"B\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_of_any_spelling_stay_names()
    {
        await using var account = await FakeAccount.StartAsync();
        new FakeCatalog(account).Add("my db").Schema("lower'quote", "semi;colon", "emoji😀", "\uffee", "ünï");
        await using var session = account.Open();

        (await Crawled.PagesAsync(session)).Names().Count(n => n.StartsWith("my db/lower'quote/", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public async Task Tags_are_read_a_few_times_however_many_databases_are_asked_for()
    {
        await using var account = await FakeAccount.StartAsync();
        var catalog = new FakeCatalog(account);
        for (var i = 0; i < 10; i++) catalog.Add($"D{i}").Schema("S", "T");
        await using var session = account.Open();

        for (var i = 0; i < 10; i++) await Crawled.PagesAsync(session, new CrawlScope { Container = Crawled.Root.Child($"D{i}") });

        account.Statements.Count(s => s.Sql.Contains("TAG_REFERENCES", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public async Task Tags_are_inherited_from_the_nearest_object()
    {
        await using var account = await FakeAccount.StartAsync();
        new FakeCatalog(account).Add("D").Schema("S", "T", "U");
        account.On("ACCOUNT_USAGE.TAG_REFERENCES", FakeAccount.Rows(
            ["OBJECT_DATABASE", "OBJECT_SCHEMA", "OBJECT_NAME", "DOMAIN", "COLUMN_NAME", "TAG_DATABASE", "TAG_SCHEMA", "TAG_NAME", "TAG_VALUE"],
            [null, null, "D", "DATABASE", null, "GOV", "TAGS", "COST", "sales"],
            ["D", null, "S", "SCHEMA", null, "GOV", "TAGS", "CLASS", "internal"],
            ["D", "S", "T", "TABLE", null, "GOV", "TAGS", "CLASS", "secret"],
            ["D", "S", "T", "COLUMN", "NAME", "GOV", "TAGS", "PII", "name"]));
        await using var session = account.Open();

        var pages = await Crawled.PagesAsync(session);

        pages.Object("D/S").Tags.ShouldBe([new ObjectTag(null, "GOV.TAGS.CLASS", "internal"), new ObjectTag(null, "GOV.TAGS.COST", "sales", true)]);
        pages.Object("D/S/T").Tags.ShouldBe(
            [new ObjectTag(null, "GOV.TAGS.CLASS", "secret"), new ObjectTag("NAME", "GOV.TAGS.PII", "name"), new ObjectTag(null, "GOV.TAGS.COST", "sales", true)]);
        pages.Object("D/S/U").Tags.ShouldBe([new ObjectTag(null, "GOV.TAGS.CLASS", "internal", true), new ObjectTag(null, "GOV.TAGS.COST", "sales", true)]);
        account.Requests.Count(r => r.Query.GetValueOrDefault("roleName") == "GOVERNED_SYSTEM").ShouldBe(1);
        pages.SelectMany(p => p.Warnings).ShouldNotContain(w => w.Contains("GOVERNANCE_VIEWER", StringComparison.Ordinal));
    }
}
