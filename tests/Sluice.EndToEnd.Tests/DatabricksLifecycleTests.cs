using System.Net;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.EndToEnd.Tests;

/// <summary>What a person does with curl and a SQL editor, from the setup script to the last trace of it, by the documented payloads.</summary>
public sealed class DatabricksLifecycleTests
{
    [Theory]
    [InlineData(DatabricksPayloads.Token, false)]
    [InlineData(DatabricksPayloads.Token, true)]
    [InlineData(DatabricksPayloads.OAuthM2M, false)]
    [InlineData(DatabricksPayloads.OAuthM2M, true)]
    public async Task Databricks_from_the_setup_script_to_the_last_trace(string authentication, bool onCluster)
    {
        await using var sandbox = await DatabricksScript.StartAsync();
        // One of the four goes through the program as people run it.
        await using var server = await TestServer.StartAsync(asProcess: onCluster && authentication == DatabricksPayloads.OAuthM2M);
        using var api = server.Api();
        var payloads = new DatabricksPayloads(sandbox, authentication) { OnCluster = onCluster };

        // Before the script was run, the registration says what is missing.
        var tooEarly = await api.PostAsync("/data/connection", payloads.Registration("unity"));
        tooEarly.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, tooEarly.Text);
        tooEarly.Text.ShouldContain("sluice_home");

        // Set up, twice: the second time changes nothing.
        var script = await ScriptAsync(api, "/integrations/scripts/create", payloads.Script());
        await script.RunAsync(sandbox);
        await script.RunAsync(sandbox);

