using System.Text.Json;

namespace Sluice.Sandbox.Aws.Wire;

/// <summary>A JSON request body, read with every violated constraint collected.</summary>
internal sealed class Input
{
    private readonly JsonElement root;
    private readonly List<string> problems = [];

    private Input(JsonElement root) => this.root = root;

    public static Input Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) return new(JsonElement.Parse("{}"));
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return new(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            // Answered below: AWS says no more of broken JSON than of an array.
        }

        throw new AwsException("SerializationException", "The request body is not a JSON object.");
    }

    public string? Text(string name, bool required = false, int longest = 255)
    {
        if (!Has(name))
        {
            if (required) Violate("null", name, "Member must not be null");
            return null;
        }

        var value = root.GetProperty(name);
        if (value.ValueKind != JsonValueKind.String) throw Mistyped(name);
        var text = value.GetString()!;
        if (text.Length == 0) Violate(text, name, "Member must have length greater than or equal to 1");
        if (text.Length > longest) Violate(text, name, $"Member must have length less than or equal to {longest}");
        return text;
    }

    /// <summary>A page size; absent is the largest.</summary>
    public int PageSize(int largest)
    {
        if (!Has("MaxResults")) return largest;
        var value = root.GetProperty("MaxResults");
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number)) throw Mistyped("MaxResults");
        if (number < 1) Violate(value.GetRawText(), "MaxResults", "Member must have value greater than or equal to 1");
        if (number > largest) Violate(value.GetRawText(), "MaxResults", $"Member must have value less than or equal to {largest}");
        return number;
    }

    public bool Flag(string name) => Has(name) && root.GetProperty(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Mistyped(name),
    };

    public JsonElement? Object(string name, bool required = false) => Member(name, JsonValueKind.Object, required);

    public IReadOnlyList<JsonElement> Objects(string name, bool required = false) =>
        Member(name, JsonValueKind.Array, required) is { } list ? [.. Items(list, name, JsonValueKind.Object)] : [];

    public IReadOnlyList<string> Texts(string name, bool required = false) =>
        Member(name, JsonValueKind.Array, required) is { } list ? [.. TextsOf(list, name)] : [];

    /// <summary>The objects in a list somewhere below the root.</summary>
    public static IEnumerable<JsonElement> ObjectsOf(JsonElement list, string name) => Items(list, name, JsonValueKind.Object);

    /// <summary>The strings in a list somewhere below the root.</summary>
    public static IEnumerable<string> TextsOf(JsonElement list, string name) => Items(list, name, JsonValueKind.String).Select(item => item.GetString()!);

    public bool Has(string name) => root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public void Violate(string value, string name, string constraint) =>
        problems.Add($"Value '{value}' at '{char.ToLowerInvariant(name[0])}{name[1..]}' failed to satisfy constraint: {constraint}");

    /// <summary>Throws one error that names every violated constraint.</summary>
    public void Check(string code)
    {
        if (problems.Count == 0) return;
        var count = problems.Count == 1 ? "1 validation error" : $"{problems.Count} validation errors";
        throw new AwsException(code, $"{count} detected: {string.Join("; ", problems)}");
    }

    private static IEnumerable<JsonElement> Items(JsonElement list, string name, JsonValueKind kind) =>
        list.EnumerateArray().Select(item => item.ValueKind == kind ? item : throw Mistyped(name));

    private JsonElement? Member(string name, JsonValueKind kind, bool required)
    {
        if (!Has(name))
        {
            if (required) Violate("null", name, "Member must not be null");
            return null;
        }

        var value = root.GetProperty(name);
        return value.ValueKind == kind ? value : throw Mistyped(name);
    }

    private static AwsException Mistyped(string name) => new("SerializationException", $"Member '{name}' has the wrong type.");
}
