using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Server.OpenApi;

namespace Sluice.Server.Tests.OpenApi;

/// <summary>The OpenAPI document as a judge: whether an answer is what the document says. Knows the keywords the document uses.</summary>
internal static class Contract
{
    public static JsonNode Document { get; } = JsonNode.Parse(ApiDocument.Utf8.Span)!;

    /// <summary>The operation a request is for, or null when the document has none.</summary>
    public static JsonNode? Operation(string method, string path)
    {
        var plain = path.Split('?')[0];
        var found = Document["paths"]!.AsObject().Where(p => Regex.IsMatch(plain, PatternOf(p.Key), RegexOptions.None, TimeSpan.FromSeconds(1)))
            .OrderBy(p => p.Key.Contains('{', StringComparison.Ordinal)).ThenByDescending(p => p.Key.Length).FirstOrDefault();
        return found.Value?[method.ToLowerInvariant()];
    }

    /// <summary>What is wrong with an answer, or nothing.</summary>
    public static IReadOnlyList<string> Faults(string method, string path, int status, string? mediaType, string body)
    {
        if (Operation(method, path) is not { } operation) return [];
        if (operation["responses"]![status.ToString(CultureInfo.InvariantCulture)] is not { } response) return [$"{method} {path}: status {status} is not documented"];
        var content = Resolved(response)["content"]!.AsObject();
        if (mediaType is null || content[mediaType] is not { } media) return [$"{method} {path}: {mediaType} is not documented for {status}"];
        return mediaType.EndsWith("json", StringComparison.Ordinal) ? Faults(media["schema"]!, JsonNode.Parse(body)) : [];
    }

    /// <summary>Where a value is not what a schema says.</summary>
    public static IReadOnlyList<string> Faults(JsonNode schema, JsonNode? value)
    {
        var faults = new List<string>();
        Check(schema, value, "$", faults);
        return faults;
    }

    public static JsonNode Resolved(JsonNode node)
    {
        while (node["$ref"] is { } reference)
        {
            var at = Document;
            foreach (var part in reference.GetValue<string>().TrimStart('#', '/').Split('/')) at = at[part]!;
            node = at;
        }

        return node;
    }

    private static void Check(JsonNode schema, JsonNode? value, string path, List<string> faults)
    {
        schema = Resolved(schema);
        if (schema["oneOf"] is JsonArray choices)
        {
            var matching = choices.Count(c => Faults(c!, value).Count == 0);
            if (matching != 1) faults.Add($"{path}: {matching} of oneOf match {value?.ToJsonString() ?? "null"}");
        }

        if (schema["anyOf"] is JsonArray some && some.All(c => Faults(c!, value).Count > 0)) faults.Add($"{path}: none of anyOf matches");

        if (schema["const"] is { } constant && !JsonNode.DeepEquals(constant, value)) faults.Add($"{path}: is not {constant.ToJsonString()}");
        if (schema["enum"] is JsonArray values && !values.Any(v => JsonNode.DeepEquals(v, value))) faults.Add($"{path}: {value?.ToJsonString()} is none of the enum");
        if (schema["type"] is { } type && !TypesOf(type).Contains(TypeOf(value)))
        {
            faults.Add($"{path}: is {TypeOf(value)}, not {type.ToJsonString()}");
            return;
        }

        switch (value)
        {
            case JsonObject members:
                CheckMembers(schema, members, path, faults);
                break;
            case JsonArray items when schema["items"] is { } item:
                for (var i = 0; i < items.Count; i++) Check(item, items[i], $"{path}[{i}]", faults);
                break;
            case JsonValue text when TypeOf(value) == "string":
                CheckText(schema, text.GetValue<string>(), path, faults);
                break;
        }
    }

    private static void CheckMembers(JsonNode schema, JsonObject members, string path, List<string> faults)
    {
        var properties = schema["properties"]?.AsObject();
        foreach (var name in schema["required"]?.AsArray().Select(r => r!.GetValue<string>()) ?? [])
            if (!members.ContainsKey(name)) faults.Add($"{path}.{name}: is required");
        foreach (var (one, others) in schema["dependentRequired"]?.AsObject() ?? [])
            foreach (var other in members.ContainsKey(one) ? others!.AsArray() : [])
                if (!members.ContainsKey(other!.GetValue<string>())) faults.Add($"{path}.{other}: is required with {one}");
        foreach (var (name, member) in members)
        {
            if (properties?[name] is { } known) Check(known, member, $"{path}.{name}", faults);
            else if (schema["additionalProperties"] is JsonObject any) Check(any, member, $"{path}.{name}", faults);
            else if (schema["additionalProperties"] is JsonValue open && !open.GetValue<bool>()) faults.Add($"{path}.{name}: is not documented");
        }
    }

    private static void CheckText(JsonNode schema, string text, string path, List<string> faults)
    {
        var fits = schema["format"]?.GetValue<string>() switch
        {
            "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
            "uuid" => Guid.TryParse(text, out _),
            _ => true,
        };
        if (!fits) faults.Add($"{path}: '{text}' is no {schema["format"]}");
        if (schema["pattern"]?.GetValue<string>() is { } pattern && !Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
            faults.Add($"{path}: '{text}' does not match {pattern}");
    }

    private static IEnumerable<string> TypesOf(JsonNode type) =>
        type is JsonArray several ? several.Select(t => t!.GetValue<string>()) : [type.GetValue<string>()];

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
    };

    // An object path takes the rest of the URL, slashes included; every other parameter one segment.
    private static string PatternOf(string template) =>
        "^" + Regex.Replace(
            template.Replace("{objectPath}", "\u0001", StringComparison.Ordinal), "\\{[^}]+\\}", "[^/]+", RegexOptions.None, TimeSpan.FromSeconds(1))
            .Replace("\u0001", ".+", StringComparison.Ordinal) + "/?$";
}