        // Register with the script's own config.
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.RegistrationWithScriptsConfig("unity")));
        var connection = (await api.GetAsync("/data/connection/unity")).Json;
        connection.ToJsonString().ShouldNotContain(authentication == DatabricksPayloads.Token ? sandbox.Token : sandbox.ClientSecret);
        connection["status"]!.GetValue<string>().ShouldBe("inactive");

        // The tree: what is governed, and what anybody sees; not Sluice's own catalog, nor Databricks'.
        var tree = await api.TreeAsync("unity");
        tree.ShouldContain("sales/customers/customers");
        tree.ShouldContain("people/staff/employees_public");
        foreach (var left in (string[])["sluice_home", "system", "hive_metastore", "crm_postgres"]) tree.ShouldNotContain(left);
        tree.ShouldNotContain(p => p.EndsWith("/information_schema", StringComparison.Ordinal));

        // Search, columns, tags, comments.
        (await api.PostAsync("/data/object/search/unity/sales", """{"name": "custom", "kind": "schema"}""")).Json["count"]!.GetValue<int>().ShouldBe(1);
        var customers = (await api.GetAsync("/data/object/unity/sales/customers/customers")).Json;
        customers["comment"]!.GetValue<string>().ShouldBe("People who ordered at least once");
        customers["columns"]!.AsArray().Select(c => $"{c!["name"]} {c["type"]}").ShouldContain("segment varchar(16)");
        customers["nativeId"]!.GetValue<string>().ShouldNotBeEmpty();
        customers["enforcement"]!["governance"]!.GetValue<string>().ShouldBe("governed");
        customers["tags"]!.ToJsonString().ShouldContain("pii");
        customers["tags"]!.ToJsonString().ShouldContain("phone");
        customers["tags"]!.ToJsonString().ShouldContain("gold");
        (await api.GetAsync("/data/object/unity/sales/orders/orders")).Json["columns"]!.AsArray().ShouldContain(c => c!["name"]!.GetValue<string>() == "order_id" && c["comment"]!.GetValue<string>() == "Number of the order");

        // Activate.
        var settings = await api.PutAsync("/data/settings/unity/sales", """{"isActive": true}""");
        settings.Status.ShouldBe(HttpStatusCode.OK, settings.Text);
        await api.CompleteAsync(settings.Json["bulkId"]!.GetValue<string>());
        (await api.GetAsync("/data/object/unity/sales/orders/orders")).Json["dataSource"]!["name"]!.GetValue<string>().ShouldBe("unity.sales.orders.orders");

        // Rotate with the documented payload: a wrong secret changes nothing.
        var wrong = payloads with { Secret = authentication == DatabricksPayloads.Token ? "dapi00000000000000000000000000000000" : "dose00000000000000000000000000000000" };
        var refused = await api.PutAsync("/data/connection/unity", wrong.Registration("unity"));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, refused.Text);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Put, "/data/connection/unity", payloads.Registration("unity")));

        // The integration.
        var integration = (await api.GetAsync("/integrations")).Json.AsArray().Single()!;
        var id = integration["id"]!.GetValue<long>();
        integration["type"]!.GetValue<string>().ShouldBe("Databricks");
        integration["config"]!["catalog"]!.GetValue<string>().ShouldBe("sluice_home");
        var read = (await api.GetAsync($"/integrations/{id}")).Json;
        read["validationResults"]!["validationTests"]!.AsArray().Where(t => t!["status"]!.GetValue<string>() == "failed").ShouldBeEmpty(read.ToJsonString());
        var status = await api.GetAsync($"/integrations/{id}/status");
        status.Status.ShouldBe(HttpStatusCode.OK, status.Text);

        // Edit: audit off takes the system tables away again.
        await (await ScriptAsync(api, $"/integrations/{id}/scripts/edit", payloads.Script(isAudited: false))).RunAsync(sandbox);
        (await GrantsAsync(sandbox)).ShouldNotContain(g => g.StartsWith("system", StringComparison.Ordinal));
        await script.RunAsync(sandbox);

        // Deregister, delete: nothing of ours is left. Twice does no harm.
        var delete = await ScriptAsync(api, $"/integrations/{id}/scripts/delete", "{}");
        (await api.DeleteAsync("/data/object/unity")).Status.ShouldBe(HttpStatusCode.OK);
        await delete.RunAsync(sandbox);
        (await GrantsAsync(sandbox)).ShouldBeEmpty();
        await delete.RunAsync(sandbox);

        // A setup that never became a connection is cleaned up by its configuration alone.
        await script.RunAsync(sandbox);
        await (await ScriptAsync(api, "/integrations/scripts/cleanup", payloads.Script())).RunAsync(sandbox);
        (await GrantsAsync(sandbox)).ShouldBeEmpty();
        (await api.GetAsync("/integrations")).Json.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DatabricksPayloads.Token)]
    [InlineData(DatabricksPayloads.OAuthM2M)]
    public async Task The_documented_registration_is_taken_as_it_is_printed(string authentication)
    {
        await using var sandbox = await DatabricksSandbox.StartAsync(new() { ServiceGrants = ServiceGrants.ManageWithSystemTables, Principals = [new() { Name = DatabricksScript.Creator }] });
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        sandbox.Change($"GRANT CREATE CATALOG ON METASTORE TO `{DatabricksScript.Creator}`");
        var payloads = new DatabricksPayloads(sandbox, authentication);
        await (await ScriptAsync(api, "/integrations/scripts/create", payloads.Script())).RunAsync(sandbox);

        var tried = await api.PostAsync("/data/connection?dryRun=true", payloads.Registration("unity"));
        tried.Status.ShouldBe(HttpStatusCode.OK, tried.Text);
        tried.Text.ShouldContain(sandbox.MetastoreId);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));

        var config = (await api.GetAsync("/integrations")).Json[0]!["config"]!;
        config["workspaceIds"]!.AsArray().Count.ShouldBe(2);
        config["jobConfig"]!["jobClusterId"]!.GetValue<string>().ShouldBe("undefined");
        config["groupPattern"]!["deny"]!.GetValue<string>().ShouldBe("data-engineers");
        (await api.TreeAsync("unity")).Count.ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task A_script_into_which_nothing_was_put_ends_before_it_has_done_anything()
    {
        await using var sandbox = await DatabricksScript.StartAsync();
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();

        var script = await ScriptAsync(api, "/integrations/scripts/create", new DatabricksPayloads(sandbox, DatabricksPayloads.Token).Script());

        (await script.RunUnfilledAsync(sandbox)).ShouldNotBeNull().ShouldContain("into sluice_principal first");
        (await GrantsAsync(sandbox)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_script_for_a_token_names_the_principal_that_the_workspace_tells()
    {
        await using var sandbox = await DatabricksScript.StartAsync();
        await using var server = await HostedServer.StartAsync();
        using var api = server.Api();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.Token);

        // The documented config has no port, and a stand-in is at none that could be guessed.
        var withPort = payloads.Script().Replace("\"httpPath\"", $"\"port\": {sandbox.Endpoint.Port}, \"httpPath\"", StringComparison.Ordinal);
        var answer = await api.PostAsync("/integrations/scripts/create", withPort);
        answer.Text.ShouldNotContain("sluice_principal");
        await new DatabricksScript(answer.Text).RunAsync(sandbox);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.RegistrationWithScriptsConfig("unity")));
        (await api.DeleteAsync("/data/object/unity")).Status.ShouldBe(HttpStatusCode.OK);
        await (await ScriptAsync(api, "/integrations/scripts/cleanup", withPort)).RunAsync(sandbox);
        (await GrantsAsync(sandbox)).ShouldBeEmpty();

        // Nobody answers: the variable, and no error.
        sandbox.SetFaults(new DatabricksSandboxFault { Kind = DatabricksSandboxFaultKind.HangAfterCommit, Operation = "scim.me" });
        (await api.PostAsync("/integrations/scripts/create", withPort)).Text.ShouldContain("DECLARE OR REPLACE VARIABLE sluice_principal");
    }

    private static async Task<DatabricksScript> ScriptAsync(Api api, string path, string body)
    {
        var answer = await api.PostAsync(path, body);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.MediaType.ShouldBe("text/plain");
        return new DatabricksScript(answer.Text);
    }

    /// <summary>Catalogs of Sluice's, and what is granted to its service principal anywhere.</summary>
    private static async Task<IReadOnlyList<string>> GrantsAsync(DatabricksSandbox sandbox)
    {
        using var administrator = new DatabricksPerson(sandbox, SandboxCast.Administrator);
        var found = new List<string>();
        found.AddRange(await administrator.ColumnAsync("SELECT catalog_name FROM system.information_schema.catalogs WHERE catalog_name = 'sluice_home'"));
        foreach (var (relation, column) in ((string, string)[])[("catalog_privileges", "catalog_name"), ("schema_privileges", "catalog_name || '.' || schema_name"), ("table_privileges", "table_catalog || '.' || table_schema || '.' || table_name")])
            found.AddRange(await administrator.ColumnAsync($"SELECT {column} || ' ' || privilege_type FROM system.information_schema.{relation} WHERE grantee = '{sandbox.ClientId}'"));
        return found;
    }
}
