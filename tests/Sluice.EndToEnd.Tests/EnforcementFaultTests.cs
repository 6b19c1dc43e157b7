using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using Sluice.Testing;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>What a plan does that is cut off, or too large to be made unasked: on a real PostgreSQL, with people who read all the while.</summary>
public sealed class EnforcementFaultTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const int Seed = 20261129;
    private const int Tables = 12;
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 20 : 1;
    private static readonly string[] People = ["ada", "ben", "cat", "dan", "eve"];

    private const string Readers = """
        policyKey: readers
        name: Analysts read the shop
        type: subscription
        circumstances: [{type: objectPath, path: [pg, shop]}]
        actions: {type: entitlements, entitlements: {operator: all, groups: [Analysts]}}
        """;

    private const string Mask = """
        policyKey: mask
        name: Addresses are masked
        type: data
        circumstances: [{type: objectPath, path: [pg, shop]}]
        actions:
          - rules:
              - {type: Masking, config: {fields: [{type: columnRegex, regex: "^email$"}], maskingConfig: {type: "Null"}}}
        """;

    private const string Rows = """
        policyKey: rows
        name: Everybody sees the rows of their own regions
        type: data
        circumstances: [{type: objectPath, path: [pg, shop]}]
        actions:
          - rules:
              - {type: Row Restriction by Custom Where Clause, config: {predicate: "@attributeValuesContains('Region', region)"}}
        """;

    private const string OtherRows = """
        policyKey: other-rows
        name: Who is no analyst sees no row
        type: data
        circumstances: [{type: objectPath, path: [pg, shop, public, t2]}]
        actions:
          - rules:
              - {type: Row Restriction by Custom Where Clause, config: {predicate: "@isInGroups('Analysts')"}}
        """;

    private PostgresCluster? _cluster;
    private TestServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_killed_in_an_apply_goes_on_after_it_and_nobody_saw_what_no_state_allows()
    {
        var api = await BeginAsync("""{"maxLost": 1000, "maxGained": 1000}""", asProcess: true);
        await PutAsync(api, Readers);
        await PutAsync(api, Rows);
        await PutAsync(api, Mask);
        await ReconciledAsync(api);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reading = ReadOnAsync(ending.Token);
        var random = new Random(Seed);
        for (var round = 0; round < Rounds; round++)
        {
            // Ada's regions change while addresses are masked; then the mask goes. No state shows her addresses of EU.
            await RegionAsync(api, "US");
            api = await KillAsync(api, random);
            await ReconciledAsync(api);
            (await ReadAsync("ada", "SELECT id FROM public.t1 ORDER BY id")).ShouldBe(["2"]);

            await SucceedAsync(api.DeleteAsync("/api/v1/policies/mask"));
            api = await KillAsync(api, random);
            await ReconciledAsync(api);
            (await ReadAsync("ada", "SELECT email FROM public.t1")).ShouldBe(["bob@example.com"]);

            await PutAsync(api, Mask);
            api = await KillAsync(api, random);
            await ReconciledAsync(api);
            (await ReadAsync("ada", "SELECT email FROM public.t1")).ShouldBeNull();

            await RegionAsync(api, "EU");
            api = await KillAsync(api, random);
            await ReconciledAsync(api);
            (await ReadAsync("ada", "SELECT id FROM public.t1 ORDER BY id")).ShouldBe(["1", "3"]);
        }

        await ending.CancelAsync();
        var looks = await reading;
        looks.ShouldBeGreaterThan(10);
        var trail = await api.PostAsync("/api/v1/audit/verify", "{}");
        trail.Status.ShouldBe(HttpStatusCode.OK, trail.Text);
        output.WriteLine($"{Rounds} rounds, {Rounds * 4} kills, {looks} looks, seed {Seed}");
        api.Dispose();
    }

    [Fact]
    public async Task A_plan_that_takes_much_away_waits_for_a_confirmation_and_what_it_protects_does_not_wait()
    {
        using var api = await BeginAsync();
        await PutAsync(api, $"{Readers}\n---\n{OtherRows}");
        await ConfirmUntilAsync(api, async () => await ReadAsync("ben", "SELECT id FROM public.t1") is not null);
        await ReconciledAsync(api);
        (await ReadAsync("ben", "SELECT id FROM public.t1 ORDER BY id")).ShouldBe(["1", "2", "3"]);
        (await ReadAsync("ben", "SELECT id FROM public.t2 ORDER BY id")).ShouldBe(["1", "2", "3"], "by a rule that asks for a group");

        // In one request: nobody is to read any more, and rows are to be restricted.
        await PutAsync(api, Readers.Replace("[Analysts]", "[Nobody]", StringComparison.Ordinal) + "\n---\n" + Rows);
        var held = await HeldAsync(api);
        held["stateReason"]!.GetValue<string>().ShouldContain("60", customMessage: "five people and twelve tables");

        (await ReadAsync("ben", "SELECT id FROM public.t1")).ShouldBe([], "the row rule did not wait; ben has no region");
        (await ReadAsync("ada", "SELECT id FROM public.t1 ORDER BY id")).ShouldBe(["1", "3"]);

        // One person is never held.
        await SucceedAsync(api.PutAsync("/api/v1/users/dan", """{"username": "dan", "enabled": false}"""));
        await UntilAsync(async () => await ReadAsync("dan", "SELECT id FROM public.t1") is null);
        (await ReadAsync("cat", "SELECT id FROM public.t1")).ShouldBe([]);

        await ConfirmUntilAsync(api, async () => await ReadAsync("ada", "SELECT id FROM public.t1") is null);
        await ReconciledAsync(api);
        foreach (var person in People) (await ReadAsync(person, "SELECT id FROM public.t1")).ShouldBeNull(person);
    }

    [Fact]
    public async Task What_expires_for_many_or_goes_with_many_who_are_deleted_waits_for_nobody()
    {
        using var api = await BeginAsync();
        foreach (var person in People) await ProjectAsync(api, person, null);
        await PutAsync(api, OnTheProject("Analysts"));
        await ConfirmUntilAsync(api, EverybodyReadsAsync);
        await ReconciledAsync(api);

        // The project ends for all five at one moment: sixty pairs.
        var end = DateTimeOffset.UtcNow.AddSeconds(5);
        foreach (var person in People) await ProjectAsync(api, person, end);
        await UntilAsync(async () => await ReadAsync("ben", "SELECT id FROM public.t1") is null);
        await ReconciledAsync(api);
        (await StatesAsync(api)).ShouldNotContain("held");
        foreach (var person in People) (await ReadAsync(person, $"SELECT id FROM public.t{Tables}")).ShouldBeNull(person);

        // It goes on. While a plan waits that takes it from three of them, it ends for another, whom the new policy would let in.
        foreach (var person in People) await ProjectAsync(api, person, null);
        await ConfirmUntilAsync(api, EverybodyReadsAsync);
        await ReconciledAsync(api);
        await SucceedAsync(api.PutAsync("/api/v1/groups/Nobody/members", """{"users": ["ada", "ben"], "groups": []}"""));
        await PutAsync(api, OnTheProject("Nobody"));
        await HeldAsync(api);
        await ProjectAsync(api, "ada", DateTimeOffset.UtcNow.AddSeconds(1));
        await UntilAsync(async () => await ReadAsync("ada", "SELECT id FROM public.t1") is null);
        (await StatesAsync(api)).ShouldContain("held");
        (await ReadAsync("ben", "SELECT id FROM public.t1")).ShouldNotBeNull("nothing has ended for him");
        (await ReadAsync("cat", "SELECT id FROM public.t1")).ShouldNotBeNull("that a policy ends it waits");
        await PutAsync(api, OnTheProject("Analysts"));
        await ReconciledAsync(api);

        // All are deleted, none disabled before. In observe, so that one plan takes it all away.
        await ModeAsync(api, "observe");
        foreach (var person in People) await SucceedAsync(api.DeleteAsync($"/api/v1/users/{person}"));
        await ModeAsync(api, "sync");
        await UntilAsync(async () => await ReadAsync("ben", "SELECT id FROM public.t1") is null);
        await ReconciledAsync(api);
        (await StatesAsync(api)).ShouldNotContain("held");
        foreach (var person in People) (await ReadAsync(person, $"SELECT id FROM public.t{Tables}")).ShouldBeNull(person);

        // A plan may have come when not all of them were on the project: the rest waits for another confirmation.
        async Task<bool> EverybodyReadsAsync()
        {
            foreach (var person in People) if (await ReadAsync(person, "SELECT id FROM public.t1") is null) return false;
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    private async Task<Api> BeginAsync(string? guard = null, bool asProcess = false)
    {
        await Requires.PostgreSqlAsync();
        _cluster = await PostgresCluster.StartAsync(Token);
        await _cluster.ExecuteAsync("CREATE DATABASE shop", ct: Token);
        foreach (var table in Enumerable.Range(1, Tables))
        {
            await _cluster.ExecuteAsync(
                $"""
                CREATE TABLE public.t{table} (id int PRIMARY KEY, region text, email text);
                INSERT INTO public.t{table} VALUES (1, 'EU', 'ann@example.com'), (2, 'US', 'bob@example.com'), (3, 'EU', 'cy@example.com');
                """,
                "shop", Token);
        }

        foreach (var person in People) await _cluster.ExecuteAsync($"CREATE ROLE {person} LOGIN PASSWORD '{person}'", "shop", Token);
        _server = await TestServer.StartAsync(asProcess);
        var api = _server.Api();
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Post, "/data/connection", Payloads.PostgreSql(_cluster, "pg", _cluster.SuperuserPassword, guard)));
        var settings = await api.PutAsync("/data/settings/pg/shop", """{"isActive": true}""");
        await api.CompleteAsync(settings.Json["bulkId"]!.GetValue<string>());
        foreach (var group in (string[])["Analysts", "Nobody"]) await SucceedAsync(api.PostAsync("/api/v1/groups", $$"""{"name": "{{group}}"}"""));
        foreach (var name in People)
        {
            await SucceedAsync(api.PostAsync("/api/v1/users", $$"""{"username": "{{name}}"}"""));
            await SucceedAsync(api.PostAsync($"/api/v1/users/{name}/identities", $$"""{"connectionKey": "pg", "name": "{{name}}"}"""));
        }

        var members = new JsonArray([.. People.Select(static p => JsonValue.Create(p))]).ToJsonString();
        await SucceedAsync(api.PutAsync("/api/v1/groups/Analysts/members", $$"""{"users": {{members}}, "groups": []}"""));
        await RegionAsync(api, "EU");
        return api;
    }

    private async Task<Api> KillAsync(Api api, Random random)
    {
        // A point in the apply is how many changes were begun: from none to more than there are, so that some kills meet a server that is done.
        var until = await BegunAsync(api) + random.Next(0, 14);
        await UntilAsync(async () => await BegunAsync(api) >= until || await IsReconciledAsync(api));
        await ((ServerProcess)_server!).KillAsync();
        await _server.DisposeAsync();
        api.Dispose();
        _server = await ServerProcess.StartAsync(_server.Directory);
        return _server.Api();
    }

    private static async Task<int> BegunAsync(Api api) => (await api.GetAsync("/api/v1/audit?action=change.intended&size=1")).Json["count"]!.GetValue<int>();

    // How often somebody looked. Addresses of EU are ada's to see in no state.
    private async Task<int> ReadOnAsync(CancellationToken ending)
    {
        // In one session, to which what the server changes applies from the next statement on. Without a pause the reader would take the machine from the server that it watches.
        await using var source = NpgsqlDataSource.Create(_cluster!.ConnectionString("shop", "ada", "ada"));
        var looks = 0;
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!ending.IsCancellationRequested)
        {
            await pause.WaitForNextTickAsync(CancellationToken.None);
            foreach (var table in (int[])[1, Tables / 2, Tables])
                (await ReadAsync(source, $"SELECT email FROM public.t{table} WHERE region = 'EU'") ?? []).ShouldBeEmpty();
            looks++;
        }

        return looks;
    }

    private static async Task RegionAsync(Api api, string region) =>
        await SucceedAsync(api.PutAsync("/api/v1/users/ada/attributes", $$"""{"attributes": [{"name": "Region", "value": "{{region}}"}]}"""));

    private static async Task PutAsync(Api api, string policies) => await SucceedAsync(api.SendAsync(HttpMethod.Post, "/api/v2/policy", policies, "application/yaml"));

    // What is held is confirmed until it has come about: a plan that was made from another state goes stale, and another is held in its place.
    private static Task ConfirmUntilAsync(Api api, Func<Task<bool>> holds) => UntilAsync(async () =>
    {
        if (await holds()) return true;
        var plans = (await api.GetAsync("/api/v1/plans?connectionKey=pg")).Json["hits"]!.AsArray();
        if (plans.FirstOrDefault(static p => p!["state"]!.GetValue<string>() == "held") is { } held)
            await api.PostAsync($"/api/v1/plans/{held["id"]!.GetValue<string>()}/confirm", "{}");
        return false;
    });

    private static string OnTheProject(string group) =>
        Readers.Replace("groups: [Analysts]", $"groups: [{group}], attributes: [{{name: Project, value: Apollo}}]", StringComparison.Ordinal);

    private static async Task ProjectAsync(Api api, string person, DateTimeOffset? until)
    {
        var attribute = new JsonObject { ["name"] = "Project", ["value"] = "Apollo" };
        if (until is { } end) attribute["expiresAt"] = end.ToString("O");
        await SucceedAsync(api.PutAsync($"/api/v1/users/{person}/attributes", new JsonObject { ["attributes"] = new JsonArray(attribute) }.ToJsonString()));
    }

    private static async Task ModeAsync(Api api, string mode)
    {
        var changed = await api.PutAsync("/data/connection/pg", new JsonObject { ["settings"] = new JsonObject { ["mode"] = mode } }.ToJsonString());
        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        if (changed.Json["bulkId"] is { } job) await api.CompleteAsync(job.GetValue<string>());
    }

    private static async Task<List<string>> StatesAsync(Api api) =>
        [.. (await api.GetAsync("/api/v1/plans?connectionKey=pg")).Json["hits"]!.AsArray().Select(static p => p!["state"]!.GetValue<string>())];

    private static async Task<JsonNode> HeldAsync(Api api)
    {
        JsonNode? held = null;
        await UntilAsync(async () =>
        {
            var plans = (await api.GetAsync("/api/v1/plans?connectionKey=pg")).Json["hits"]!.AsArray();
            held = plans.FirstOrDefault(static p => p!["state"]!.GetValue<string>() == "held");
            return held is not null;
        });
        return held!;
    }

    // By a login of its own.
    private async Task<IReadOnlyList<string>?> ReadAsync(string person, string sql)
    {
        await using var source = NpgsqlDataSource.Create($"{_cluster!.ConnectionString("shop", person, person)};Pooling=false");
        return await ReadAsync(source, sql);
    }

    // Null where it is refused.
    private static async Task<IReadOnlyList<string>?> ReadAsync(NpgsqlDataSource source, string sql)
    {
        try
        {
            await using var command = source.CreateCommand(sql);
            await using var reader = await command.ExecuteReaderAsync(Token);
            var rows = new List<string>();
            while (await reader.ReadAsync(Token)) rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
            return rows;
        }
        catch (PostgresException e) when (e.SqlState == "42501")
        {
            return null;
        }
    }
}
