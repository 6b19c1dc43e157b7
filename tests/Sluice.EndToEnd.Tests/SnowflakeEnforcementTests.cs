using System.Net;
using System.Text.Json.Nodes;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>From policies to what people see on Snowflake, at its stand-in.</summary>
public sealed class SnowflakeEnforcementTests
{
    private const string Refused = "002003";
    private const string Everything = "1,EU,a@x.example;2,US,b@x.example;3,EU,c@x.example";

    private const string Policies = """
        policyKey: analysts
        name: Analysts
        type: subscription
        circumstances: [{type: objectPath, path: [snow, SHOP]}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        ---
        policyKey: mask-email
        name: E-mail addresses
        type: data
        circumstances: [{type: objectPath, path: [snow, SHOP]}]
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnRegex, regex: "^EMAIL$"}], maskingConfig: {type: Constant, constant: "***"}}
                exceptions: {operator: any, groups: [Privacy]}
              - type: Row Restriction by Custom Where Clause
                config: {predicate: "@attributeValuesContains('Region', REGION)"}
                exceptions: {operator: any, groups: [Privacy]}
        """;

    [Fact]
    public async Task Two_people_read_one_table_and_see_different_things()
    {
        await using var account = await GovernedAccount.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = ["ada", "ben"], ["Privacy"] = ["ben"] });
        using var api = account.Server.Api();
        await SucceedAsync(api.PutAsync("/api/v1/users/ada/attributes", """{"attributes": [{"name": "Region", "value": "EU"}]}"""));
        await GovernedAccount.ModeAsync(api, "observe");
        await GovernedAccount.PutAsync(api, Policies);

        // The plan first: nothing is touched by it.
        var plan = await GovernedAccount.PlanAsync(api);
        plan.ToJsonString().ShouldContain("CREATE MASKING POLICY");
        (await account.ReadAsync("ADA")).ShouldBe(Refused);
        (await account.ReadAsync(GovernedAccount.Stranger)).ShouldBe(Everything);
        await GovernedAccount.ModeAsync(api, "sync");
        await ReconciledAsync(api, GovernedAccount.Key);

        (await account.ReadAsync("ADA")).ShouldBe("1,EU,***;3,EU,***");
        (await account.ReadAsync("BEN")).ShouldBe(Everything);
        (await account.ReadAsync("CAT")).ShouldBe(Refused);
        (await account.ReadAsync(GovernedAccount.Stranger)).ShouldBe("", "who is not registered is not exempt, and has no region");
        (await GovernedAccount.PlanAsync(api))["changes"]!.AsArray().ShouldBeEmpty();

        // Why, for a person and a column.
        var explained = await api.PostAsync("/api/v1/access/explain", """{"user": "ada", "objectPath": ["snow", "SHOP", "S", "ORDERS"], "column": "EMAIL"}""");
        explained.Status.ShouldBe(HttpStatusCode.OK, explained.Text);
        explained.Text.ShouldContain("mask-email");

        // A person's change is a row, and no DDL.
        await SucceedAsync(api.PutAsync("/api/v1/users/ada/attributes", """{"attributes": [{"name": "Region", "value": "US"}]}"""));
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA")).ShouldBe("2,US,***");
    }

    [Fact]
    public async Task A_table_under_a_materialized_view_is_taken_from_who_would_see_it_unmasked()
    {
        await using var account = await GovernedAccount.StartAsync(
            new Dictionary<string, string[]> { ["Analysts"] = ["ada", "ben"], ["Privacy"] = ["ben"] }, statements: [$"CREATE MATERIALIZED VIEW SHOP.S.NUMBERS AS SELECT ID FROM {GovernedAccount.Orders}"]);
        using var api = account.Server.Api();
        await SucceedAsync(api.PutAsync("/api/v1/users/ada/attributes", """{"attributes": [{"name": "Region", "value": "EU"}]}"""));
        await GovernedAccount.PutAsync(api, Policies.Split("---")[0]);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA")).ShouldBe(Everything);

        await GovernedAccount.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedAccount.Key);

        (await account.ReadAsync("ADA")).ShouldBe(Refused);
        (await account.ReadAsync("BEN")).ShouldBe(Everything);
        (await GovernedAccount.PlanAsync(api))["changes"]!.AsArray().ShouldBeEmpty();
        var explained = await api.PostAsync("/api/v1/access/explain", """{"user": "ada", "objectPath": ["snow", "SHOP", "S", "ORDERS"], "observe": true}""");
        explained.Text.ShouldContain("under a materialized view, as it is under NUMBERS");

        account.Change("DROP MATERIALIZED VIEW SHOP.S.NUMBERS");
        await GovernedAccount.LookAsync(api);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA")).ShouldBe("1,EU,***;3,EU,***");
    }

    [Fact]
    public async Task The_audit_tells_through_which_policies_somebody_read_and_a_simulation_who_would_see_more()
    {
        await using var account = await GovernedAccount.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = ["ada"], ["Privacy"] = [] });
        using var api = account.Server.Api();
        await SucceedAsync(api.PutAsync("/api/v1/users/ada/attributes", """{"attributes": [{"name": "Region", "value": "EU"}]}"""));
        await GovernedAccount.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA")).ShouldBe("1,EU,***;3,EU,***");

        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, $"/api/v1/connections/{GovernedAccount.Key}/audit", null));

        var read = (await api.GetAsync("/api/v1/audit/queries?person=ada")).Json["hits"]!.AsArray().SelectMany(static h => h!["objects"]!.AsArray()).ShouldHaveSingleItem()!;
        read["policies"]!.AsArray().Select(static p => p!.GetValue<string>()).ShouldBe(["analysts", "mask-email"], ignoreOrder: true);
        read["columns"]!.AsArray().Select(static c => c!.GetValue<string>()).ShouldBe(["ID", "REGION", "EMAIL"], ignoreOrder: true);

        // What a policy would do otherwise, before it does.
        var simulated = await api.PostAsync("/api/v1/access/simulate", """{"remove": ["mask-email"]}""");
        simulated.Status.ShouldBe(HttpStatusCode.OK, simulated.Text);
        var uncovered = simulated.Json["uncovered"]!.AsArray().ShouldHaveSingleItem(simulated.Text)!;
        uncovered["user"]!.GetValue<string>().ShouldBe("ada");
        uncovered["columns"]!.ToJsonString().ShouldContain("EMAIL");
        (await account.ReadAsync("ADA")).ShouldBe("1,EU,***;3,EU,***", "nothing was done");
    }

    [Fact]
    public async Task What_was_deregistered_without_a_cleanup_is_taken_away_by_the_delete_script()
    {
        // Cat has a grant of her own, which no policy allows; she is registered, and loses it.
        await using var account = await GovernedAccount.StartAsync(
            new Dictionary<string, string[]> { ["Analysts"] = ["ada", "ben"], ["Privacy"] = ["ben"] }, lineage: true,
            statements: ["GRANT USAGE ON DATABASE SHOP TO ROLE PUBLIC", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE PUBLIC", $"GRANT SELECT ON TABLE {GovernedAccount.Orders} TO USER CAT"]);
        using var api = account.Server.Api();
        using var administrator = await account.Account.AdministratorAsync();
        await SucceedAsync(api.PutAsync("/api/v1/users/ada/attributes", """{"attributes": [{"name": "Region", "value": "EU"}]}"""));
        await GovernedAccount.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA")).ShouldBe("1,EU,***;3,EU,***");
        (await account.ReadAsync("CAT")).ShouldBe(Refused);

        var id = (await api.GetAsync("/integrations")).Json.AsArray().Single()!["id"]!.ToJsonString();
        var script = await SnowflakeLifecycleTests.ScriptAsync(api, $"/integrations/{id}/scripts/delete", "{}");
        (await api.DeleteAsync($"/data/object/{GovernedAccount.Key}")).Status.ShouldBe(HttpStatusCode.OK);

        // Nothing changes before the script is run, which may be run again.
        (await account.ReadAsync("ADA")).ShouldBe("1,EU,***;3,EU,***");
        using var installer = await account.Account.InstallerAsync();
        for (var time = 0; time < 2; time++) (await installer.RunScriptAsync(script)).ShouldBeNull();

        (await SnowflakeLifecycleTests.MadeAsync(administrator)).ShouldBeEmpty();
        (await account.ReadAsync(GovernedAccount.Stranger)).ShouldBe(Everything);
        (await account.ReadAsync("ADA")).ShouldBe(Refused);

        // What was taken from others is listed, as it is to be run.
        var listed = script[script.IndexOf("SELECT COLUMN1", StringComparison.Ordinal)..].TrimEnd(';', '\n');
        await administrator.RunAsync((await administrator.RunAsync(listed)).ShouldHaveSingleItem()["STATEMENT"]!);
        (await account.ReadAsync("CAT")).ShouldBe(Everything);
    }

    // No column is in a mask and a row access policy: where the one goes for the other, what shows nothing would stand there until somebody confirms.
    [Fact]
    public async Task While_a_plan_waits_that_takes_a_mask_off_for_a_row_rule_everybody_reads_as_before()
    {
        await using var account = await GovernedAccount.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = ["ada", "ben"], ["Privacy"] = ["ben"] });
        using var api = account.Server.Api();
        await GovernedAccount.PutAsync(api, Policies.Replace("^EMAIL$", "^REGION$", StringComparison.Ordinal)[..Policies.IndexOf("      - type: Row", StringComparison.Ordinal)]);
        await ReconciledAsync(api, GovernedAccount.Key);
        const string masked = "1,***,a@x.example;2,***,b@x.example;3,***,c@x.example";
        (await account.ReadAsync("ADA")).ShouldBe(masked);
        await SucceedAsync(api.PutAsync("/data/connection/snow", """{"settings": {"guard": {"maxLost": 0, "maxGained": 0}}}"""));

        await SucceedAsync(api.DeleteAsync("/api/v1/policies/mask-email"));
        var (former, held) = (await Carried.HeldAsync(api, GovernedAccount.Key), "");
        await GovernedAccount.PutAsync(api, """
            policyKey: rows-eu
            name: Rows of the EU
            type: data
            circumstances: [{type: objectPath, path: [snow, SHOP]}]
            actions: [{rules: [{type: Row Restriction by Custom Where Clause, config: {predicate: "@columnReference('REGION') = 'EU'"}, exceptions: {operator: any, groups: [Privacy]}}]}]
            """);
        await UntilAsync(async () => (held = await Carried.HeldAsync(api, GovernedAccount.Key)) != former);
        (await account.ReadAsync("ADA")).ShouldBe(masked);
        (await account.ReadAsync("BEN")).ShouldBe(Everything);

        await SucceedAsync(api.PostAsync($"/api/v1/plans/{held}/confirm", "{}"));
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA")).ShouldBe("1,EU,a@x.example;3,EU,c@x.example");
    }

    [Fact]
    public async Task Whom_the_settings_leave_alone_is_so_with_the_next_plan_and_is_told()
    {
        await using var account = await GovernedAccount.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = ["ada", "ben"], ["Privacy"] = [] });
        using var api = account.Server.Api();
        await SucceedAsync(api.PutAsync("/api/v1/users/ada/attributes", """{"attributes": [{"name": "Region", "value": "EU"}]}"""));
        await GovernedAccount.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await ExplainedAsync("ada"))["leftAloneBySettings"].ShouldBeNull();
        var masked = await account.ReadAsync("ADA");

        await SucceedAsync(api.PutAsync("/data/connection/snow", """{"settings": {"exemptRoles": ["ADA", "ETL"]}}"""));
        var plan = await api.PostAsync("/api/v1/plans", """{"connectionKey": "snow"}""");
        plan.Json["leftAloneBySettings"]!.ToJsonString().ShouldBe("""["ADA","ETL"]""");
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA")).ShouldNotBe(masked);
        (await ExplainedAsync("ada"))["leftAloneBySettings"]!.ToJsonString().ShouldBe("""{"names":["ADA","ETL"],"person":true}""");
        (await ExplainedAsync("ben"))["leftAloneBySettings"]!.ToJsonString().ShouldBe("""{"names":["ADA","ETL"],"person":false}""");

        await SucceedAsync(api.PutAsync("/data/connection/snow", """{"settings": {"exemptRoles": []}}"""));
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA")).ShouldBe(masked);

        async Task<JsonNode> ExplainedAsync(string user) => (await api.PostAsync("/api/v1/access/explain", $$"""{"user": "{{user}}", "objectPath": ["snow", "SHOP", "S", "ORDERS"]}""")).Json;
    }

    // https://docs.snowflake.com/en/sql-reference/sql/use-secondary-roles
    [Fact]
    public async Task Whose_sessions_have_no_secondary_roles_is_told_what_to_say()
    {
        await using var account = await GovernedAccount.StartAsync(
            new Dictionary<string, string[]> { ["Analysts"] = ["ada"], ["Privacy"] = [] }, statements: ["ALTER USER ADA SET DEFAULT_SECONDARY_ROLES = ()"]);
        using var api = account.Server.Api();
        await SucceedAsync(api.PutAsync("/api/v1/users/ada/attributes", """{"attributes": [{"name": "Region", "value": "EU"}]}"""));
        await GovernedAccount.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedAccount.Key);
        const string all = $"SELECT ID, REGION, EMAIL FROM {GovernedAccount.Orders} ORDER BY ID", seen = "1,EU,***;3,EU,***";
        (await account.ReadAsync("ADA")).ShouldBe(Refused);

        var explained = await api.PostAsync("/api/v1/access/explain", """{"user": "ada", "objectPath": ["snow", "SHOP", "S", "ORDERS"]}""");
        var told = explained.Json["howToRead"]!.GetValue<string>();
        told.ShouldContain("USE SECONDARY ROLES ALL");
        (await account.ReadAsync("ADA", all, "USE SECONDARY ROLES ALL")).ShouldBe(seen);
        var role = told[told.IndexOf("USE ROLE ", StringComparison.Ordinal)..].TrimEnd('.');
        (await account.ReadAsync("ADA", all, role)).ShouldBe(seen);

        // Who may not read it is told nothing of the kind.
        (await api.PostAsync("/api/v1/access/explain", """{"user": "ben", "objectPath": ["snow", "SHOP", "S", "ORDERS"]}""")).Json["howToRead"].ShouldBeNull();

        // By a subscription of one's own it is another role.
        await SucceedAsync(api.DeleteAsync("/api/v1/policies/analysts"));
        await SucceedAsync(api.PostAsync("/api/v1/objects/snow/SHOP/S/ORDERS/subscriptions", """{"user": "ada", "access": "READ"}"""));
        await ReconciledAsync(api, GovernedAccount.Key);
        told = (await api.PostAsync("/api/v1/access/explain", """{"user": "ada", "objectPath": ["snow", "SHOP", "S", "ORDERS"]}""")).Json["howToRead"]!.GetValue<string>();
        told.ShouldContain("_PER_");
        (await account.ReadAsync("ADA", all, told[told.IndexOf("USE ROLE ", StringComparison.Ordinal)..].TrimEnd('.'))).ShouldBe(seen);
    }

    [Fact]
    public async Task What_others_change_comes_back_and_what_is_deregistered_is_as_it_was()
    {
        await using var account = await GovernedAccount.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = ["ada"], ["Privacy"] = [] });
        using var api = account.Server.Api();
        using var administrator = await account.Account.AdministratorAsync();
        await SucceedAsync(api.PutAsync("/api/v1/users/ada/attributes", """{"attributes": [{"name": "Region", "value": "none of them"}]}"""));
        await GovernedAccount.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("ADA")).ShouldBe("");

        account.Change($"ALTER TABLE {GovernedAccount.Orders} DROP ALL ROW ACCESS POLICIES", $"ALTER TABLE {GovernedAccount.Orders} MODIFY COLUMN EMAIL UNSET MASKING POLICY");
        (await account.ReadAsync(GovernedAccount.Stranger)).ShouldBe(Everything);
        (await GovernedAccount.PlanAsync(api))["changes"]!.AsArray().Count.ShouldBe(2);
        await GovernedAccount.LookAsync(api);
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync(GovernedAccount.Stranger)).ShouldBe("");

        var id = (await api.GetAsync("/integrations")).Json.AsArray().Single()!["id"]!.ToJsonString();
        var script = await SnowflakeLifecycleTests.ScriptAsync(api, $"/integrations/{id}/scripts/delete", "{}");
        var deleted = await api.DeleteAsync($"/data/object/{GovernedAccount.Key}?cleanup=true");
        deleted.Status.ShouldBe(HttpStatusCode.OK, deleted.Text);
        await api.CompleteAsync(deleted.Json["bulkId"]!.GetValue<string>());
        using var installer = await account.Account.InstallerAsync();
        (await installer.RunScriptAsync(script)).ShouldBeNull();

        (await SnowflakeLifecycleTests.MadeAsync(administrator)).ShouldBeEmpty();
        (await account.ReadAsync(GovernedAccount.Stranger)).ShouldBe(Everything);
        (await account.ReadAsync("ADA")).ShouldBe(Refused);
    }
}
