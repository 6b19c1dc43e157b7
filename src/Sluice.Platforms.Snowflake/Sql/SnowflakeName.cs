namespace Sluice.Platforms.Snowflake.Sql;

/// <summary>
/// The name of an object as Snowflake stores it. In a payload it is spelled as in SQL: what needs no quotes is upper-cased, what stands in double
/// quotes is exact ("Identifier requirements"). What needs quotes and has none (<c>my-role</c>) is exact too, for it can't be meant otherwise.
/// </summary>
internal sealed record SnowflakeName
{
    private SnowflakeName(string text) => Text = text;

    /// <summary>The name as it is stored.</summary>
    public string Text { get; }

    /// <summary>As a quoted identifier.</summary>
    public string Quoted => Quote.Identifier(Text);

    /// <summary>
    /// As a login's parameter takes it, where the text is read as in SQL: bare where it is what SQL would make of it, else quoted.
    /// </summary>
    public string Parameter => IsBare(Text) && Text == Text.ToUpperInvariant() ? Text : Quoted;

    /// <summary>A name read from a payload; null with the problem when it is none.</summary>
    public static SnowflakeName? Parse(string spelled, out string? problem)
    {
        var text = spelled;
        if (spelled is ['"', .., '"'] && spelled.Length > 2)
        {
            text = spelled[1..^1];
            if (text.Replace("\"\"", "", StringComparison.Ordinal).Contains('"'))
            {
                problem = "has a double quote inside its quotes that is not doubled";
                return null;
            }

            text = text.Replace("\"\"", "\"", StringComparison.Ordinal);
        }
        else if (spelled.StartsWith('"') || spelled.EndsWith('"'))
        {
            problem = spelled == "\"\"" ? "is empty between its quotes" : "has a double quote at one end alone";
            return null;
        }
        else if (IsBare(spelled))
        {
            text = spelled.ToUpperInvariant();
        }

        problem = Quote.NameProblem(text);
        return problem is null ? new SnowflakeName(text) : null;
    }

    /// <summary>A name that was checked when it was stored.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public static SnowflakeName Stored(string spelled) =>
        Parse(spelled, out var problem) ?? throw new InvalidOperationException($"A stored name {problem}.");

    /// <summary>A name as the platform gives it.</summary>
    public static SnowflakeName Exact(string text) => new(text);

    private static bool IsBare(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_')
        && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');

    /// <inheritdoc/>
    public override string ToString() => Text;
}
