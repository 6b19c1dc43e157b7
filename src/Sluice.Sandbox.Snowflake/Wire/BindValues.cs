using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>The bindings of a request as SQL constants: one list, or one for each row of array bindings.</summary>
internal static class BindValues
{
    public static List<List<string>> Read(JsonObject? bindings, string kind)
    {
        if (bindings is null || bindings.Count == 0) return [];
        var ordered = bindings.OrderBy(bind => int.TryParse(bind.Key, CultureInfo.InvariantCulture, out var index) ? index : int.MaxValue).Select(bind => (JsonObject)bind.Value!).ToArray();
        if (ordered[0]["value"] is not JsonArray first) return [[.. ordered.Select(bind => Constant(bind["type"]?.ToString() ?? "TEXT", bind["value"]))]];
        if (kind != "INSERT") throw new SnowflakeException("002049", "42601", "SQL compilation error: Array bind is only supported for INSERT.");
        return [.. Enumerable.Range(0, first.Count).Select(row => ordered.Select(bind => Constant(bind["type"]?.ToString() ?? "TEXT", ((JsonArray)bind["value"]!)[row])).ToList())];
    }

    private static string Constant(string type, JsonNode? value)
    {
        if (value is null) return "NULL";
        var text = value.ToString();
        return type.ToUpperInvariant() switch
        {
            "FIXED" when decimal.TryParse(text, CultureInfo.InvariantCulture, out var number) => number.ToString(CultureInfo.InvariantCulture),
            "REAL" when double.TryParse(text, CultureInfo.InvariantCulture, out var number) => $"CAST({number.ToString("R", CultureInfo.InvariantCulture)} AS DOUBLE)",
            "BOOLEAN" => text.Equals("true", StringComparison.OrdinalIgnoreCase) || text == "1" ? "TRUE" : "FALSE",
            // Milliseconds since 1970 for dates, nanoseconds for times and timestamps.
            "DATE" when long.TryParse(text, CultureInfo.InvariantCulture, out var milliseconds) => $"DATE '{DateTimeOffset.FromUnixTimeMilliseconds(milliseconds):yyyy-MM-dd}'",
            "TIME" when long.TryParse(text, CultureInfo.InvariantCulture, out var nanoseconds) => $"TIME '{TimeSpan.FromTicks(nanoseconds / 100):hh\\:mm\\:ss\\.ffffff}'",
            "TIMESTAMP_NTZ" when Moment(text) is { } moment => $"TIMESTAMP '{moment}'",
            "TIMESTAMP_LTZ" or "TIMESTAMP_TZ" when Moment(text.Split(' ')[0]) is { } moment => $"TIMESTAMPTZ '{moment}+00'",
            _ => Quoting.Text(text),
        };
    }

    private static string? Moment(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var nanoseconds)
        ? DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)
        : null;
}
