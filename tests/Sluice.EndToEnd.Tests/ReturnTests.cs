using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using Sluice.Testing;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>What is given back: grants of others, and everything of Sluice's.</summary>
public sealed class ReturnTests : IAsyncDisposable
{
    private const string Policies = """
        policyKey: shop-for-analysts
        type: subscription
        circumstances: [{type: objectPath, path: [pg, shop]}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        ---
        policyKey: mask-email
        type: data
        circumstances: [{type: objectPath, path: [pg, shop]}]
        actions:
          - rules:
              - type: Masking
                config: {fields: [{type: columnRegex, regex: "^email$"}], maskingConfig: {type: "Null"}}
        ---
        policyKey: eu-rows
        type: data
        circumstances: [{type: objectPath, path: [pg, shop]}]
        actions:
          - rules:
              - type: Row Restriction by Custom Where Clause
                config: {predicate: "@columnReference('region') = 'EU'"}
        """;

    // Everything that a mark, a prefix or the schema would be found by, in any database.
    private const string Left = """
        SELECT 'role ' || rolname FROM pg_roles WHERE rolname LIKE 'sluice%'
        UNION ALL SELECT 'policy ' || polname FROM pg_policy WHERE polname LIKE 'sluice%'
        UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname LIKE 'sluice%'
        UNION ALL SELECT 'comment ' || description FROM pg_description WHERE description LIKE '%Sluice%'
        UNION ALL SELECT 'comment ' || description FROM pg_shdescription WHERE description LIKE '%Sluice%'
        UNION ALL SELECT 'row security on ' || relname FROM pg_class WHERE relrowsecurity
        UNION ALL SELECT 'default privilege' FROM pg_default_acl
        """;

    private PostgresCluster? _cluster;
    private HostedServer? _server;

