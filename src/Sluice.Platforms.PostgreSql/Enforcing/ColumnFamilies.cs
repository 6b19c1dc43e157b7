using Sluice.Core.Access;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>What kind of values a type holds, by the spelling of <c>format_type</c>.</summary>
internal static class ColumnFamilies
{
    public static ColumnFamily Of(string type)
    {
        // An array is none of them.
        if (type.EndsWith(']')) return ColumnFamily.Other;
        return Plain(type) switch
        {
            "text" or "character varying" or "character" or "bpchar" or "name" => ColumnFamily.Text,
            "smallint" or "integer" or "bigint" => ColumnFamily.Integer,
            "numeric" or "real" or "double precision" => ColumnFamily.Number,
            "date" => ColumnFamily.Date,
            "timestamp" or "timestamp without time zone" or "timestamp with time zone" => ColumnFamily.Time,
            "boolean" => ColumnFamily.Boolean,
            _ => ColumnFamily.Other,
        };
    }

    /// <summary>The type without a length or precision, which says nothing of the kind: of <c>numeric(10,2)</c> and <c>timestamp(3) without time zone</c>.</summary>
    public static string Plain(string type)
    {
        var open = type.IndexOf('(', StringComparison.Ordinal);
        var close = type.IndexOf(')', StringComparison.Ordinal);
        return open < 0 || close < open ? type : string.Concat(type.AsSpan(0, open), type.AsSpan(close + 1)).TrimEnd();
    }
}
