using System.Buffers;
using System.Text.Json;

namespace Sluice.Bench.Replay;

/// <summary>Reads an answer into a pooled buffer and walks over its tokens: the least any client has to do.</summary>
internal sealed class TokenWalk(HttpClient http)
{
    private long _bytes;
    private long _calls;

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>Sends a request, and keeps the texts of some members.</summary>
    /// <param name="request">Disposed by the caller.</param>
    /// <param name="wanted">Names of members, at any depth that a row has not.</param>
    /// <param name="isFragment">The answer is a list without its brackets.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ILookup<string, string>> SendAsync(HttpRequestMessage request, IReadOnlyList<string> wanted, bool isFragment, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Interlocked.Increment(ref _calls);
        var buffer = ArrayPool<byte>.Shared.Rent((int)(response.Content.Headers.ContentLength ?? 256 * 1024) + 2);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var length = isFragment ? 1 : 0;
            while (await stream.ReadAsync(buffer.AsMemory(length, buffer.Length - length - 1), cancellationToken) is var read and > 0)
            {
                length += read;
                if (length < buffer.Length - 1) continue;
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            Interlocked.Add(ref _bytes, length);
            if (!response.IsSuccessStatusCode)
                throw new InvalidOperationException($"{request.RequestUri} answered {(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(buffer, 0, Math.Min(length, 1000))}");
            if (isFragment)
            {
                buffer[0] = (byte)'[';
                buffer[length++] = (byte)']';
            }

            return Walk(buffer.AsSpan(0, length), wanted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ILookup<string, string> Walk(ReadOnlySpan<byte> json, IReadOnlyList<string> wanted)
    {
        var found = new List<(string Name, string Value)>();
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            foreach (var name in wanted)
            {
                if (!reader.ValueTextEquals(name)) continue;
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) found.Add((name, reader.GetString()!));
                break;
            }
        }

        return found.ToLookup(f => f.Name, f => f.Value);
    }
}
