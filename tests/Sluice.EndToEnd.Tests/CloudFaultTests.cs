using static Sluice.EndToEnd.Tests.CloudPlans;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>
/// What goes wrong on Snowflake and Databricks in the middle of an apply, while people read: the plan gets there or says what did not, nothing opens early, and once it is over
/// the server gets there too.
/// </summary>
public sealed class CloudFaultTests(ITestOutputHelper output)
{
    private static readonly int Turns = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? int.MaxValue : 2;

    private static readonly CloudWorld[] Worlds = [CloudWorld.Covered, CloudWorld.Exchanged, CloudWorld.Open];

    [Theory]
    [InlineData("snowflake")]
    [InlineData("databricks")]
    public async Task What_fails_in_an_apply_opens_nothing_early_and_is_made_in_the_end(string technology)
    {
        await using var cloud = await GovernedClouds.StartAsync(technology);
        using var api = cloud.Server.Api();
        await CloudWorld.Open.PutAsync(cloud, api, before: null, static () => { });
        await SettledAsync(api, cloud.Key);
        var watch = new CloudWatch(cloud, technology == "snowflake", CloudWorld.Open);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watching = watch.RunAsync(ending.Token);
        var from = CloudWorld.Open;
        for (var turn = 0; turn < Math.Min(Turns, cloud.Faults.Count); turn++)
        {
            var ((what, isMade, hasToBeginLater), to) = (cloud.Faults[turn], Worlds[turn % Worlds.Length]);
            var (applied, failed, changes) = (await EventsAsync(api, "plan.applied"), await EventsAsync(api, "plan.failed"), await EventsAsync(api, "change"));
            if (!hasToBeginLater) cloud.Break(what);
            await to.PutAsync(cloud, api, from, () => watch.Begin(from, to));
            if (hasToBeginLater)
            {
                await UntilSoonAsync(async () => await EventsAsync(api, "change") > changes);
                cloud.Break(what);
            }

            await UntilAsync(async () => await EventsAsync(api, "plan.applied") > applied || await EventsAsync(api, "plan.failed") > failed || (hasToBeginLater && await WaitsAsync(api, cloud.Key)));
            watch.Faults.ShouldBeEmpty(what);
            if (isMade) (await EventsAsync(api, "plan.failed")).ShouldBe(failed, $"{what}: {await ReasonAsync(api, cloud.Key)}");
            else if (!hasToBeginLater) (await EventsAsync(api, "plan.failed")).ShouldBeGreaterThan(failed, what);
            var reason = await EventsAsync(api, "plan.failed") > failed ? await ReasonAsync(api, cloud.Key) : await EventsAsync(api, "plan.applied") > applied ? "made" : "waits for another try";
            reason.ShouldNotBeNullOrEmpty(what);
            output.WriteLine($"{technology}, {what}: {reason}; {watch.Looks} looks so far");

            cloud.Mend();
            if (!await IsReconciledAsync(api, cloud.Key)) await cloud.LookAsync(api);
            await SettledAsync(api, cloud.Key);
            await watch.ShouldBeAsync(to, what);
            watch.Faults.ShouldBeEmpty(what);
            watch.Begin(to, to);
            from = to;
        }

        await ending.CancelAsync();
        await watching;
        watch.Faults.ShouldBeEmpty();
        watch.Looks.ShouldBeGreaterThan(100);
    }

    private static async Task<string?> ReasonAsync(Api api, string connection) =>
        (await api.GetAsync($"/api/v1/plans?connectionKey={connection}")).Json["hits"]!.AsArray().FirstOrDefault(static p => p!["state"]!.GetValue<string>() == "failed")?["stateReason"]?.GetValue<string>();

    // A reconcile that could not even look, and will be tried again: its plan is under way until then.
    private static async Task<bool> WaitsAsync(Api api, string connection) =>
        (await api.GetAsync($"/jobs/search?connectionKey={connection}&jobType=reconcile&state=retry")).Json["jobs"]!.AsArray().Count > 0;

    private static async Task UntilSoonAsync(Func<Task<bool>> isSo)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await isSo()) await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
