using System.Text.Json;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What a request at Snowflake's wire changes.</summary>
internal static class StatementText
{
    private static readonly string[] Reads = ["SELECT", "SHOW", "DESC", "USE", "WITH", "ALTER SESSION"];

    /// <summary>The statement of a request that changes something; else null.</summary>
    public static string? WriteOf(string method, string path, string body)
    {
        if (method != "POST" || !path.StartsWith("/queries/v1/query-request", StringComparison.Ordinal)) return null;
        var text = JsonElement.Parse(body).GetProperty("sqlText").GetString()!;
        return Reads.Any(r => text.StartsWith(r, StringComparison.OrdinalIgnoreCase)) ? null : text;
    }
}
