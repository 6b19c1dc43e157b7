namespace Sluice.Testing.Naive;

/// <summary>What a column holds, whatever its platform calls it.</summary>
public enum ColumnKind
{
    /// <summary>Of a type that only NULL is sure to fit.</summary>
    Other,

    /// <summary>A <see cref="string"/>.</summary>
    Text,

    /// <summary>A <see cref="long"/>.</summary>
    Integer,

    /// <summary>A <see cref="decimal"/>.</summary>
    Numeric,

    /// <summary>A <see cref="DateOnly"/>.</summary>
    Date,

    /// <summary>A <see cref="DateTime"/>, in UTC.</summary>
    Timestamp,

    /// <summary>A <see cref="bool"/>.</summary>
    Boolean,
}

/// <summary>The kinds of the platforms' types.</summary>
public static class ColumnKinds
{
    /// <summary>The kind of a type as a platform spells it; lengths and scales don't matter.</summary>
    public static ColumnKind Of(string type)
    {
        var parenthesis = type.IndexOf('(', StringComparison.Ordinal);
        var name = (parenthesis < 0 ? type : type[..parenthesis]).Trim().ToLowerInvariant();
        return name switch
        {
            "text" or "string" or "varchar" or "character varying" => ColumnKind.Text,
            "bigint" or "integer" or "int" or "smallint" or "long" => ColumnKind.Integer,
            "numeric" or "decimal" or "number" => ColumnKind.Numeric,
            "date" => ColumnKind.Date,
            "timestamp" or "timestamp without time zone" or "timestamp_ntz" => ColumnKind.Timestamp,
            "boolean" or "bool" => ColumnKind.Boolean,
            _ => ColumnKind.Other,
        };
    }
}
