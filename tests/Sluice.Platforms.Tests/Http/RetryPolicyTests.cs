using CsCheck;
using Sluice.Platforms.Http;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Tests.Http;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new();

    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(3, 800)]
    [InlineData(7, 12_800)]
    public void The_longest_pause_doubles_with_each_attempt(int attempt, int milliseconds)
    {
        Policy.NextDelay(attempt, null, 0).ShouldBe(TimeSpan.Zero);
        Policy.NextDelay(attempt, null, 0.5).ShouldBe(TimeSpan.FromMilliseconds(milliseconds / 2));
    }

    [Fact]
    public void A_pause_is_never_longer_than_allowed_however_many_attempts() =>
        Gen.Select(Gen.Int[1, int.MaxValue - 1], Gen.Double[0, 0.999999]).Sample((attempt, random) =>
        {
            var pause = (Policy with { Attempts = int.MaxValue }).NextDelay(attempt, null, random).ShouldNotBeNull();
            pause.ShouldBeInRange(TimeSpan.Zero, Policy.MaxDelay);
        });

    [Fact]
    public void After_the_last_attempt_there_is_no_pause()
    {
        Policy.NextDelay(7, null, 0.5).ShouldNotBeNull();
        Policy.NextDelay(8, null, 0.5).ShouldBeNull();
        RetryPolicy.None.NextDelay(1, TimeSpan.FromSeconds(1), 0.5).ShouldBeNull();
    }

    [Fact]
    public void What_the_platform_asks_for_is_never_undercut_and_hardly_exceeded() =>
        Gen.Select(Gen.Int[1, 7], Gen.Int[1, 60_000], Gen.Double[0, 0.999999]).Sample((attempt, asked, random) =>
        {
            var retryAfter = TimeSpan.FromMilliseconds(asked);
            Policy.NextDelay(attempt, retryAfter, random).ShouldNotBeNull()
                .ShouldBeInRange(retryAfter, retryAfter + Policy.BaseDelay);
        });

    [Fact]
    public void Who_asks_for_no_pause_gets_the_usual_one() =>
        Policy.NextDelay(2, TimeSpan.Zero, 0.5).ShouldBe(TimeSpan.FromMilliseconds(200));

    [Fact]
    public void Who_asks_for_too_long_a_pause_ends_the_call() =>
        Policy.NextDelay(1, TimeSpan.FromSeconds(61), 0.5).ShouldBeNull();

    [Fact]
    public async Task A_person_gets_an_answer_within_ten_seconds_from_a_platform_that_gives_none()
    {
        var time = new ManualTime();
        var asking = new Retrier(time).RunAsync(RetryPolicy.Interactive, token => Task.Delay(Timeout.Infinite, token).ContinueWith(_ => 0, token), CancellationToken.None);

        time.Advance(TimeSpan.FromSeconds(10));

        (await Should.ThrowAsync<PlatformException>(() => asking.WaitAsync(TimeSpan.FromSeconds(30)))).Failure.ShouldBe(PlatformFailure.Unreachable);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_person_gets_an_answer_within_ten_seconds_from_a_platform_that_fails_slowly(int asksToWait)
    {
        var time = new ManualTime();
        var asking = new Retrier(time).RunAsync<int>(
            RetryPolicy.Interactive,
            async token =>
            {
                await Task.Delay(TimeSpan.FromSeconds(3), time, token);
                throw new PlatformException(PlatformFailure.Throttled, "busy") { RetryAfter = TimeSpan.FromSeconds(asksToWait) };
            },
            CancellationToken.None);

        (await time.NextTimerAsync()).ShouldBe(RetryPolicy.Interactive.Deadline);
        while (true)
        {
            var timer = time.NextTimerAsync();
            if (await Task.WhenAny(timer, asking) == asking) break;
            time.Advance(await timer);
        }

        await Should.ThrowAsync<PlatformException>(() => asking);
        time.Elapsed.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(10));
    }
}
