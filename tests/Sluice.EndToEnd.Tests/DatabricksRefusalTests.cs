using System.Net;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.EndToEnd.Tests;

/// <summary>What bad input and a workspace that isn't ready get: everything at once with its path, and nothing is stored.</summary>
public sealed class DatabricksRefusalTests : IAsyncLifetime
{
    private HostedServer _server = null!;
    private Api _api = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await HostedServer.StartAsync();
        _api = _server.Api();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Equal_facts_with_different_values_and_what_can_only_have_one_value_are_named_at_once()
    {
        await using var sandbox = await DatabricksSandbox.StartAsync(new());
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.Token);

        var refused = await _api.PostAsync("/data/connection", payloads.With("unity", native =>
        {
            native["autoBootstrap"] = true;
            native["unityCatalog"] = false;
            native["config"]!["port"] = 1;
            native["config"]!["host"] = "other.cloud.databricks.com";
            native["config"]!["token"] = "dapi-another";
            native["config"]!["catalog"] = "1st";
        }));

        refused.Status.ShouldBe(HttpStatusCode.BadRequest, refused.Text);
        var errors = refused.Json["errors"]!.AsObject();
        foreach (var path in (string[])["autoBootstrap", "unityCatalog", "config.port", "config.host", "config.token", "config.catalog"])
            errors.ShouldContain(e => e.Key == $"$.nativeIntegration.{path}", refused.Text);
        foreach (var (path, other) in ((string, string)[])[("port", "port"), ("host", "hostname"), ("token", "token")])
            errors[$"$.nativeIntegration.config.{path}"]!.ToJsonString().ShouldContain($"$.connection.{other}");
        refused.Text.ShouldNotContain("dapi");
        await NothingIsStoredAsync();
    }

    [Fact]
    public async Task A_metastore_has_one_connection_whichever_workspace_it_is_reached_through()
    {
        await using var first = await DatabricksScript.StartAsync();
        await using var second = await DatabricksScript.StartAsync(new() { WorkspaceId = "2371490099999999" });
        foreach (var sandbox in (DatabricksSandbox[])[first, second])
            await (await SetUpAsync(new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M))).RunAsync(sandbox);
        await _api.CompleteAsync(await _api.AcceptAsync(HttpMethod.Post, "/data/connection", new DatabricksPayloads(first, DatabricksPayloads.OAuthM2M).Registration("first")));

        var refused = await _api.PostAsync("/data/connection", new DatabricksPayloads(second, DatabricksPayloads.OAuthM2M).With("second", native => native["config"]!.AsObject().Remove("workspaceIds")));

        refused.Status.ShouldBe(HttpStatusCode.Conflict, refused.Text);
        refused.Text.ShouldContain("first");
    }

    [Fact]
    public async Task A_catalog_that_is_anothers_is_neither_used_nor_dropped()
    {
        await using var sandbox = await DatabricksScript.StartAsync();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        sandbox.Change([
            $"GRANT USE CATALOG, MANAGE ON CATALOG sales TO `{sandbox.ClientId}`", "CREATE CATALOG sluice_home COMMENT 'Somebody''s own'", $"GRANT USE CATALOG ON CATALOG sluice_home TO `{sandbox.ClientId}`",
        ]);

        await RefusedAsync(payloads.Registration("unity"), "was not made by Sluice's setup script");

        sandbox.Change("COMMENT ON CATALOG sluice_home IS 'Made by Sluice, instance 0123-other. It is used by that Sluice alone: leave this comment as it is.'");
        await RefusedAsync(payloads.Registration("unity"), "another Sluice instance (0123-other)");

        // Neither the setup script nor the one that clears up touches it, whoever runs them.
        sandbox.Change($"ALTER CATALOG sluice_home SET OWNER TO `{DatabricksScript.Creator}`");
        (await (await SetUpAsync(payloads)).TryAsync(sandbox)).ShouldNotBeNull().ShouldContain("The catalog exists and is not this Sluice instance's");
        var cleanup = new DatabricksScript((await _api.PostAsync("/integrations/scripts/cleanup", payloads.Script())).Text);
        (await cleanup.TryAsync(sandbox)).ShouldNotBeNull().ShouldContain("The catalog is not this Sluice instance's: it is left as it is");
        using var creator = new DatabricksPerson(sandbox, DatabricksScript.Creator);
        (await creator.ColumnAsync("SHOW CATALOGS LIKE 'sluice_home'")).ShouldBe(["sluice_home"]);
    }

    [Theory]
    [InlineData(DatabricksPayloads.OAuthM2M)]
    [InlineData(DatabricksPayloads.Token)]
    public async Task A_catalog_that_is_anothers_is_left_alone_even_by_who_goes_on_after_the_guard_has_failed(string authentication)
    {
        await using var sandbox = await DatabricksScript.StartAsync();
        var payloads = new DatabricksPayloads(sandbox, authentication);
        sandbox.Change(["CREATE CATALOG sluice_home COMMENT 'Somebody''s own'", $"ALTER CATALOG sluice_home SET OWNER TO `{DatabricksScript.Creator}`"]);

        await (await SetUpAsync(payloads)).RunHeedlesslyAsync(sandbox);
        await new DatabricksScript((await _api.PostAsync("/integrations/scripts/cleanup", payloads.Script())).Text).RunHeedlesslyAsync(sandbox);

        using var creator = new DatabricksPerson(sandbox, DatabricksScript.Creator);
        (await creator.ColumnAsync("SHOW CATALOGS LIKE 'sluice_home'")).ShouldBe(["sluice_home"]);
        (await creator.ColumnAsync("SELECT schema_name FROM system.information_schema.schemata WHERE catalog_name = 'sluice_home' AND schema_name IN ('entitlements', 'functions')")).ShouldBeEmpty();
        (await creator.ColumnAsync($"SELECT privilege_type FROM system.information_schema.catalog_privileges WHERE catalog_name = 'sluice_home' AND grantee = '{sandbox.ClientId}'")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_edit_from_a_client_to_a_token_of_the_same_principal_takes_nothing_from_it()
    {
        await using var sandbox = await DatabricksScript.StartAsync();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await (await SetUpAsync(payloads)).RunAsync(sandbox);
        await _api.CompleteAsync(await _api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));
        var id = (await _api.GetAsync("/integrations")).Json[0]!["id"]!.GetValue<long>();
        var before = await HeldAsync();

        await new DatabricksScript((await _api.PostAsync($"/integrations/{id}/scripts/edit", new DatabricksPayloads(sandbox, DatabricksPayloads.Token).Script())).Text).RunAsync(sandbox);

        (await HeldAsync()).ShouldBe(before);

        async Task<IReadOnlyList<string>> HeldAsync()
        {
            using var administrator = new DatabricksPerson(sandbox, SandboxCast.Administrator);
            List<string> held = [];
            foreach (var (relation, name) in ((string, string)[])[("catalog_privileges", "catalog_name"), ("schema_privileges", "schema_name"), ("table_privileges", "table_name")])
                held.AddRange(await administrator.ColumnAsync($"SELECT {name} || ' ' || privilege_type FROM system.information_schema.{relation} WHERE grantee = '{sandbox.ClientId}' ORDER BY 1"));
            held.ShouldNotBeEmpty();
            return held;
        }
    }

    [Fact]
    public async Task A_principal_that_sees_nothing_is_told_what_it_sees()
    {
        await using var sandbox = await DatabricksScript.StartAsync();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await (await SetUpAsync(payloads)).RunAsync(sandbox);
        sandbox.Change([
            "REVOKE USE CATALOG ON CATALOG workspace FROM `account users`",
            .. DatabricksScript.Governed.Select(c => $"REVOKE USE CATALOG, MANAGE, USE SCHEMA, MODIFY, SELECT ON CATALOG `{c}` FROM `{sandbox.ClientId}`"),
        ]);

        await RefusedAsync(payloads.Registration("unity"), "sees no catalog to govern; it sees sluice_home, system");
    }

    [Fact]
    public async Task A_token_of_another_workspace_and_a_path_or_ids_of_another_one_are_refused()
    {
        await using var sandbox = await DatabricksScript.StartAsync();
        await using var other = await DatabricksSandbox.StartAsync(new() { WorkspaceId = "2371490099999999" });
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.Token);
        await (await SetUpAsync(payloads)).RunAsync(sandbox);

        await RefusedAsync((payloads with { Secret = other.Token }).Registration("unity"), "The token must be one of this workspace");
        await RefusedAsync(payloads.With("unity", native => native["config"]!["workspaceIds"] = new System.Text.Json.Nodes.JsonArray(other.WorkspaceId)), "workspaceIds");
        await RefusedAsync((payloads with { OnCluster = true }).Registration("unity").Replace($"/o/{sandbox.WorkspaceId}/", $"/o/{other.WorkspaceId}/", StringComparison.Ordinal), other.WorkspaceId);
    }

    [Fact]
    public async Task A_missing_warehouse_is_refused_and_a_stopped_one_is_started()
    {
        await using var sandbox = await DatabricksScript.StartAsync(new() { WarehouseStartDelay = TimeSpan.FromSeconds(2) });
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await (await SetUpAsync(payloads)).RunAsync(sandbox);

        await RefusedAsync(payloads.Registration("unity").Replace(sandbox.WarehouseId, "ffffffffffffffff", StringComparison.Ordinal), "SQL warehouse ffffffffffffffff does not exist");
        sandbox.SetWarehouse(SandboxComputeState.Deleted);
        await RefusedAsync(payloads.Registration("unity"), "It is deleted");
        sandbox.SetCluster(SandboxComputeState.Stopped);
        var cluster = payloads with { OnCluster = true };
        var tried = await _api.PostAsync("/data/connection?dryRun=true", cluster.Registration("unity"));
        tried.Text.ShouldContain("ClusterNotReadyException");
        tried.Status.ShouldBe(HttpStatusCode.OK, "it may be started any time");

        sandbox.SetWarehouse(SandboxComputeState.Stopped);
        await _api.CompleteAsync(await _api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));
        (await _api.TreeAsync("unity")).ShouldContain("sales/orders/orders");
    }

    [Fact]
    public async Task A_principal_without_compute_is_crawled_by_REST_and_the_job_says_so()
    {
        await using var sandbox = await DatabricksScript.StartAsync();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await (await SetUpAsync(payloads)).RunAsync(sandbox);
        sandbox.SetPrincipal(new SandboxPrincipal { Name = sandbox.ClientId, Kind = SandboxPrincipalKind.ServicePrincipal, MayUseCompute = false });

        var job = await _api.CompleteAsync(await _api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));

        job.ToJsonString().ShouldContain("tables are listed through REST");
        job.ToJsonString().ShouldContain("hive_metastore");
        var orders = (await _api.GetAsync("/data/object/unity/sales/orders/orders")).Json;
        orders["columns"]!.AsArray().Count.ShouldBe(8);
        orders["enforcement"]!["governance"]!.GetValue<string>().ShouldBe("unknown");

        // Tags that were read once stay while they can't be.
        sandbox.SetPrincipal(new SandboxPrincipal { Name = sandbox.ClientId, Kind = SandboxPrincipalKind.ServicePrincipal });
        await _api.CompleteAsync(await _api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity", null));
        (await _api.GetAsync("/data/object/unity/sales/orders/orders")).Json["tags"]!.ToJsonString().ShouldContain("internal");
        sandbox.SetPrincipal(new SandboxPrincipal { Name = sandbox.ClientId, Kind = SandboxPrincipalKind.ServicePrincipal, MayUseCompute = false });
        await _api.CompleteAsync(await _api.AcceptAsync(HttpMethod.Post, "/data/crawl/unity", null));
        (await _api.GetAsync("/data/object/unity/sales/orders/orders")).Json["tags"]!.ToJsonString().ShouldContain("internal");
    }

    [Fact]
    public async Task A_check_that_fails_makes_a_connection_unhealthy_with_its_reason_and_back()
    {
        await using var sandbox = await DatabricksScript.StartAsync();
        var payloads = new DatabricksPayloads(sandbox, DatabricksPayloads.OAuthM2M);
        await (await SetUpAsync(payloads)).RunAsync(sandbox);
        await _api.CompleteAsync(await _api.AcceptAsync(HttpMethod.Post, "/data/connection", payloads.Registration("unity")));

        sandbox.Change("COMMENT ON CATALOG sluice_home IS 'Made by Sluice, instance 0123-other. It is used by that Sluice alone: leave this comment as it is.'");
        await _api.CompleteAsync(await _api.AcceptAsync(HttpMethod.Post, "/api/v1/connections/unity/check", null));
        var unhealthy = await _api.GetAsync("/data/connection/unity");
        unhealthy.Json["status"]!.GetValue<string>().ShouldBe("unhealthy", unhealthy.Text);
        unhealthy.Text.ShouldContain("another Sluice instance (0123-other)");

        var mark = (await _api.PostAsync("/integrations/scripts/create", payloads.Script())).Text.Split("COMMENT '")[1].Split('\'')[0];
        sandbox.Change($"COMMENT ON CATALOG sluice_home IS '{mark}'");
        await _api.CompleteAsync(await _api.AcceptAsync(HttpMethod.Post, "/api/v1/connections/unity/check", null));
        (await _api.GetAsync("/data/connection/unity")).Json["status"]!.GetValue<string>().ShouldBe("inactive");
    }

    private async Task<DatabricksScript> SetUpAsync(DatabricksPayloads payloads) =>
        new((await _api.PostAsync("/integrations/scripts/create", payloads.Script())).Text);

    private async Task RefusedAsync(string body, string because)
    {
        var refused = await _api.PostAsync("/data/connection", body);
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, refused.Text);
        refused.Text.ShouldContain(because);
        await NothingIsStoredAsync();
    }

    private async Task NothingIsStoredAsync() => (await _api.PostAsync("/data/object/search", "{}")).Json["count"]!.GetValue<int>().ShouldBe(0);
}
