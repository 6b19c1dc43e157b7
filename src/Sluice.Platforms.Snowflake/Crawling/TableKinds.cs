using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>What a table is, from TABLE_TYPE and its flags (Snowflake documentation, "TABLES view").</summary>
internal static class TableKinds
{
    /// <summary>The kind; null for a temporary table, which no one but its session sees.</summary>
    public static ObjectKind? Of(string type, string? isIceberg, string? isDynamic)
    {
        if (type.Contains("TEMPORARY", StringComparison.OrdinalIgnoreCase)) return null;
        if (IsYes(isDynamic)) return ObjectKind.DynamicTable;
        if (IsYes(isIceberg)) return ObjectKind.IcebergTable;
        return type.ToUpperInvariant() switch
        {
            "VIEW" => ObjectKind.View,
            "MATERIALIZED VIEW" => ObjectKind.MaterializedView,
            "EXTERNAL TABLE" => ObjectKind.ExternalTable,
            "EVENT TABLE" => ObjectKind.EventTable,
            _ => ObjectKind.Table,
        };
    }

    /// <summary>YES in Information Schema, Y or true in SHOW.</summary>
    public static bool IsYes(string? flag) => flag is not null && (flag.StartsWith('Y') || flag.StartsWith('y') || flag.Equals("true", StringComparison.OrdinalIgnoreCase));
}
