using System.Text;
using System.Text.Json;

namespace Sluice.Core.Payloads;

/// <summary>Says what the framework does not: which member stands twice, and that it was the depth that was too much.</summary>
internal static class JsonFault
{
    private const int MaxShown = 200;

    /// <summary>The reason in words, or null when it is another one.</summary>
    public static string? Find(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { AllowTrailingCommas = true, MaxDepth = maxDepth + 1 });
        var open = new Stack<Level>();
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    open.Pop();
                    continue;
                }

                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    if (!open.Peek().TryName(reader.GetString()!)) return $"the member {PathOf(open)} stands in it twice, again at {PositionOf(utf8, reader.TokenStartIndex)}.";
                    continue;
                }

                if (open.TryPeek(out var above)) above.CountItem();
                if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) continue;
                if (open.Count == maxDepth) return $"it is nested deeper than {maxDepth} levels at {PositionOf(utf8, reader.TokenStartIndex)}.";
                open.Push(new Level(reader.TokenType == JsonTokenType.StartArray));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Broken otherwise, or a name that is no text: neither is ours to tell.
        }

        return null;
    }

    /// <summary>A place for people, from 1, in bytes.</summary>
    public static string PositionOf(ReadOnlySpan<byte> utf8, long at)
    {
        var before = utf8[..(int)at];
        return $"line {before.Count((byte)'\n') + 1}, column {before.Length - before.LastIndexOf((byte)'\n')}";
    }

    private static string PathOf(Stack<Level> open)
    {
        var path = new StringBuilder("$");
        foreach (var level in open.Reverse()) path.Append(level.Step);
        return path.Length <= MaxShown ? path.ToString() : $"{path.ToString(0, MaxShown)}…";
    }

    /// <summary>An object or a list that is being read.</summary>
    private sealed class Level(bool isList)
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private string _name = "";
        private int _items;

        public string Step => isList ? $"[{_items - 1}]" : $".{_name}";

        public bool TryName(string name)
        {
            _name = name;
            return _names.Add(name);
        }

        public void CountItem() => _items++;
    }
}
