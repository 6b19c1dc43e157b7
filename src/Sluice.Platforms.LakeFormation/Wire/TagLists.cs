using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>
/// Reads the lists of LF-Tags of one answer. A search repeats the same few lists for every table and every column, so where the bytes of a list
/// that was read before stand again, that list is meant: the reader is set behind them, and nothing is tokenised or made. Nothing is assumed of
/// how AWS writes a list; other bytes are only read again.
/// </summary>
internal sealed class TagLists(LakePool pool)
{
    private const int Remembered = 8;
    private readonly List[] _last = new List[Remembered];
    private int _next;

    /// <summary>The list, the reader being on the member's name; equal references are equal lists.</summary>
    /// <param name="body">What the reader reads; goes on behind a list that was read before.</param>
    /// <param name="reader">Left on the list's last token, or behind it.</param>
    public LFTag[] Next(ref ReadOnlySpan<byte> body, ref Utf8JsonReader reader)
    {
        var ahead = body[(int)reader.BytesConsumed..];
        foreach (var list in _last)
        {
            if (list.Raw is null || list.Depth != reader.CurrentDepth || !ahead.StartsWith(list.Raw)) continue;

            // The state after a list is the same after each at its depth, for all of them lie on the same way down.
            body = ahead[list.Raw.Length..];
            reader = new Utf8JsonReader(body, isFinalBlock: true, list.After);
            return list.Tags;
        }

        return Read(body, ref reader);
    }

    private LFTag[] Read(ReadOnlySpan<byte> body, ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return [];
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var raw = body[start..(int)reader.BytesConsumed];
        var known = Known(raw);
        var read = new List(known.Raw ?? raw.ToArray(), known.Tags ?? TagsOf(raw), depth, reader.CurrentState);
        _last[_next] = read;
        _next = (_next + 1) % Remembered;
        return read.Tags;
    }

    // A column's list is often its table's, at another depth.
    private List Known(ReadOnlySpan<byte> raw)
    {
        foreach (var list in _last)
            if (list.Raw is not null && raw.SequenceEqual(list.Raw)) return list;
        return default;
    }

    private LFTag[] TagsOf(ReadOnlySpan<byte> raw)
    {
        var tags = new List<LFTag>();
        var reader = new Utf8JsonReader(raw);
        TagReading.AddTags(ref reader, pool, tags);
        return [.. tags];
    }

    private readonly record struct List(byte[] Raw, LFTag[] Tags, int Depth, JsonReaderState After);
}
