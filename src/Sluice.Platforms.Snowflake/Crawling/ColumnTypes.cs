namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>Prints a column's type as DESCRIBE TABLE does, from the parts Information Schema has it in.</summary>
internal static class ColumnTypes
{
    /// <summary>Those parts that belong to a type.</summary>
    /// <param name="type">DATA_TYPE.</param>
    /// <param name="length">CHARACTER_MAXIMUM_LENGTH; of a binary type CHARACTER_OCTET_LENGTH.</param>
    /// <param name="precision">NUMERIC_PRECISION.</param>
    /// <param name="scale">NUMERIC_SCALE.</param>
    /// <param name="fraction">DATETIME_PRECISION.</param>
    public static (string? Size, string? Scale) SizeOf(string type, string? length, string? precision, string? scale, string? fraction) => type switch
    {
        "TEXT" or "BINARY" => (length, null),
        "NUMBER" or "DECIMAL" => (precision, precision is null ? null : scale ?? "0"),
        "TIME" or "TIMESTAMP_NTZ" or "TIMESTAMP_LTZ" or "TIMESTAMP_TZ" => (fraction, null),
        _ => (null, null),
    };

    /// <param name="type">DATA_TYPE.</param>
    /// <param name="size">Its size, as <see cref="SizeOf"/> has it.</param>
    /// <param name="scale">Its scale.</param>
    public static string Print(string type, string? size, string? scale)
    {
        var name = type == "TEXT" ? "VARCHAR" : type;
        return size is null ? name : scale is null ? $"{name}({size})" : $"{name}({size},{scale})";
    }
}
