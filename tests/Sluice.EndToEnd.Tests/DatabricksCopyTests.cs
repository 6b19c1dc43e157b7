using System.Net;
using Sluice.Sandbox.Databricks.Identity;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// Somebody makes tables and views anew and renames them at Databricks' stand-in. A second person reads all the while: what a policy hides is seen by nobody, and after the next look all is as
/// policies say.
/// </summary>
public sealed class DatabricksCopyTests
{
    private const string Ada = "ada@acme.example", Ben = "ben@acme.example";
    private const string Members = "unity/sales/orders/members";

    private static readonly string[] Statements =
    [
        "CREATE TABLE sales.orders.members (id BIGINT, email STRING)", "INSERT INTO sales.orders.members VALUES (1, 'a@example.org')", "CREATE VIEW sales.orders.addresses AS SELECT id, email FROM sales.orders.members",
    ];

    private static readonly string Policies = """
        policyKey: analysts
        name: Analysts
        type: subscription
        circumstances: [{type: objectPath, path: [unity, sales, orders]}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        ---
        policyKey: mask-pii
        name: What identifies people
        type: data
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnTags, columnTag: PII}], maskingConfig: {type: Constant, constant: "***"}}
                exceptions: {operator: any, groups: [Privacy]}
        """;

    [Fact]
    public async Task What_is_made_anew_or_renamed_is_never_seen_unmasked()
    {
        await using var unity = await GovernedUnity.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = [Ada, Ben], ["Privacy"] = [Ben] }, "sales/orders", statements: Statements);
        using var api = unity.Server.Api();
        await SucceedAsync(api.DeleteAsync("/api/v1/objects/unity/discovered-new"));
        await SucceedAsync(api.PostAsync("/api/v1/tags", """{"name": "PII"}"""));
        await SucceedAsync(api.PutAsync($"/api/v1/objects/{Members}/columns/email/tags", """{"tags": ["PII"]}"""));
        await GovernedUnity.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await SeenAsync(unity, Ada, "members")).ShouldBe("***");
        (await SeenAsync(unity, Ben, "members")).ShouldBe("a@example.org");

        // https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-table-using: a table that is replaced keeps what was granted on it, its row filter and its masks.
        unity.Sandbox.Change("CREATE OR REPLACE TABLE sales.orders.members AS SELECT CAST(2 AS BIGINT) AS id, 'b@example.org' AS email");
        await LookAsync(unity, api, "members", "***", "refused");
        (await SeenAsync(unity, Ada, "members")).ShouldBe("***");
        (await SeenAsync(unity, Ben, "members")).ShouldBe("b@example.org");

        // A view that is replaced loses what was granted on it; what its table masks is masked through it.
        unity.Sandbox.Change("CREATE OR REPLACE VIEW sales.orders.addresses AS SELECT id, email FROM sales.orders.members");
        await LookAsync(unity, api, "addresses", "***", "refused");
        (await SeenAsync(unity, Ada, "addresses")).ShouldBe("***");
        (await SeenAsync(unity, Ben, "addresses")).ShouldBe("b@example.org");

        // A renamed table is known by its id: it keeps its tags.
        unity.Sandbox.Change("ALTER TABLE sales.orders.members RENAME TO sales.orders.people");
        await LookAsync(unity, api, "people", "***", "refused");
        (await SeenAsync(unity, Ada, "people")).ShouldBe("***");
        var named = await api.GetAsync("/data/object/unity/sales/orders/people");
        named.Json["tags"]!.AsArray().Where(static t => t!["name"]!.GetValue<string>() == "PII").ShouldHaveSingleItem()!["column"]!.GetValue<string>().ShouldBe("email");

        // What was granted before the rename is known to be Sluice's still: it goes with whom it was granted to, whoever that is now.
        await SucceedAsync(api.DeleteAsync($"/api/v1/users/{Uri.EscapeDataString(Ada)}"));
        await ReconciledAsync(api, GovernedUnity.Key);
        (await SeenAsync(unity, Ada, "people")).ShouldBe("refused");
        (await api.GetAsync($"/api/v1/removed-grants?connection={GovernedUnity.Key}")).Json["count"]!.GetValue<int>().ShouldBe(0, "it was nobody else's");
    }

    // https://docs.databricks.com/delta/column-mapping: a renamed column keeps its mask. It has no id: what a tag of ours said of the old name is not said of the new one, until somebody has looked at it.
    [Fact]
    public async Task A_renamed_column_stays_masked_until_somebody_has_looked_at_it()
    {
        const string address = "SELECT address FROM sales.orders.members";
        await using var unity = await GovernedUnity.StartAsync(
            new Dictionary<string, string[]> { ["Analysts"] = [Ada, Ben], ["Privacy"] = [Ben] }, "sales/orders", statements:
            [.. Statements, $"GRANT USE SCHEMA ON SCHEMA sales.orders TO `{SandboxCast.Analyst}`", $"GRANT SELECT ON TABLE sales.orders.members TO `{SandboxCast.Analyst}`", $"GRANT USE CATALOG ON CATALOG sales TO `{SandboxCast.Analyst}`"]);
        using var api = unity.Server.Api();
        await SucceedAsync(api.DeleteAsync("/api/v1/objects/unity/discovered-new"));
        await SucceedAsync(api.PostAsync("/api/v1/tags", """{"name": "PII"}"""));
        await SucceedAsync(api.PutAsync($"/api/v1/objects/{Members}/columns/email/tags", """{"tags": ["PII"]}"""));
        await GovernedUnity.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedUnity.Key);

        unity.Sandbox.Change("ALTER TABLE sales.orders.members RENAME COLUMN email TO address");
        (await GovernedUnity.PlanAsync(api))["changes"]!.AsArray().Where(static c => c!["verb"]!.GetValue<string>() == "remove").ShouldBeEmpty("nobody has crawled it yet");
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity/sales", null));
        await ReconciledAsync(api, GovernedUnity.Key);
        await SucceedAsync(api.PostAsync("/api/v1/groups", """{"name": "Later"}"""));
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Ada, address)).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("***");
        (await unity.ReadAsync(Ben, address)).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("***", "no rule asks for it any more, so nobody is exempt from it");

        // Somebody has looked: then policies alone decide.
        await SucceedAsync(api.DeleteAsync("/api/v1/objects/unity/discovered-new"));
        (await GovernedUnity.PlanAsync(api))["changes"]!.AsArray().Where(static c => c!["kind"]!.GetValue<string>() == "mask").Select(static c => $"{c!["verb"]} {c["subject"]}").ShouldBe(["remove address"]);
        await SucceedAsync(api.PutAsync($"/api/v1/objects/{Members}/columns/address/tags", """{"tags": ["PII"]}"""));
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(SandboxCast.Analyst, address)).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("***");
    }

    // Only the owner of the catalog of Sluice's own may drop it, and is not shown what masks tables of others.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_stays_masked_on_a_renamed_column_is_taken_off_by_the_delete_script(bool isDocumented)
    {
        await using var unity = await GovernedUnity.StartAsync(
            new Dictionary<string, string[]> { ["Analysts"] = [Ada, Ben], ["Privacy"] = [Ben] }, "sales/orders", options: new() { DocumentedGuardColumns = isDocumented }, statements:
            [.. Statements, $"GRANT USE SCHEMA ON SCHEMA sales.orders TO `{SandboxCast.Analyst}`", $"GRANT SELECT ON TABLE sales.orders.members TO `{SandboxCast.Analyst}`", $"GRANT USE CATALOG ON CATALOG sales TO `{SandboxCast.Analyst}`"]);
        using var api = unity.Server.Api();
        await SucceedAsync(api.DeleteAsync("/api/v1/objects/unity/discovered-new"));
        await SucceedAsync(api.PostAsync("/api/v1/tags", """{"name": "PII"}"""));
        await SucceedAsync(api.PutAsync($"/api/v1/objects/{Members}/columns/email/tags", """{"tags": ["PII"]}"""));
        await GovernedUnity.PutAsync(api, Policies);
        await ReconciledAsync(api, GovernedUnity.Key);
        unity.Sandbox.Change("ALTER TABLE sales.orders.members RENAME COLUMN email TO address");
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity/sales", null));
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.ReadAsync(Ada, "SELECT address FROM sales.orders.members")).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("***");

        var id = (await api.GetAsync("/integrations")).Json.AsArray().Single()!["id"]!.ToJsonString();
        var script = await api.PostAsync($"/integrations/{id}/scripts/delete", "{}");
        script.Status.ShouldBe(HttpStatusCode.OK, script.Text);
        await SucceedAsync(api.DeleteAsync($"/data/object/{GovernedUnity.Key}"));
        await new DatabricksScript(script.Text).RunAsync(unity.Sandbox);

        script.Text.ShouldNotContain("could not be asked");
        (await unity.ReadAsync(SandboxCast.Analyst, "SELECT address FROM sales.orders.members")).ShouldNotBeNull().ShouldHaveSingleItem()[0].ShouldBe("a@example.org");
    }

    private static async Task<string> SeenAsync(GovernedUnity unity, string person, string table) =>
        await unity.ReadAsync(person, $"SELECT email FROM sales.orders.{table}") is { } rows ? rows.ShouldHaveSingleItem()[0] ?? "NULL" : "refused";

    // Until the plan after it is empty. Somebody reads all the while.
    private static async Task LookAsync(GovernedUnity unity, Api api, string table, params string[] allowed)
    {
        using var ending = new CancellationTokenSource();
        var reading = ReadingAsync();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity/sales/orders", null));
        await ReconciledAsync(api, GovernedUnity.Key);
        await ending.CancelAsync();
        (await reading).ShouldBeSubsetOf(allowed);

        async Task<HashSet<string>> ReadingAsync()
        {
            var values = new HashSet<string>(StringComparer.Ordinal);
            // Without a pause the reader would take the machine from the server that it watches.
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            do
            {
                values.Add(await SeenAsync(unity, Ada, table));
                await pause.WaitForNextTickAsync(CancellationToken.None);
            }
            while (!ending.IsCancellationRequested);
            return values;
        }
    }
}
