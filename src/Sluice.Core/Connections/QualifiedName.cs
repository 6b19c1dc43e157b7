using Sluice.Core.Catalog;
using Sluice.Core.Policies;

namespace Sluice.Core.Connections;

/// <summary>
/// The name of something on a platform with what contains it, read as the platform's SQL reads it: names joined by dots, each plain or in the dialect's quotes. What
/// is kept are the names themselves, so that one name has one value however it was spelled.
/// </summary>
public sealed record QualifiedName
{
    /// <summary>The most names: a database, a schema, and what is in it.</summary>
    public const int MaxNames = 3;

    // https://docs.snowflake.com/en/sql-reference/identifiers-syntax, https://docs.databricks.com/sql/language-manual/sql-ref-names: the longest of both.
    private const int MaxLength = 255;

    private QualifiedName(ValueList<string> names) => Names = names;

    /// <summary>The names as the platform keeps them, the outermost first.</summary>
    public ValueList<string> Names { get; }

    /// <summary>Reads a name.</summary>
    /// <param name="technology">Whose dialect it is spelled in.</param>
    /// <param name="spelled">What is written.</param>
    /// <param name="problem">What is wrong with it; null when nothing is.</param>
    /// <returns>Null after a problem.</returns>
    public static QualifiedName? Parse(Technology technology, string spelled, out string? problem)
    {
        var quote = QuoteOf(technology);
        var names = new List<string>();
        var rest = spelled.AsSpan();
        do
        {
            if (names.Count > 0) rest = rest[1..];
            var length = !rest.IsEmpty && rest[0] == quote ? QuotedLength(rest, quote) : PlainLength(rest);
            if (length == 0 || (length < rest.Length && rest[length] != '.'))
            {
                problem = $"must be names joined by dots, each of ASCII letters, digits and '_' and not beginning with a digit, or else in {Word(quote)}";
                return null;
            }

            var part = rest[..length];
            names.Add(part[0] == quote ? Unquoted(technology, part.ToString(), quote) : Folded(technology, part.ToString()));
            rest = rest[length..];
        }
        while (!rest.IsEmpty);
        problem = names.Count > MaxNames ? $"has {names.Count} names, and there are at most {MaxNames}: a database, a schema, and what is in it" : names.Select(n => Problem(technology, n)).FirstOrDefault(static p => p is not null);
        return problem is null ? new QualifiedName(names.ToValueList()) : null;
    }

    /// <summary>Whether this is right below something.</summary>
    public bool IsIn(QualifiedName container) => Names.Count == container.Names.Count + 1 && Names.Take(container.Names.Count).SequenceEqual(container.Names, StringComparer.Ordinal);

    /// <summary>The names as they are kept, for people: not for SQL.</summary>
    public override string ToString() => string.Join('.', Names);

    private static char QuoteOf(Technology technology) => technology == Technology.Databricks ? '`' : '"';

    private static string Word(char quote) => quote == '`' ? "backticks" : "double quotes";

    private static int PlainLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetter(text[length]) || text[length] == '_' || (length > 0 && char.IsAsciiDigit(text[length])))) length++;
        return length;
    }

    // 0 where the quotes hold nothing, or do not end.
    private static int QuotedLength(ReadOnlySpan<char> text, char quote)
    {
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] != quote) continue;
            if (at + 1 == text.Length || text[at + 1] != quote) return at > 1 ? at + 1 : 0;
            at++;
        }

        return 0;
    }

    // Databricks keeps every name in lower case, quoted or not. Letters beyond ASCII stay: how they are lowered there is not known, and another name would be meant.
    private static string Unquoted(Technology technology, string quoted, char quote)
    {
        var name = quoted[1..^1].Replace($"{quote}{quote}", $"{quote}", StringComparison.Ordinal);
        return technology == Technology.Databricks ? Folded(technology, name) : name;
    }

    private static string Folded(Technology technology, string name) => technology == Technology.Snowflake
        ? string.Concat(name.Select(static c => char.IsAsciiLetterLower(c) ? (char)(c - 'a' + 'A') : c))
        : string.Concat(name.Select(static c => char.IsAsciiLetterUpper(c) ? (char)(c - 'A' + 'a') : c));

    private static string? Problem(Technology technology, string name)
    {
        if (ObjectPath.NameProblem(name) is { } problem) return $"holds a name that {problem}";
        if (name.Length > MaxLength) return $"holds a name that is longer than {MaxLength} characters";
        if (name.Any(static c => char.IsControl(c) || c is '\u2028' or '\u2029')) return "holds a control character";
        // https://docs.databricks.com/sql/language-manual/sql-ref-names: no securable has them in its name.
        return technology == Technology.Databricks && name.AsSpan().IndexOfAny('.', ' ', '/') >= 0 ? "holds a name with a dot, a space or a slash, which nothing in Databricks has" : null;
    }
}
