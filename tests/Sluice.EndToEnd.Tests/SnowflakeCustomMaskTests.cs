using System.Net;
using System.Text.Json.Nodes;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>A mask that is a function of the operator's, from the policy to what people see on Snowflake's stand-in.</summary>
public sealed class SnowflakeCustomMaskTests
{
    private const string Everything = "1,EU,a@x.example;2,US,b@x.example;3,EU,c@x.example";
    private const string SystemRole = SnowflakeAccount.Database + "_SYSTEM";

    private const string Policies = """
        policyKey: analysts
        type: subscription
        circumstances: [{type: objectPath, path: [snow, SHOP]}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        ---
        policyKey: short-email
        type: data
        circumstances: [{type: objectPath, path: [snow, SHOP]}]
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: column, column: EMAIL}], maskingConfig: {type: Custom, functions: {Snowflake: gov.masks.initial}}}
                exceptions: {operator: any, groups: [Privacy]}
        """;

    [Fact]
    public async Task It_is_NULL_until_its_schema_is_listed_and_then_what_the_function_makes_of_it()
    {
        await using var account = await GovernedAccount.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = ["ada", "ben"], ["Privacy"] = ["ben"] });
        using var api = account.Server.Api();
        account.Change("CREATE DATABASE GOV", "CREATE SCHEMA GOV.MASKS", "CREATE FUNCTION GOV.MASKS.INITIAL(X VARCHAR) RETURNS VARCHAR AS 'LEFT(X, 1)'");
        await GovernedAccount.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedAccount.Key);

        (await account.ReadAsync("ADA")).ShouldBe("1,EU,NULL;2,US,NULL;3,EU,NULL");
        var told = await ExplainAsync(api);
        told["shortfalls"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldStartWith("cannot enforce the custom mask of short-email on column EMAIL");
        var column = told["columns"]!.AsArray().Single()!;
        (column["mask"]!.GetValue<string>(), column["function"]!.GetValue<string>()).ShouldBe(("Custom", "gov.masks.initial"));
        (await CheckAsync(api)).ShouldContain("settings.maskFunctionSchemas");

        await SucceedAsync(api.PutAsync($"/data/connection/{GovernedAccount.Key}", """{"settings": {"maskFunctionSchemas": ["GOV.MASKS"]}}"""));
        (await CheckAsync(api)).ShouldContain("GRANT USAGE ON FUNCTION");
        account.Change($"GRANT USAGE ON DATABASE GOV TO ROLE {SystemRole}", $"GRANT USAGE ON SCHEMA GOV.MASKS TO ROLE {SystemRole}", $"GRANT USAGE ON FUNCTION GOV.MASKS.INITIAL(VARCHAR) TO ROLE {SystemRole}");
        (await CheckAsync(api)).ShouldBe("1 can be called");
        await GovernedAccount.LookAsync(api);
        await ReconciledAsync(api, GovernedAccount.Key);

        (await account.ReadAsync("ADA")).ShouldBe("1,EU,a;2,US,b;3,EU,c");
        (await account.ReadAsync("BEN")).ShouldBe(Everything);
        (await ExplainAsync(api))["shortfalls"]!.AsArray().ShouldBeEmpty();
        (await GovernedAccount.PlanAsync(api))["changes"]!.AsArray().ShouldBeEmpty();

        var refused = await api.PutAsync($"/data/connection/{GovernedAccount.Key}", """{"settings": {"maskFunctionSchemas": ["GOV"]}}""");
        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Text);
        refused.Text.ShouldContain("which is no schema");
    }

    private static async Task<JsonNode> ExplainAsync(Api api)
    {
        var explained = await api.PostAsync("/api/v1/access/explain", """{"user": "ada", "objectPath": ["snow", "SHOP", "S", "ORDERS"], "column": "EMAIL"}""");
        explained.Status.ShouldBe(HttpStatusCode.OK, explained.Text);
        return explained.Json;
    }

    private static async Task<string> CheckAsync(Api api)
    {
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, $"/api/v1/connections/{GovernedAccount.Key}/check", null));
        var integration = (await api.GetAsync("/integrations")).Json.AsArray().Single()!;
        var check = integration["validationResults"]!["validationTests"]!.AsArray().Single(static c => c!["name"]!.GetValue<string>() == "mask functions")!;
        return check["message"]?.GetValue<string>() ?? check["result"]!.GetValue<string>();
    }
}
