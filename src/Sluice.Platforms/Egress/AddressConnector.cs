using System.Net;
using System.Net.Sockets;

namespace Sluice.Platforms.Egress;

/// <summary>
/// Connects to the first of several addresses that answers, trying the next one after a failure or 250 ms (RFC 8305), so that an
/// address family without a route costs no timeout.
/// </summary>
internal sealed class AddressConnector(TimeProvider time)
{
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    /// <exception cref="SocketException">None of them answered; the first one's error.</exception>
    public async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attempts = new List<Task<Socket>>(addresses.Count);
        try
        {
            var failures = 0;
            SocketException? first = null;
            for (var next = 0; failures < addresses.Count;)
            {
                if (next < addresses.Count)
                    attempts.Add(ConnectOneAsync(addresses[next++], port, losers.Token));
                var attempt = await FirstAsync(attempts, next < addresses.Count);
                if (attempt is null)
                    continue;

                attempts.Remove(attempt);
                try
                {
                    return await attempt;
                }
                catch (SocketException e)
                {
                    first ??= e;
                    failures++;
                }
            }

            throw first ?? new SocketException((int)SocketError.HostNotFound);
        }
        catch (OperationCanceledException)
        {
            // The caller tells its own token's cancellation from others.
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        finally
        {
            await losers.CancelAsync();
            foreach (var attempt in attempts)
                await CloseAsync(attempt);
        }
    }

    private static async Task<Socket> ConnectOneAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The attempt that ended first, or null when it is time for another address.</summary>
    private async Task<Task<Socket>?> FirstAsync(List<Task<Socket>> attempts, bool more)
    {
        var first = Task.WhenAny(attempts);
        try
        {
            return more ? await first.WaitAsync(Stagger, time) : await first;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task CloseAsync(Task<Socket> attempt)
    {
        try
        {
            (await attempt).Dispose();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It lost the race, so how it ended does not matter.
        }
    }
}
