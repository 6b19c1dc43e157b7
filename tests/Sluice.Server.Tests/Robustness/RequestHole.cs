using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Server.Tests.OpenApi;

namespace Sluice.Server.Tests.Robustness;

/// <summary>A request of the API with one place left open for a text: a member of the body, a parameter, a header.</summary>
internal sealed record RequestHole(string Method, string Target, string? Body, string Place, Func<string, string> Encode)
{
    private const string Mark = "\u2395hole\u2395";
    private static readonly string EncodedMark = Uri.EscapeDataString(Mark);

    /// <summary>Which of several examples the rest of the body is; null when there is one alone.</summary>
    public int? Example { get; init; }

    /// <summary>The request with a text in its place.</summary>
    public (string Target, string? Body) With(string text) => (
        Target.Replace(EncodedMark, Encode(text), StringComparison.Ordinal),
        Body?.Replace(Mark, Encode(text), StringComparison.Ordinal));

    public override string ToString() => $"{Method} {Target} at {Place}";

    /// <summary>Every place of every documented operation.</summary>
    public static IReadOnlyList<RequestHole> All()
    {
        var holes = new List<RequestHole>();
        foreach (var (path, operations) in Contract.Document["paths"]!.AsObject())
            foreach (var (method, operation) in operations!.AsObject())
                Add(holes, method.ToUpperInvariant(), path, operation!);
        return holes;
    }

    private static void Add(List<RequestHole> holes, string method, string path, JsonNode operation)
    {
        var parameters = operation["parameters"]?.AsArray().Select(p => p!).ToList() ?? [];
        var target = path;
        foreach (var parameter in parameters.Where(p => In(p) == "path"))
        {
            var name = parameter["name"]!.GetValue<string>();
            holes.Add(new RequestHole(method, path.Replace($"{{{name}}}", EncodedMark, StringComparison.Ordinal), "{}", $"path {name}", Percent));
            // What is there is found, so that what comes after finding it is tried too.
            if (name == "objectPath")
                holes.Add(new RequestHole(method, path.Replace("{objectPath}", "lake/" + EncodedMark, StringComparison.Ordinal), "{}", "a name of the path", Percent));
            var value = name == "objectPath" && method != "DELETE" ? "lake" : parameter["example"]!.ToString();
            target = target.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        foreach (var name in parameters.Where(p => In(p) == "query").Select(p => p["name"]!.GetValue<string>()))
        {
            holes.Add(new RequestHole(method, $"{target}?{name}={EncodedMark}", "{}", $"query {name}", Percent));
            if (name != "objectPath") continue;
            holes.Add(new RequestHole(method, $"{target}?{name}={EncodedMark}", "{}", "a name of the query's path", t => Percent($"[\"lake\",\"{Json(t)}\"]")));
            if (method != "DELETE") target += "?objectPath=%5B%22lake%22%5D";
        }

        holes.Add(new RequestHole(method, $"{path.Split('{')[0]}?{EncodedMark}=x", "{}", "the name of a parameter", Percent));
        if (operation["requestBody"]?["content"]?["application/json"] is not { } content) return;
        var bases = content["examples"]?.AsObject().Select(e => e.Value!["value"]!.AsObject()).ToList() ?? [new JsonObject()];
        var places = new List<string[]>();
        Walk(content["schema"]!, [], places);
        foreach (var (index, body) in bases.Index())
        {
            int? example = bases.Count > 1 ? index : null;
            foreach (var place in places) holes.Add(new RequestHole(method, target, Opened(body, place), "$." + string.Join('.', place), Json) { Example = example });
            var named = body.DeepClone().AsObject();
            named[Mark] = 1;
            holes.Add(new RequestHole(method, target, Text(named), "the name of a member", Json) { Example = example });
        }
    }

    private static string In(JsonNode parameter) => parameter["in"]!.GetValue<string>();

    private static void Walk(JsonNode schema, string[] at, List<string[]> places)
    {
        schema = Contract.Resolved(schema);
        foreach (var choice in schema["oneOf"]?.AsArray() ?? []) Walk(choice!, at, places);
        var properties = schema["properties"]?.AsObject();
        if (properties is null && schema["items"] is not null) places.Add([.. at, "0"]);
        else if (properties is null && at.Length > 0 && !places.Exists(p => p.SequenceEqual(at))) places.Add(at);
        foreach (var (name, inner) in properties ?? []) Walk(inner!, [.. at, name], places);
    }

    private static string Opened(JsonObject body, string[] place)
    {
        var open = body.DeepClone().AsObject();
        var at = open;
        var isItem = place[^1] == "0";
        var names = isItem ? place[..^1] : place;
        foreach (var name in names[..^1])
        {
            if (at[name] is not JsonObject inner) at[name] = inner = new JsonObject();
            at = inner;
        }

        at[names[^1]] = isItem ? new JsonArray(Mark) : Mark;
        return Text(open);
    }

    private static string Text(JsonObject body) =>
        body.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    // Code unit by code unit: half a surrogate pair can be written so, and by no serializer.
    private static string Json(string text)
    {
        var json = new StringBuilder();
        foreach (var c in text)
            json.Append(char.IsAsciiLetterOrDigit(c) ? c.ToString() : "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture));
        return json.ToString();
    }

    // The same for a URL: half a pair becomes the bytes that UTF-8 has no character for.
    private static string Percent(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsSurrogate(c) && !(i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1])))
                bytes.AddRange([(byte)(0xE0 | (c >> 12)), (byte)(0x80 | ((c >> 6) & 0x3F)), (byte)(0x80 | (c & 0x3F))]);
            else if (char.IsSurrogate(c)) bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i++, 2)));
            else bytes.AddRange(Encoding.UTF8.GetBytes(c.ToString()));
        }

        return string.Concat(bytes.Select(b => "%" + b.ToString("X2", CultureInfo.InvariantCulture)));
    }
}
