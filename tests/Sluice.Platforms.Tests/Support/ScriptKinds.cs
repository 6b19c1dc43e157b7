using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Platforms.Tests.Support;

/// <summary>
/// The kinds of statements in all golden setup scripts, by the words they begin with: those that are run, those in texts that a script puts together and runs, and those in comments that a person is to run.
/// Beside each stands the vendor's page that it follows, and a line of one.
/// </summary>
internal static partial class ScriptKinds
{
    private const RegexOptions Options = RegexOptions.ExplicitCapture;
    private const int Longest = 10_000;

    /// <summary>Compares them with their file.</summary>
    /// <param name="pageOf">The address of a kind's page; null where none is known.</param>
    public static void Check(Func<string, string?> pageOf)
    {
        var kinds = Golden.Texts("Setup").SelectMany(Of).GroupBy(static s => s.Kind, static s => s.Line, StringComparer.Ordinal).OrderBy(static k => k.Key, StringComparer.Ordinal).ToList();
        kinds.Where(k => pageOf(k.Key) is null).Select(static k => $"{k.Key}: {k.First()}").ShouldBeEmpty("which page of the vendor's does each follow?");
        var text = new StringBuilder();
        foreach (var kind in kinds) text.Append($"-- kind: {kind.Key}\n-- {pageOf(kind.Key)}\n{kind.Order(StringComparer.Ordinal).First()}\n\n");
        Golden.Check(text.ToString(), "kinds", "Setup/Kinds");
    }

    private static IEnumerable<(string Kind, string Line)> Of(string script)
    {
        var isBegun = false;
        foreach (var line in script.Split('\n').Select(static l => l.Trim()))
        {
            if (OfPerson().Match(line) is { Success: true } person) yield return (KindOf(person.Groups["statement"].Value), person.Groups["statement"].Value);
            if (line.Length == 0 || line.StartsWith("--", StringComparison.Ordinal) || line == "$$;") continue;
            if (!isBegun) yield return (KindOf(line), line);
            foreach (Match composed in Composed().Matches(line)) yield return (KindOf(composed.Groups["statement"].Value), line);
            isBegun = !Ends().IsMatch(line);
        }
    }

    // A declaration or an assignment begins with a name of the script's.
    private static string KindOf(string line) => Words().Match(line) is { Success: true } words ? words.Value : Named().Replace(line, static m => m.Groups["rest"].Value);

    [GeneratedRegex("^-- (?<statement>(GRANT|REVOKE|ALTER|DROP|CREATE) [A-Z].*;)$", Options, Longest)]
    private static partial Regex OfPerson();

    [GeneratedRegex("(?<=' ?)(?<statement>(GRANT|REVOKE|ALTER|DROP|CREATE|SHOW|SELECT|MODIFY COLUMN|UNSET MASKING POLICY)\\b ?([A-Z]+\\b,? ?)*)", Options, Longest)]
    private static partial Regex Composed();

    [GeneratedRegex("(;|\\$\\$|\\b(THEN|DO|BEGIN|DECLARE|ELSE|REPEAT|EXCEPTION))$", Options, Longest)]
    private static partial Regex Ends();

    [GeneratedRegex("^[A-Z][A-Z_]*(,? [A-Z][A-Z_]+)*\\b", Options, Longest)]
    private static partial Regex Words();

    [GeneratedRegex("^[a-z_]+ (?<rest>:=|[A-Z]+).*$", Options, Longest)]
    private static partial Regex Named();
}
