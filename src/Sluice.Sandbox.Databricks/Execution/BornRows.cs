using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Rows made up from a table's columns: the same for the same table, on every start.</summary>
internal static class BornRows
{
    private static readonly string[] Words = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven"];

    public static string Query(TableObject table)
    {
        var values = table.Columns.Select((column, index) => $"CAST({Value(column, index)} AS {column.Type.Engine})");
        return $"SELECT {string.Join(", ", values)} FROM range({table.BornRows}) AS r(i)";
    }

    private static string Value(ColumnObject column, int salt) => column.Type.Base switch
    {
        "bigint" or "int" => salt == 0 ? "i + 1" : $"(i * 37 + {salt * 11}) % 9973",
        "smallint" or "tinyint" => $"(i * 7 + {salt}) % 97",
        "double" or "float" => $"((i * 131 + {salt * 17}) % 10007) / 100.0",
        "decimal" => Decimal(column.Type, salt),
        "boolean" => $"(i + {salt}) % 2 = 0",
        "date" => $"DATE '2025-01-01' + CAST((i * 5 + {salt}) % 365 AS INTEGER)",
        "timestamp" or "timestamp_ntz" => $"TIMESTAMP '2025-01-01 08:00:00' + to_minutes(CAST(i * 97 + {salt} AS BIGINT))",
        "string" or "varchar" or "char" => Text(column, salt),
        "binary" => $"encode('b' || i || '{salt}')",
        "array" when column.Type.Parts[0].Type.Base is "string" => $"['{Words[salt % Words.Length]}', 'n' || i]",
        "variant" => $"'{{\"n\":' || i || '}}'",
        _ => "NULL",
    };

    private static string Decimal(SqlType type, int salt)
    {
        var whole = Math.Clamp((type.Precision ?? 10) - (type.Scale ?? 0), 0, 4);
        return $"((i * 211 + {salt * 13}) % {(int)Math.Pow(10, whole + 2)}) / 100.0";
    }

    private static string Text(ColumnObject column, int salt)
    {
        var words = string.Join(", ", Words.Select(word => EngineQuoting.Literal(word)));
        var length = column.Type.Length is { } limit ? limit : int.MaxValue;
        var text = column.Name.Contains("email", StringComparison.OrdinalIgnoreCase) ? "'person' || i || '@example.com'"
            : column.Name.Contains("phone", StringComparison.OrdinalIgnoreCase) ? "'+44 20 7946 0' || lpad(CAST(i AS VARCHAR), 3, '0')"
            : column.Name.Contains("country", StringComparison.OrdinalIgnoreCase) || column.Name.Contains("region", StringComparison.OrdinalIgnoreCase) ? $"['DE', 'FR', 'GB', 'US'][CAST((i + {salt}) % 4 AS INTEGER) + 1]"
            : $"[{words}][CAST((i + {salt}) % {Words.Length} AS INTEGER) + 1] || ' ' || i";
        return $"left({text}, {length})";
    }
}
