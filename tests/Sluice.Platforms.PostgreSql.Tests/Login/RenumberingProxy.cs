using System.Net;
using System.Net.Sockets;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>Stands before a server as a pooler does: every client is told a process number that is not the server's.</summary>
internal sealed class RenumberingProxy : IAsyncDisposable
{
    // BackendKeyData: 'K', length 12, process, key (PostgreSQL documentation, "Message Formats").
    private static readonly byte[] KeyData = [(byte)'K', 0, 0, 0, 12];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _serverPort;
    private readonly Task _accepting;

    public RenumberingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true) relays.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, _end.Token);
            await Task.WhenAny(
                CopyAsync(client.GetStream(), server.GetStream(), renumber: false), CopyAsync(server.GetStream(), client.GetStream(), renumber: true));
        }
    }

    private async Task CopyAsync(Stream from, Stream to, bool renumber)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, _end.Token)) > 0)
            {
                var at = buffer.AsSpan(0, read).IndexOf(KeyData);
                if (renumber && at >= 0) buffer[at + KeyData.Length + 3] ^= 0xFF;
                renumber &= at < 0;
                await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side hung up.
        }
    }
}
