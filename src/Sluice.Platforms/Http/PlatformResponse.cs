using System.Net;
using System.Net.Http.Headers;

namespace Sluice.Platforms.Http;

/// <summary>An answer, read whole. The caller disposes of it, and with it of the body's memory.</summary>
public sealed class PlatformResponse : IDisposable
{
    private readonly PooledBody _body;

    internal PlatformResponse(HttpStatusCode status, HttpResponseHeaders headers, string? mediaType, PooledBody body, TimeSpan? retryAfter)
    {
        Status = status;
        Headers = headers;
        MediaType = mediaType;
        RetryAfter = retryAfter;
        _body = body;
    }

    /// <summary>The status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>Whether the status is 2xx.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The headers but for those of the content.</summary>
    public HttpResponseHeaders Headers { get; }

    /// <summary>Such as <c>application/json</c>; null when the answer does not say.</summary>
    public string? MediaType { get; }

    /// <summary>How long the platform asks to wait, where it does.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The body, decompressed, until disposal.</summary>
    public ReadOnlyMemory<byte> Body => _body.Bytes;

    /// <inheritdoc/>
    public void Dispose() => _body.Dispose();
}
