using System.Net;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Identity;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>What people see of a table on Databricks that has masks and row rules, and what becomes of it by hand.</summary>
public sealed class DatabricksMaskTests
{
    private const string People = "orders/loyalty";
    private const string Ada = "ada@acme.example", Ben = "ben@acme.example", Cat = "cat@acme.example", Dan = "dan@acme.example", Eve = "eve@acme.example";
    private const string All = "SELECT id, email, region FROM sales.orders.loyalty ORDER BY id";

    private static readonly string[] Table =
    [
        "CREATE TABLE sales.orders.loyalty (id BIGINT, email STRING, region STRING)",
        "INSERT INTO sales.orders.loyalty VALUES (1, 'a@example.org', 'EU'), (2, 'b@example.org', 'US'), (3, NULL, NULL)",
        $"GRANT SELECT ON TABLE sales.orders.loyalty TO `{SandboxCast.Engineer}`",
        $"GRANT SELECT ON TABLE sales.orders.loyalty TO `{SandboxCast.Analyst}`",
    ];

    private static readonly string Masking = $$$"""
        policyKey: addresses
        name: Addresses are for a few
        type: data
        circumstances: [{type: objectPath, path: [{{{GovernedUnity.Key}}}, {{{GovernedUnity.Catalog}}}, orders, loyalty]}]
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnRegex, regex: "^email$"}], maskingConfig: {type: Hash}}
                exceptions: {operator: any, groups: [Privacy]}
        """;

    private static readonly string Filtering = $$$"""
        policyKey: regions
        name: Rows of other regions are for a few
        type: data
        circumstances: [{type: objectPath, path: [{{{GovernedUnity.Key}}}, {{{GovernedUnity.Catalog}}}, orders, loyalty]}]
        actions:
          - rules:
              - type: Row Restriction by Custom Where Clause
                config: {predicate: "@columnReference('region') = 'EU'"}
                exceptions: {operator: any, groups: [Audit]}
        """;

