using CsCheck;
using Sluice.Engine.Jobs;

namespace Sluice.Engine.Tests;

public sealed class BackoffTests
{
    private static readonly TimeSpan Base = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_pause_is_never_negative_nor_longer_than_the_longest() =>
        Gen.Select(Gen.Int[1, 10_000], Gen.Double[0, 1]).Sample((attempt, random) =>
        {
            var pause = Backoff.Delay(attempt, Base, Longest, random);
            return pause >= TimeSpan.Zero && pause <= Longest;
        });

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(5, 32)]
    [InlineData(50, 600)]
    public void The_ceiling_doubles_with_every_run_up_to_the_longest(int attempt, int seconds) =>
        Backoff.Delay(attempt, Base, Longest, 1).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void The_jitter_is_full() => Backoff.Delay(7, Base, Longest, 0).ShouldBe(TimeSpan.Zero);

    [Fact]
    public void The_tries_of_a_job_outlast_ten_minutes_of_outage_on_average_and_end_within_the_hour()
    {
        var options = new EngineOptions();
        Pauses(0.5).ShouldBeGreaterThan(TimeSpan.FromMinutes(10));
        Pauses(1).ShouldBeLessThan(TimeSpan.FromHours(1));

        TimeSpan Pauses(double random) => Enumerable.Range(1, options.MaxAttempts - 1)
            .Aggregate(TimeSpan.Zero, (sum, failed) => sum + Backoff.Delay(failed, options.RetryBaseDelay, options.RetryMaxDelay, random));
    }
}
