using CsCheck;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Tests.Http;

public sealed class AdaptiveLimiterTests
{
    private static AdaptiveLimiter Fixed(int limit) => new(new LimiterBounds { Minimum = limit, Initial = limit, Maximum = limit });

    [Theory]
    [InlineData(0, 8, 32, 0.5)]
    [InlineData(9, 8, 32, 0.5)]
    [InlineData(1, 33, 32, 0.5)]
    [InlineData(1, 8, 32, 0)]
    [InlineData(1, 8, 32, 1)]
    [InlineData(1, 8, 32, double.NaN)]
    public void Bounds_that_contradict_each_other_are_refused(int minimum, int initial, int maximum, double decrease) =>
        Should.Throw<ArgumentException>(() => new AdaptiveLimiter(
            new LimiterBounds { Minimum = minimum, Initial = initial, Maximum = maximum, Decrease = decrease }));

    [Fact]
    public async Task Requests_beyond_the_limit_wait_and_go_first_come_first_served()
    {
        var limiter = Fixed(1);
        var running = await limiter.AcquireAsync(CancellationToken.None);
        var waiting = Enumerable.Range(0, 5).Select(_ => limiter.AcquireAsync(CancellationToken.None).AsTask()).ToArray();
        limiter.Waiting.ShouldBe(5);

        for (var i = 0; i < waiting.Length; i++)
        {
            waiting[i..].ShouldAllBe(task => !task.IsCompleted);
            running.Dispose();
            running = await waiting[i];
            limiter.Running.ShouldBe(1);
        }

        running.Dispose();
        limiter.Running.ShouldBe(0);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_queue_and_takes_no_place()
    {
        var limiter = Fixed(1);
        using var giveUp = new CancellationTokenSource();
        var running = await limiter.AcquireAsync(CancellationToken.None);
        var first = limiter.AcquireAsync(giveUp.Token).AsTask();
        var second = limiter.AcquireAsync(CancellationToken.None).AsTask();

        await giveUp.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => first)).CancellationToken.ShouldBe(giveUp.Token);
        limiter.Waiting.ShouldBe(1);
        running.Dispose();
        (await second).Dispose();
        limiter.Running.ShouldBe(0);
    }

    [Fact]
    public async Task Who_has_given_up_before_does_not_start_to_wait()
    {
        var limiter = Fixed(1);
        await Should.ThrowAsync<OperationCanceledException>(async () => await limiter.AcquireAsync(new CancellationToken(true)));
        limiter.Running.ShouldBe(0);
        limiter.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_lease_gives_its_place_back_once()
    {
        var limiter = Fixed(2);
        var lease = await limiter.AcquireAsync(CancellationToken.None);
        using var other = await limiter.AcquireAsync(CancellationToken.None);
        lease.Dispose();
        lease.Dispose();
        limiter.Running.ShouldBe(1);
    }

    [Fact]
    public async Task After_a_throttle_the_running_requests_drain_before_another_starts()
    {
        var limiter = new AdaptiveLimiter(new LimiterBounds { Initial = 4, Maximum = 4 });
        var leases = new List<LimiterLease>();
        for (var i = 0; i < 4; i++)
            leases.Add(await limiter.AcquireAsync(CancellationToken.None));
        var next = limiter.AcquireAsync(CancellationToken.None).AsTask();

        leases[0].Throttled();
        leases[0].Dispose();
        limiter.CurrentLimit.ShouldBe(2);
        leases[1].Throttled();
        leases[1].Dispose();
        limiter.CurrentLimit.ShouldBe(2);
        next.IsCompleted.ShouldBeFalse();

        leases[2].Dispose();
        (await next).Dispose();
        leases[3].Dispose();
        limiter.Running.ShouldBe(0);
    }

    [Fact]
    public async Task A_limit_that_grew_lets_in_more_than_one_at_once()
    {
        var limiter = new AdaptiveLimiter(new LimiterBounds { Initial = 1, Maximum = 2 });
        var lease = await limiter.AcquireAsync(CancellationToken.None);
        var first = limiter.AcquireAsync(CancellationToken.None).AsTask();
        var second = limiter.AcquireAsync(CancellationToken.None).AsTask();
        lease.Succeeded();
        lease.Dispose();
        limiter.CurrentLimit.ShouldBe(2);
        using var one = await first.WaitAsync(TimeSpan.FromSeconds(30));
        using var two = await second.WaitAsync(TimeSpan.FromSeconds(30));
        limiter.Running.ShouldBe(2);
    }

    [Fact]
    public async Task Whatever_happens_everybody_gets_a_turn_and_never_more_run_than_the_maximum() =>
        await Gen.Select(Gen.Int[1, 6], Gen.Int[0, 3].Array[1, 60]).SampleAsync(async (maximum, fates) =>
        {
            var limiter = new AdaptiveLimiter(new LimiterBounds { Initial = 1, Maximum = maximum });
            var running = 0;
            var most = 0;
            await Task.WhenAll(fates.Select(async (fate, i) =>
            {
                using var giveUp = new CancellationTokenSource();
                try
                {
                    var turn = Task.Run(() => limiter.AcquireAsync(giveUp.Token).AsTask());
                    if (fate == 3)
                        await giveUp.CancelAsync();
                    using var lease = await turn;
                    InterlockedMax(ref most, Interlocked.Increment(ref running));
                    await Task.Yield();
                    Interlocked.Decrement(ref running);
                    if (fate == 1)
                        lease.Succeeded();
                    if (fate == 2)
                        lease.Throttled();
                }
                catch (OperationCanceledException) when (fate == 3)
                {
                    // It gave up while it waited.
                }
            }));
            most.ShouldBeLessThanOrEqualTo(maximum);
            limiter.Running.ShouldBe(0);
            limiter.Waiting.ShouldBe(0);
        });

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