    [Fact]
    public async Task A_cleanup_leaves_nothing_of_ours_and_puts_back_what_was_taken()
    {
        using var api = await BeginAsync();
        await EnforcedAsync(api);
        (await LeftAsync()).Count.ShouldBeGreaterThan(5);
        (await RefusalAsync("mallory")).ShouldBe("42501");

        using var admin = await KeyAsync(api, """["APPLICATION_ADMIN"]""");
        var refused = await admin.DeleteAsync("/data/object/pg?cleanup=true");
        refused.Status.ShouldBe(HttpStatusCode.Forbidden, refused.Text);
        refused.Text.ShouldContain("GOVERNANCE");
        (await api.DeleteAsync("/data/object/pg?restore=true")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var deleted = await api.DeleteAsync("/data/object/pg?cleanup=true&restore=true");
        deleted.Status.ShouldBe(HttpStatusCode.OK, deleted.Text);
        deleted.Json["childCount"]!.GetValue<long>().ShouldBeGreaterThan(0);
        var job = await api.CompleteAsync(deleted.Json["bulkId"]!.GetValue<string>());

        job["output"]!["takenBack"]!.GetValue<int>().ShouldBeGreaterThan(5, job.ToJsonString());
        job["output"]!["restored"]!.GetValue<int>().ShouldBe(2);
        (await api.GetAsync("/data/connection/pg")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await LeftAsync()).ShouldBeEmpty();
        (await CountAsync("mallory")).ShouldBe(3);
        (await api.GetAsync("/api/v1/removed-grants?connection=pg")).Status.ShouldBe(HttpStatusCode.NotFound, "all are back");
    }

    [Fact]
    public async Task A_cleanup_that_can_not_be_made_leaves_the_connection_with_the_reason()
    {
        using var api = await BeginAsync();
        await EnforcedAsync(api);
        var role = (await QueryAsync("SELECT rolname FROM pg_roles WHERE rolname LIKE 'sluice_aud_%' LIMIT 1", "shop")).Single();
        await _cluster!.ExecuteAsync($"CREATE SCHEMA others AUTHORIZATION \"{role}\"", "shop", Token);

        var deleted = await api.DeleteAsync("/data/object/pg?cleanup=true");
        var job = await api.WaitAsync(deleted.Json["bulkId"]!.GetValue<string>());

        job["state"]!.GetValue<string>().ShouldBe("failed", job.ToJsonString());
        job["error"]!.GetValue<string>().ShouldContain(role);
        (await api.GetAsync("/data/connection/pg")).Status.ShouldBe(HttpStatusCode.OK);
        await ReconciledAsync(api);
        (await CountAsync("ada")).ShouldBe(2, "what was taken back until then is there again");
    }

    [Fact]
    public async Task Removed_grants_are_listed_and_put_back_where_they_stay()
    {
        using var api = await BeginAsync();
        await EnforcedAsync(api);
        var listed = (await api.GetAsync("/api/v1/removed-grants?connection=pg&objectPath=%5B%22pg%22,%22shop%22%5D")).Json;
        listed["count"]!.GetValue<int>().ShouldBe(2, listed.ToJsonString());
        var grant = listed["hits"]!.AsArray().Single(h => h!["privilege"]!.GetValue<string>() == "SELECT")!;
        grant["grantee"]!.GetValue<string>().ShouldBe("mallory");
        grant["madeBy"]!.GetValue<string>().ShouldBe("postgres");
        var body = new JsonObject { ["ids"] = new JsonArray(grant["id"]!.GetValue<string>()) }.ToJsonString();

        var refused = await api.PostAsync("/api/v1/removed-grants/restore", body);
        refused.Status.ShouldBe(HttpStatusCode.Conflict, refused.Text);
        refused.Text.ShouldContain("mode sync");

        using var admin = await KeyAsync(api, """["APPLICATION_ADMIN"]""");
        (await admin.PutAsync("/data/settings/pg/shop", """{"isActive": false}""")).Status.ShouldBe(HttpStatusCode.Forbidden, "a mask is in force");
        var settings = await api.PutAsync("/data/settings/pg/shop", """{"isActive": false}""");
        settings.Json["removedGrants"]!["count"]!.GetValue<int>().ShouldBe(2, settings.Text);
        await ReconciledAsync(api);
        (await LeftAsync()).Where(static l => !l.Contains("epoch", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty("what was ours went with the activation");

        var (code, output) = await SluiceAsync("restore", "pg", "shop");
        code.ShouldBe(0, output);
        output.ShouldContain("GRANT SELECT ON TABLE");
        (await RefusalAsync("mallory")).ShouldBe("42501", "listed only");
        (code, output) = await SluiceAsync("restore", "pg", "--id", grant["id"]!.GetValue<string>(), "--yes");
        code.ShouldBe(0, output);

        (await CountAsync("mallory")).ShouldBe(3);
        (await api.GetAsync("/api/v1/removed-grants?connection=pg")).Json["count"]!.GetValue<int>().ShouldBe(1);
        var plan = (await api.GetAsync("/api/v1/plans?connectionKey=pg")).Json["hits"]!.AsArray()[0]!;
        plan["state"]!.GetValue<string>().ShouldBe("applied", plan.ToJsonString());

        (code, output) = await SluiceAsync("connection", "delete", "pg", "--yes");
        code.ShouldBe(0, output);
        output.ShouldContain("sluice restore");
        listed = (await api.GetAsync("/api/v1/removed-grants?connection=pg")).Json;
        listed["hits"]!.AsArray().Single()!["canBePutBack"]!.GetValue<bool>().ShouldBeFalse("the credentials are gone");
    }

    [Fact]
    public async Task An_activation_that_leaves_ways_open_is_refused_where_the_settings_say_so()
    {
        using var api = await BeginAsync();
        await _cluster!.ExecuteAsync("GRANT SELECT ON public.customers TO PUBLIC", "shop", Token);
        await SucceedAsync(api.PutAsync("/data/connection/pg", """{"settings": {"onResidual": "refuse"}}"""));

        var refused = await api.PutAsync("/data/settings/pg/shop", """{"isActive": true}""");

        refused.Status.ShouldBe(HttpStatusCode.Conflict, refused.Text);
        refused.Json["errors"]!["pg/shop/public/customers"]!.AsArray().Single()!.GetValue<string>().ShouldContain("PUBLIC");
        (await api.GetAsync("/data/object/pg/shop")).Json["state"]!.GetValue<string>().ShouldBe("inactive");
        await _cluster.ExecuteAsync("REVOKE SELECT ON public.customers FROM PUBLIC", "shop", Token);
        (await api.PutAsync("/data/settings/pg/shop", """{"isActive": true}""")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Drafts_of_what_is_granted_keep_it_when_the_objects_become_active()
    {
        using var api = await BeginAsync();
        await _cluster!.ExecuteAsync(
            """
            CREATE TABLE public.orders (id int, region text); CREATE POLICY eu ON public.orders USING (region = 'EU'); ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
            GRANT SELECT ON public.customers TO ada; GRANT SELECT ON public.orders TO ada; GRANT TRUNCATE ON public.orders TO ada;
            """,
            "shop", Token);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/crawl/pg", null));
        var directory = TestServer.NewDirectory();

        var (code, output) = await SluiceAsync("adopt", "pg", "-o", directory);

        code.ShouldBe(0, output);
        output.ShouldContain("shop/public/orders: ada: TRUNCATE");
        output.ShouldContain("INSERT: a subscription to write");
        output.ShouldContain("eu: permissive");
        var (valid, said) = await RunAsync("policy", "validate", "-f", directory);
        valid.ShouldBe(0, said);
        var adoption = (await api.PostAsync("/api/v1/adopt", """{"connection": "pg"}""")).Json;
        var policies = adoption["policies"]!.AsArray();
        policies.Count.ShouldBe(3, adoption.ToJsonString());
        policies.ShouldAllBe(p => p!["document"]!["staged"]!.GetValue<bool>());
        policies.ShouldContain(p => p!["document"]!["actions"]!.ToJsonString().Contains("@columnReference('region') = 'EU'") || p["document"]!["actions"]!.ToJsonString().Contains("region = "));

        // In force, but for the rows of a table that filters already; nothing is taken away before everybody is subscribed.
        await SucceedAsync(api.PutAsync("/data/connection/pg", """{"settings": {"mode": "create-only"}}"""));
        var subscribing = policies.Where(p => p!["document"]!["type"]!.GetValue<string>() == "subscription").Select(p =>
        {
            var document = p!["document"]!.DeepClone();
            document["staged"] = false;
            return document;
        });
        await SucceedAsync(api.PostAsync("/api/v2/policy", new JsonArray([.. subscribing]).ToJsonString()));
        await api.CompleteAsync((await api.PutAsync("/data/settings/pg/shop", """{"isActive": true}""")).Json["bulkId"]!.GetValue<string>());
        foreach (var given in adoption["subscriptions"]!.AsArray())
            foreach (var (user, path) in from user in given!["users"]!.AsArray() from path in given["objectPaths"]!.AsArray() select (user, path))
            {
                var on = string.Join('/', path!.AsArray().Select(n => n!.GetValue<string>()));
                await SucceedAsync(api.PostAsync($"/api/v1/objects/{on}/subscriptions", new JsonObject { ["user"] = user!.GetValue<string>(), ["access"] = given["access"]!.GetValue<string>() }.ToJsonString()));
            }

        await ReconciledAsync(api);
        await SucceedAsync(api.PutAsync("/data/connection/pg", """{"settings": {"mode": "sync"}}"""));
        await ReconciledAsync(api);

        (await QueryAsync("SELECT grantee::text FROM information_schema.role_table_grants WHERE grantee IN ('ada', 'mallory')", "shop")).ShouldBeEmpty("none is by a grant of their own any more");
        (await CountAsync("ada")).ShouldBe(3);
        (await CountAsync("mallory")).ShouldBe(3);
    }

    [Fact]
    public async Task A_cleanup_of_a_lake_takes_back_what_no_mark_tells()
    {
        await using var aws = await Sandbox.Aws.AwsSandbox.StartAsync(
            new Sandbox.Aws.AwsSandboxOptions { Principals = [new Sandbox.Aws.Identity.SandboxPrincipal { Name = "ann", Allow = ["glue:Get*"] }] }, Token);
        _server = await HostedServer.StartAsync();
        using var api = _server.Api();
        await RegisterLakeAsync(api, aws);
        await SucceedAsync(api.SendAsync(
            HttpMethod.Post, "/api/v2/policy", "policyKey: sales\ntype: subscription\ncircumstances: [{type: objectPath, path: [lake, sales]}]\nactions: {type: anyone}\n", "application/yaml"));
        await api.CompleteAsync((await api.PutAsync("/data/settings/lake/sales", """{"isActive": true}""")).Json["bulkId"]!.GetValue<string>());
        await ReconciledAsync(api, "lake");
        var held = (await api.PostAsync("/api/v1/adopt", """{"connection": "lake"}""")).Json;
        held["subscriptions"]!.AsArray().ShouldBeEmpty("what is ours is nothing to take over");
        aws.ColumnsSeenBy("ann", "sales", "orders").ShouldNotBeNull();

        var deleted = await api.DeleteAsync("/data/object/lake?cleanup=true");
        var job = await api.CompleteAsync(deleted.Json["bulkId"]!.GetValue<string>());

        job["output"]!["takenBack"]!.GetValue<int>().ShouldBeGreaterThan(3, job.ToJsonString());
        (await api.GetAsync("/api/v1/removed-grants?connection=lake")).Status.ShouldBe(HttpStatusCode.NotFound, "what was ours is nobody else's to have back");
        aws.ColumnsSeenBy("ann", "sales", "orders").ShouldBeNull();
        await RegisterLakeAsync(api, aws);
        held = (await api.PostAsync("/api/v1/adopt", """{"connection": "lake"}""")).Json;
        held["policies"]!.AsArray().ShouldBeEmpty(held.ToJsonString());
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
            CREATE ROLE ada LOGIN PASSWORD 'ada'; CREATE ROLE mallory LOGIN PASSWORD 'mallory';
            GRANT SELECT, INSERT ON public.customers TO mallory;
            """,
            "shop", Token);
        _server = await HostedServer.StartAsync();
        var api = _server.Api();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.PostgreSql(_cluster, "pg", _cluster.SuperuserPassword)));
        await SucceedAsync(api.PostAsync("/api/v1/groups", """{"name": "Analysts"}"""));
        foreach (var name in (string[])["ada", "mallory"])
        {
            await SucceedAsync(api.PostAsync("/api/v1/users", $$"""{"username": "{{name}}"}"""));
            await SucceedAsync(api.PostAsync($"/api/v1/users/{name}/identities", $$"""{"connectionKey": "pg", "name": "{{name}}"}"""));
        }

        await SucceedAsync(api.PutAsync("/api/v1/groups/Analysts/members", """{"users": ["ada"], "groups": []}"""));
        return api;
    }

    private async Task EnforcedAsync(Api api)
    {
        await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", Policies, "application/yaml"));
        var settings = await api.PutAsync("/data/settings/pg/shop", """{"isActive": true}""");
        await api.CompleteAsync(settings.Json["bulkId"]!.GetValue<string>());
        await ReconciledAsync(api);
        (await CountAsync("ada")).ShouldBe(2, "the rows of the EU");
    }

    private static async Task RegisterLakeAsync(Api api, Sandbox.Aws.AwsSandbox aws)
    {
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.GlueAccessKey(aws, "lake")));
        var user = await api.PostAsync("/api/v1/users", """{"username": "ann"}""");
        user.Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Conflict);
        await SucceedAsync(api.PostAsync("/api/v1/users/ann/identities", $$"""{"connectionKey": "lake", "name": "arn:aws:iam::{{aws.AccountId}}:user/ann"}"""));
    }

    private async Task<List<string>> LeftAsync() => [.. await QueryAsync(Left, "shop"), .. await QueryAsync(Left, "postgres")];

    private async Task<List<string>> QueryAsync(string sql, string database)
    {
        await using var source = NpgsqlDataSource.Create(_cluster!.ConnectionString(database, "postgres", _cluster.SuperuserPassword));
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(Token)) rows.Add(reader.GetString(0));
        return rows;
    }

    private async Task<int> CountAsync(string person)
    {
        await using var source = NpgsqlDataSource.Create(_cluster!.ConnectionString("shop", person, person));
        await using var command = source.CreateCommand("SELECT count(id)::int FROM public.customers");
        return (int)(await command.ExecuteScalarAsync(Token))!;
    }

    private async Task<string?> RefusalAsync(string person) => (await Should.ThrowAsync<PostgresException>(() => CountAsync(person))).SqlState;

    private async Task<Api> KeyAsync(Api maker, string permissions)
    {
        var made = await maker.PostAsync("/api/v1/api-keys", $$"""{"name": "key", "holder": "some-service", "permissions": {{permissions}}}""");
        made.Status.ShouldBe(HttpStatusCode.OK, made.Text);
        return new Api(_server!.Url, made.Json["key"]!.GetValue<string>());
    }

    private Task<(int Code, string Output)> SluiceAsync(params string[] arguments) =>
        RunAsync([.. arguments, "--server", _server!.Url, "--key-file", Path.Combine(_server.Directory, "admin.key")]);

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await SluiceCommand.RunAsync(arguments);
        return (code, output + error);
    }
}
