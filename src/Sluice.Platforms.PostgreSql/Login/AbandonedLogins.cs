using System.Collections.Concurrent;
using System.Net;
using Npgsql;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>
/// Logins that were given up and still run: the driver sees a cancellation only between the messages of a login, and what answers can ask for
/// SCRAM rounds without end. None is begun at an address where one still runs, so a server costs one such login at most, however often it
/// is tried.
/// </summary>
internal sealed class AbandonedLogins
{
    private readonly ConcurrentDictionary<IPEndPoint, Task> _running = new();

    /// <summary>Waits until no login runs there that was given up.</summary>
    public async Task EndedAsync(IPEndPoint at, CancellationToken cancellationToken)
    {
        if (_running.TryGetValue(at, out var login) && !login.IsCompleted) await login.WaitAsync(cancellationToken);
    }

    /// <summary>Gives a login up; the connection it may still come to is closed.</summary>
    public void Add(IPEndPoint at, Task<NpgsqlConnection> login)
    {
        var closed = CloseAsync(login);
        if (closed.IsCompleted) return;
        var all = _running.AddOrUpdate(at, closed, (_, earlier) => Task.WhenAll(earlier, closed));
        _ = all.ContinueWith(
            ended => _running.TryRemove(KeyValuePair.Create(at, ended)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static async Task CloseAsync(Task<NpgsqlConnection> login)
    {
        try
        {
            await using var connection = await login;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException or InvalidOperationException or IOException)
        {
            // Whoever waited for it was told already.
        }
    }
}
