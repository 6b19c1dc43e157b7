using CsCheck;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Tests.Http;

public sealed class LimiterStateTests
{
    private static readonly Gen<LimiterBounds> Bounds =
        from minimum in Gen.Int[1, 5]
        from initial in Gen.Int[0, 20]
        from room in Gen.Int[0, 40]
        from decrease in Gen.Double[0.1, 0.9]
        select new LimiterBounds
        {
            Minimum = minimum, Initial = minimum + initial, Maximum = minimum + initial + room, Decrease = decrease,
        };

    [Fact]
    public void The_limit_stays_within_its_bounds() =>
        Gen.Select(Bounds, Gen.Select(Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 80]).Array[0, 200]).Sample((bounds, events) =>
        {
            var state = LimiterState.Start(bounds);
            foreach (var (throttled, age, running) in events)
            {
                state = throttled ? state.Throttled(state.Epoch - age) : state.Succeeded(state.Epoch - age, running);
                state.Permits.ShouldBeInRange(bounds.Minimum, bounds.Maximum);
            }
        });

    [Fact]
    public void A_success_never_lowers_and_a_throttle_never_raises_the_limit() =>
        Gen.Select(Bounds, Gen.Bool.Array[0, 50], Gen.Int[0, 50]).Sample((bounds, history, running) =>
        {
            var state = history.Aggregate(
                LimiterState.Start(bounds), (s, ok) => ok ? s.Succeeded(s.Epoch, s.Permits) : s.Throttled(s.Epoch));
            state.Succeeded(state.Epoch, running).Limit.ShouldBeGreaterThanOrEqualTo(state.Limit);
            state.Throttled(state.Epoch).Limit.ShouldBeLessThanOrEqualTo(state.Limit);
        });

    [Fact]
    public void A_burst_of_throttled_requests_counts_once()
    {
        var start = LimiterState.Start(new LimiterBounds { Initial = 16 });
        var once = start.Throttled(start.Epoch);
        var burst = Enumerable.Range(0, 15).Aggregate(once, (state, _) => state.Throttled(start.Epoch));
        once.Permits.ShouldBe(8);
        burst.ShouldBe(once);
        once.Throttled(once.Epoch).Permits.ShouldBe(4);
    }

    [Fact]
    public void What_was_sent_before_a_decrease_does_not_raise_the_limit()
    {
        var start = LimiterState.Start(new LimiterBounds());
        var after = start.Throttled(start.Epoch);
        after.Succeeded(start.Epoch, 32).ShouldBe(after);
    }

    [Fact]
    public void A_limit_that_nobody_reached_does_not_grow()
    {
        var start = LimiterState.Start(new LimiterBounds());
        start.Succeeded(start.Epoch, start.Permits - 1).ShouldBe(start);
    }

    [Fact]
    public void The_limit_grows_by_at_most_one_for_a_round_of_successes_and_reaches_the_maximum() => Bounds.Sample(bounds =>
    {
        var state = LimiterState.Start(bounds);
        for (var round = 0; round < 2 * bounds.Maximum; round++)
        {
            var before = state;
            for (var i = 0; i < before.Permits; i++)
                state = state.Succeeded(state.Epoch, state.Permits);
            (state.Limit - before.Limit).ShouldBeLessThanOrEqualTo(1);
        }

        state.Permits.ShouldBe(bounds.Maximum);
    });
}
