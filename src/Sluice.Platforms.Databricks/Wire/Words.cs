using System.Net;
using System.Text.RegularExpressions;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>Somebody's own words, fit to be shown.</summary>
internal static partial class Words
{
    private const int Longest = 500;

    /// <summary>Cut, on one line, and without control characters.</summary>
    public static string Bounded(string? message)
    {
        if (message is null) return "";
        var kept = message.Trim();
        if (kept.Length > Longest) kept = string.Concat(kept.AsSpan(0, char.IsHighSurrogate(kept[Longest - 1]) ? Longest - 1 : Longest), "…");
        return string.Create(kept.Length, kept, static (span, text) =>
        {
            for (var i = 0; i < text.Length; i++) span[i] = char.IsControl(text[i]) ? ' ' : text[i];
        });
    }

    /// <summary>Without the markup by which a notebook colours its errors.</summary>
    public static string? Plain(string? message) => message is null ? null : WebUtility.HtmlDecode(Tag.Replace(message, ""));

    [GeneratedRegex("</?[a-z][^<>]{0,200}>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Tag { get; }
}
