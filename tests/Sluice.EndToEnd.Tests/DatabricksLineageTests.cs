using System.Net;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Databricks.Identity;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>Somebody copies data at Databricks' stand-in; the tags of what it came from go along, and protect the copy.</summary>
public sealed class DatabricksLineageTests
{
    private const string Ada = "ada@acme.example", Ben = "ben@acme.example", Cat = "cat@acme.example";
    private const string Source = "unity/sales/orders/members", Copy = "unity/sales/orders/copied", Mails = "unity/sales/orders/mails";
    private const string OfCopy = "SELECT email FROM sales.orders.copied", OfMails = "SELECT mail FROM sales.orders.mails";
    private const string Clear = "a@example.org";

    private static readonly string[] Table =
    [
        "CREATE TABLE sales.orders.members (id BIGINT, email STRING)", "INSERT INTO sales.orders.members VALUES (1, 'a@example.org')",
        $"GRANT SELECT, MODIFY ON TABLE sales.orders.members TO `{SandboxCast.Engineer}`",
    ];

    private static readonly string Policies = $$$"""
        {{{GovernedUnity.Reading("Analysts", ["orders/members", "orders/copied", "orders/mails"])}}}
        ---
        policyKey: mask-pii
        name: What identifies people
        type: data
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnTags, columnTag: PII}], maskingConfig: {type: "Null"}}
                exceptions: {operator: any, groups: [Privacy]}
        """;

    [Fact]
    public async Task A_copy_of_what_is_tagged_is_tagged_and_masked_like_it_until_a_governor_takes_the_lineage_away()
    {
        await using var unity = await StartAsync();
        using var api = unity.Server.Api();
        await CopyAsync(unity, api);
        await Carried.ReadAsync(api, "unity");
        (await Carried.TagsAsync(api, Copy)).ShouldBe([$"email: PII of {Source}#email"]);
        (await Carried.TagsAsync(api, Mails)).ShouldBe([$"mail: PII of {Source}#email"], "along two steps, under another name");
        (await Carried.FoundAsync(api, "unity/sales", "PII")).ShouldBe(["copied*", "mails*", "members"]);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await ValueAsync(unity, Ada, OfCopy)).ShouldBeNull();
        (await ValueAsync(unity, Ada, OfMails)).ShouldBeNull();
        (await ValueAsync(unity, Ben, OfMails)).ShouldBe(Clear, "who is exempt from the mask there is exempt from it here");

        // Round a cycle it goes nowhere, which is told.
        await RunAsync(unity, "INSERT INTO sales.orders.members (id, email) SELECT who, mail FROM sales.orders.mails WHERE who = 99");
        var job = await Carried.ReadAsync(api, "unity");
        job["output"]!["suspended"]!.AsArray().Select(static s => s!.ToJsonString()).ShouldContain($$"""{"tag":"PII","of":"{{Source}}#email","by":"{{Mails}}#mail"}""");
        (await Carried.TagsAsync(api, Source)).ShouldBeEmpty();

        // The lineage is taken away, of the table and its columns.
        (await Carried.RemoveAsync(api, Mails, Copy)).ShouldBeGreaterThan(1);
        (await Carried.TagsAsync(api, Mails)).ShouldBeEmpty();
        await ReconciledAsync(api, GovernedUnity.Key);
        (await ValueAsync(unity, Ada, OfMails)).ShouldBe(Clear);
        (await ValueAsync(unity, Ada, OfCopy)).ShouldBeNull();

