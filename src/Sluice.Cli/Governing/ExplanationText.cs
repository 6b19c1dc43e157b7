using System.Text.Json.Nodes;

namespace Sluice.Cli.Governing;

/// <summary>An explanation for people.</summary>
internal static class ExplanationText
{
    public static void Write(JsonNode explanation, TextWriter to)
    {
        var path = string.Join('/', explanation["objectPath"]!.AsArray().Select(static n => n!.GetValue<string>()));
        to.WriteLine($"{Text(explanation, "user")} on {path}");
        if (!explanation["enabled"]!.GetValue<bool>()) to.WriteLine("  is disabled, and so may do nothing");
        if (explanation["identities"]!.AsArray().Count == 0) to.WriteLine("  has no identity on the platform: nothing can be granted there");
        WriteWay("read", explanation["read"]!, to);
        WriteWay("write", explanation["write"]!, to);
        foreach (var column in explanation["columns"]!.AsArray()) WriteColumn(column!, to);
        to.WriteLine($"  rows: {Text(explanation, "rowFilter") switch { "TRUE" => "all", "FALSE" => "none", var filter => $"those where {filter}" }}");
        foreach (var rule in explanation["rowRules"]!.AsArray())
            to.WriteLine($"    {Text(rule!, "policyKey")}: {(rule!["exempt"]!.GetValue<bool>() ? "exempt" : Text(rule, "filter"))}{(rule["unbound"]!.GetValue<bool>() ? " (unbound: a tag or column it names is missing here)" : "")}");
        if (explanation["leftAloneBySettings"] is { } leftAlone)
        {
            if (leftAlone["person"]!.GetValue<bool>()) to.WriteLine("  is left alone by all masks and row rules: the connection's settings name them");
            to.WriteLine($"  {LeftAlone(leftAlone["names"]!)}");
        }

        var shortfalls = explanation["shortfalls"]!.AsArray().Select(static s => s!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        if (explanation["howToRead"] is { } howTo) to.WriteLine($"  to read it: {howTo.GetValue<string>()}");
        foreach (var shortfall in shortfalls) to.WriteLine($"  on the platform: {shortfall}");
        if (explanation["platform"] is { } platform) WritePlatform(platform, shortfalls, to);
    }

    /// <summary>Whom masks and row rules leave alone, as a sentence without its end.</summary>
    public static string LeftAlone(JsonNode names) =>
        $"by the connection's settings, masks and row rules leave alone whoever is one of these users, or has one of these roles or groups: {string.Join(", ", names.AsArray().Select(static n => n!.GetValue<string>()))}";

    private static void WriteWay(string verb, JsonNode way, TextWriter to)
    {
        to.WriteLine($"  {verb}: {(way["allowed"]!.GetValue<bool>() ? $"yes, by {Text(way, "way")}" : "no")}");
        foreach (var policy in way["policies"]!.AsArray())
        {
            to.WriteLine($"    {Text(policy!, "policyKey")} ({Text(policy!, "mode")}, {Text(policy!, "type")}): {Truth(policy!["holds"])}");
            foreach (var condition in policy["conditions"]!.AsArray()) to.WriteLine($"      {Text(condition!, "condition")}: {Truth(condition!["value"])}");
        }
    }

    private static void WriteColumn(JsonNode column, TextWriter to)
    {
        if (column["mask"]?.GetValue<string>() is not { } mask) return;
        var rows = column["everyRow"]!.GetValue<bool>() ? "" : " in some rows";
        var function = column["function"]?.GetValue<string>() is { } name ? $" {name}" : "";
        to.WriteLine($"  column {Text(column, "column")}: {mask}{function}{rows}, by {string.Join(", ", column["decidedBy"]!.AsArray().Select(static d => d!.GetValue<string>()))}");
    }

    private static void WritePlatform(JsonNode platform, HashSet<string> told, TextWriter to)
    {
        foreach (var (heading, list) in new[] { ("reads on by", "residuals"), ("still to be changed", "pending"), ("can't be enforced", "shortfalls") })
            foreach (var item in platform[list]!.AsArray().Select(static i => i!.GetValue<string>()).Where(i => !told.Contains(i))) to.WriteLine($"  {heading}: {item}");
    }

    private static string Truth(JsonNode? value) => value is null ? "unknown" : value.GetValue<bool>() ? "holds" : "does not hold";

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();
}
