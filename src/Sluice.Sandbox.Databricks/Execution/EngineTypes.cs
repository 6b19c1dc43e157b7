using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Reads the embedded engine's type names: DECIMAL(12,2), VARCHAR[], STRUCT(a INTEGER).</summary>
internal static class EngineTypes
{
    public static SqlType Read(string engine)
    {
        var text = engine.Trim();
        if (text.EndsWith("[]", StringComparison.Ordinal)) return new("array") { Parts = [("element", Read(text[..^2]))] };
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = open < 0 ? text : text[..open];
        var arguments = open < 0 ? [] : Split(text[(open + 1)..^1]);
        return name.ToUpperInvariant() switch
        {
            "STRUCT" => new("struct") { Parts = [.. arguments.Select(Field)] },
            "MAP" => new("map") { Parts = [("key", Read(arguments[0])), ("value", Read(arguments[1]))] },
            "DECIMAL" => new("decimal") { Precision = int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture), Scale = int.Parse(arguments[1], System.Globalization.CultureInfo.InvariantCulture) },
            // The engine sums whole numbers into 128 bits; Databricks' sums stay bigint.
            "BIGINT" or "HUGEINT" or "UBIGINT" or "UINTEGER" or "UHUGEINT" => SqlType.Long,
            "INTEGER" or "USMALLINT" => SqlType.Int,
            "SMALLINT" or "UTINYINT" => new("smallint"),
            "TINYINT" => new("tinyint"),
            "DOUBLE" => new("double"),
            "FLOAT" => new("float"),
            "BOOLEAN" => SqlType.Boolean,
            "DATE" => new("date"),
            "TIMESTAMP" or "TIMESTAMP WITH TIME ZONE" or "TIMESTAMP_NS" or "TIMESTAMP_MS" or "TIMESTAMP_S" => SqlType.Timestamp,
            "BLOB" => new("binary"),
            "INTERVAL" => new("interval"),
            "\"NULL\"" or "NULL" => new("void"),
            _ => SqlType.String,
        };
    }

    private static (string Name, SqlType Type) Field(string text)
    {
        if (!text.StartsWith('"')) return (text[..text.IndexOf(' ', StringComparison.Ordinal)], Read(text[text.IndexOf(' ', StringComparison.Ordinal)..]));
        var end = 1;
        while (text[end] != '"' || (end + 1 < text.Length && text[end + 1] == '"')) end += text[end] == '"' ? 2 : 1;
        return (text[1..end].Replace("\"\"", "\"", StringComparison.Ordinal), Read(text[(end + 1)..]));
    }

    private static ImmutableArray<string> Split(string text)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var (depth, quoted, start) = (0, false, 0);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '"') quoted = !quoted;
            if (quoted) continue;
            if (text[at] == '(') depth++;
            if (text[at] == ')') depth--;
            if (text[at] != ',' || depth > 0) continue;
            parts.Add(text[start..at].Trim());
            start = at + 1;
        }

        parts.Add(text[start..].Trim());
        return parts.ToImmutable();
    }
}