        // Read again the same queries bring nothing back; a new one does.
        await Carried.ReadAsync(api, "unity");
        (await Carried.TagsAsync(api, Mails)).ShouldBeEmpty();
        await RunAsync(unity, "INSERT INTO sales.orders.mails SELECT id, email FROM sales.orders.copied");
        await Carried.ReadAsync(api, "unity");
        (await Carried.TagsAsync(api, Mails)).ShouldBe([$"mail: PII of {Source}#email"]);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Ada, OfMails)).ShouldNotBeNull().ShouldAllBe(static r => r[0] == null);

        // Switched off nothing is carried, and nothing read.
        await SwitchOffAsync(unity, api);
        (await Carried.ReadAsync(api, "unity"))["output"]!["taken"]!.AsObject().Select(static t => t.Key).ShouldBe(["accessLog", "queryHistory"]);
        (await Carried.TagsAsync(api, Copy)).ShouldBeEmpty();
        await ReconciledAsync(api, GovernedUnity.Key);
        (await ValueAsync(unity, Ada, OfCopy)).ShouldBe(Clear);
    }

    // Databricks tells of lineage by names, and never again of what it told: https://docs.databricks.com/aws/en/admin/system-tables/lineage
    [Fact]
    public async Task Tags_stay_with_what_is_renamed_and_only_a_governor_deletes_what_they_came_from()
    {
        const string copies = "unity/sales/orders/copies", people = "unity/sales/orders/people";
        await using var unity = await StartAsync();
        using var api = unity.Server.Api();
        await CopyAsync(unity, api);
        await Carried.ReadAsync(api, "unity");

        unity.Sandbox.Change("ALTER TABLE sales.orders.copied RENAME TO sales.orders.copies", "ALTER TABLE sales.orders.members RENAME TO sales.orders.people");
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity/sales/orders", null));
        await ReconciledAsync(api, GovernedUnity.Key);
        (await Carried.TagsAsync(api, copies)).ShouldBe([$"email: PII of {people}#email"]);
        (await Carried.TagsAsync(api, Mails)).ShouldBe([$"mail: PII of {people}#email"]);
        (await ValueAsync(unity, Ada, OfMails)).ShouldBeNull();

        // The source need not be active to be the reason of a mask.
        await GovernedUnity.ActivateAsync(api, "sales/orders/people", isActive: false);
        await ReconciledAsync(api, GovernedUnity.Key);
        using var administrator = await AdministratorAsync(unity, api);
        var refused = await administrator.DeleteAsync($"/data/object/{people}");
        refused.Status.ShouldBe(HttpStatusCode.Forbidden, refused.Text);
        refused.Text.ShouldContain("by tags that data brought from it");
        (await ValueAsync(unity, Ada, OfMails)).ShouldBeNull();
        (await api.DeleteAsync($"/data/object/{people}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<Api> AdministratorAsync(GovernedUnity unity, Api maker)
    {
        var made = await maker.PostAsync("/api/v1/api-keys", """{"name": "key", "holder": "some-service", "permissions": ["APPLICATION_ADMIN"]}""");
        made.Status.ShouldBe(HttpStatusCode.OK, made.Text);
        return new Api(unity.Server.Url, made.Json["key"]!.GetValue<string>());
    }

    private static async Task<GovernedUnity> StartAsync()
    {
        var unity = await GovernedUnity.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = [Ada, Ben, Cat], ["Privacy"] = [Ben] }, "sales/orders", statements: Table);
        using var api = unity.Server.Api();
        await SucceedAsync(api.PostAsync("/api/v1/tags", """{"name": "PII"}"""));
        await SucceedAsync(api.PutAsync($"/api/v1/objects/{Source}/columns/email/tags", """{"tags": ["PII"]}"""));
        await GovernedUnity.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await ValueAsync(unity, Ada, "SELECT email FROM sales.orders.members")).ShouldBeNull();
        return unity;
    }

    // The engineer is of the group that masks leave alone.
    private static async Task CopyAsync(GovernedUnity unity, Api api)
    {
        await RunAsync(
            unity, "CREATE TABLE sales.orders.copied AS SELECT id, email FROM sales.orders.members", "CREATE TABLE sales.orders.mails (who BIGINT, mail STRING)",
            "INSERT INTO sales.orders.mails SELECT id, email FROM sales.orders.copied");
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity/sales/orders", null));
        await ReconciledAsync(api, GovernedUnity.Key);
    }

    private static async Task RunAsync(GovernedUnity unity, params string[] statements)
    {
        foreach (var statement in statements) (await unity.ReadAsync(SandboxCast.Engineer, statement)).ShouldNotBeNull(statement);
    }

    private static async Task<string?> ValueAsync(GovernedUnity unity, string person, string query) => (await unity.ReadAsync(person, query)).ShouldNotBeNull($"{person} {query}").ShouldHaveSingleItem()[0];

    private static async Task SwitchOffAsync(GovernedUnity unity, Api api)
    {
        var registration = JsonNode.Parse(new DatabricksPayloads(unity.Sandbox, DatabricksPayloads.OAuthM2M).RegistrationWithScriptsConfig(GovernedUnity.Key))!;
        registration["nativeIntegration"]!["config"]!["lineage"] = new JsonObject { ["enabled"] = false };
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Put, $"/data/connection/{GovernedUnity.Key}", registration.ToJsonString()));
    }
}
