using static Sluice.EndToEnd.Tests.CloudPlans;

namespace Sluice.EndToEnd.Tests;

/// <summary>People who read in a loop while plans are applied on Snowflake and Databricks: generated pairs of what policies ask for, one after the other.</summary>
public sealed class CloudReaderTests(ITestOutputHelper output)
{
    private const int Seed = 20261201;

    private static readonly int Pairs =
        int.TryParse(Environment.GetEnvironmentVariable("SLUICE_ROUNDS"), out var asked) ? asked : Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 200 : 4;

    [Theory]
    [InlineData("snowflake")]
    [InlineData("databricks")]
    public async Task Nobody_ever_reads_what_neither_state_shows_nor_misses_what_both_do(string technology)
    {
        var random = new Random(Seed);
        var world = CloudWorld.Covered;
        await using var cloud = await GovernedClouds.StartAsync(technology);
        using var api = cloud.Server.Api();
        await world.PutAsync(cloud, api, before: null, static () => { });
        await SettledAsync(api, cloud.Key);
        var watch = new CloudWatch(cloud, technology == "snowflake", world);
        await watch.ShouldBeAsync(world, "the start");
        cloud.Slow(5);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watching = watch.RunAsync(ending.Token);
        for (var pair = 0; pair < Pairs; pair++)
        {
            var (from, to) = (world, world.Changed(random));
            await to.PutAsync(cloud, api, from, () => watch.Begin(from, to));
            await SettledAsync(api, cloud.Key);
            await watch.ShouldBeAsync(to, $"pair {pair}, seed {Seed}");
            watch.Faults.ShouldBeEmpty($"pair {pair}, seed {Seed}");
            watch.Begin(to, to);
            world = to;
        }

        await ending.CancelAsync();
        await watching;
        watch.Faults.ShouldBeEmpty($"seed {Seed}");
        watch.Looks.ShouldBeGreaterThan(100);
        output.WriteLine($"{technology}: {Pairs} pairs, {watch.Looks} looks, {watch.Closed} of them closed, seed {Seed}");
    }
}
