using System.Net;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>Grants of others that were taken away, on the stand-ins of the clouds: put back by a cleanup, and left alone by a script once they are back.</summary>
public sealed class CloudReturnTests
{
    private const string Ada = "ada@acme.example", Eve = "eve@acme.example", Loyalty = "orders/loyalty";

    [Fact]
    public async Task A_cleanup_of_Snowflake_puts_back_what_was_taken_and_leaves_nothing_of_ours()
    {
        await using var account = await GovernedAccount.StartAsync(
            new Dictionary<string, string[]> { ["Analysts"] = ["ada"] },
            statements: ["GRANT USAGE ON DATABASE SHOP TO ROLE PUBLIC", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE PUBLIC", $"GRANT SELECT ON TABLE {GovernedAccount.Orders} TO USER CAT"]);
        using var api = account.Server.Api();
        using var administrator = await account.Account.AdministratorAsync();
        await GovernedAccount.PutAsync(api, Masking("ORDERS", "[snow, SHOP]", "^EMAIL$"));
        await ReconciledAsync(api, GovernedAccount.Key);
        (await account.ReadAsync("CAT")).ShouldBe("002003");
        (await account.ReadAsync("ADA", $"SELECT EMAIL FROM {GovernedAccount.Orders} WHERE ID = 1")).ShouldBe("***");
        var id = (await api.GetAsync("/integrations")).Json.AsArray().Single()!["id"]!.ToJsonString();
        var script = await SnowflakeLifecycleTests.ScriptAsync(api, $"/integrations/{id}/scripts/delete", "{}");

        await CleanedUpAsync(api, GovernedAccount.Key);

        (await account.ReadAsync("CAT", $"SELECT EMAIL FROM {GovernedAccount.Orders} WHERE ID = 1")).ShouldBe("a@x.example");
        (await account.ReadAsync("ADA")).ShouldBe("002003");
        using var installer = await account.Account.InstallerAsync();
        (await installer.RunScriptAsync(script)).ShouldBeNull();
        (await SnowflakeLifecycleTests.MadeAsync(administrator)).ShouldBeEmpty();
        (await account.ReadAsync("CAT", $"SELECT EMAIL FROM {GovernedAccount.Orders} WHERE ID = 1")).ShouldBe("a@x.example", "it is hers");
    }

    [Fact]
    public async Task A_cleanup_of_Databricks_puts_back_what_was_taken()
    {
        await using var unity = await TakenAsync();
        using var api = unity.Server.Api();
        (await unity.ReadAsync(Ada, "SELECT email FROM sales.orders.loyalty")).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("***");

        await CleanedUpAsync(api, GovernedUnity.Key);

        (await unity.GrantsAsync(Loyalty)).ShouldBe([$"{Eve} SELECT"]);
        (await unity.ReadAsync(Eve, "SELECT email FROM sales.orders.loyalty")).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("a@example.org");
        (await unity.MayReadAsync(Ada, Loyalty)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_delete_script_of_Databricks_leaves_what_was_put_back_for_somebody_else()
    {
        await using var unity = await TakenAsync();
        using var api = unity.Server.Api();
        var taken = (await api.GetAsync($"/api/v1/removed-grants?connection={GovernedUnity.Key}")).Json["hits"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<string>();
        await GovernedUnity.ModeAsync(api, "create-only");
        await SucceedAsync(api.PostAsync("/api/v1/removed-grants/restore", $$"""{"ids": ["{{taken}}"]}"""));
        await UntilAsync(async () => (await unity.GrantsAsync(Loyalty)).Contains($"{Eve} SELECT"));

        var id = (await api.GetAsync("/integrations")).Json.AsArray().Single()!["id"]!.ToJsonString();
        var script = await api.PostAsync($"/integrations/{id}/scripts/delete", "{}");
        script.Text.ShouldNotContain(Eve);
        script.Text.ShouldContain(Ada);
        (await api.DeleteAsync($"/data/object/{GovernedUnity.Key}")).Status.ShouldBe(HttpStatusCode.OK);
        await new DatabricksScript(script.Text).RunAsync(unity.Sandbox);

        (await unity.GrantsAsync(Loyalty)).ShouldBe([$"{Eve} SELECT"]);
    }

    /// <summary>A table that Ada reads masked by a policy, and from which Eve's own grant was taken.</summary>
    private static async Task<GovernedUnity> TakenAsync()
    {
        var unity = await GovernedUnity.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = [Ada] }, statements:
        [
            "CREATE TABLE sales.orders.loyalty (id BIGINT, email STRING)", "INSERT INTO sales.orders.loyalty VALUES (1, 'a@example.org')",
            $"GRANT USE CATALOG ON CATALOG sales TO `{Eve}`", $"GRANT USE SCHEMA ON SCHEMA sales.orders TO `{Eve}`", $"GRANT SELECT ON TABLE sales.orders.loyalty TO `{Eve}`",
        ]);
        using var api = unity.Server.Api();
        await GovernedUnity.PutAsync(api, Masking("loyalty", "[unity, sales, orders, loyalty]", "^email$"));
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.GrantsAsync(Loyalty)).ShouldBe([$"{Ada} SELECT"]);
        return unity;
    }

    private static async Task CleanedUpAsync(Api api, string key)
    {
        var deleted = await api.DeleteAsync($"/data/object/{key}?cleanup=true&restore=true");
        deleted.Status.ShouldBe(HttpStatusCode.OK, deleted.Text);
        var job = await api.CompleteAsync(deleted.Json["bulkId"]!.GetValue<string>());
        job["output"]!["restored"]!.GetValue<int>().ShouldBe(1, job.ToJsonString());
        (await api.GetAsync($"/data/connection/{key}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private static string Masking(string name, string path, string column) => $$$"""
        policyKey: analysts
        name: Analysts and {{{name}}}
        type: subscription
        circumstances: [{type: objectPath, path: {{{path}}}}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        ---
        policyKey: mask-email
        name: E-mail addresses
        type: data
        circumstances: [{type: objectPath, path: {{{path}}}}]
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnRegex, regex: "{{{column}}}"}], maskingConfig: {type: Constant, constant: "***"}}
        """;
}
