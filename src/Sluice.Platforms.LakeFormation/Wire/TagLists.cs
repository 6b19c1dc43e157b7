using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>
/// Reads the lists of LF-Tags of one answer. A search repeats the same few lists for every table and every column, so a list whose bytes were just
/// read is that list: its text is passed over, and nothing is made. Nothing is assumed of the order in which AWS writes it; other bytes are only
/// read again.
/// </summary>
internal sealed class TagLists(TextPool pool)
{
    private const int Remembered = 4;
    private readonly (byte[] Raw, LFTag[] Tags)[] _last = new (byte[], LFTag[])[Remembered];
    private int _next;

    /// <summary>The list, the reader being on the member's name; equal references are equal lists.</summary>
    public LFTag[] Next(ReadOnlySpan<byte> body, ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return [];
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var raw = body[start..(int)reader.BytesConsumed];
        foreach (var (bytes, tags) in _last)
            if (bytes is not null && raw.SequenceEqual(bytes)) return tags;

        var fresh = new List<LFTag>();
        var inner = new Utf8JsonReader(raw);
        TagReading.AddTags(ref inner, pool, fresh);
        LFTag[] read = [.. fresh];
        _last[_next] = (raw.ToArray(), read);
        _next = (_next + 1) % Remembered;
        return read;
    }
}
