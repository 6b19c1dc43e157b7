using System.Text.Json;
using Sluice.Core.Problems;

namespace Sluice.Core.Payloads;

/// <summary>
/// Reads one JSON object strictly: every member is asked for by name, wrong types are problems with a path, and what nobody asked for is
/// a problem too. A reader goes on after a problem, so that one answer names them all.
/// </summary>
public sealed class PayloadObject
{
    private const int MaxShown = 64;
    private const string NotText = "is not well-formed Unicode";

    private readonly JsonElement _element;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    /// <summary>Wraps an object element. An element of another kind is a problem and reads as an empty object.</summary>
    public PayloadObject(JsonElement element, string path, ProblemList problems)
    {
        Path = path;
        Problems = problems;
        _element = element;
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
            problems.Add(path, $"must be an object, not {Kind(element)}");
    }

    /// <summary>The JSON path of this object, <c>$</c> for the body itself.</summary>
    public string Path { get; }

    /// <summary>Where problems go.</summary>
    public ProblemList Problems { get; }

    /// <summary>The names of all members present, read or not.</summary>
    public IEnumerable<string> MemberNames =>
        _element.ValueKind == JsonValueKind.Object ? _element.EnumerateObject().Select(p => p.Name) : [];

    /// <summary>The path of a member.</summary>
    public string PathOf(string name) => $"{Path}.{name}";

    /// <summary>Adds a problem at a member.</summary>
    public void Reject(string name, string message) => Problems.Add(PathOf(name), message);

    /// <summary>Adds a problem at the object itself.</summary>
    public void RejectWhole(string message) => Problems.Add(Path, message);

    /// <summary>Whether the member is present and not null; marks it as read.</summary>
    public bool Has(string name) => TryTake(name, out _);

    /// <summary>A required, non-empty string; null after a problem.</summary>
    public string? RequiredString(string name)
    {
        if (!TryTake(name, out var value)) return Missing<string>(name);
        if (value.ValueKind != JsonValueKind.String) return Wrong<string>(name, "a string", value);
        var text = TextOf(value);
        if (text is { Length: > 0 }) return text;
        Reject(name, text is null ? NotText : "must not be empty");
        return null;
    }

    /// <summary>An optional string; null when absent or after a problem.</summary>
    public string? OptionalString(string name) => TryTake(name, out _) ? RequiredString(name) : null;

    /// <summary>An optional boolean; null when absent or after a problem.</summary>
    public bool? OptionalBoolean(string name)
    {
        if (!TryTake(name, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => WrongValue<bool>(name, "true or false", value),
        };
    }

    /// <summary>An optional whole number within bounds (inclusive); null when absent or after a problem.</summary>
    public int? OptionalInteger(string name, int min, int max)
    {
        if (!TryTake(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Number) return WrongValue<int>(name, $"a whole number from {min} to {max}", value);
        var isInteger = value.TryGetInt32(out var number);
        if (isInteger && number >= min && number <= max) return number;
        Reject(name, isInteger ? $"must be from {min} to {max}, not {number}" : $"must be a whole number from {min} to {max}");
        return null;
    }

    /// <summary>One of a closed set of strings (exact case); null when absent or after a problem.</summary>
    public string? OptionalChoice(string name, params ReadOnlySpan<string> choices)
    {
        var text = OptionalString(name);
        if (text is null || choices.Contains(text)) return text;
        Reject(name, $"must be one of {string.Join(", ", choices!)}, not '{Shown(text)}'");
        return null;
    }

    /// <summary>An optional object; null when absent. An object of the wrong kind is a problem and reads as empty.</summary>
    public PayloadObject? OptionalObject(string name) =>
        TryTake(name, out var value) ? new PayloadObject(value, PathOf(name), Problems) : null;

    /// <summary>A required object; after a problem it reads as empty.</summary>
    public PayloadObject RequiredObject(string name)
    {
        if (TryTake(name, out var value)) return new PayloadObject(value, PathOf(name), Problems);
        Missing<PayloadObject>(name);
        return new PayloadObject(default, PathOf(name), new ProblemList());
    }

    /// <summary>An optional list of strings; null when absent or after a problem.</summary>
    public IReadOnlyList<string>? OptionalStrings(string name)
    {
        if (!TryTake(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Array) return Wrong<IReadOnlyList<string>>(name, "a list of strings", value);
        var result = new List<string>();
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (TextOf(item) is { } text) result.Add(text);
            else Problems.Add($"{PathOf(name)}[{index}]", item.ValueKind == JsonValueKind.String ? NotText : $"must be a string, not {Kind(item)}");
            index++;
        }

        return result;
    }

    /// <summary>
    /// A secret: a string, or <c>{"$secret": "env:NAME"}</c>, or <c>{"$secret": "file:PATH"}</c>. Absent, null and <c>[REDACTED]</c> read as
    /// <see cref="SecretInput.Kept"/>; whether a kept one is good enough is the caller's to say.
    /// </summary>
    public SecretInput Secret(string name)
    {
        if (!TryTake(name, out var value)) return new SecretInput.Kept();
        if (value.ValueKind == JsonValueKind.Object)
        {
            var reference = new PayloadObject(value, PathOf(name), Problems);
            var source = reference.RequiredString("$secret");
            reference.RejectUnread();
            if (source is null) return new SecretInput.Kept();
            if (Names(source, "env:SLUICE_SECRET_") || Names(source, "file:")) return new SecretInput.Reference(source);
            reference.Reject("$secret", "must be env:NAME with a name that begins with SLUICE_SECRET_, or file:PATH below the server's --secret-dir");
            return new SecretInput.Kept();
        }

        var text = RequiredString(name);
        return text is null or SecretInput.Redacted ? new SecretInput.Kept() : new SecretInput.Literal(text);
    }

    /// <summary>The raw element of a member, marked as read.</summary>
    public JsonElement? Raw(string name) => TryTake(name, out var value) ? value : null;

    /// <summary>Makes a problem of every member that nobody read, with the nearest known name where one is near.</summary>
    public void RejectUnread()
    {
        foreach (var name in MemberNames)
        {
            if (Problems.IsFull) return;
            if (_read.Contains(name)) continue;
            var near = NearestName.Of(name, _read);
            Reject(Shown(name), near is null ? "is not a known member" : $"is not a known member; did you mean '{near}'?");
        }
    }

    private bool TryTake(string name, out JsonElement value)
    {
        _read.Add(name);
        value = default;
        return _element.ValueKind == JsonValueKind.Object
            && _element.TryGetProperty(name, out value)
            && value.ValueKind != JsonValueKind.Null;
    }

    private T? Missing<T>(string name) where T : class
    {
        Reject(name, "is required");
        return null;
    }

    private T? Wrong<T>(string name, string expected, JsonElement value) where T : class
    {
        Reject(name, $"must be {expected}, not {Kind(value)}");
        return null;
    }

    private T? WrongValue<T>(string name, string expected, JsonElement value) where T : struct
    {
        Reject(name, $"must be {expected}, not {Kind(value)}");
        return null;
    }

    // An escaped half of a surrogate pair is valid JSON and yet no text; the framework throws on it.
    private static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Names(string source, string prefix) =>
        source.Length > prefix.Length && source.StartsWith(prefix, StringComparison.Ordinal);

    private static string Shown(string text)
    {
        if (text.Length <= MaxShown) return text;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxShown - 1]) ? MaxShown - 1 : MaxShown), "…");
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
