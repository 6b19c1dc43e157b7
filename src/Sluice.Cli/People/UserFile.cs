using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Cli.People;

/// <summary>
/// Users from a file: JSON (a list, or <c>{"users": […]}</c>) as the API takes it, or CSV with a header of <c>username, displayName, email, kind,
/// enabled, source, externalId, groups, attribute:NAME</c>. Groups and values of an attribute are separated by <c>;</c>; an empty field says nothing,
/// but an empty <c>groups</c> says none.
/// </summary>
/// <param name="Users">As the API takes them.</param>
/// <param name="Lines">Where each stands; null: the file is JSON.</param>
internal sealed record UserFile(JsonArray Users, IReadOnlyList<int>? Lines)
{
    private const string Attribute = "attribute:";
    private static readonly string[] Texts = ["username", "displayName", "email", "kind", "source", "externalId"];

    /// <exception cref="FormatException">It is neither.</exception>
    public static UserFile Read(string text)
    {
        text = text.TrimStart('\uFEFF');
        return text.TrimStart() is ['{' or '[', ..] ? ReadJson(text) : ReadCsv(CsvRecords.Read(text));
    }

    /// <summary>A problem's path as a line of the file.</summary>
    public string Place(string path)
    {
        const string before = "$.users[";
        if (Lines is null || !path.StartsWith(before, StringComparison.Ordinal)) return path;
        var end = path.IndexOf(']', StringComparison.Ordinal);
        return int.TryParse(path.AsSpan(before.Length, end - before.Length), out var index) && index < Lines.Count
            ? $"line {Lines[index]}{(end + 1 < path.Length ? $", {path[(end + 1)..].TrimStart('.')}" : "")}"
            : path;
    }

    private static UserFile ReadJson(string text)
    {
        try
        {
            var node = JsonNode.Parse(text);
            var users = node as JsonArray ?? node?["users"] as JsonArray ?? throw new FormatException("JSON must be a list of users, or {\"users\": [...]}");
            return new UserFile(users.DeepClone().AsArray(), null);
        }
        catch (JsonException e)
        {
            throw new FormatException($"line {e.LineNumber + 1}: is not valid JSON", e);
        }
    }

    private static UserFile ReadCsv(IReadOnlyList<CsvRecord> records)
    {
        if (records.Count == 0) throw new FormatException("the file is empty");
        var header = records[0].Fields.Select(f => f.Trim()).ToList();
        var unknown = header.Where(h => !Texts.Contains(h) && h is not ("enabled" or "groups") && !(h.StartsWith(Attribute, StringComparison.Ordinal) && h.Length > Attribute.Length)).ToList();
        if (unknown.Count > 0) throw new FormatException($"line {records[0].Line}: unknown columns {string.Join(", ", unknown)}; known are {string.Join(", ", Texts)}, enabled, groups, {Attribute}NAME");
        if (header.Distinct(StringComparer.Ordinal).Count() < header.Count) throw new FormatException($"line {records[0].Line}: a column stands twice");
        var odd = records.Skip(1).Where(r => r.Fields.Count != header.Count).Select(r => r.Line).ToList();
        if (odd.Count > 0) throw new FormatException($"line {string.Join(", ", odd)}: there must be {header.Count} fields, as in the header");
        return new UserFile(new JsonArray([.. records.Skip(1).Select(r => User(header, r.Fields))]), [.. records.Skip(1).Select(r => r.Line)]);
    }

    private static JsonObject User(List<string> header, IReadOnlyList<string> fields)
    {
        var user = new JsonObject();
        var attributes = new JsonArray();
        for (var i = 0; i < header.Count; i++)
        {
            var (name, text) = (header[i], fields[i].Trim());
            if (name == "groups") user[name] = new JsonArray([.. Split(text).Select(g => JsonValue.Create(g))]);
            else if (name.StartsWith(Attribute, StringComparison.Ordinal))
                foreach (var value in Split(text)) attributes.Add(new JsonObject { ["name"] = name[Attribute.Length..], ["value"] = value });
            else if (text.Length > 0) user[name] = name == "enabled" && bool.TryParse(text, out var enabled) ? enabled : text;
        }

        if (header.Exists(h => h.StartsWith(Attribute, StringComparison.Ordinal))) user["attributes"] = attributes;
        return user;
    }

    private static string[] Split(string text) => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
