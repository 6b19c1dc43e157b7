using System.Net;
using Npgsql;

namespace Sluice.Platforms.PostgreSql.Login;

public sealed class AbandonedLoginsTests
{
    private static readonly IPEndPoint Here = new(IPAddress.Loopback, 5432), There = new(IPAddress.Loopback, 5433);

    private readonly AbandonedLogins _abandoned = new();

    [Fact]
    public async Task A_login_that_was_given_up_holds_its_own_address_until_it_ends()
    {
        var login = new TaskCompletionSource<NpgsqlConnection>();
        _abandoned.Add(Here, login.Task);

        var waiting = _abandoned.EndedAsync(Here, TestContext.Current.CancellationToken);
        await _abandoned.EndedAsync(There, TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();

        login.SetException(new NpgsqlException("too late"));
        await waiting;
        await _abandoned.EndedAsync(Here, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Two_at_one_address_must_both_end()
    {
        TaskCompletionSource<NpgsqlConnection> one = new(), two = new();
        _abandoned.Add(Here, one.Task);
        _abandoned.Add(Here, two.Task);
        var waiting = _abandoned.EndedAsync(Here, TestContext.Current.CancellationToken);

        two.SetCanceled(TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();

        one.SetException(new TimeoutException());
        await waiting;
    }

    [Fact]
    public async Task Who_waits_can_give_up()
    {
        using var giveUp = new CancellationTokenSource();
        _abandoned.Add(Here, new TaskCompletionSource<NpgsqlConnection>().Task);
        var waiting = _abandoned.EndedAsync(Here, giveUp.Token);

        await giveUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }
}
