namespace Sluice.Platforms.Snowflake.Sql;

/// <summary>
/// The one place where a name or text becomes part of Snowflake's SQL. What it returns reads back as exactly the given value (Snowflake
/// documentation, "Identifier requirements" and "String &amp; binary data types").
/// </summary>
public static class Quote
{
    /// <summary>The longest name an object may have, in characters.</summary>
    public const int MaxNameLength = 255;

    /// <summary>A name as a quoted identifier, which Snowflake takes in its exact spelling.</summary>
    /// <exception cref="ArgumentException">No name that Sluice writes into a statement.</exception>
    public static string Identifier(string name)
    {
        if (NameProblem(name) is { } problem) throw new ArgumentException($"The name {problem}.", nameof(name));
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>The name of an object in others, each part quoted.</summary>
    public static string Path(params ReadOnlySpan<string> names)
    {
        var quoted = new string[names.Length];
        for (var i = 0; i < names.Length; i++) quoted[i] = Identifier(names[i]);
        return string.Join('.', quoted);
    }

    /// <summary>A text as a string literal. A backslash begins an escape sequence in one, so it is doubled like the quote.</summary>
    /// <exception cref="ArgumentException">A control character other than a line feed, or no well-formed Unicode.</exception>
    public static string Literal(string text)
    {
        if (TextProblem(text, allowLineFeed: true) is { } problem) throw new ArgumentException($"The text {problem}.", nameof(text));
        return $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
    }

    /// <summary>What keeps a text from being a name that Sluice writes into a statement, or null.</summary>
    public static string? NameProblem(string name)
    {
        if (name.Length == 0) return "is empty";
        if (TextProblem(name, allowLineFeed: false) is { } problem) return problem;
        return name.EnumerateRunes().Count() > MaxNameLength ? $"is longer than {MaxNameLength} characters" : null;
    }

    /// <summary>Whether a text can be a literal.</summary>
    public static bool IsText(string text) => TextProblem(text, allowLineFeed: true) is null;

    private static string? TextProblem(string text, bool allowLineFeed)
    {
        for (var i = 0; i < text.Length; i++)
        {
            // The separators end a line in some readers of scripts as well.
            if ((char.IsControl(text[i]) && !(allowLineFeed && text[i] == '\n')) || text[i] is '\u2028' or '\u2029')
                return $"holds a control character (U+{(int)text[i]:X4})";
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return "is not well-formed Unicode";
            i++;
        }

        return null;
    }
}
