using Sluice.Platforms.Http;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Tests.Http;

public sealed class RetrierTests
{
    private static readonly RetryPolicy Policy = new() { Attempts = 4, Deadline = TimeSpan.FromSeconds(30) };

    private readonly ManualTime _time = new();
    private int _attempts;

    [Fact]
    public async Task A_transient_failure_is_tried_again_after_a_pause()
    {
        var running = Run(FailTimes(2, PlatformFailure.Unavailable));

        (await _time.NextTimerAsync()).ShouldBe(Policy.Deadline);
        await PassAsync(TimeSpan.FromMilliseconds(100));
        await PassAsync(TimeSpan.FromMilliseconds(200));

        (await running).ShouldBe("done");
        _attempts.ShouldBe(3);
        _time.Elapsed.ShouldBe(TimeSpan.FromMilliseconds(300));
    }

    [Theory]
    [InlineData(PlatformFailure.EgressDenied)]
    [InlineData(PlatformFailure.CredentialsRejected)]
    [InlineData(PlatformFailure.AccessDenied)]
    [InlineData(PlatformFailure.NotFound)]
    [InlineData(PlatformFailure.Refused)]
    public async Task What_trying_again_can_not_help_is_not_tried_again(PlatformFailure failure)
    {
        (await Should.ThrowAsync<PlatformException>(() => Run(FailTimes(99, failure)))).Failure.ShouldBe(failure);
        _attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Another_exception_is_not_tried_again()
    {
        await Should.ThrowAsync<InvalidOperationException>(() => Run(_ =>
        {
            _attempts++;
            throw new InvalidOperationException();
        }));
        _attempts.ShouldBe(1);
    }

    [Fact]
    public async Task The_last_failure_is_the_callers()
    {
        var running = Run(FailTimes(99, PlatformFailure.Throttled));
        await _time.NextTimerAsync();
        for (var pause = 100; pause <= 400; pause *= 2)
            await PassAsync(TimeSpan.FromMilliseconds(pause));
        (await Should.ThrowAsync<PlatformException>(() => running)).Message.ShouldBe("attempt 4");
    }

    [Fact]
    public async Task A_pause_that_would_end_after_the_deadline_is_not_begun()
    {
        var running = Run(_ => throw new PlatformException(PlatformFailure.Throttled, "later") { RetryAfter = TimeSpan.FromSeconds(30) });
        (await Should.ThrowAsync<PlatformException>(() => running.WaitAsync(TimeSpan.FromSeconds(30)))).Message.ShouldBe("later");
        _time.Elapsed.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task An_attempt_that_meets_the_deadline_ends_and_says_so()
    {
        var running = Run(token => Task.Delay(Timeout.Infinite, token).ContinueWith(_ => "", token));
        await _time.NextTimerAsync();
        _time.Advance(Policy.Deadline);
        var failure = await Should.ThrowAsync<PlatformException>(() => running);
        failure.Failure.ShouldBe(PlatformFailure.Unreachable);
        failure.Message.ShouldContain("30 seconds");
    }

    [Fact]
    public async Task A_later_attempt_that_meets_the_deadline_tells_of_the_failure_before()
    {
        var running = Run(async token =>
        {
            if (++_attempts == 1)
                throw new PlatformException(PlatformFailure.Unavailable, "first");
            await Task.Delay(Timeout.Infinite, token);
            return "";
        });
        await _time.NextTimerAsync();
        await PassAsync(TimeSpan.FromMilliseconds(100));
        _time.Advance(Policy.Deadline);
        (await Should.ThrowAsync<PlatformException>(() => running)).Message.ShouldBe("first");
    }

    [Fact]
    public async Task The_callers_cancellation_ends_a_pause()
    {
        using var giveUp = new CancellationTokenSource();
        var running = new Retrier(_time, new Half()).RunAsync(Policy, FailTimes(99, PlatformFailure.Unavailable), giveUp.Token);
        await _time.NextTimerAsync();
        await _time.NextTimerAsync();
        await giveUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        _attempts.ShouldBe(1);
    }

    private Task<string> Run(Func<CancellationToken, Task<string>> attempt) =>
        new Retrier(_time, new Half()).RunAsync(Policy, attempt, CancellationToken.None);

    private Func<CancellationToken, Task<string>> FailTimes(int times, PlatformFailure failure) => _ =>
        ++_attempts <= times ? throw new PlatformException(failure, $"attempt {_attempts}") : Task.FromResult("done");

    private async Task PassAsync(TimeSpan pause)
    {
        (await _time.NextTimerAsync()).ShouldBe(pause);
        _time.Advance(pause);
    }

    private sealed class Half : Random
    {
        public override double NextDouble() => 0.5;
    }
}
