using System.Text;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>
/// The one place where a name or text becomes part of Databricks' SQL. Control characters are refused in both: no securable's name may hold
/// them (SQL reference, "Names"), and nothing else that Sluice writes needs them.
/// </summary>
public static class Quote
{
    /// <summary>The longest name of a securable, in characters (SQL reference, "Names").</summary>
    public const int MaxNameLength = 255;

    /// <summary>A name as a delimited identifier; also a principal's name in GRANT.</summary>
    /// <exception cref="ArgumentException">Nothing in Databricks can have this name.</exception>
    public static string Identifier(string name)
    {
        if (NameProblem(name) is { } problem) throw new ArgumentException($"The name {problem}.", nameof(name));
        return $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
    }

    /// <summary>
    /// A text as a string literal. A backslash escapes in it and doubled quotes end one literal and begin another (SQL reference, "STRING type"); a
    /// dollar sign would begin a widget in a notebook.
    /// </summary>
    /// <exception cref="ArgumentException">The text holds control characters, or is no well-formed Unicode.</exception>
    public static string Literal(string text)
    {
        if (TextProblem(text, int.MaxValue) is { } problem) throw new ArgumentException($"The text {problem}.", nameof(text));
        var literal = new StringBuilder(text.Length + 2).Append('\'');
        foreach (var c in text)
        {
            if (c is '\'' or '\\' or '$') literal.Append('\\');
            literal.Append(c);
        }

        return literal.Append('\'').ToString();
    }

    /// <summary>What keeps a text from being a name, or null.</summary>
    public static string? NameProblem(string name) => name.Length == 0 ? "is empty" : TextProblem(name, MaxNameLength);

    /// <summary>What keeps a text from being written into SQL, or null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">In characters.</param>
    public static string? TextProblem(string text, int longest)
    {
        if (text.Length > longest) return $"is longer than {longest} characters";
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i])) return "holds a control character";
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return "is not well-formed Unicode";
            i++;
        }

        return null;
    }
}
