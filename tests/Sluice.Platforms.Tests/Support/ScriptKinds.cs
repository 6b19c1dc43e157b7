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
    /// <param name="root">What the pages' addresses are relative to.</param>
    /// <param name="pages">The pages of kinds that only scripts have: of all that begin with the words where these end in a space, else of the one that is these words.</param>
    /// <param name="otherwise">The address of another kind's page; null where none is known.</param>
    public static void Check(Uri root, (string Words, string Page)[] pages, Func<string, string?> otherwise)
    {
        var kinds = Golden.Texts("Setup").SelectMany(Of).GroupBy(static s => s.Kind, static s => s.Line, StringComparer.Ordinal).OrderBy(static k => k.Key, StringComparer.Ordinal).ToList();
        kinds.Where(k => PageOf(k.Key) is null).Select(static k => $"{k.Key}: {k.First()}").ShouldBeEmpty("which page of the vendor's does each follow?");
        pages.Where(p => !kinds.Any(k => IsOf(k.Key, p.Words))).Select(static p => p.Words).ShouldBeEmpty("no script has these any more");
        var text = new StringBuilder();
        foreach (var kind in kinds) text.Append($"-- kind: {kind.Key}\n-- {PageOf(kind.Key)}\n{kind.Order(StringComparer.Ordinal).First()}\n\n");
        Golden.Check(text.ToString(), "kinds", "Setup/Kinds");

        string? PageOf(string kind) => pages.FirstOrDefault(p => IsOf(kind, p.Words)).Page is { } page ? new Uri(root, page).AbsoluteUri : otherwise(kind);
    }

    private static bool IsOf(string kind, string words) => words.EndsWith(' ') ? kind.StartsWith(words, StringComparison.Ordinal) : kind == words;

    private static IEnumerable<(string Kind, string Line)> Of(string script)
    {
        var isBegun = false;
        foreach (var line in script.Split('\n').Select(static l => l.Trim()))
        {
            if (line.StartsWith("--", StringComparison.Ordinal))
            {
                foreach (Match person in OfPerson().Matches(line)) yield return (KindOf(person.Value), person.Value);
                continue;
            }

            if (line.Length == 0 || line == "$$;") continue;
            if (!isBegun) yield return (KindOf(line), line);
            foreach (Match text in Texts().Matches(line))
                if (Composed().Match(Nameless(text.Groups["text"].Value)) is { Success: true } composed) yield return (KindOf(composed.Groups["statement"].Value), line);
            isBegun = !Ends().IsMatch(line);
        }
    }

    // A declaration or an assignment begins with a name of the script's.
    private static string KindOf(string line) => Words().Match(Nameless(line)) is { Success: true } words ? words.Value : Named().Replace(line, static m => $"… {m.Groups["rest"].Value}");

    private static string Nameless(string sql) => Names().Replace(sql, "…");

    [GeneratedRegex("""(?<=^-- +)[A-Z]{2,} [A-Z].*;$|\b[A-Z]{2,} [A-Z]+ …( …| [A-Z]+)+""", Options, Longest)]
    private static partial Regex OfPerson();

    // From left to right: a name may hold what begins a text, and a text what begins a name.
    [GeneratedRegex("""'(?<text>([^'\\]|\\.|'')*)'|"([^"]|"")*"|`[^`]*`""", Options, Longest)]
    private static partial Regex Texts();

    [GeneratedRegex("^ ?(… )?(?<statement>[A-Z]{2,} .*)$", Options, Longest)]
    private static partial Regex Composed();

    // A name that a text only begins is put in by the script.
    [GeneratedRegex("""IDENTIFIER\([^)]*\)|("([^"]|"")*"|`[^`]*(`|$))(\.("([^"]|"")*"|`[^`]*`))*|\b[A-Za-z_]+(\.[A-Za-z_]+)+""", Options, Longest)]
    private static partial Regex Names();

    [GeneratedRegex("(;|\\$\\$|\\b(THEN|DO|BEGIN|DECLARE|ELSE|REPEAT|EXCEPTION))$", Options, Longest)]
    private static partial Regex Ends();

    [GeneratedRegex("""^[A-Z][A-Z_]*(,? (…|\*|[A-Z][A-Z_0-9]+|[a-z_]+(?=\(| FROM | TO )))*(?!\w)""", Options, Longest)]
    private static partial Regex Words();

    [GeneratedRegex("^[a-z_]+ (?<rest>:=|[A-Z]+).*$", Options, Longest)]
    private static partial Regex Named();
}
