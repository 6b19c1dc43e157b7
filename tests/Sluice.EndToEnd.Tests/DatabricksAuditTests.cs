using System.Net;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.EndToEnd.Tests;

/// <summary>A person runs statements at the stand-in for a workspace, and what the system tables tell of that shows in Sluice's audit.</summary>
public sealed class DatabricksAuditTests
{
    internal const string Ada = "ada@acme.example";

    [Fact]
    public async Task What_the_system_tables_tell_of_a_person_shows_up_once()
    {
        await using var sandbox = await DatabricksScript.StartAsync(new DatabricksSandboxOptions { Principals = [new SandboxPrincipal { Name = Ada }], SystemTableLag = TimeSpan.Zero });
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        await RegisterAsync(api, sandbox);
        foreach (var grant in (string[])["USE CATALOG ON CATALOG system", "USE SCHEMA ON SCHEMA system.query", "SELECT ON TABLE system.query.history", "USE SCHEMA ON SCHEMA system.access", "SELECT ON TABLE system.access.table_lineage"])
            sandbox.Change($"GRANT {grant} TO `{Ada}`");
        using var ada = new DatabricksPerson(sandbox, Ada);
        await ada.ColumnAsync("SELECT segment FROM sales.customers.customers");
        // A statement without lineage shows up hours later.
        var whole = await ada.ColumnAsync("SELECT statement_id FROM system.access.table_lineage");
        var told = (await ada.ColumnAsync($"SELECT statement_id FROM system.query.history WHERE executed_by = '{Ada}'")).Intersect(whole, StringComparer.Ordinal).ToList();

        var job = await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/api/v1/connections/unity/audit", null));
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/api/v1/connections/unity/audit", null));

        var answer = await api.GetAsync("/api/v1/audit/queries?person=ada");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        job["output"]!["taken"]!.AsObject().Select(static t => t.Key).ShouldBe(["accessLog", "columnLineage", "queryHistory", "tableLineage"]);
        var hits = answer.Json["hits"]!.AsArray().Where(h => h!["source"]!.GetValue<string>() == "queryHistory").ToList();
        var taken = hits.Select(h => h!["eventId"]!.GetValue<string>()).ToList();
        taken.ShouldBeUnique();
        told.ShouldNotBeEmpty();
        told.ShouldBeSubsetOf(taken, answer.Text);
        foreach (var query in hits)
        {
            query!["identity"]!.GetValue<string>().ShouldBe(Ada);
            query["text"].ShouldBeNull();
            query["statementHash"]!.GetValue<string>().Length.ShouldBe(64);
        }
    }

    /// <summary>Registers the metastore, and Ada, who may read the customers there.</summary>
    internal static async Task RegisterAsync(Api api, DatabricksSandbox sandbox)
    {
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await new DatabricksScript((await api.PostAsync("/integrations/scripts/create", payloads.Script())).Text).RunAsync(sandbox);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.RegistrationWithScriptsConfig("unity")));
        (await api.PostAsync("/api/v1/users", """{"username": "ada", "displayName": "Ada"}""")).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
        var given = await api.PostAsync("/api/v1/users/ada/identities", $$"""{"connectionKey": "unity", "name": "{{Ada}}"}""");
        given.Status.ShouldBe(HttpStatusCode.OK, given.Text);
        sandbox.Change($"GRANT USE CATALOG ON CATALOG sales TO `{Ada}`");
        sandbox.Change($"GRANT USE SCHEMA ON SCHEMA sales.customers TO `{Ada}`");
        sandbox.Change($"GRANT SELECT ON TABLE sales.customers.customers TO `{Ada}`");
    }
}
