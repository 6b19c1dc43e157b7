using System.Net;
using System.Text.RegularExpressions;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>What a notebook answers, as text.</summary>
internal static partial class NotebookWords
{
    /// <summary>Without the markup by which a notebook colours its errors.</summary>
    public static string? Plain(string? message) => message is null ? null : WebUtility.HtmlDecode(Tag.Replace(message, ""));

    [GeneratedRegex("</?[a-z][^<>]{0,200}>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Tag { get; }
}
