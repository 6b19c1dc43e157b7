using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Sluice.Core.Catalog;

namespace Sluice.Platforms;

/// <summary>
/// Gives the same string for the same bytes, and the same column for the same strings: a catalog of a million columns has a few thousand
/// distinct names and a few dozen types. A direct-mapped cache of fixed size: memory stays bounded whatever the catalog holds, and
/// concurrent use needs no lock, for a lost race only costs one more string.
/// </summary>
public class TextPool
{
    /// <summary>How many objects of a kind are kept; a power of two.</summary>
    protected const int Slots = 1 << 14;

    private const int LongestPooled = 64;

    private readonly string?[] _texts = new string?[Slots];
    private readonly DiscoveredColumn?[] _columns = new DiscoveredColumn?[Slots];

    /// <summary>The string at the reader; null when it is empty.</summary>
    /// <exception cref="JsonException">The reader is on something else.</exception>
    public string? Get(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException();
        if (reader.HasValueSequence || reader.ValueSpan.Length > LongestPooled) return reader.GetString() is { Length: > 0 } text ? text : null;
        Span<byte> unescaped = stackalloc byte[LongestPooled];
        var bytes = reader.ValueIsEscaped ? unescaped[..reader.CopyString(unescaped)] : reader.ValueSpan;
        if (bytes.Length == 0) return null;
        ref var slot = ref _texts[(int)(XxHash3.HashToUInt64(bytes) & (Slots - 1))];
        if (slot is { } pooled && Ascii.Equals(bytes, pooled)) return pooled;
        var fresh = reader.GetString()!;
        slot = fresh;
        return fresh;
    }

    /// <summary>A column of pooled strings.</summary>
    public DiscoveredColumn Column(string name, string type, string? comment, bool isPartitionKey = false)
    {
        ref var slot = ref _columns[Slot(name, type, comment, isPartitionKey)];
        if (slot is { } pooled && ReferenceEquals(pooled.Name, name) && ReferenceEquals(pooled.Type, type)
            && pooled.Comment == comment && pooled.IsPartitionKey == isPartitionKey)
        {
            return pooled;
        }

        return slot = new DiscoveredColumn(name, type, Comment: comment, IsPartitionKey: isPartitionKey);
    }

    /// <summary>Where an object of these strings is kept. By reference: they come from this pool, and one that does not only costs another object.</summary>
    protected static int Slot(string? first, string? second, string? third, bool flag) =>
        HashCode.Combine(Identity(first), Identity(second), Identity(third), flag) & (Slots - 1);

    private static int Identity(string? text) => text is null ? 0 : RuntimeHelpers.GetHashCode(text);
}
