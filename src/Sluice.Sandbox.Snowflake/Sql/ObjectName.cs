using System.Text.RegularExpressions;

namespace Sluice.Sandbox.Snowflake.Sql;

/// <summary>A name of one to three parts as it stands in a statement; left parts may be missing.</summary>
internal sealed record ObjectName(string? Database, string? Schema, string Name)
{
    public static ObjectName Of(IReadOnlyList<string> parts) => parts.Count switch
    {
        1 => new(null, null, parts[0]),
        2 => new(null, parts[0], parts[1]),
        _ => new(parts[^3], parts[^2], parts[^1]),
    };

    /// <summary>Reads a name out of a string, as SYSTEM$ functions and IDENTIFIER() do.</summary>
    public static ObjectName Parse(string text) => new TokenReader(text).ReadName();

    public override string ToString() => string.Join('.', new[] { Database, Schema, Name }.OfType<string>().Select(Quoting.Identifier));
}

/// <summary>Writes identifiers and strings so that reading them gives back what they were.</summary>
internal static partial class Quoting
{
    /// <summary>Without quotes where an unquoted identifier says the same.</summary>
    public static string Identifier(string name) => Plain().IsMatch(name) ? name : Always(name);

    public static string Always(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A string constant in standard SQL, in which a backslash is a backslash.</summary>
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex("^[A-Z_][A-Z0-9_$]*$", RegexOptions.None, 1000)]
    private static partial Regex Plain();
}
