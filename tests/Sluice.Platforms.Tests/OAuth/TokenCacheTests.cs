using Sluice.Platforms.OAuth;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Tests.OAuth;

public sealed class TokenCacheTests : IDisposable
{
    private static readonly PlatformException Away = new(PlatformFailure.Unreachable, "away");
    private static readonly PlatformException Wrong = new(PlatformFailure.CredentialsRejected, "wrong");

    private readonly ManualTime _time = new();
    private readonly TokenCache _cache;
    private TimeSpan _life = TimeSpan.FromHours(1);
    private Func<Task> _before = () => Task.CompletedTask;
    private int _asked;

    public TokenCacheTests() => _cache = new TokenCache(
        async _ =>
        {
            var number = Interlocked.Increment(ref _asked);
            await _before();
            return new AccessToken($"at-{number}", _time.GetUtcNow(), _life);
        },
        _time);

    public void Dispose() => _cache.Dispose();

    [Theory]
    [InlineData(3600, 3479, 3481)]
    [InlineData(60, 44, 46)]
    public async Task A_token_is_kept_until_shortly_before_it_ends(int life, int stillKept, int askedAgain)
    {
        _life = TimeSpan.FromSeconds(life);
        (await GetAsync()).ShouldBe("at-1");
        _time.Advance(TimeSpan.FromSeconds(stillKept));
        (await GetAsync()).ShouldBe("at-1");
        _time.Advance(TimeSpan.FromSeconds(askedAgain - stillKept));
        (await GetAsync()).ShouldBe("at-2");
        _asked.ShouldBe(2);
    }

    [Fact]
    public async Task Of_many_callers_one_asks()
    {
        var gate = new TaskCompletionSource();
        _before = () => gate.Task;
        var callers = Enumerable.Range(0, 20).Select(_ => GetAsync()).ToList();
        gate.SetResult();
        (await Task.WhenAll(callers)).ShouldAllBe(token => token == "at-1");
        _asked.ShouldBe(1);
    }

    [Fact]
    public async Task A_failure_is_that_of_all_who_waited_for_it_and_of_nobody_after()
    {
        var gate = new TaskCompletionSource();
        _before = () => gate.Task;
        var callers = Enumerable.Range(0, 20).Select(_ => GetAsync()).ToList();
        gate.SetException(Wrong);
        foreach (var caller in callers) (await Should.ThrowAsync<PlatformException>(caller)).Message.ShouldBe("wrong");
        _asked.ShouldBe(1);

        _before = () => Task.CompletedTask;
        (await GetAsync()).ShouldBe("at-2");
    }

    [Fact]
    public async Task Who_gives_up_asking_leaves_it_to_the_next()
    {
        var gate = new TaskCompletionSource();
        _before = () => _asked == 1 ? gate.Task : Task.CompletedTask;
        var first = GetAsync();
        var second = GetAsync();
        gate.SetException(new OperationCanceledException());
        await Should.ThrowAsync<OperationCanceledException>(first);
        (await second).ShouldBe("at-2");
    }

    [Fact]
    public async Task An_authority_that_is_away_costs_nothing_while_the_token_is_good()
    {
        await GetAsync();
        _before = () => Task.FromException(Away);
        _time.Advance(TimeSpan.FromMinutes(59));

        (await GetAsync()).ShouldBe("at-1");
        (await GetAsync()).ShouldBe("at-1");
        _asked.ShouldBe(2, "who comes right after does not wait for it again");

        _time.Advance(TimeSpan.FromSeconds(20));
        (await GetAsync()).ShouldBe("at-1");
        _asked.ShouldBe(3);

        _before = () => Task.CompletedTask;
        _time.Advance(TimeSpan.FromSeconds(20));
        (await GetAsync()).ShouldBe("at-4");
    }

    [Fact]
    public async Task A_token_that_ended_is_not_used_although_the_authority_is_away()
    {
        await GetAsync();
        _before = () => Task.FromException(Away);
        _time.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(5));
        (await GetAsync()).ShouldBe("at-1");
        _time.Advance(TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<PlatformException>(GetAsync());
    }

    [Fact]
    public async Task A_client_that_is_refused_does_not_go_on_with_the_old_token()
    {
        await GetAsync();
        _before = () => Task.FromException(Wrong);
        _time.Advance(TimeSpan.FromMinutes(59));
        await Should.ThrowAsync<PlatformException>(GetAsync());
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once()
    {
        var first = await _cache.GetAsync(default);
        _cache.Forget(first).ShouldBeTrue();
        _cache.Forget(first).ShouldBeTrue("another caller had it too");
        var second = await _cache.GetAsync(default);
        second.Text.ShouldBe("at-2");
        _cache.Forget(second).ShouldBeFalse();
        (await GetAsync()).ShouldBe("at-3");
    }

    [Fact]
    public async Task A_replacement_that_was_good_for_a_while_may_be_replaced_again()
    {
        _cache.Forget(await _cache.GetAsync(default));
        var second = await _cache.GetAsync(default);
        _time.Advance(TimeSpan.FromMinutes(10));
        _cache.Forget(second).ShouldBeTrue();
    }

    [Fact]
    public async Task A_token_that_is_no_longer_kept_forgets_nothing()
    {
        var first = await _cache.GetAsync(default);
        _time.Advance(TimeSpan.FromHours(1));
        (await GetAsync()).ShouldBe("at-2");
        _cache.Forget(first).ShouldBeTrue();
        (await GetAsync()).ShouldBe("at-2");
    }

    [Fact]
    public async Task A_forgotten_token_is_not_used_although_the_authority_is_away()
    {
        _cache.Forget(await _cache.GetAsync(default));
        _before = () => Task.FromException(Away);
        await Should.ThrowAsync<PlatformException>(GetAsync());
    }

    private async Task<string> GetAsync() => (await _cache.GetAsync(default)).Text;
}
