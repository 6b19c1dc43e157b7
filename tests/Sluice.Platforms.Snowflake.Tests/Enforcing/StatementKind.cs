using System.Text.RegularExpressions;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What kind a statement is of: its words, with names, texts, numbers, lists, privileges and what a policy or function does left out.</summary>
internal static partial class StatementKind
{
    private const RegexOptions Options = RegexOptions.Singleline | RegexOptions.ExplicitCapture;
    private const int Longest = 10_000;

    /// <summary>The kinds of the statements of one request.</summary>
    public static IEnumerable<string> Of(string request) => Bare(request).Split(";\n").Select(One);

    /// <summary>The statements of one request.</summary>
    public static IEnumerable<(string Kind, string Text)> Each(string request)
    {
        string[] texts = Bare(request).Contains(";\n", StringComparison.Ordinal) ? request.Split(";\n") : [request];
        return texts.Select(static t => (One(Bare(t)), t));
    }

    // From left to right: a name may hold what begins a text, and a text what begins a name.
    private static string Bare(string sql) => Quoted().Replace(sql, static m => m.Value[0] == '\'' ? "''" : "\"\"");

    private static string One(string bare)
    {
        var kind = Policy().Replace(bare, " AS … ->");
        kind = Body().Replace(kind, " …");
        kind = Arguments().Replace(kind, "(…)");
        kind = Returned().Replace(kind, " RETURNS …");
        kind = Privileges().Replace(kind, "…");
        // Rows, and then the values of a row.
        kind = Lists().Replace(Lists().Replace(kind, "${one}"), "${one}");
        return Number().Replace(kind, "n");
    }

    [GeneratedRegex(@"'([^'\\]|\\.|'')*'|""([^""]|"""")*""(\.""([^""]|"""")*"")*", Options, Longest)]
    private static partial Regex Quoted();

    [GeneratedRegex(@" AS \(.*?\) RETURNS .*? -> .*(?= COMMENT = )", Options, Longest)]
    private static partial Regex Policy();

    [GeneratedRegex(@"(?<=SET BODY ->) .*", Options, Longest)]
    private static partial Regex Body();

    [GeneratedRegex(@"(?<=FUNCTION (IF EXISTS )?"""")\(([^()]|\([^()]*\))*\)", Options, Longest)]
    private static partial Regex Arguments();

    [GeneratedRegex(@" RETURNS [A-Z_]+(\([0-9, ]*\))?", Options, Longest)]
    private static partial Regex Returned();

    [GeneratedRegex(@"(?<=^(GRANT|REVOKE|REVOKE GRANT OPTION FOR) )(?!ROLE |GRANT OPTION )[A-Z, ]+?(?= ON )", Options, Longest)]
    private static partial Regex Privileges();

    [GeneratedRegex(@"(?<one>''|""""|\?|\(\?(, \?)*\))(, \k<one>)+", Options, Longest)]
    private static partial Regex Lists();

    [GeneratedRegex(@"(?<![\w""])[0-9]+(?!\w)", Options, Longest)]
    private static partial Regex Number();
}
