using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution.Dialect;

/// <summary>
/// How a cast is spelled for the embedded engine, by the macros of casts.sql where its own cast answers something else than
/// https://docs.databricks.com/aws/en/sql/language-manual/functions/cast says.
/// </summary>
internal static class CastForms
{
    /// <summary>What stands before the parenthesis, and what follows the operand before it closes.</summary>
    public static (string Head, string Tail) Of(SqlType type, bool isTry) => type.Base switch
    {
        "tinyint" or "smallint" or "int" or "bigint" => isTry
            ? ("TRY_CAST(sandbox_whole_or_null", $") AS {type.Engine}")
            : ("CAST(sandbox_whole", $", {EngineQuoting.Literal(type.ResultText)}) AS {type.Engine}"),
        "boolean" => (isTry ? "sandbox_flag_or_null" : "sandbox_flag", ""),
        "string" or "varchar" or "char" => ("sandbox_text", ""),
        "binary" => ("sandbox_bytes", ""),
        "timestamp" or "timestamp_ntz" when !isTry => ("sandbox_time", ""),
        "void" => ("", ""),
        _ => (isTry ? "TRY_CAST" : "CAST", $" AS {type.Engine}"),
    };

    public static string Cast(string operand, SqlType type)
    {
        var (head, tail) = Of(type, isTry: false);
        return $"{head}({operand}{tail})";
    }

    /// <summary>Types whose name is a function that casts: string(1), date('2026-05-04').</summary>
    public static bool IsFunction(string name) =>
        name is "string" or "boolean" or "tinyint" or "smallint" or "int" or "bigint" or "float" or "double" or "decimal" or "date" or "timestamp" or "binary";

    /// <summary>Whether values of one type may be cast to another at all.</summary>
    public static bool IsPossible(SqlType from, SqlType to)
    {
        if (from.Base is "void" || from.Text == to.Text) return true;
        if (!from.Parts.IsEmpty || !to.Parts.IsEmpty) return from.Base == to.Base && from.Parts.Length == to.Parts.Length && from.Parts.Zip(to.Parts).All(pair => IsPossible(pair.First.Type, pair.Second.Type));
        return (Family(from), Family(to)) switch
        {
            ("text", _) or (_, "text") => true,
            ("number", "number" or "flag" or "time") or ("time" or "flag", "number") => from.Base != "date" && to.Base != "date",
            var (one, other) => one == other,
        };
    }

    private static string Family(SqlType type) => type.Base switch
    {
        "string" or "varchar" or "char" => "text",
        "boolean" => "flag",
        "date" or "timestamp" or "timestamp_ntz" => "time",
        "tinyint" or "smallint" or "int" or "bigint" or "float" or "double" or "decimal" => "number",
        var other => other,
    };
}
