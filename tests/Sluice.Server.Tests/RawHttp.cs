using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Sluice.Server.Tests;

/// <summary>Sends a request target exactly as written: HttpClient would fold dot segments and normalise escapes.</summary>
internal static class RawHttp
{
    public static async Task<RawAnswer> SendAsync(Uri server, string method, string target, string? authorization, string? json = null)
    {
        using var client = new TcpClient();
        var cancellationToken = TestContext.Current.CancellationToken;
        await client.ConnectAsync(server.Host, server.Port, cancellationToken);
        var body = json is null ? [] : Encoding.UTF8.GetBytes(json);
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n");
        if (authorization is not null) head.Append($"Authorization: {authorization}\r\n");
        if (json is not null) head.Append($"Content-Length: {body.Length}\r\n");
        head.Append("\r\n");
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head.ToString()), cancellationToken);
        await stream.WriteAsync(body, cancellationToken);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, cancellationToken);
        return RawAnswer.Read(Encoding.UTF8.GetString(answer.ToArray()));
    }
}

/// <summary>An answer as it came.</summary>
internal sealed record RawAnswer(int Status, string Head, string Body)
{
    public static RawAnswer Read(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = text[..end];
        var body = text[(end + 4)..];
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase)) body = Unchunk(body);
        return new RawAnswer(int.Parse(head.Split(' ')[1]), head, body);
    }

    public JsonNode Json => JsonNode.Parse(Body)!;

    // Good for the sizes of tests: chunk lengths count bytes, so the text is cut as bytes.
    private static string Unchunk(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var whole = new List<byte>();
        var at = 0;
        while (at < bytes.Length)
        {
            var lineEnd = Array.IndexOf(bytes, (byte)'\n', at);
            var length = Convert.ToInt32(Encoding.ASCII.GetString(bytes[at..lineEnd]).Trim(), 16);
            if (length == 0) break;
            whole.AddRange(bytes[(lineEnd + 1)..(lineEnd + 1 + length)]);
            at = lineEnd + 1 + length + 2;
        }

        return Encoding.UTF8.GetString([.. whole]);
    }
}
