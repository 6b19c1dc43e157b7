using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Sluice.Bench.Aws;

/// <summary>What a page held.</summary>
internal sealed record PageContent(int Items, string? NextToken, IReadOnlyList<string> Texts);

/// <summary>Sends a signed call, reads the answer into a pooled buffer and walks over its tokens: the least any client has to do.</summary>
internal sealed class PageReader(Uri endpoint, Signature glue, Signature lake) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
    private long _bytes;
    private long _calls;

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Calls => Interlocked.Read(ref _calls);

    /// <param name="operation">Of Glue.</param>
    /// <param name="body">JSON.</param>
    /// <param name="wanted">Of which member of the items to keep the text; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<PageContent> GlueAsync(string operation, byte[] body, string? wanted, CancellationToken cancellationToken) =>
        CallAsync(glue, "glue", "/", "application/x-amz-json-1.1", $"AWSGlue.{operation}", body, wanted, cancellationToken);

    /// <inheritdoc cref="GlueAsync"/>
    public Task<PageContent> LakeAsync(string operation, byte[] body, string? wanted, CancellationToken cancellationToken) =>
        CallAsync(lake, "lakeformation", $"/{operation}", "application/json", null, body, wanted, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<PageContent> CallAsync(
        Signature signature, string service, string path, string type, string? target, byte[] body, string? wanted, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        signature.Sign(request, service, path, type, target, body);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Interlocked.Increment(ref _calls);
        var buffer = ArrayPool<byte>.Shared.Rent((int)(response.Content.Headers.ContentLength ?? 256 * 1024) + 1);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var length = 0;
            while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is var read and > 0)
            {
                length += read;
                if (length < buffer.Length) continue;
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            Interlocked.Add(ref _bytes, length);
            if (!response.IsSuccessStatusCode && path != "/GetDataLakeSettings")
                throw new InvalidOperationException($"{target ?? path} answered {(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(buffer, 0, length)}");
            return Walk(buffer.AsSpan(0, length), wanted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Depth 1 are the answer's members, 3 those of the items in its one list.
    private static PageContent Walk(ReadOnlySpan<byte> json, string? wanted)
    {
        var items = 0;
        string? token = null;
        var texts = wanted is null ? null : new List<string>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == 2) items++;
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.CurrentDepth == 1 && reader.ValueTextEquals("NextToken"u8) && reader.Read() && reader.TokenType == JsonTokenType.String) token = reader.GetString();
            else if (wanted is not null && reader.CurrentDepth == 3 && reader.ValueTextEquals(wanted) && reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String) texts!.Add(reader.GetString()!);
                else if (reader.TokenType == JsonTokenType.StartArray) texts!.Add(Join(ref reader));
            }
        }

        return new PageContent(items, token, texts ?? []);
    }

    private static string Join(ref Utf8JsonReader reader)
    {
        var values = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String) values.Add(reader.GetString()!);
        return string.Join('\n', values);
    }
}
