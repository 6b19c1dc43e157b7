using System.Globalization;
using System.Text;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>
/// The regular expressions of masks as Java's, which Databricks uses (https://docs.databricks.com/sql/language-manual/functions/regexp_replace). What policies may
/// say is read alike by all, but for the end of a text and the way a replacement names groups.
/// </summary>
internal static class JavaPattern
{
    /// <summary>A pattern: a dollar sign is the very end of a text, and not what stands before its last line break as well.</summary>
    public static string Of(string pattern)
    {
        var java = new StringBuilder(pattern.Length + 8);
        var isInClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length) java.Append(c).Append(pattern[++i]);
            else if (c == '$' && !isInClass) java.Append("\\z");
            else
            {
                isInClass = c switch { '[' => true, ']' => false, _ => isInClass };
                java.Append(c);
            }
        }

        return java.ToString();
    }

    /// <summary>A replacement: <c>\1</c> to <c>\9</c> are groups, and everything else means itself.</summary>
    /// <param name="replacement">As policies say it.</param>
    /// <param name="shift">How many groups stand before the pattern's own.</param>
    public static string Replacement(string replacement, int shift)
    {
        var java = new StringBuilder(replacement.Length + 8);
        for (var i = 0; i < replacement.Length; i++)
        {
            var c = replacement[i];
            if (c == '\\' && i + 1 < replacement.Length)
            {
                var next = replacement[++i];
                if (char.IsAsciiDigit(next)) java.Append('$').Append((next - '0' + shift).ToString(CultureInfo.InvariantCulture));
                else java.Append('\\').Append(next);
            }

            // A digit must not become part of a group's number before it.
            else if (c is '$' or '\\' || char.IsAsciiDigit(c)) java.Append('\\').Append(c);
            else java.Append(c);
        }

        return java.ToString();
    }
}
