using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Identity;
using CatalogChange = Sluice.Sandbox.Aws.Catalog.CatalogChange;

namespace Sluice.Platforms.LakeFormation.Tests.Crawling;

public sealed class SandboxCrawlTests
{
    [Fact]
    public async Task A_crawl_reads_databases_tables_columns_and_completes_each_container_once()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();

        var pages = await SandboxLake.CrawlAsync(session);

        var objects = pages.SelectMany(p => p.Objects).ToList();
        var databases = objects.Where(o => o.Kind == ObjectKind.Database).ToList();
        databases.Count.ShouldBe(7);
        objects.Count(o => o.Path.Depth == 2).ShouldBeGreaterThanOrEqualTo(60);
        objects.Sum(o => o.Columns.Count).ShouldBeGreaterThanOrEqualTo(600);
        pages.SelectMany(p => p.Completed).ShouldBe([SandboxLake.Root, .. databases.Select(d => d.Path)], ignoreOrder: true);
        pages.SelectMany(p => p.Warnings).ShouldBeEmpty();
        pages.Count(p => p.Cursor is null).ShouldBe(1);
        pages[^1].Cursor.ShouldBeNull();
        var met = new HashSet<ObjectPath> { SandboxLake.Root };
        foreach (var found in objects)
        {
            met.ShouldContain(found.Path.Parent!, "a parent comes before its children");
            met.Add(found.Path).ShouldBeTrue("nothing is yielded twice");
        }
    }

    [Fact]
    public async Task Kinds_partition_keys_and_native_ids_are_told()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();

        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects["sales/orders"].Kind.ShouldBe(ObjectKind.IcebergTable);
        objects["sales/v_customer_360"].Kind.ShouldBe(ObjectKind.View);
        objects["crm_replica/leads"].Kind.ShouldBe(ObjectKind.FederatedTable);
        objects["finance/payments"].Kind.ShouldBe(ObjectKind.Table);
        objects["web_analytics/orders_link"].Kind.ShouldBe(ObjectKind.ResourceLink);
        objects["web_analytics/clicks"].Columns.Where(c => c.IsPartitionKey).ShouldNotBeEmpty();
        objects["web_analytics/clicks"].Columns.SkipWhile(c => !c.IsPartitionKey).ShouldAllBe(c => c.IsPartitionKey);
        objects["sales"].NativeId.ShouldStartWith("sales@");
        objects.Values.Select(o => o.NativeId).ShouldAllBe(id => id != null && id.Contains('@'));
        objects.Values.ShouldContain(o => o.Comment != null && o.Path.Depth == 2);
        objects.Values.SelectMany(o => o.Columns).ShouldContain(c => c.Comment != null);
    }

    [Fact]
    public async Task Tags_are_inherited_from_the_database_unless_the_table_or_column_has_another_value()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();

        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects["finance"].Tags.ShouldContain(new ObjectTag(null, "sensitivity", "confidential"));
        objects["finance/budgets"].Tags.ShouldContain(new ObjectTag(null, "sensitivity", "confidential", Inherited: true));
        objects["finance/chart_of_accounts"].Tags.Where(t => t.Key == "sensitivity").ShouldBe([new ObjectTag(null, "sensitivity", "public")]);
        objects["sales/products"].Tags.Where(t => t.Key == "sensitivity").ShouldBe(
            [new ObjectTag(null, "sensitivity", "public"), new ObjectTag("cost_price", "sensitivity", "confidential")], ignoreOrder: true);
        objects["legacy_lake/access_logs"].Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tags_are_the_same_whether_a_search_lists_inherited_ones_or_not_and_when_each_object_is_asked()
    {
        var expected = await TagsAsync(new AwsSandboxOptions());

        (await TagsAsync(new AwsSandboxOptions { SearchShowsInheritedTags = false })).ShouldBe(expected);
        (await TagsAsync(new AwsSandboxOptions { ServiceActions = Without("SearchTablesByLFTags") })).ShouldBe(expected);
        (await TagsAsync(new AwsSandboxOptions { ServiceActions = Without("SearchDatabasesByLFTags") })).ShouldBe(expected);

        static async Task<string> TagsAsync(AwsSandboxOptions options)
        {
            await using var lake = await SandboxLake.StartAsync(options);
            await using var session = lake.OpenWithKey();
            var pages = await SandboxLake.CrawlAsync(session);
            var asked = options.ServiceActions.Count < 17;
            pages.SelectMany(p => p.Warnings).Count(w => w.Contains("each table is asked", StringComparison.Ordinal)).ShouldBe(asked ? 1 : 0);
            if (asked) lake.Sandbox.Requests.Of("lakeformation:GetResourceLFTags").ShouldBeGreaterThan(60);
            return string.Join('\n', SandboxLake.ByPath(pages).OrderBy(o => o.Key, StringComparer.Ordinal).Select(o =>
                $"{o.Key}: {string.Join(", ", o.Value.Tags.Select(t => $"{t.Column}:{t.Key}={t.Value}").Order(StringComparer.Ordinal))}"));
        }
    }

    [Fact]
    public async Task Governance_is_told_with_its_evidence()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();

        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects["sales/customers"].ShouldSatisfyAllConditions(
            t => t.Governance.ShouldBe(Governance.Governed),
            t => t.GrantMethod.ShouldBe("named"),
            t => t.GovernanceReason.ShouldBe("named grants only: assigning LF-Tags also needs ALTER, DROP with the grant option"));
        objects["legacy_lake"].Governance.ShouldBe(Governance.Ungoverned);
        foreach (var table in objects.Values.Where(o => o.Path.Depth == 2 && o.Path.Parent!.Name == "legacy_lake"))
        {
            table.Governance.ShouldBe(Governance.Ungoverned);
            table.GovernanceReason.ShouldNotBeNull().ShouldStartWith("IAM access control or hybrid access mode: ");
        }

        objects["web_analytics/orders_link"].ShouldSatisfyAllConditions(
            t => t.Governance.ShouldBe(Governance.Ungoverned),
            t => t.GovernanceReason.ShouldNotBeNull().ShouldContain("sales/orders"),
            t => t.GrantMethod.ShouldBeNull());
    }

    [Theory]
    [InlineData(ServiceGrants.Super, "tags", Governance.Governed)]
    [InlineData(ServiceGrants.LFTag, "named", Governance.Governed)]
    [InlineData(ServiceGrants.DescribeOnly, "none", Governance.Unknown)]
    public async Task The_grant_method_follows_the_grantable_permissions(ServiceGrants grants, string method, Governance governance)
    {
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { ServiceGrants = grants });
        await using var session = lake.OpenWithKey();

        var table = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session))["sales/customers"];

        table.GrantMethod.ShouldBe(method);
        table.Governance.ShouldBe(governance);
    }

    [Fact]
    public async Task A_data_lake_administrator_needs_no_explicit_permission()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey(lake.Sandbox.AdministratorCredentials);

        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects["sales/customers"].Governance.ShouldBe(Governance.Governed);
        objects["sales/customers"].GrantMethod.ShouldNotBe("none");
        objects["legacy_lake/access_logs"].ShouldSatisfyAllConditions(
            t => t.Governance.ShouldBe(Governance.Ungoverned),
            t => t.GovernanceReason.ShouldNotBeNull().ShouldContain("IAM_ALLOWED_PRINCIPALS has permissions on the table"));
    }

    [Theory]
    [InlineData("ListPermissions", "Lake Formation permissions could not be read")]
    [InlineData("ListLFTags", "LF-Tags are not fully known")]
    public async Task Without_evidence_nothing_is_governed_and_the_crawl_says_why(string action, string warning)
    {
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { ServiceActions = Without(action) });
        await using var session = lake.OpenWithKey();

        var pages = await SandboxLake.CrawlAsync(session);

        pages.SelectMany(p => p.Warnings).ShouldContain(w => w.StartsWith(warning, StringComparison.Ordinal));
        var tables = pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 2).ToList();
        tables.Count.ShouldBeGreaterThan(60);
        tables.ShouldAllBe(t => t.Governance != Governance.Governed);
        tables.Where(t => t.Governance == Governance.Unknown).ShouldAllBe(t => t.GovernanceReason!.Contains(action));
    }

    [Fact]
    public async Task A_crawl_makes_as_many_requests_as_paging_asks_for()
    {
        const int tables = 10_000, databases = 10;
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { Catalog = AwsSandboxCatalog.Generated(tables, 3, databases) });
        await using var session = lake.OpenWithKey();

        var objects = SandboxLake.ByPath(await SandboxLake.CrawlAsync(session));

        objects.Count.ShouldBe(tables + databases);
        var requests = lake.Sandbox.Requests;
        requests.Of("glue:GetTables").ShouldBe(tables / 100);
        requests.Of("glue:GetDatabases").ShouldBe(1);
        requests.Of("glue:GetDatabase").ShouldBe(0);
        requests.Of("lakeformation:GetResourceLFTags").ShouldBe(0);
        var keys = objects.Values.SelectMany(o => o.Tags).GroupBy(t => t.Key, t => t, StringComparer.Ordinal).Select(g => g.Key).ToList();
        var searched = keys.Sum(k => (objects.Values.Count(o => o.Path.Depth == 2 && o.Tags.Any(t => t.Key == k)) + 99) / 100);
        var fewest = 1 + (tables / 100) + searched + requests.Of("lakeformation:ListPermissions");
        requests.Total.ShouldBeLessThanOrEqualTo((long)(fewest * 1.05));
    }

    [Fact]
    public async Task One_database_after_the_other_costs_no_more_requests_than_the_whole()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using (var whole = lake.OpenWithKey()) await SandboxLake.CrawlAsync(whole);
        var requests = lake.Sandbox.Requests.Total;
        await using var session = lake.OpenWithKey();

        var root = await SandboxLake.CrawlAsync(session, new CrawlScope { Container = SandboxLake.Root, ChildrenOnly = true });
        foreach (var database in root.SelectMany(p => p.Objects))
            await SandboxLake.CrawlAsync(session, new CrawlScope { Container = database.Path });

        root[^1].Cursor.ShouldBeNull();
        root.SelectMany(p => p.Completed).ShouldBe([SandboxLake.Root]);
        (lake.Sandbox.Requests.Total - requests).ShouldBe(requests);
    }

    [Fact]
    public async Task Only_what_may_be_entered_is_listed_and_that_is_asked_after_the_databases_were_yielded()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();
        var yielded = new HashSet<ObjectPath>();
        var scope = new CrawlScope
        {
            Container = SandboxLake.Root,
            Enter = path =>
            {
                yielded.ShouldContain(path);
                return path.Name == "finance";
            },
        };

        var pages = new List<CrawlPage>();
        await foreach (var page in session.CrawlAsync(scope, TestContext.Current.CancellationToken))
        {
            pages.Add(page);
            yielded.UnionWith(page.Objects.Select(o => o.Path));
        }

        pages.SelectMany(p => p.Objects).Where(o => o.Path.Depth == 2).ShouldAllBe(o => o.Path.Parent!.Name == "finance");
        pages.SelectMany(p => p.Completed).ShouldBe([SandboxLake.Root, SandboxLake.Root.Child("finance")]);
        pages[^1].Cursor.ShouldBeNull();
        lake.Sandbox.Requests.Of("glue:GetTables").ShouldBe(1);
    }

    [Fact]
    public async Task A_single_table_is_read_alone_with_the_same_result()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var whole = lake.OpenWithKey();
        await using var session = lake.OpenWithKey();
        var path = SandboxLake.Root.Child("sales").Child("products");

        var expected = SandboxLake.ByPath(await SandboxLake.CrawlAsync(whole))["sales/products"];
        var page = (await SandboxLake.CrawlAsync(session, new CrawlScope { Container = path })).ShouldHaveSingleItem();

        page.Completed.ShouldBe([path]);
        page.Cursor.ShouldBeNull();
        page.Objects.ShouldHaveSingleItem().Fingerprint.ShouldBe(expected.Fingerprint);
        lake.Sandbox.Requests.Of("glue:GetTable").ShouldBe(1);
    }

    [Theory]
    [InlineData("sales", "no_such_table")]
    [InlineData("no_such_database", "orders")]
    public async Task A_table_that_is_gone_is_looked_for_and_not_found(string database, string table)
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();
        var path = SandboxLake.Root.Child(database).Child(table);

        var page = (await SandboxLake.CrawlAsync(session, new CrawlScope { Container = path })).ShouldHaveSingleItem();

        page.Objects.ShouldBeEmpty();
        page.Completed.ShouldBe([path]);
    }

    [Fact]
    public async Task A_database_that_is_gone_has_no_tables()
    {
        await using var lake = await SandboxLake.StartAsync();
        await using var session = lake.OpenWithKey();
        var path = SandboxLake.Root.Child("gone");

        var page = (await SandboxLake.CrawlAsync(session, new CrawlScope { Container = path })).ShouldHaveSingleItem();

        page.Objects.ShouldBeEmpty();
        page.Completed.ShouldBe([path]);
        page.Warnings.ShouldBe(["The database gone is gone."]);
    }

    [Fact]
    public async Task A_table_made_again_under_the_same_name_is_another_object()
    {
        var clock = new TestClock();
        await using var lake = await SandboxLake.StartAsync(new AwsSandboxOptions { Clock = clock });
        await using var session = lake.OpenWithKey(lake.Sandbox.AdministratorCredentials, clock);
        lake.Sandbox.Change(new CatalogChange(CatalogChangeKind.CreateTable, "sales") { Table = "fresh" });
        var scope = new CrawlScope { Container = SandboxLake.Root.Child("sales").Child("fresh") };
        var first = (await SandboxLake.CrawlAsync(session, scope))[0].Objects[0];
        var again = (await SandboxLake.CrawlAsync(session, scope))[0].Objects[0];

        clock.Advance(TimeSpan.FromSeconds(1));
        lake.Sandbox.Change(
            new CatalogChange(CatalogChangeKind.DropTable, "sales") { Table = "fresh" },
            new CatalogChange(CatalogChangeKind.CreateTable, "sales") { Table = "fresh" });
        var second = (await SandboxLake.CrawlAsync(session, scope))[0].Objects[0];

        again.NativeId.ShouldBe(first.NativeId);
        second.NativeId.ShouldNotBe(first.NativeId);
    }

    private static IReadOnlyList<string> Without(string operation) =>
        [.. SandboxCast.DocumentedActions.Where(a => !a.EndsWith($":{operation}", StringComparison.Ordinal))];
}
