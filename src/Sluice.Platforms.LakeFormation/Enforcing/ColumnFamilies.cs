using Sluice.Core.Access;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>What kind of values a type holds, by Glue's spelling, which is Hive's.</summary>
internal static class ColumnFamilies
{
    public static ColumnFamily Of(string type)
    {
        // A length or precision in parentheses says nothing of the kind; a nested type has no such name.
        var end = type.IndexOf('(', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).Trim().ToLowerInvariant() switch
        {
            "string" or "varchar" or "char" => ColumnFamily.Text,
            "tinyint" or "smallint" or "int" or "integer" or "bigint" or "long" => ColumnFamily.Integer,
            "decimal" or "float" or "double" => ColumnFamily.Number,
            "date" => ColumnFamily.Date,
            "timestamp" => ColumnFamily.Time,
            "boolean" => ColumnFamily.Boolean,
            _ => ColumnFamily.Other,
        };
    }
}
