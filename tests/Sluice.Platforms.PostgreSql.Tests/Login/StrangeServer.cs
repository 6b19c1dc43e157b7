using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>Something on a loopback port that is not the PostgreSQL server a payload means. Records what it was sent.</summary>
internal sealed class StrangeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly MemoryStream _received = new();
    private readonly List<Task> _conversations = [];
    private readonly Task _accepting;

    private StrangeServer(Func<Stream, StrangeServer, CancellationToken, Task> talk)
    {
        _listener.Start();
        _accepting = AcceptAsync(talk);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Waits until every client that came has gone.</summary>
    public Task WaitUntilLeftAsync(CancellationToken cancellationToken) => Task.WhenAll(_conversations.ToArray()).WaitAsync(cancellationToken);

    /// <summary>How many clients came.</summary>
    public int Conversations => _conversations.Count;

    /// <summary>The certificates that clients showed.</summary>
    public System.Collections.Concurrent.ConcurrentBag<string> Certificates { get; } = [];

    public string Received => Encoding.Latin1.GetString(_received.ToArray());

    /// <summary>Accepts and says nothing.</summary>
    public static StrangeServer Silent() => new(static (stream, server, token) => server.ReadAsync(stream, token));

    /// <summary>Answers whatever it is sent with the same bytes.</summary>
    public static StrangeServer Answering(byte[] answer) => new(async (stream, server, token) =>
    {
        await server.ReadSomeAsync(stream, token);
        await stream.WriteAsync(answer, token);
        await server.ReadAsync(stream, token);
    });

    /// <summary>Speaks TLS with a certificate of its own, and then asks for the password in clear.</summary>
    public static StrangeServer AskingForPassword(string certificatePem, string keyPem) => new(async (stream, server, token) =>
    {
        await using var tls = await server.SecureAsync(stream, certificatePem, keyPem, token);
        await server.ReadSomeAsync(tls, token);

        // AuthenticationCleartextPassword (PostgreSQL documentation, "Message Formats").
        await tls.WriteAsync(new byte[] { (byte)'R', 0, 0, 0, 8, 0, 0, 0, 3 }, token);
        await server.ReadAsync(tls, token);
    });

    /// <summary>Speaks TLS, asks the client for a certificate, and hangs up.</summary>
    public static StrangeServer AskingForCertificate(string certificatePem, string keyPem) => new(async (stream, server, token) =>
    {
        await using var tls = await server.SecureAsync(stream, certificatePem, keyPem, token, asksForCertificate: true);
        if (tls.RemoteCertificate is { } shown) server.Certificates.Add(shown.Subject);
    });

    /// <summary>Asks for the proof of SCRAM (PostgreSQL documentation, "SASL Authentication") with as many rounds as it is told.</summary>
    public static StrangeServer AskingForWork(int iterations) => new(async (stream, server, token) =>
    {
        await server.ReadSomeAsync(stream, token);
        await stream.WriteAsync(Message('R', [.. Number(10), .. "SCRAM-SHA-256\0\0"u8]), token);
        var buffer = new byte[4096];
        var first = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, token));
        var nonce = first[(first.LastIndexOf("r=", StringComparison.Ordinal) + 2)..];
        await stream.WriteAsync(Message('R', [.. Number(11), .. Encoding.ASCII.GetBytes($"r={nonce}x,s=c2FsdHNhbHQ=,i={iterations}")]), token);
        await server.ReadAsync(stream, token);
    });

    /// <summary>
    /// Plays PostgreSQL (documentation, "Message Formats"): lets anyone in, and answers the third statement of a batch with what it is given,
    /// the last part again and again until the client goes.
    /// </summary>
    public static StrangeServer Flooding(string certificatePem, string keyPem, byte[] answer, byte[] endless) => new(async (stream, server, token) =>
    {
        await using var tls = await server.SecureAsync(stream, certificatePem, keyPem, token);
        await server.ReadSomeAsync(tls, token);
        await tls.WriteAsync((byte[])
            [(byte)'R', 0, 0, 0, 8, 0, 0, 0, 0, .. Message('S', "server_version\015.4\0"u8), .. Message('S', "client_encoding\0UTF8\0"u8), .. Message('Z', "I"u8)], token);
        await server.ReadSomeAsync(tls, token);

        // The connection was used to log in: the driver has it reset ahead of the first statement.
        byte[] reset = [.. Message('C', "DISCARD ALL\0"u8), .. Message('Z', "I"u8)];
        byte[] done = [.. Message('1', []), .. Message('2', []), .. Message('n', []), .. Message('C', "BEGIN\0"u8)];
        await tls.WriteAsync((byte[])[.. reset, .. done, .. done, .. Message('1', []), .. Message('2', []), .. answer], token);
        while (true) await tls.WriteAsync(endless, token);
    });

    /// <summary>A message of PostgreSQL's protocol.</summary>
    public static byte[] Message(char type, ReadOnlySpan<byte> content) => [(byte)type, .. Number(content.Length + 4), .. content];

    /// <summary>Four bytes, the highest first.</summary>
    public static byte[] Number(int number)
    {
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_accepting, .. _conversations]);
        _end.Dispose();
    }

    private async Task AcceptAsync(Func<Stream, StrangeServer, CancellationToken, Task> talk)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                _conversations.Add(ConverseAsync(socket, talk));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ConverseAsync(Socket socket, Func<Stream, StrangeServer, CancellationToken, Task> talk)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await talk(stream, this, _end.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, which is what it should do.
        }
    }

    private async Task<SslStream> SecureAsync(
        Stream stream, string certificatePem, string keyPem, CancellationToken token, bool asksForCertificate = false)
    {
        await ReadSomeAsync(stream, token);
        await stream.WriteAsync("S"u8.ToArray(), token);
        using var bare = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        using var certificate = X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), null);
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate, ClientCertificateRequired = asksForCertificate, RemoteCertificateValidationCallback = static (_, _, _, _) => true,
            },
            token);
        return tls;
    }

    private async Task ReadSomeAsync(Stream stream, CancellationToken token)
    {
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer, token);
        lock (_received) _received.Write(buffer, 0, read);
    }

    private async Task ReadAsync(Stream stream, CancellationToken token)
    {
        var buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, token)) > 0)
            lock (_received) _received.Write(buffer, 0, read);
    }
}
