using System.Text.RegularExpressions;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>The patterns of SHOW … LIKE: * for anything, | for either, in any case.</summary>
internal static class LikePattern
{
    public static Func<string, bool> Of(string pattern)
    {
        var expression = new Regex($"^(?:{string.Join('|', pattern.Split('|').Select(part => Regex.Escape(part.Trim()).Replace("\\*", ".*", StringComparison.Ordinal)))})$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
        return expression.IsMatch;
    }

    /// <summary>The patterns of SQL's LIKE, as REST takes them: % and _.</summary>
    public static Func<string, bool> OfSql(string? pattern)
    {
        if (string.IsNullOrEmpty(pattern)) return _ => true;
        var expression = new Regex($"^{Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.Singleline);
        return expression.IsMatch;
    }
}
