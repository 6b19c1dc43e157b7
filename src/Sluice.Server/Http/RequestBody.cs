using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Sluice.Core.Payloads;
using Sluice.Engine.Errors;
using Sluice.Server.Configuration;

namespace Sluice.Server.Http;

/// <summary>A request's JSON body. Its bytes, which may hold secrets, are cleared when it is disposed of.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 4096;

    private readonly JsonDocument? _document;
    private byte[]? _buffer;

    private RequestBody(JsonDocument? document, byte[]? buffer)
    {
        _document = document;
        _buffer = buffer;
    }

    /// <summary>The body; undefined when there was none.</summary>
    public JsonElement Element => _document?.RootElement ?? default;

    /// <summary>Reads a body that must be there.</summary>
    public static async Task<RequestBody> ReadAsync(HttpContext context) =>
        await ReadOptionalAsync(context) is { _document: not null } body
            ? body
            : throw new RequestRefusedException(ErrorCode.InvalidJson, "The body is not valid JSON: it is empty.");

    /// <summary>Reads a body that may be left out.</summary>
    /// <exception cref="RequestRefusedException">It is too large, of another type, or not JSON.</exception>
    public static async Task<RequestBody> ReadOptionalAsync(HttpContext context)
    {
        var (buffer, length) = await ReadBytesAsync(context);
        try
        {
            if (length > 0)
            {
                RefuseOtherTypes(context.Request);
                var document = JsonBody.Parse(buffer.AsMemory(0, length), out var error)
                    ?? throw new RequestRefusedException(ErrorCode.InvalidJson, error!);
                return new RequestBody(document, buffer);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            throw;
        }

        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return new RequestBody(null, null);
    }

    /// <summary>Reads a body of whatever type that holds no secrets.</summary>
    /// <exception cref="RequestRefusedException">It is too large, or compressed.</exception>
    public static async Task<byte[]> ReadTextAsync(HttpContext context)
    {
        RefuseCompression(context.Request);
        var (buffer, length) = await ReadBytesAsync(context);
        var text = buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return text;
    }

    public void Dispose()
    {
        _document?.Dispose();
        if (_buffer is null) return;
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = null;
    }

    private static async Task<(byte[] Buffer, int Length)> ReadBytesAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false) return (ArrayPool<byte>.Shared.Rent(1), 0);
        var most = context.RequestServices.GetRequiredService<ServerSettings>().MaxBody;
        if (request.ContentLength > most) throw TooLarge();
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length) buffer = Grow(buffer);
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
                if (read == 0) return (buffer, length);
                length += read;
                if (length > most) throw TooLarge();
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            throw;
        }
    }

    private static RequestRefusedException TooLarge() => new(ErrorCode.BodyTooLarge, "The body is larger than this server allows (--max-body).");

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return larger;
    }

    // Documented clients send bodies without a Content-Type: those are JSON.
    private static void RefuseOtherTypes(HttpRequest request)
    {
        RefuseCompression(request);
        if (string.IsNullOrWhiteSpace(request.ContentType)) return;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !IsJson(type))
            throw new RequestRefusedException(ErrorCode.UnsupportedMediaType, "The body must be JSON: send Content-Type: application/json, or none.");
        if (type.Charset.HasValue && !type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new RequestRefusedException(ErrorCode.UnsupportedMediaType, "JSON is UTF-8: leave the charset out.");
    }

    private static void RefuseCompression(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
            throw new RequestRefusedException(ErrorCode.UnsupportedMediaType, "A compressed body (Content-Encoding) is not read.");
    }

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
}
