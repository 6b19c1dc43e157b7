using System.Net;
using Npgsql;
using Sluice.Testing;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>From a sentence to a grant: what a person sees is proved by logging in as them.</summary>
public sealed class PostgreSqlEnforcementTests : IAsyncDisposable
{
    private const string Policies = """
        # yaml-language-server: $schema=/schemas/policy.json
        policyKey: app-for-analysts
        name: The application's tables for analysts
        type: subscription
        circumstances: [{type: objectPath, path: [pg, shop]}]
        actions:
          type: entitlements
          entitlements: {operator: all, groups: [Analysts]}
        ---
        policyKey: mask-pii
        name: Personal data is masked
        type: data
        circumstances: [{type: columnTags, columnTag: PII}]
        actions:
          - rules:
              - type: Masking
                config:
                  fields: [{type: columnTags, columnTag: PII}]
                  maskingConfig: {type: Hash}
                exceptions: {operator: any, groups: [Privacy Office]}
        ---
        policyKey: rows-by-region
        name: Everybody sees the rows of their own regions
        type: data
        circumstances: [{type: columnTags, columnTag: Region}]
        actions:
          - rules:
              - type: Row Restriction By User Entitlements
                config: {operator: all, matches: [{column: {type: columnTags, columnTag: Region}, attribute: Region}]}
                exceptions: {operator: any, groups: [Privacy Office]}
        """;

    private PostgresCluster? _cluster;
    private HostedServer? _server;

    [Fact]
    public async Task From_people_and_policies_to_what_each_person_reads()
    {
        using var api = await BeginAsync();
        await ModeAsync(api, "observe");
        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", Policies, "application/yaml"));

        // Read the plan, then let the server make it so.
        var plan = (await api.PostAsync("/api/v1/plans", """{"connectionKey": "pg"}""")).Json;
        plan["changes"]!.AsArray().Count.ShouldBeGreaterThan(0, plan.ToJsonString());
        (await RefusalAsync("ada", "SELECT id FROM public.customers")).ShouldBe("42501", "it was read only");
        await ModeAsync(api, "sync");
        await ReconciledAsync(api);

        (await RowsAsync("ada", "SELECT id, region FROM public.customers ORDER BY id")).ShouldBe(["1 EU", "3 EU"], "Ada is an analyst of EU");
        (await RefusalAsync("ada", "SELECT email FROM public.customers")).ShouldBe("42501", "Ada is no privacy officer");
        (await RowsAsync("eve", "SELECT id, region, email FROM public.customers ORDER BY id"))
            .ShouldBe(["1 EU ann@example.com", "2 US bob@example.com", "3 EU cy@example.com"], "Eve is exempt");
        (await RefusalAsync("mallory", "SELECT id FROM public.customers")).ShouldBe("42501", "Mallory is in no group");

        // A second plan is empty.
        plan = (await api.PostAsync("/api/v1/plans", """{"connectionKey": "pg"}""")).Json;
        plan["changes"]!.AsArray().ShouldBeEmpty(plan.ToJsonString());
    }

    [Fact]
    public async Task A_changed_attribute_a_changed_policy_and_a_disabled_person_are_enforced_by_the_server_itself()
    {
        using var api = await BeginAsync();
        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", Policies, "application/yaml"));
        await ReconciledAsync(api);

        (await api.PutAsync("/api/v1/users/ada/attributes", """{"attributes": [{"name": "Region", "value": "US"}]}""")).Status.ShouldBe(HttpStatusCode.OK);
        await ReconciledAsync(api);
        (await RowsAsync("ada", "SELECT id FROM public.customers ORDER BY id")).ShouldBe(["2"]);

        (await api.DeleteAsync("/api/v1/policies/rows-by-region")).Status.ShouldBe(HttpStatusCode.OK);
        await ReconciledAsync(api);
        (await RowsAsync("ada", "SELECT id FROM public.customers ORDER BY id")).ShouldBe(["1", "2", "3"]);

        (await api.PutAsync("/api/v1/users/ada", """{"username": "ada", "enabled": false}""")).Status.ShouldBe(HttpStatusCode.OK);
        await ReconciledAsync(api);
        (await RefusalAsync("ada", "SELECT id FROM public.customers")).ShouldBe("42501");
    }

    [Fact]
    public async Task A_grant_made_by_hand_to_a_registered_person_is_taken_away_and_kept_for_its_return()
    {
        using var api = await BeginAsync();
        await ModeAsync(api, "observe");
        await _cluster!.ExecuteAsync("GRANT SELECT ON public.customers TO mallory", "shop", Token);
        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", Policies, "application/yaml"));
        var plan = (await api.PostAsync("/api/v1/plans", """{"connectionKey": "pg"}""")).Json;
        plan["changes"]!.AsArray().ShouldContain(c => c!["verb"]!.GetValue<string>() == "remove" && c["subject"]!.GetValue<string>() == "mallory" && c["restore"] != null);
        (await MayReadAsync("mallory")).ShouldBeTrue("observed alone");

        await ModeAsync(api, "sync");
        await ReconciledAsync(api);

        (await RefusalAsync("mallory", "SELECT id FROM public.customers")).ShouldBe("42501");
    }

