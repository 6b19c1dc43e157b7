using System.Text.RegularExpressions;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>A list of rows with the column that holds the names.</summary>
internal sealed record Listing(IReadOnlyList<Results.ResultColumn> Columns, int NameIndex, IEnumerable<object?[]> Rows);

/// <summary>LIKE, STARTS WITH and LIMIT ... FROM of SHOW commands.</summary>
internal sealed record ShowFilter(string? Like, string? StartsWith, int? Limit, string? From)
{
    public IEnumerable<object?[]> Apply(IEnumerable<object?[]> rows, int nameIndex, int cap)
    {
        if (Like is not null)
        {
            var pattern = Pattern(Like);
            rows = rows.Where(row => pattern.IsMatch((string)row[nameIndex]!));
        }

        if (StartsWith is not null) rows = rows.Where(row => ((string)row[nameIndex]!).StartsWith(StartsWith, StringComparison.Ordinal));
        if (From is not null) rows = After(rows, nameIndex, From);
        return rows.Take(Math.Min(Limit ?? cap, cap));
    }

    /// <summary>LIKE of SHOW: case-insensitive, with % and _, and a backslash before either to mean itself.</summary>
    public static Regex Pattern(string like)
    {
        var pattern = new System.Text.StringBuilder("^");
        for (var i = 0; i < like.Length; i++)
        {
            if (like[i] == '\\' && i + 1 < like.Length) pattern.Append(Regex.Escape(like[++i].ToString()));
            else if (like[i] == '%') pattern.Append(".*");
            else if (like[i] == '_') pattern.Append('.');
            else pattern.Append(Regex.Escape(like[i].ToString()));
        }

        return new(pattern.Append('$').ToString(), RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// The rows after the first one whose name begins with the text. Where none does, those whose names come after it: a name that
    /// was dropped between two pages must not end the list.
    /// </summary>
    private static IEnumerable<object?[]> After(IEnumerable<object?[]> rows, int nameIndex, string from)
    {
        var passed = false;
        var later = new List<object?[]>();
        foreach (var row in rows)
        {
            var name = (string)row[nameIndex]!;
            if (passed) yield return row;
            else if (name.StartsWith(from, StringComparison.Ordinal)) passed = true;
            else if (string.CompareOrdinal(name, from) > 0) later.Add(row);
        }

        if (passed) yield break;
        foreach (var row in later) yield return row;
    }
}
