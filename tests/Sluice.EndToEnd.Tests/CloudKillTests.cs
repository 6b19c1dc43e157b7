using System.Net;
using System.Text.Json.Nodes;
using static Sluice.EndToEnd.Tests.CloudPlans;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// kill -9 in the middle of an apply on Snowflake and Databricks, while people read: nobody ever sees what neither state allows, the next server goes on from there, and
/// the audit trail tells how each change ended.
/// </summary>
public sealed class CloudKillTests(ITestOutputHelper output)
{
    private const int Seed = 20261130;
    private const int EventsOfApply = 24;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1";
    private static readonly int Rounds = !IsLong ? 1 : int.TryParse(Environment.GetEnvironmentVariable("SLUICE_ROUNDS"), out var asked) ? asked : 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("snowflake")]
    [InlineData("databricks")]
    public async Task A_server_killed_in_an_apply_goes_on_after_it_and_nobody_saw_what_no_state_allows(string technology)
    {
        var random = new Random(Seed);
        var start = IsLong ? CloudWorld.Open : CloudWorld.Covered;
        await using var cloud = await GovernedClouds.StartAsync(technology, asProcess: true);
        using (var api = cloud.Server.Api()) await start.PutAsync(cloud, api, before: null, static () => { });
        using (var api = cloud.Server.Api()) await SettledAsync(api, cloud.Key);
        var watch = new CloudWatch(cloud, technology == "snowflake", start);
        await watch.ShouldBeAsync(start, "the start");
        cloud.Slow(20);

        var (met, kills) = (0, 0);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var watching = watch.RunAsync(ending.Token);
        for (var round = 0; round < Rounds; round++)
        {
            var from = start;
            // The short form ends with the first kill that meets an apply: on a busy machine the first may come when it is over.
            foreach (var to in IsLong
                ? [CloudWorld.Covered, CloudWorld.Exchanged, CloudWorld.Exchanged.Changed(random), start]
                : (CloudWorld[])[CloudWorld.Exchanged, start, CloudWorld.Exchanged, start, CloudWorld.Exchanged, start])
            {
                if (await TurnAsync(cloud, watch, from, to, random)) met++;
                kills++;
                await watch.ShouldBeAsync(to, $"round {round}, seed {Seed}");
                watch.Faults.ShouldBeEmpty($"round {round}, seed {Seed}");
                from = to;
                if (!IsLong && met > 0) break;
            }
        }

        await ending.CancelAsync();
        await watching;
        watch.Faults.ShouldBeEmpty($"seed {Seed}");
        watch.Looks.ShouldBeGreaterThan(100);
        met.ShouldBeGreaterThan(0, "no kill met an apply");
        using var last = cloud.Server.Api();
        var changes = await EachEndedAsync(last);
        output.WriteLine($"{technology}: {Rounds} rounds, {kills} kills, {met} of them in an apply, {changes} changes, {watch.Looks} looks, {watch.Closed} of them closed, seed {Seed}");
    }

    // Whether the kill met an apply.
    private static async Task<bool> TurnAsync(IGovernedCloud cloud, CloudWatch watch, CloudWorld from, CloudWorld to, Random random)
    {
        bool isMet;
        using (var api = cloud.Server.Api())
        {
            // A point in the apply is how many changes were begun or ended.
            var until = await EventsAsync(api, "change") + random.Next(1, EventsOfApply);
            await to.PutAsync(cloud, api, from, () => watch.Begin(from, to));
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(15));
            for (var looks = 1; await EventsAsync(api, "change") < until; looks++)
            {
                await look.WaitForNextTickAsync(Token);
                if (looks % 100 == 0 && await IsReconciledAsync(api, cloud.Key)) break;
            }

            isMet = (await StatesAsync(api, cloud.Key)).Contains("applying");
        }

        await cloud.KillAsync();
        using var next = cloud.Server.Api();
        await SettledAsync(next, cloud.Key);
        watch.Begin(to, to);
        return isMet;
    }

    private static async Task<int> EachEndedAsync(Api api)
    {
        var trail = await api.PostAsync("/api/v1/audit/verify", "{}");
        trail.Status.ShouldBe(HttpStatusCode.OK, trail.Text);
        var events = (await api.GetAsync("/api/v1/audit/export")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonNode.Parse(l)!)
            .Where(static e => e["action"]!.GetValue<string>() is "change.intended" or "change.outcome").ToList();
        var open = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var each in events)
        {
            var change = each["details"]!["change"]!;
            var key = $"{each["planId"]} {change["verb"]} {change["key"]!.ToJsonString()}";
            if (each["action"]!.GetValue<string>() == "change.intended") open[key] = each;
            else open.Remove(key).ShouldBeTrue($"an outcome of nothing: {each.ToJsonString()}");
        }

        open.Values.Select(static e => e.ToJsonString()).ShouldBeEmpty("an intent without an outcome");
        return events.Count;
    }
}
