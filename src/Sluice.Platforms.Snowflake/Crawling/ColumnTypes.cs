namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>Prints a column's type as DESCRIBE TABLE does, from the parts Information Schema has it in.</summary>
internal static class ColumnTypes
{
    /// <param name="type">DATA_TYPE.</param>
    /// <param name="length">CHARACTER_MAXIMUM_LENGTH; of a binary type CHARACTER_OCTET_LENGTH.</param>
    /// <param name="precision">NUMERIC_PRECISION.</param>
    /// <param name="scale">NUMERIC_SCALE.</param>
    /// <param name="fraction">DATETIME_PRECISION.</param>
    public static string Print(string type, string? length, string? precision, string? scale, string? fraction) => type switch
    {
        "TEXT" => length is null ? "VARCHAR" : $"VARCHAR({length})",
        "BINARY" => length is null ? type : $"{type}({length})",
        "NUMBER" or "DECIMAL" => precision is null ? type : $"{type}({precision},{scale ?? "0"})",
        "TIME" or "TIMESTAMP_NTZ" or "TIMESTAMP_LTZ" or "TIMESTAMP_TZ" => fraction is null ? type : $"{type}({fraction})",
        _ => type,
    };
}
