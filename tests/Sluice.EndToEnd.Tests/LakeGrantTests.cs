using System.Net;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Faults;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>Whose a named grant is on Lake Formation, where nothing marks it, and what follows from that.</summary>
public sealed class LakeGrantTests
{
    private static readonly string[] Crowd = [.. Enumerable.Range(0, 30).Select(static i => $"p{i:00}")];
    private static readonly string[] Some = GovernedLake.Tables[..3];

    [Fact]
    public async Task In_upsert_only_our_named_grants_go_and_those_of_others_stay()
    {
        await using var lake = await BeginAsync("ada", "ben");
        using var api = lake.Server.Api();
        await GovernedLake.ModeAsync(api, "upsert-only");
        await GrantAsync(lake, "dan", "customers");

        await GovernedLake.MembersAsync(api, "Analysts", ["ben"]);
        await ReconciledAsync(api, GovernedLake.Key);

        foreach (var table in Some) lake.Seen("ada", table).ShouldBeNull(table);
        (await lake.GrantsAsync()).ShouldNotContain(g => g.Contains("user/ada\"", StringComparison.Ordinal), "nor on the database");
        lake.Seen("ben", "customers").ShouldNotBeNull();
        lake.Seen("dan", "customers").ShouldNotBeNull("nobody asked for it here, and nobody here gave it");
        (await RemovedAsync(api)).ShouldBe(0, "what was ours is nobody else's to have back");
    }

    [Fact]
    public async Task A_deactivated_table_loses_our_grants_and_the_removed_ones_of_others_are_offered()
    {
        await using var lake = await BeginAsync("ada", "ben");
        using var api = lake.Server.Api();
        await GrantAsync(lake, "dan", "customers");
        await GovernedLake.LookAsync(api);
        await UntilAsync(() => Task.FromResult(lake.Seen("dan", "customers") is null));
        await ReconciledAsync(api, GovernedLake.Key);
        await GrantAsync(lake, "cat", "returns");

        var settings = await api.PutAsync($"/data/settings/{GovernedLake.Key}/{GovernedLake.Database}", """{"isActive": false}""");
        settings.Json["removedGrants"]!["count"]!.GetValue<int>().ShouldBe(1, settings.Text);
        await ReconciledAsync(api, GovernedLake.Key);

        foreach (var person in (string[])["ada", "ben"])
        {
            foreach (var table in Some) lake.Seen(person, table).ShouldBeNull($"{person} {table}");
            (await lake.GrantsAsync()).ShouldNotContain(g => g.Contains($"user/{person}\"", StringComparison.Ordinal));
        }

        lake.Seen("cat", "returns").ShouldNotBeNull("what others gave on what is not active is theirs");
        (await RemovedAsync(api)).ShouldBe(1);

        // Active again: everything is as it was.
        await api.CompleteAsync((await api.PutAsync($"/data/settings/{GovernedLake.Key}/{GovernedLake.Database}", """{"isActive": true}""")).Json["bulkId"]!.GetValue<string>());
        await ReconciledAsync(api, GovernedLake.Key);
        lake.Seen("ada", "customers").ShouldNotBeNull();
    }

