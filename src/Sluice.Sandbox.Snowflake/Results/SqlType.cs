namespace Sluice.Sandbox.Snowflake.Results;

/// <summary>A data type of Snowflake.</summary>
internal readonly record struct SqlType(SqlKind Kind, int Precision = 0, int Scale = 0, int Length = 0)
{
    public const int LongestText = 16_777_216;

    public static SqlType Text { get; } = new(SqlKind.Text, Length: LongestText);

    public static SqlType Number { get; } = new(SqlKind.Fixed, 38);

    public static SqlType Boolean { get; } = new(SqlKind.Boolean);

    public static SqlType Instant { get; } = new(SqlKind.TimestampLtz, 0, 9);

    /// <summary>As the wire protocol's rowtype names it.</summary>
    public string Wire => Kind switch
    {
        SqlKind.Fixed => "fixed",
        SqlKind.Real => "real",
        SqlKind.TimestampNtz => "timestamp_ntz",
        SqlKind.TimestampLtz => "timestamp_ltz",
        SqlKind.TimestampTz => "timestamp_tz",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>As INFORMATION_SCHEMA.COLUMNS.DATA_TYPE names it.</summary>
    public string Short => Kind switch
    {
        SqlKind.Fixed => "NUMBER",
        SqlKind.Real => "FLOAT",
        SqlKind.TimestampNtz => "TIMESTAMP_NTZ",
        SqlKind.TimestampLtz => "TIMESTAMP_LTZ",
        SqlKind.TimestampTz => "TIMESTAMP_TZ",
        _ => Kind.ToString().ToUpperInvariant(),
    };

    /// <summary>As the engine that evaluates queries names it.</summary>
    public string Engine => Kind switch
    {
        SqlKind.Fixed when Scale == 0 => Precision > 18 ? "HUGEINT" : "BIGINT",
        SqlKind.Fixed => $"DECIMAL({Precision},{Scale})",
        SqlKind.Real => "DOUBLE",
        SqlKind.Boolean => "BOOLEAN",
        SqlKind.Date => "DATE",
        SqlKind.Time => "TIME",
        SqlKind.TimestampNtz => "TIMESTAMP",
        SqlKind.TimestampLtz or SqlKind.TimestampTz => "TIMESTAMPTZ",
        SqlKind.Binary => "BLOB",
        SqlKind.Variant or SqlKind.Object or SqlKind.Array => "JSON",
        _ => "VARCHAR",
    };

    public static SqlType? Named(string name, IReadOnlyList<int> arguments) => name switch
    {
        "NUMBER" or "DECIMAL" or "NUMERIC" or "DEC" => new(SqlKind.Fixed, arguments.Count > 0 ? arguments[0] : 38, arguments.Count > 1 ? arguments[1] : 0),
        "INT" or "INTEGER" or "BIGINT" or "SMALLINT" or "TINYINT" or "BYTEINT" => Number,
        "FLOAT" or "FLOAT4" or "FLOAT8" or "DOUBLE" or "REAL" => new(SqlKind.Real),
        "VARCHAR" or "STRING" or "TEXT" or "NVARCHAR" or "NVARCHAR2" => new(SqlKind.Text, Length: arguments.Count > 0 ? arguments[0] : LongestText),
        "CHAR" or "CHARACTER" or "NCHAR" => new(SqlKind.Text, Length: arguments.Count > 0 ? arguments[0] : 1),
        "BINARY" or "VARBINARY" => new(SqlKind.Binary, Length: arguments.Count > 0 ? arguments[0] : 8_388_608),
        "BOOLEAN" or "BOOL" => Boolean,
        "DATE" => new(SqlKind.Date),
        "TIME" => new(SqlKind.Time, 0, arguments.Count > 0 ? arguments[0] : 9),
        "TIMESTAMP" or "TIMESTAMP_NTZ" or "DATETIME" or "TIMESTAMPNTZ" => new(SqlKind.TimestampNtz, 0, arguments.Count > 0 ? arguments[0] : 9),
        "TIMESTAMP_LTZ" or "TIMESTAMPLTZ" => new(SqlKind.TimestampLtz, 0, arguments.Count > 0 ? arguments[0] : 9),
        "TIMESTAMP_TZ" or "TIMESTAMPTZ" => new(SqlKind.TimestampTz, 0, arguments.Count > 0 ? arguments[0] : 9),
        "VARIANT" => new(SqlKind.Variant),
        "OBJECT" or "MAP" => new(SqlKind.Object),
        "ARRAY" => new(SqlKind.Array),
        "GEOGRAPHY" or "GEOMETRY" => new(SqlKind.Object),
        _ => null,
    };

    /// <summary>As DESCRIBE writes it: NUMBER(38,0).</summary>
    public override string ToString() => Kind switch
    {
        SqlKind.Fixed => $"NUMBER({Precision},{Scale})",
        SqlKind.Text => $"VARCHAR({Length})",
        SqlKind.Binary => $"BINARY({Length})",
        SqlKind.Time => $"TIME({Scale})",
        SqlKind.TimestampNtz or SqlKind.TimestampLtz or SqlKind.TimestampTz => $"{Short}({Scale})",
        _ => Short,
    };
}

internal enum SqlKind
{
    Text,
    Fixed,
    Real,
    Boolean,
    Date,
    Time,
    TimestampNtz,
    TimestampLtz,
    TimestampTz,
    Variant,
    Object,
    Array,
    Binary,
}
