using System.Text;

namespace Sluice.Core.Policies.Predicates;

/// <summary>Reads the predicate language (docs/policies.md).</summary>
public static class PredicateParser
{
    /// <summary>The longest predicate, as written and in its canonical spelling, in bytes of UTF-8.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>How deep parentheses, NOT and functions may be nested.</summary>
    public const int MaxDepth = 64;

    /// <summary>The predicate, or null with every problem that was found, by position.</summary>
    public static Predicate? Parse(string text, PredicateScope scope, out IReadOnlyList<PredicateProblem> problems) =>
        Parse(text, scope, out problems, out _);

    /// <summary>Likewise, with the names in the text and where each stands. Of a text with problems there are the names that were understood.</summary>
    public static Predicate? Parse(
        string text, PredicateScope scope, out IReadOnlyList<PredicateProblem> problems, out IReadOnlyList<PredicateMention> mentions)
    {
        var found = new SourceProblems(text);
        Predicate? predicate = null;
        mentions = [];
        if (text.Length > MaxLength || Encoding.UTF8.GetByteCount(text) > MaxLength)
            found.Add(0, $"the predicate is longer than {MaxLength / 1024} KiB; split it, or name a group instead of its members");
        else if (Unprintable(text) is { } at)
            found.Add(at, text[at] == '\0' ? "the text holds a NUL character" : "the text is not well-formed Unicode");
        else
        {
            var parser = new Parser(new Lexer(text, found).Read(), scope, found);
            predicate = parser.Read();
            mentions = [.. parser.Mentions.Select(m => Placed(m.Kind, m.Name, found.Position(m.At)))];
            // What can be read can be written and read again.
            if (predicate is not null && Encoding.UTF8.GetByteCount(PredicateText.Of(predicate)) > MaxLength)
                found.Add(0, $"the predicate is longer than {MaxLength / 1024} KiB in its canonical spelling; split it, or name a group instead of its members");
        }

        problems = found.InOrder();
        return found.Any ? null : predicate;
    }

    private static PredicateMention Placed(PredicateNameKind kind, string name, (int Line, int Column) at) => new(kind, name, at.Line, at.Column);

    private static int? Unprintable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') return i;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return i;
            i++;
        }

        return null;
    }
}
