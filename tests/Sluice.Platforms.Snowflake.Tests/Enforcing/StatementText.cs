using System.Text.Json;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What a request at Snowflake's wire runs and changes.</summary>
internal static class StatementText
{
    private static readonly string[] Reads = ["SELECT", "SHOW", "DESC", "USE", "WITH", "ALTER SESSION"];

    /// <summary>The statements of a request; null of one that runs none.</summary>
    public static string? Of(string method, string path, string body) =>
        method == "POST" && path.StartsWith("/queries/v1/query-request", StringComparison.Ordinal) ? JsonElement.Parse(body).GetProperty("sqlText").GetString() : null;

    /// <summary>The statement of a request that changes something; else null.</summary>
    public static string? WriteOf(string method, string path, string body)
    {
        if (Of(method, path, body) is not { } text) return null;
        return Reads.Any(r => text.StartsWith(r, StringComparison.OrdinalIgnoreCase)) ? null : text;
    }
}