    [Fact]
    public async Task A_dry_run_names_what_an_activation_then_does()
    {
        using var api = await BeginAsync();
        await SetActiveAsync("false");
        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", Policies, "application/yaml"));
        await _cluster!.ExecuteAsync("CREATE ROLE trent LOGIN PASSWORD 'trent'; CREATE ROLE readers; GRANT readers TO trent; GRANT SELECT ON public.customers TO mallory, readers", "shop", Token);
        await SucceedAsync(api.PostAsync("/api/v1/users", """{"username": "trent"}"""));
        await SucceedAsync(api.PostAsync("/api/v1/users/trent/identities", """{"connectionKey": "pg", "name": "trent"}"""));
        await ReconciledAsync(api);

        var plan = (await ActivationTrials.TryAsync(api, "pg/shop", isActive: true))["plan"]!;

        plan["changes"]!.AsArray().Where(static c => c!["verb"]!.GetValue<string>() == "remove").ShouldAllBe(static c => c!["subject"]!.GetValue<string>() == "mallory" && c["people"]![0]!["username"]!.GetValue<string>() == "mallory");
        plan["changes"]![0]!["verb"]!.GetValue<string>().ShouldBe("remove", "what is taken away comes first");
        plan["residuals"]!.AsArray().ShouldContain(static r => r!["identity"]!.GetValue<string>() == "trent" && r["path"]!.GetValue<string>().Contains("readers", StringComparison.Ordinal));
        (await MayReadAsync("mallory")).ShouldBeTrue();
        (await RefusalAsync("ada", "SELECT id FROM public.customers")).ShouldBe("42501", "nothing was granted");

        await SetActiveAsync("true");
        await ReconciledAsync(api);
        ActivationTrials.ChangesOf(await ActivationTrials.LastAppliedAsync(api, "pg")).ShouldBe(ActivationTrials.ChangesOf(plan));
        (await MayReadAsync("mallory")).ShouldBeFalse();
        (await MayReadAsync("ada")).ShouldBeTrue();

        // Who may not take a mask off is not told what would become of it.
        using var administrator = await KeyAsync(api, """{"name": "ops", "holder": "ops", "permissions": ["APPLICATION_ADMIN"]}""");
        foreach (var query in (string[])["", "?dryRun=true"])
            (await administrator.PutAsync($"/data/settings/pg/shop{query}", """{"isActive": false}""")).Status.ShouldBe(HttpStatusCode.Forbidden, query);

        async Task SetActiveAsync(string isActive)
        {
            var settings = await api.PutAsync("/data/settings/pg/shop", $$"""{"isActive": {{isActive}}}""");
            await api.CompleteAsync(settings.Json["bulkId"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Access_is_asked_for_approved_by_somebody_else_and_ends_by_itself()
    {
        using var api = await BeginAsync();
        const string ask = """
            policyKey: ask-for-the-shop
            type: subscription
            circumstances: [{type: objectPath, path: [pg, shop]}]
            actions: {type: approval, approvals: [{requiredPermission: GOVERNANCE, specificApproverRequired: false}]}
            """;
        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", ask, "application/yaml"));
        await SucceedAsync(api.PostAsync("/api/v1/users", """{"username": "robot", "kind": "service"}"""));
        await SucceedAsync(api.DeleteAsync("/api/v1/users/mallory/identities?connectionKey=pg&name=mallory"));
        await SucceedAsync(api.PostAsync("/api/v1/users/robot/identities", """{"connectionKey": "pg", "name": "mallory"}"""));
        await SucceedAsync(api.PutAsync("/api/v1/users/robot/permissions", """{"permissions": ["GOVERNANCE", "USER_ADMIN"]}"""));
        using var robot = await KeyAsync(api, """{"name": "robot", "holder": "robot", "permissions": ["GOVERNANCE", "USER_ADMIN"]}""");
        using var itsService = await KeyAsync(robot, """{"name": "proxy", "holder": "proxy", "permissions": ["GOVERNANCE"]}""");

        (await robot.PostAsync("/api/v1/objects/pg/shop/public/customers/subscriptions", """{"user": "ada"}""")).Status.ShouldBe(HttpStatusCode.Forbidden, "no policy allows it by hand");
        var asked = await robot.PostAsync("/api/v1/requests", """{"objectPath": ["pg", "shop", "public", "customers"], "reason": "audit"}""");
        asked.Status.ShouldBe(HttpStatusCode.OK, asked.Text);
        var approval = $"/api/v1/requests/{asked.Json["id"]!.GetValue<string>()}/approve";
        (await robot.PostAsync(approval, "{}")).Status.ShouldBe(HttpStatusCode.Forbidden, "nobody approves their own");
        (await itsService.PostAsync(approval, "{}")).Status.ShouldBe(HttpStatusCode.Forbidden, "not by a key they made either");

        var expiry = TimeProvider.System.GetUtcNow().AddSeconds(15);
        await SucceedAsync(api.PostAsync(approval, $$"""{"expiresAt": "{{expiry:O}}"}"""));
        await ReconciledAsync(api);
        (await RowsAsync("mallory", "SELECT id FROM public.customers ORDER BY id")).ShouldBe(["1", "2", "3"]);

        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await look.WaitForNextTickAsync(Token))
        {
            if (await MayReadAsync("mallory")) continue;
            TimeProvider.System.GetUtcNow().ShouldBeGreaterThanOrEqualTo(expiry);
            return;
        }
    }

    [Fact]
    public async Task A_burst_of_ten_thousand_changed_attributes_makes_a_handful_of_reconciles()
    {
        using var api = await BeginAsync();
        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", Policies, "application/yaml"));
        for (var part = 0; part < 10; part++) await SucceedAsync(api.PostAsync("/api/v1/users/import", Part(part, "EU")));
        await ReconciledAsync(api);
        await UntilAsync(async () => (await ReconcilesAsync(api)).All(static r => r.Value is "completed"));
        var before = await ReconcilesAsync(api);

        for (var part = 0; part < 10; part++) await SucceedAsync(api.PostAsync("/api/v1/users/import", Part(part, "US")));

        await UntilAsync(() => IsReadingAsync("ada", "2"));
        await UntilAsync(async () => (await ReconcilesAsync(api)).All(static r => r.Value is "completed"));
        var made = (await ReconcilesAsync(api)).Count - before.Count;
        made.ShouldBeInRange(1, 12);

        // Ada is the last of all.
        static string Part(int part, string region)
        {
            var users = Enumerable.Range(part * 1_000, 1_000).Select(i =>
                $$"""{"username": "{{(i == 9_999 ? "ada" : $"person{i:D4}")}}", "attributes": [{"name": "Region", "value": "{{region}}"}]}""");
            return $$"""{"users": [{{string.Join(',', users)}}]}""";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<Api> BeginAsync()
    {
        await Requires.PostgreSqlAsync();
        _cluster = await PostgresCluster.StartAsync(Token);
        await _cluster.ExecuteAsync("CREATE DATABASE shop", ct: Token);
        await _cluster.ExecuteAsync(
            """
            CREATE TABLE public.customers (id int PRIMARY KEY, region text, email text);
            INSERT INTO public.customers VALUES (1, 'EU', 'ann@example.com'), (2, 'US', 'bob@example.com'), (3, 'EU', 'cy@example.com');
            CREATE ROLE ada LOGIN PASSWORD 'ada'; CREATE ROLE eve LOGIN PASSWORD 'eve'; CREATE ROLE mallory LOGIN PASSWORD 'mallory';
            """,
            "shop", Token);
        _server = await HostedServer.StartAsync();
        var api = _server.Api();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.PostgreSql(_cluster, "pg", _cluster.SuperuserPassword)));
        var settings = await api.PutAsync("/data/settings/pg/shop", """{"isActive": true}""");
        await api.CompleteAsync(settings.Json["bulkId"]!.GetValue<string>());
        await PutPeopleAndTagsAsync(api);
        return api;
    }

    private async Task<IReadOnlyList<string>> RowsAsync(string person, string sql)
    {
        await using var source = NpgsqlDataSource.Create(_cluster!.ConnectionString("shop", person, person));
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(Token)) rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        return rows;
    }

    private async Task<Api> KeyAsync(Api maker, string body)
    {
        var made = await maker.PostAsync("/api/v1/api-keys", body);
        made.Status.ShouldBe(HttpStatusCode.OK, made.Text);
        return new Api(_server!.Url, made.Json["key"]!.GetValue<string>());
    }

    // Once its job has ended, no reconcile goes on that was begun in another mode.
    private static async Task ModeAsync(Api api, string mode) =>
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Put, "/data/connection/pg", $$$"""{"settings": {"mode": "{{{mode}}}"}}"""));

    /// <summary>Every reconcile there was, with its state.</summary>
    private static async Task<Dictionary<string, string>> ReconcilesAsync(Api api)
    {
        var found = await api.GetAsync("/jobs/search?connectionKey=pg&jobType=reconcile&size=1000");
        found.Status.ShouldBe(HttpStatusCode.OK, found.Text);
        return found.Json["jobs"]!.AsArray().ToDictionary(static j => j!["id"]!.GetValue<string>(), static j => j!["state"]!.GetValue<string>());
    }

    private async Task<bool> IsReadingAsync(string person, params string[] ids) =>
        (await RowsAsync(person, "SELECT id FROM public.customers ORDER BY id")).SequenceEqual(ids);

    private async Task<bool> MayReadAsync(string person)
    {
        try
        {
            await RowsAsync(person, "SELECT id FROM public.customers");
            return true;
        }
        catch (PostgresException e) when (e.SqlState == "42501")
        {
            return false;
        }
    }

    private async Task<string?> RefusalAsync(string person, string sql) =>
        (await Should.ThrowAsync<PostgresException>(() => RowsAsync(person, sql))).SqlState;
}
