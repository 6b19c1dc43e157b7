using System.Globalization;
using System.Text.Json;

namespace Sluice.Sandbox.Databricks.Execution.Dialect;

/// <summary>
/// get_json_object: https://docs.databricks.com/aws/en/sql/language-manual/functions/get_json_object. Paths begin at $ and go on by .name,
/// ["name"], ['name'], [0] and [*].
/// </summary>
internal static class JsonPaths
{
    /// <summary>What stands at a path: a text without its quotes, all else as JSON; null when there is nothing.</summary>
    public static string? Find(string text, string path)
    {
        using var document = JsonShapes.Parse(text);
        if (document is null || !path.StartsWith('$')) return null;
        var (found, isMany, at) = (new List<JsonElement> { document.RootElement }, false, 1);
        while (at < path.Length)
        {
            if (Step(path, ref at) is not { } step) return null;
            isMany |= step == "[*]";
            found = [.. found.SelectMany(element => Into(element, step))];
        }

        found.RemoveAll(element => element.ValueKind == JsonValueKind.Null && !isMany);
        if (found.Count == 0) return null;
        if (isMany && found.Count > 1) return $"[{string.Join(',', found.Select(element => JsonSerializer.Serialize(element)))}]";
        return found[0].ValueKind == JsonValueKind.String && !isMany ? found[0].GetString() : JsonSerializer.Serialize(found[0]);
    }

    /// <summary>A name after a dot, [0], [*]; null where the path is none.</summary>
    private static string? Step(string path, ref int at)
    {
        var start = at + 1;
        if (path[at] == '.')
        {
            at = path.IndexOfAny(['.', '['], start) is >= 0 and var next ? next : path.Length;
            return at > start ? $".{path[start..at]}" : null;
        }

        if (path[at] != '[' || start >= path.Length) return null;
        if (path[start] is '\'' or '"')
        {
            var end = path.IndexOf($"{path[start]}]", start + 1, StringComparison.Ordinal);
            at = end + 2;
            return end < 0 ? null : $".{path[(start + 1)..end]}";
        }

        var close = path.IndexOf(']', start);
        at = close + 1;
        return close < 0 ? null : $"[{path[start..close]}]";
    }

    private static IEnumerable<JsonElement> Into(JsonElement element, string step)
    {
        if (step[0] == '.') return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step[1..], out var field) ? [field] : [];
        if (element.ValueKind != JsonValueKind.Array) return [];
        if (step == "[*]") return element.EnumerateArray();
        return int.TryParse(step.AsSpan(1, step.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < element.GetArrayLength() ? [element[index]] : [];
    }
}
