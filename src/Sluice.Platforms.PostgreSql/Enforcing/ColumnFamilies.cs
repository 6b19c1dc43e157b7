using Sluice.Core.Access;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>What kind of values a type holds, by the spelling of <c>format_type</c>.</summary>
internal static class ColumnFamilies
{
    public static ColumnFamily Of(string type)
    {
        // A length or precision in parentheses says nothing of the kind; an array is none of them.
        if (type.EndsWith(']')) return ColumnFamily.Other;
        var end = type.IndexOf('(', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]) switch
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
}
