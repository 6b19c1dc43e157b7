using System.Globalization;
using System.Text;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>
/// Names as the engine has them. It takes upper and lower case for the same, Snowflake does not between quotes
/// (https://docs.snowflake.com/en/sql-reference/identifiers-syntax): a name in which anything is lower case says so behind a mark.
/// </summary>
internal static class EngineNames
{
    private const char Mark = '\u2063';

    /// <summary>Words that only the engine reserves: as a name they need quotes there.</summary>
    private static readonly HashSet<string> Reserved =
    [
        "ANALYSE", "ANALYZE", "ARRAY", "ASYMMETRIC", "BOTH", "DEFERRABLE", "DESCRIBE", "DO", "FOREIGN", "INITIALLY", "LAMBDA", "LEADING", "ONLY", "PIVOT_LONGER", "PIVOT_WIDER", "PLACING", "PRIMARY",
        "REFERENCES", "SHOW", "SUMMARIZE", "SYMMETRIC", "TRAILING", "VARIADIC",
    ];

    public static string Quoted(string name) => Quoting.Always(Marked(name));

    /// <summary>A word that is no keyword where it stands.</summary>
    public static string Word(string word) => Reserved.Contains(word) ? Quoting.Always(word) : word;

    /// <summary>The name that was written for the engine.</summary>
    public static string Read(string name) => name.LastIndexOf(Mark) is >= 0 and var end ? name[..end] : name;

    private static string Marked(string name)
    {
        if (!name.Any(char.IsAsciiLetterLower)) return name;
        var cases = new StringBuilder(name).Append(Mark);
        var (bits, count) = (0, 0);
        foreach (var letter in name.Where(char.IsAsciiLetter))
        {
            bits = (bits << 1) | (char.IsAsciiLetterLower(letter) ? 1 : 0);
            if (++count % 4 == 0) (bits, _) = (0, cases.Append(bits.ToString("X", CultureInfo.InvariantCulture)));
        }

        if (count % 4 != 0) cases.Append(bits.ToString("X", CultureInfo.InvariantCulture));
        return cases.ToString();
    }
}
