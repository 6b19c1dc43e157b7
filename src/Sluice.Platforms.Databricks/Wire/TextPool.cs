using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Sluice.Core.Catalog;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>
/// Gives the same string for the same bytes, and the same column for the same strings: a million columns have a few thousand distinct names and a few
/// dozen types. A direct-mapped cache of fixed size: memory stays bounded whatever the catalog holds, and concurrent use needs no lock, for a lost
/// race only costs one more string.
/// </summary>
internal sealed class TextPool
{
    private const int Slots = 1 << 14;
    private const int LongestPooled = 64;

    private readonly string?[] _texts = new string?[Slots];
    private readonly DiscoveredColumn?[] _columns = new DiscoveredColumn?[Slots];

    /// <summary>The string at the reader; null when it is empty.</summary>
    public string? Get(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException();
        if (reader.ValueIsEscaped || reader.HasValueSequence || reader.ValueSpan.Length > LongestPooled)
            return reader.GetString() is { Length: > 0 } text ? text : null;
        var bytes = reader.ValueSpan;
        if (bytes.Length == 0) return null;
        ref var slot = ref _texts[(int)(XxHash3.HashToUInt64(bytes) & (Slots - 1))];
        if (slot is { } pooled && Ascii.Equals(bytes, pooled)) return pooled;
        var fresh = reader.GetString()!;
        slot = fresh;
        return fresh;
    }

    /// <summary>A column of these strings. Databricks does not tell alike by all ways which columns partition a table, so none is said to.</summary>
    public DiscoveredColumn Column(string name, string type, string? comment)
    {
        var hash = HashCode.Combine(name.GetHashCode(StringComparison.Ordinal), type.GetHashCode(StringComparison.Ordinal), comment);
        ref var slot = ref _columns[hash & (Slots - 1)];
        if (slot is { } pooled && pooled.Name == name && pooled.Type == type && pooled.Comment == comment)
            return pooled;
        return slot = new DiscoveredColumn(name, type, Comment: comment);
    }
}
