using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Platforms.Tests.Support;

/// <summary>A TCP server on a free loopback port. What it does with a connection is the test's; breaking a connection off is fine.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<Stream, CancellationToken, Task> _serve;
    private readonly Task _accepting;
    private int _connections;

    public TinyServer(Func<Stream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>A port where nothing listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Answers every request with the same bytes and keeps the connection open.</summary>
    public static TinyServer Answering(string response) => Answering(_ => response);

    /// <summary>Answers every request by its head.</summary>
    public static TinyServer Answering(Func<string, string> respond) => new(async (stream, stop) =>
    {
        while (await ReadRequestAsync(stream, stop) is { } head)
            await stream.WriteAsync(Encoding.Latin1.GetBytes(respond(head)), stop);
    });

    /// <summary>A complete answer.</summary>
    public static string Response(int status, string body, params string[] headers) =>
        $"HTTP/1.1 {status} X\r\nContent-Length: {body.Length}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n{body}";

    /// <summary>The head of the next request, its body skipped; null when the client has gone.</summary>
    public static async Task<string?> ReadRequestAsync(Stream stream, CancellationToken stop)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stop) == 0)
                return null;
            head.Append((char)one[0]);
        }

        const string length = "Content-Length: ";
        var line = head.ToString().Split("\r\n").FirstOrDefault(l => l.StartsWith(length, StringComparison.OrdinalIgnoreCase));
        if (line is not null)
            await stream.ReadExactlyAsync(new byte[int.Parse(line[length.Length..])], stop);
        return head.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        using (client)
        {
            try
            {
                await _serve(client.GetStream(), _stopping.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away, or the test is over.
            }
        }
    }
}
