using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>A request to a workspace.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path with the query.</param>
/// <param name="Body">Its body; empty where it has none.</param>
internal sealed record SentRequest(string Method, string Path, string Body);

/// <summary>
/// What kind a request is of: its method, its path without names, the members of its body; and of a statement its words, without names, texts, numbers, lists, what a function
/// does, and of a read what it asks for.
/// </summary>
internal static partial class RequestKind
{
    private const string Statements = "/api/2.0/sql/statements", Commands = "/api/1.2/commands/execute";
    private const RegexOptions Options = RegexOptions.Singleline | RegexOptions.ExplicitCapture;
    private const int Longest = 10_000;

    /// <summary>The request, and the statement in it where it runs one: each by its kind, with what stands in it.</summary>
    public static IEnumerable<(string Kind, string Text)> Of(SentRequest request)
    {
        var (start, hasBody) = ($"{request.Method} {Place(request.Path)}", request.Body.Length > 0);
        var statement = StatementOf(request);
        var text = Id().Replace($"{request.Method} {Uri.UnescapeDataString(request.Path)}{(hasBody ? $" {request.Body}" : "")}", "<id>");
        foreach (var shape in hasBody ? Shapes(JsonElement.Parse(request.Body)).Distinct(StringComparer.Ordinal) : [""])
        {
            var kind = $"{start}{(hasBody ? " " : "")}{shape}";
            yield return (kind, statement is null ? text : kind);
        }

        if (statement is not null) yield return (OfSql(statement), statement);
    }

    /// <summary>The statement that a request runs, on a warehouse or a cluster; null of one that runs none.</summary>
    public static string? StatementOf(SentRequest request) => request switch
    {
        { Method: "POST", Path: Statements } => JsonElement.Parse(request.Body).GetProperty("statement").GetString(),
        { Method: "POST", Path: Commands } => JsonElement.Parse(request.Body).GetProperty("command").GetString(),
        _ => null,
    };

    /// <summary>The kind of a statement.</summary>
    public static string OfSql(string statement)
    {
        var kind = Quoted().Replace(statement, static m => m.Value[0] == '\'' ? "''" : "``");
        if (kind.StartsWith("SELECT", StringComparison.Ordinal)) kind = Asking().Replace(kind, " …");
        kind = Body().Replace(kind, " RETURN …");
        kind = Arguments().Replace(kind, "(…)");
        kind = Returned().Replace(kind, " RETURNS …");
        // Rows, and then the values of a row.
        kind = Lists().Replace(Lists().Replace(kind, "${one}"), "${one}");
        return Number().Replace(kind, "n");
    }

    private static string Place(string path)
    {
        var parts = path.Split('?', 2);
        var segments = parts[0].Split('/');
        for (var i = 1; i < segments.Length; i++)
            if (IsNamed(segments, i)) segments[i] = "…";
        var query = parts.Length == 1 ? "" : "?" + string.Join('&', parts[1].Split('&').Select(static q => Asked(Uri.UnescapeDataString(q))));
        return string.Join('/', segments) + query;
    }

    private static bool IsNamed(string[] segments, int at) =>
        segments[at - 1] is "catalogs" or "schemas" or "tables" or "functions" or "Groups" or "Users" or "statements" or "warehouses"
        || (at > 1 && segments[at - 2] is "permissions" or "effective-permissions" or "resource-quotas");

    private static string Asked(string query)
    {
        var (name, value) = query.Split('=', 2) is [var n, var v] ? (n, v) : (query, "");
        return name switch
        {
            "attributes" => query,
            "filter" => $"filter={Text().Replace(value, "\"\"")}",
            _ => $"{name}=…",
        };
    }

    // One for each kind of element of a list.
    private static IEnumerable<string> Shapes(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject()
            .Aggregate((IEnumerable<string>)[""], static (all, m) => all.SelectMany(before => (m.Name is "op" ? [m.Value.ToString()] : Shapes(m.Value)).Select(s => $"{before}{(before.Length == 0 ? "" : ", ")}{m.Name}: {s}")))
            .Select(static s => $"{{{s}}}"),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Shapes).Distinct(StringComparer.Ordinal).Select(static s => $"[{s}]"),
        _ => ["…"],
    };

    [GeneratedRegex(@"'([^'\\]|\\.)*'|`([^`]|``)*`(\.`([^`]|``)*`)*", Options, Longest)]
    private static partial Regex Quoted();

    [GeneratedRegex(" (WHERE|ORDER BY) .*", Options, Longest)]
    private static partial Regex Asking();

    [GeneratedRegex(@"(?<=^CREATE OR REPLACE FUNCTION .*) RETURN .*", Options, Longest)]
    private static partial Regex Body();

    [GeneratedRegex(@"(?<=^CREATE OR REPLACE FUNCTION ``)\(([^()]|\([^()]*\))*\)", Options, Longest)]
    private static partial Regex Arguments();

    [GeneratedRegex(@" RETURNS [A-Z_]+(\([0-9, ]*\))?", Options, Longest)]
    private static partial Regex Returned();

    [GeneratedRegex(@"(?<one>''|``|lower\(''\)|\(''(, '')*\)|\(audience = '' AND lower\(identity\) IN \(lower\(''\)\)\))((, | OR )\k<one>)+", Options, Longest)]
    private static partial Regex Lists();

    [GeneratedRegex(@"(?<![\w`])[0-9]+(?!\w)", Options, Longest)]
    private static partial Regex Number();

    [GeneratedRegex("\"([^\"\\\\]|\\\\.)*\"", Options, Longest)]
    private static partial Regex Text();

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=(context|command)Id(=|"":""))[^""&]+|(?<!\\u|\w)[0-9]{5,}(?!\w)", Options, Longest)]
    private static partial Regex Id();
}
