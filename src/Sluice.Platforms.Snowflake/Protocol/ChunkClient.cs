using System.IO.Compression;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>
/// Fetches the chunks of large results from the cloud's storage: gzip in any case, whether or not the answer says so. A chunk is held compressed and
/// unpacked as its rows are read.
/// </summary>
internal sealed class ChunkClient(PlatformHttpClient http, RetryPolicy retry)
{
    /// <summary>The storage of the clouds that Snowflake runs on, in all their partitions, and Snowflake's own hosts.</summary>
    public static readonly IReadOnlyList<string> Suffixes =
    [
        "amazonaws.com", "amazonaws.com.cn", "blob.core.windows.net", "blob.core.usgovcloudapi.net", "blob.core.chinacloudapi.cn", "googleapis.com",
        .. Connections.AccountHost.Suffixes,
    ];

    private const string Algorithm = "x-amz-server-side-encryption-customer-algorithm";
    private const string Key = "x-amz-server-side-encryption-customer-key";

    /// <summary>Fetches a chunk; the caller disposes of the answer. No token of the session goes with it.</summary>
    public Task<PlatformResponse> FetchAsync(QueryAnswer answer, ResultChunk chunk, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(chunk.Url, UriKind.Absolute, out var url)) throw Envelope.NotSnowflake("a query");
        return http.SendAsync("snowflake:chunk", _ => ValueTask.FromResult(Request(answer, url)), retry, cancellationToken);
    }

    /// <summary>The rows of a chunk, unpacked as they are read.</summary>
    public static Stream Unpack(ReadOnlyMemory<byte> body)
    {
        var stream = MemoryStreams.Over(body);
        return body.Span is [0x1f, 0x8b, ..] ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    private static HttpRequestMessage Request(QueryAnswer answer, Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        foreach (var (name, value) in answer.ChunkHeaders) request.Headers.TryAddWithoutValidation(name, value);
        if (answer.ChunkHeaders.Count > 0 || answer.ChunkKey is null) return request;
        request.Headers.TryAddWithoutValidation(Algorithm, "AES256");
        request.Headers.TryAddWithoutValidation(Key, answer.ChunkKey);
        return request;
    }
}