    [Fact]
    public async Task Whoever_is_deleted_loses_what_was_granted_by_name()
    {
        await using var lake = await BeginAsync("ada", "ben");
        using var api = lake.Server.Api();

        await SucceedAsync(api.DeleteAsync("/api/v1/users/ada"));
        await UntilAsync(() => Task.FromResult(Some.All(t => lake.Seen("ada", t) is null)));

        await ReconciledAsync(api, GovernedLake.Key);
        (await lake.GrantsAsync()).ShouldNotContain(g => g.Contains("user/ada\"", StringComparison.Ordinal));
        lake.Seen("ben", "customers").ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_granted_by_calls_that_never_answered_is_ours()
    {
        await using var lake = await BeginAsync("ada", "ben");
        using var api = lake.Server.Api();
        await GovernedLake.ModeAsync(api, "upsert-only");
        // Made, each time it is tried; and told as a failure in the end.
        lake.Aws.SetFaults(new AwsSandboxFault { Operation = "BatchGrantPermissions", Kind = AwsSandboxFaultKind.DropAfterCommit });
        await GovernedLake.MembersAsync(api, "Analysts", ["ada", "ben", "cat"]);
        await UntilAsync(async () => (await StatesAsync(api)).Contains("failed"));
        lake.Seen("cat", "customers").ShouldNotBeNull();

        await GovernedLake.MembersAsync(api, "Analysts", ["ada", "ben"]);
        await ReconciledAsync(api, GovernedLake.Key);

        foreach (var table in Some) lake.Seen("cat", table).ShouldBeNull(table);
        (await lake.GrantsAsync()).ShouldNotContain(g => g.Contains("user/cat\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_others_took_away_and_granted_anew_is_theirs()
    {
        await using var lake = await BeginAsync("ada", "ben");
        using var api = lake.Server.Api();
        await GovernedLake.ModeAsync(api, "observe");
        await ReconciledAsync(api, GovernedLake.Key);
        await lake.AdministrateAsync("RevokePermissions", Select(lake, "ada", "customers"));
        var plan = (await api.PostAsync("/api/v1/plans", $$"""{"connectionKey": "{{GovernedLake.Key}}"}""")).Json;
        plan["changes"]!.AsArray().Count.ShouldBe(1, plan.ToJsonString());
        // The server has seen it once the history tells of it.
        await GovernedLake.LookAsync(api);
        await UntilAsync(async () => !(await ReadersAsync(api, "customers")).Contains(lake.ArnOf("ada")));

        await GrantAsync(lake, "ada", "customers");
        await GovernedLake.MembersAsync(api, "Analysts", ["ben"]);
        await GovernedLake.ModeAsync(api, "upsert-only");
        await ReconciledAsync(api, GovernedLake.Key);

        lake.Seen("ada", "returns").ShouldBeNull();
        lake.Seen("ada", "customers").ShouldNotBeNull("it was granted by somebody else");
    }

    [Fact]
    public async Task The_end_of_many_subscriptions_of_peoples_own_waits_for_nobody()
    {
        await using var lake = await BeginAsync([.. Crowd, "ada"]);
        using var api = lake.Server.Api();
        await SucceedAsync(api.PutAsync($"/data/connection/{GovernedLake.Key}", """{"settings": {"guard": {"maxLost": null}}}"""));
        var given = new Dictionary<string, string>();
        foreach (var person in Crowd.Append("dan"))
        {
            var subscription = await api.PostAsync(
                $"/api/v1/objects/{GovernedLake.Key}/{GovernedLake.Database}/products/subscriptions", $$"""{"user": "{{person}}", "access": "READ"}""");
            subscription.Status.ShouldBe(HttpStatusCode.OK, subscription.Text);
            given[person] = subscription.Json["id"]!.GetValue<string>();
        }

        await ReconciledAsync(api, GovernedLake.Key);
        lake.Seen("dan", "products").ShouldNotBeNull();

        // In one plan: thirty-one subscriptions end. None of it is held.
        await GovernedLake.ModeAsync(api, "observe");
        foreach (var id in given.Values) await SucceedAsync(api.DeleteAsync($"/api/v1/subscriptions/{id}"));
        await GovernedLake.ModeAsync(api, "sync");
        await UntilAsync(() => Task.FromResult(lake.Seen("dan", "products") is null));
        await ReconciledAsync(api, GovernedLake.Key);
        (await StatesAsync(api)).ShouldNotContain("held");

        // As many lose what a rule gave them: that waits, and what one person's subscription gave goes at once.
        await SucceedAsync(api.PostAsync($"/api/v1/objects/{GovernedLake.Key}/{GovernedLake.Database}/products/subscriptions", """{"user": "dan", "access": "READ"}"""));
        await ReconciledAsync(api, GovernedLake.Key);
        await GovernedLake.ModeAsync(api, "observe");
        await GovernedLake.MembersAsync(api, "Analysts", ["ada"]);
        var own = (await api.GetAsync($"/api/v1/objects/{GovernedLake.Key}/{GovernedLake.Database}/products/subscriptions")).Json["hits"]!.AsArray().Single()!;
        await SucceedAsync(api.DeleteAsync($"/api/v1/subscriptions/{own["id"]!.GetValue<string>()}"));
        await GovernedLake.ModeAsync(api, "sync");
        await UntilAsync(async () => (await StatesAsync(api)).Contains("held"));
        await UntilAsync(() => Task.FromResult(lake.Seen("dan", "products") is null));
        (await lake.GrantsAsync()).ShouldContain(g => g.Contains("user/p00\"", StringComparison.Ordinal));
    }

    private static async Task<GovernedLake> BeginAsync(params string[] analysts)
    {
        var lake = await GovernedLake.StartAsync(ServiceGrants.LFTag, new Dictionary<string, string[]> { ["Analysts"] = analysts });
        using var api = lake.Server.Api();
        await GovernedLake.PutAsync(api, GovernedLake.Reading("Analysts", Some));
        await ReconciledAsync(api, GovernedLake.Key);
        foreach (var table in Some) lake.Seen("ada", table).ShouldNotBeNull(table);
        return lake;
    }

    private static Task GrantAsync(GovernedLake lake, string person, string table) => lake.AdministrateAsync("GrantPermissions", Select(lake, person, table));

    private static JsonObject Select(GovernedLake lake, string person, string table) => new()
    {
        ["Principal"] = new JsonObject { ["DataLakePrincipalIdentifier"] = lake.ArnOf(person) },
        ["Resource"] = new JsonObject { ["Table"] = new JsonObject { ["DatabaseName"] = GovernedLake.Database, ["Name"] = table } },
        ["Permissions"] = new JsonArray("SELECT"),
    };

    private static async Task<int> RemovedAsync(Api api) => (await api.GetAsync($"/api/v1/removed-grants?connection={GovernedLake.Key}")).Json["count"]!.GetValue<int>();

    private static async Task<List<string>> StatesAsync(Api api) =>
        [.. (await api.GetAsync($"/api/v1/plans?connectionKey={GovernedLake.Key}")).Json["hits"]!.AsArray().Select(static p => p!["state"]!.GetValue<string>())];

    private static async Task<List<string>> ReadersAsync(Api api, string table) =>
        [.. (await api.GetAsync($"/api/v1/access/history?objectPath=[%22{GovernedLake.Key}%22,%22{GovernedLake.Database}%22,%22{table}%22]")).Json["hits"]!.AsArray().Select(static h => h!["identity"]!.GetValue<string>())];
}
