using System.Data.Common;
using System.Text.Json;

namespace Sluice.Bench.Api;

/// <summary>The members of the server's answers, straight from the row. Of an inactive Glue table: what the benchmark asks for.</summary>
internal static class RawAnswer
{
    private static readonly string[] Governance = ["governed", "ungoverned", "unknown"];

    public static void WriteObject(Utf8JsonWriter json, DbDataReader row)
    {
        json.WriteStartArray("objectPath");
        foreach (var above in (ReadOnlySpan<int>)[19, 18, 17])
            if (!row.IsDBNull(above)) json.WriteStringValue(row.GetString(above));
        json.WriteStringValue(row.GetString(4));
        json.WriteEndArray();
        json.WriteString("technology", row.GetString(20));
        json.WriteString("state", row.GetBoolean(21) && row.IsDBNull(15) && row.GetInt32(8) == 0 ? "active" : "inactive");
        json.WriteStartObject("settings");
        json.WriteStartObject("isActive");
        json.WriteBoolean("value", row.GetBoolean(21));
        json.WriteBoolean("hasDescendantsWithOverrides", row.GetBoolean(25));
        json.WriteEndObject();
        json.WriteStartObject("activateNewChildren");
        if (row.IsDBNull(22)) json.WriteNull("value");
        else json.WriteBoolean("value", row.GetBoolean(22));
        json.WriteBoolean("hasDescendantsWithOverrides", row.GetBoolean(26));
        json.WriteEndObject();
        json.WriteStartObject("dataOwners");
        json.WriteStartArray("value");
        json.WriteEndArray();
        json.WriteBoolean("hasDescendantsWithOverrides", row.GetBoolean(27));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("overrides");
        json.WriteEndObject();
        json.WriteString("kind", row.GetInt32(5) switch { 10 => "table", 11 => "view", 14 => "icebergTable", var kind => throw new NotSupportedException($"Kind {kind}.") });
        json.WriteString("nativeId", Text(row, 6));
        json.WriteString("comment", Text(row, 7));
        json.WriteNumber("childCount", row.GetInt64(24));
        json.WriteNull("dataSourceId");
        json.WriteNull("dataSource");
        json.WriteNull("inactiveReason");
        json.WriteStartObject("enforcement");
        json.WriteString("governance", Governance[row.GetInt32(8)]);
        json.WriteString("method", Text(row, 10));
        json.WriteString("reason", Text(row, 9));
        json.WriteEndObject();
        Moment(json, "discoveredAt", row, 16);
        Moment(json, "lastCrawledAt", row, 28);
        Moment(json, "missingSince", row, 15);
    }

    public static void WriteColumn(Utf8JsonWriter json, DbDataReader row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.GetString(2));
        json.WriteString("type", row.GetString(3));
        json.WriteNumber("position", row.GetInt32(1));
        json.WriteString("nativeId", Text(row, 4));
        json.WriteString("comment", Text(row, 5));
        json.WriteBoolean("isPartitionKey", row.GetBoolean(6));
        json.WriteEndObject();
    }

    public static void WriteTag(Utf8JsonWriter json, DbDataReader row) =>
        WriteTag(json, row.GetString(2), row.GetString(3), Text(row, 1), "Lake Formation", row.GetBoolean(4));

    public static void WriteNewTag(Utf8JsonWriter json) => WriteTag(json, "Discovered", "New", null, "Sluice", inherited: false);

    private static void WriteTag(Utf8JsonWriter json, string key, string value, string? column, string source, bool inherited)
    {
        json.WriteStartObject();
        json.WriteString("name", $"{key}.{value}");
        json.WriteString("key", key);
        json.WriteString("value", value);
        if (column is not null) json.WriteString("column", column);
        json.WriteString("source", source);
        json.WriteBoolean("inherited", inherited);
        json.WriteEndObject();
    }

    private static void Moment(Utf8JsonWriter json, string name, DbDataReader row, int column)
    {
        if (row.IsDBNull(column)) json.WriteNull(name);
        else json.WriteString(name, new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero));
    }

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
