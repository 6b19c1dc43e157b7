using System.Text;

namespace Sluice.Platforms.PostgreSql.Sql;

/// <summary>
/// The one place where a name or text becomes part of PostgreSQL's SQL. What it returns reads back as exactly the given value, whatever the
/// server's <c>standard_conforming_strings</c> and whatever the value holds.
/// </summary>
public static class Quote
{
    /// <summary>The longest name a server keeps, in bytes of UTF-8 (NAMEDATALEN - 1): a longer one is cut, and names another object.</summary>
    public const int MaxNameBytes = 63;

    /// <summary>A name as a quoted identifier.</summary>
    /// <exception cref="ArgumentException">No PostgreSQL object can have this name.</exception>
    public static string Identifier(string name)
    {
        if (NameProblem(name) is { } problem) throw new ArgumentException($"The name {problem}.", nameof(name));
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A text as a string literal.</summary>
    /// <exception cref="ArgumentException">PostgreSQL can't hold the text: a NUL, or no well-formed Unicode.</exception>
    public static string Literal(string text)
    {
        if (TextProblem(text) is { } problem) throw new ArgumentException($"The text {problem}.", nameof(text));
        var doubled = text.Replace("'", "''", StringComparison.Ordinal);

        // With standard_conforming_strings off a backslash in a plain literal escapes; in an E'' literal it always does.
        return doubled.Contains('\\') ? $"E'{doubled.Replace("\\", "\\\\", StringComparison.Ordinal)}'" : $"'{doubled}'";
    }

    /// <summary>What keeps a text from being the name of a PostgreSQL object, or null.</summary>
    public static string? NameProblem(string name)
    {
        if (name.Length == 0) return "is empty";
        if (TextProblem(name) is { } problem) return problem;
        return Encoding.UTF8.GetByteCount(name) > MaxNameBytes ? $"is longer than {MaxNameBytes} bytes of UTF-8" : null;
    }

    /// <summary>Whether PostgreSQL can hold a text.</summary>
    public static bool IsText(string text) => TextProblem(text) is null;

    private static string? TextProblem(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') return "holds a NUL character";
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return "is not well-formed Unicode";
            i++;
        }

        return null;
    }
}
