using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;

namespace Sluice.Server.Configuration;

/// <summary>Reads sluice.json: one object, a key per setting. It is written by people, so comments and trailing commas are read.</summary>
internal static class ConfigurationFile
{
    private const string DefaultName = "sluice.json";

    private static readonly Dictionary<string, Setting> ByKey =
        SettingTable.All.Where(s => !s.EnvironmentOnly && s != SettingTable.Config).ToDictionary(s => s.Key, StringComparer.Ordinal);

    /// <summary>Where the file lies, or null when there is none and none was asked for.</summary>
    public static string? Locate(SettingValue? asked, string dataDirectory, ProblemList problems)
    {
        if (asked is null)
        {
            var usual = Path.Combine(dataDirectory, DefaultName);
            return File.Exists(usual) ? usual : null;
        }

        var file = asked.Texts[^1];
        if (File.Exists(file)) return file;
        problems.Add(asked.Origin, $"there is no file '{file}'");
        return null;
    }

    public static Dictionary<Setting, SettingValue> Read(string file, ProblemList problems)
    {
        var values = new Dictionary<Setting, SettingValue>();
        var name = Path.GetFileName(file);
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(file), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object) problems.Add(name, "must hold one JSON object");
            else
                foreach (var member in document.RootElement.EnumerateObject())
                    ReadMember(name, member, values, problems);
        }
        catch (JsonException e)
        {
            // The parser's own text can quote the file, and the file can hold a password.
            problems.Add(name, $"is not valid JSON: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(name, $"can't be read: {e.Message}");
        }

        return values;
    }

    private static void ReadMember(string file, JsonProperty member, Dictionary<Setting, SettingValue> values, ProblemList problems)
    {
        var origin = $"{file}: {member.Name}";
        if (!ByKey.TryGetValue(member.Name, out var setting))
        {
            problems.Add(origin, NearestName.Of(member.Name, ByKey.Keys) is { } near ? $"is not a setting; did you mean '{near}'?" : "is not a setting");
            return;
        }

        if (values.ContainsKey(setting)) problems.Add(origin, "is given twice");
        var value = member.Value;
        SettingValue? read = (setting.Kind, value.ValueKind) switch
        {
            (SettingKind.List, JsonValueKind.Array) when value.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String) =>
                new(origin, [.. value.EnumerateArray().Select(i => i.GetString()!)], IsList: true),
            (SettingKind.Switch, JsonValueKind.True or JsonValueKind.False) => new(origin, [value.GetBoolean() ? "true" : "false"]),
            (SettingKind.Number, JsonValueKind.Number) => new(origin, [value.GetRawText()]),
            (_, JsonValueKind.String) => new(origin, [value.GetString()!]),
            _ => null,
        };
        if (read is not null) values[setting] = read;
        else problems.Add(origin, $"must be {Expected(setting.Kind)}");
    }

    private static string Expected(SettingKind kind) => kind switch
    {
        SettingKind.List => "a list of strings",
        SettingKind.Switch => "true or false",
        SettingKind.Number => "a number",
        _ => "a string",
    };
}