    private const string ByTag = """
        policyKey: tagged-addresses
        name: Addresses are for a few, wherever they are
        type: data
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnTags, columnTag: pii.email}], maskingConfig: {type: Constant, constant: "***"}}
                exceptions: {operator: any, groups: [Privacy]}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_deregistered_without_a_cleanup_is_taken_away_by_the_delete_script(bool isDocumented)
    {
        // Eve has a grant of her own, which no policy allows; she is registered, and loses it.
        await using var unity = await StartAsync(new DatabricksSandboxOptions { DocumentedGuardColumns = isDocumented }, $"GRANT SELECT ON TABLE sales.orders.loyalty TO `{Eve}`");
        using var api = unity.Server.Api();
        await GovernedUnity.PutAsync(api, Masking + "\n---\n" + Filtering);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Ada, All)).ShouldNotBeNull().Count.ShouldBe(1);
        (await OfPeopleAsync(unity)).ShouldContain($"sales.orders.loyalty {Ada} SELECT");
        (await OfPeopleAsync(unity)).ShouldNotContain($"sales.orders.loyalty {Eve} SELECT");

        var id = (await api.GetAsync("/integrations")).Json.AsArray().Single()!["id"]!.ToJsonString();
        var text = await api.PostAsync($"/integrations/{id}/scripts/delete", "{}");
        text.Status.ShouldBe(HttpStatusCode.OK, text.Text);
        var script = new DatabricksScript(text.Text);
        (await api.DeleteAsync($"/data/object/{GovernedUnity.Key}")).Status.ShouldBe(HttpStatusCode.OK);

        // Nothing changes before the script is run, which may be run again.
        (await unity.ReadAsync(Ada, All)).ShouldNotBeNull().Count.ShouldBe(1);
        await script.RunAsync(unity.Sandbox);
        await script.RunAsync(unity.Sandbox);

        (await OfPeopleAsync(unity)).ShouldBeEmpty();
        (await unity.ReadAsync(Ada, All)).ShouldBeNull();
        (await unity.ReadAsync(SandboxCast.Analyst, All)).ShouldNotBeNull().Select(static r => r[1]).ShouldBe(["a@example.org", "b@example.org", null]);
        using var administrator = new DatabricksPerson(unity.Sandbox, SandboxCast.Administrator);
        (await administrator.ColumnAsync("SELECT catalog_name FROM system.information_schema.catalogs WHERE catalog_name = 'sluice_home'")).ShouldBeEmpty();

        // What was taken from others is listed, as it is to be run.
        text.Text.ShouldContain($"('GRANT SELECT ON TABLE `sales`.`orders`.`loyalty` TO `{Eve}`')");
    }

    [Fact]
    public async Task The_audit_tells_through_which_policies_somebody_read_and_a_simulation_who_would_see_more()
    {
        await using var unity = await StartAsync();
        using var api = unity.Server.Api();
        await GovernedUnity.PutAsync(api, Masking + "\n---\n" + Filtering);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Ada, All)).ShouldNotBeNull().Count.ShouldBe(1);

        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, $"/api/v1/connections/{GovernedUnity.Key}/audit", null));

        var read = (await api.GetAsync($"/api/v1/audit/queries?person={Uri.EscapeDataString(Ada)}")).Json["hits"]!.AsArray()
            .SelectMany(static h => h!["objects"]!.AsArray()).Where(static o => o!["path"]!.ToJsonString().Contains("loyalty", StringComparison.Ordinal)).ToList();
        read.ShouldNotBeEmpty();
        foreach (var one in read) one!["policies"]!.AsArray().Select(static p => p!.GetValue<string>()).ShouldBe(["analysts-read", "addresses", "regions"], ignoreOrder: true);

        // What a policy would do otherwise, before it does.
        var explained = await api.PostAsync("/api/v1/access/explain", $$"""{"user": "{{Ada}}", "objectPath": ["{{GovernedUnity.Key}}", "sales", "orders", "loyalty"], "column": "email"}""");
        explained.Text.ShouldContain("addresses");
        var simulated = await api.PostAsync("/api/v1/access/simulate", """{"remove": ["addresses"]}""");
        simulated.Status.ShouldBe(HttpStatusCode.OK, simulated.Text);
        simulated.Json["uncovered"]!.AsArray().Select(static u => $"{u!["user"]} {u["columns"]!.ToJsonString()}").ShouldBe([$"{Ada} [\"email\"]", $"{Cat} [\"email\"]", $"{Dan} [\"email\"]"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_salt_that_was_taken_away_is_replaced_by_another()
    {
        await using var unity = await StartAsync();
        using var api = unity.Server.Api();
        await GovernedUnity.PutAsync(api, Masking);
        await ReconciledAsync(api, GovernedUnity.Key);
        const string first = "SELECT email FROM sales.orders.loyalty WHERE id = 1";
        var before = (await unity.ReadAsync(Ada, first))![0][0];

        unity.Sandbox.Change("DELETE FROM sluice_home.entitlements.salt");
        (await unity.ReadAsync(Ada, first))![0][0].ShouldBeNull();
        await LookAsync(api);
        await ReconciledAsync(api, GovernedUnity.Key);

        var after = (await unity.ReadAsync(Ada, first))![0][0];
        after.ShouldNotBeNull().ShouldMatch("^[0-9a-f]{64}$");
        after.ShouldNotBe(before);
    }

    [Fact]
    public async Task A_catalog_from_which_tables_are_still_masked_stays_where_its_owner_is_shown_them()
    {
        await using var unity = await StartAsync($"GRANT USE CATALOG, USE SCHEMA, SELECT ON CATALOG sales TO `{DatabricksScript.Creator}`");
        using var api = unity.Server.Api();
        var id = (await api.GetAsync("/integrations")).Json.AsArray().Single()!["id"]!.ToJsonString();
        var early = new DatabricksScript((await api.PostAsync($"/integrations/{id}/scripts/delete", "{}")).Text);
        await GovernedUnity.PutAsync(api, Masking);
        await ReconciledAsync(api, GovernedUnity.Key);

        // A script from before there was a mask knows of none.
        (await early.TryAsync(unity.Sandbox)).ShouldNotBeNull().ShouldContain("still have masks");
        (await unity.ReadAsync(SandboxCast.Analyst, All)).ShouldNotBeNull()[0][1].ShouldNotBeNull().ShouldMatch("^[0-9a-f]{64}$");
    }

    [Fact]
    public async Task Masks_and_row_rules_hold_for_everybody_who_is_not_exempt()
    {
        await using var unity = await StartAsync();
        using var api = unity.Server.Api();
        await GovernedUnity.PutAsync(api, Masking + "\n---\n" + Filtering);
        await ReconciledAsync(api, GovernedUnity.Key);

        // Ben sees addresses, Cat every row, Ada and Dan neither.
        foreach (var person in (string[])[Ada, Dan])
        {
            var row = (await unity.ReadAsync(person, All)).ShouldNotBeNull().ShouldHaveSingleItem();
            (row[0], row[2]).ShouldBe(("1", "EU"));
            row[1].ShouldNotBeNull().ShouldMatch("^[0-9a-f]{64}$");
        }

        (await unity.ReadAsync(Ben, All)).ShouldNotBeNull().ShouldHaveSingleItem().ShouldBe(["1", "a@example.org", "EU"]);
        (await unity.ReadAsync(Cat, All)).ShouldNotBeNull().Select(static r => r[0]).ShouldBe(["1", "2", "3"]);

        // A masked value stays the same in every query, and nobody may read the salt.
        (await unity.ReadAsync(Cat, All))![0][1].ShouldBe((await unity.ReadAsync(Ada, All))![0][1]);
        (await unity.ReadAsync(Ada, "SELECT * FROM sluice_home.entitlements.salt")).ShouldBeNull();
        (await unity.ReadAsync(Ada, "SELECT * FROM sluice_home.entitlements.exemption")).ShouldBeNull();

        // The exempt group of groupPattern.deny sees everything that it may read; who is not registered is not exempt.
        (await unity.ReadAsync(SandboxCast.Engineer, All)).ShouldNotBeNull().Count.ShouldBe(3);
        (await unity.ReadAsync(SandboxCast.Engineer, All))![0][1].ShouldBe("a@example.org");
        (await unity.ReadAsync(SandboxCast.Analyst, All)).ShouldNotBeNull().ShouldHaveSingleItem()[1].ShouldNotBe("a@example.org");

        // A person's change is a row: no function is made or attached for it.
        await GovernedUnity.MembersAsync(api, "Audit", [Cat, Dan]);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Dan, All)).ShouldNotBeNull().Count.ShouldBe(3);
        var last = (await api.GetAsync($"/api/v1/plans?connectionKey={GovernedUnity.Key}")).Json["hits"]!.AsArray()[0]!["id"]!.GetValue<string>();
        (await api.GetAsync($"/api/v1/plans/{last}")).Text.ShouldNotContain("CREATE OR REPLACE FUNCTION");

        // Without policies nothing is left of them, in the catalog of ours neither.
        foreach (var key in (string[])["addresses", "regions"]) await SucceedAsync(api.DeleteAsync($"/api/v1/policies/{key}"));
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Ada, All)).ShouldNotBeNull().Count.ShouldBe(3);
        (await unity.ReadAsync(SandboxCast.Administrator, "SELECT routine_name FROM sluice_home.information_schema.routines WHERE routine_schema = 'functions'")).ShouldNotBeNull().ShouldBeEmpty();
        (await unity.ReadAsync(SandboxCast.Administrator, "SELECT table_name FROM sluice_home.information_schema.tables WHERE table_schema = 'entitlements'")).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("epoch");
    }

    [Fact]
    public async Task The_first_plan_lists_unregistered_readers_and_with_pass_they_see_what_they_saw()
    {
        await using var unity = await StartAsync();
        using var api = unity.Server.Api();
        await GovernedUnity.ModeAsync(api, "observe");
        await GovernedUnity.PutAsync(api, Masking);
        (await GovernedUnity.PlanAsync(api))["unregisteredReaders"]!.ToJsonString().ShouldContain(SandboxCast.Analyst);

        await SucceedAsync(api.PutAsync($"/data/connection/{GovernedUnity.Key}", """{"settings": {"unregistered": "pass", "mode": "sync"}}"""));
        await ReconciledAsync(api, GovernedUnity.Key);

        (await unity.ReadAsync(SandboxCast.Analyst, All))![0][1].ShouldBe("a@example.org");
        (await unity.ReadAsync(Ada, All))![0][1].ShouldNotBe("a@example.org");
    }

    [Fact]
    public async Task What_was_taken_off_by_hand_is_put_back_and_what_others_put_there_is_left()
    {
        await using var unity = await StartAsync();
        using var api = unity.Server.Api();
        await GovernedUnity.PutAsync(api, Masking);
        await ReconciledAsync(api, GovernedUnity.Key);

        unity.Sandbox.Change("ALTER TABLE sales.orders.loyalty ALTER COLUMN email DROP MASK");
        (await GovernedUnity.PlanAsync(api))["changes"]!.AsArray().Count.ShouldBe(1);
        await LookAsync(api);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Ada, All))![0][1].ShouldNotBe("a@example.org");

        // Somebody's own filter stands where ours is asked for: a conflict, and theirs stays.
        unity.Sandbox.Change("CREATE FUNCTION sales.orders.some_rows(region STRING) RETURNS BOOLEAN RETURN region = 'US'");
        unity.Sandbox.Change("ALTER TABLE sales.orders.loyalty SET ROW FILTER sales.orders.some_rows ON (region)");
        await GovernedUnity.PutAsync(api, Filtering);
        await UntilAsync(async () => (await GovernedUnity.PlanAsync(api))["shortfalls"]!.ToJsonString().Contains("some_rows", StringComparison.Ordinal));
        (await unity.ReadAsync(Ben, All)).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("2");
    }

    // Tags are read by SQL: a crawl without a warehouse knows none.
    [Fact]
    public async Task A_mask_by_a_platforms_tag_outlives_a_lost_warehouse()
    {
        await using var unity = await StartAsync("ALTER TABLE sales.orders.loyalty ALTER COLUMN email SET TAGS ('pii' = 'email')");
        using var api = unity.Server.Api();
        await GovernedUnity.PutAsync(api, ByTag);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Ada, All))![0][1].ShouldBe("***");

        unity.Sandbox.SetWarehouse(SandboxComputeState.Deleted);
        var crawl = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, $"/data/crawl/{GovernedUnity.Key}", null));
        crawl["output"]!["warnings"]!.ToJsonString().ShouldContain("without tags");
        unity.Sandbox.SetWarehouse(SandboxComputeState.Running);

        (await GovernedUnity.PlanAsync(api))["changes"]!.AsArray().ShouldBeEmpty("before anything is crawled again");
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Ada, All))![0][1].ShouldBe("***");
        (await unity.ReadAsync(Ben, All))![0][1].ShouldBe("a@example.org");
        await LookAsync(api);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Ada, All))![0][1].ShouldBe("***");
    }

    private static Task<GovernedUnity> StartAsync(params string[] more) => StartAsync(new DatabricksSandboxOptions(), more);

    private static async Task<GovernedUnity> StartAsync(DatabricksSandboxOptions options, params string[] more)
    {
        var groups = new Dictionary<string, string[]> { ["Analysts"] = [Ada, Ben, Cat, Dan], ["Privacy"] = [Ben], ["Audit"] = [Cat] };
        var unity = await GovernedUnity.StartAsync(groups, GovernedUnity.Catalog, statements: [.. Table, .. more], options: options);
        using var api = unity.Server.Api();
        await GovernedUnity.PutAsync(api, GovernedUnity.Reading("Analysts", [People]));
        await ReconciledAsync(api, GovernedUnity.Key);
        return unity;
    }

    // Grants to registered people, wherever they are.
    private static async Task<IReadOnlyList<string>> OfPeopleAsync(GovernedUnity unity)
    {
        using var administrator = new DatabricksPerson(unity.Sandbox, SandboxCast.Administrator);
        var found = new List<string>();
        foreach (var (relation, column) in ((string, string)[])[("catalog_privileges", "catalog_name"), ("schema_privileges", "catalog_name || '.' || schema_name"), ("table_privileges", "table_catalog || '.' || table_schema || '.' || table_name")])
            found.AddRange(await administrator.ColumnAsync($"SELECT {column} || ' ' || grantee || ' ' || privilege_type FROM system.information_schema.{relation} WHERE inherited_from = 'NONE'"));
        return [.. found.Where(static f => GovernedUnity.People.Any(p => f.Contains(p, StringComparison.Ordinal)))];
    }

    private static async Task LookAsync(Api api) => await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, $"/data/crawl/{GovernedUnity.Key}/{GovernedUnity.Catalog}/orders/loyalty", null));
}
