using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Bench.Api;

/// <summary>One client on one connection: sends a prepared request, reads its answer, sends the next. A socket, since the cores are shared.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[256 * 1024];

    public long Answers { get; private set; }

    public long Bytes { get; private set; }

    public async Task RunAsync(int port, IReadOnlyList<byte[]> requests, int first, CancellationToken stop)
    {
        await _socket.ConnectAsync(IPAddress.Loopback, port, CancellationToken.None);
        for (var next = first; !stop.IsCancellationRequested; next++)
        {
            await _socket.SendAsync(requests[next % requests.Count], CancellationToken.None);
            Bytes += await ReadAsync();
            Answers++;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> ReadAsync()
    {
        var length = 0;
        int? whole = null;
        var chunked = false;
        while (true)
        {
            if (length == _buffer.Length) Array.Resize(ref _buffer, length * 2);
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
            if (read == 0) throw new IOException("The server ended the connection.");
            length += read;
            if (whole is null && !chunked) (whole, chunked) = Head(_buffer.AsSpan(0, length));
            if (length == whole || (chunked && _buffer.AsSpan(0, length).EndsWith("\r\n0\r\n\r\n"u8))) return length;
        }
    }

    private static (int? Whole, bool Chunked) Head(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return (null, false);
        if (!answer.StartsWith("HTTP/1.1 200"u8)) throw new InvalidOperationException(Encoding.UTF8.GetString(answer));
        var head = answer[..end];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0) return (null, true);
        var value = head[(at + "Content-Length: ".Length)..];
        var line = value.IndexOf((byte)'\r');
        return (end + 4 + int.Parse(line < 0 ? value : value[..line]), false);
    }
}
