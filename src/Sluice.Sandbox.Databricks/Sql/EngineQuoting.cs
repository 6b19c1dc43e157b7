namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>Quotes for the embedded engine, whose identifiers stand in double quotes.</summary>
internal static class EngineQuoting
{
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string? text) => text is null ? "NULL" : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
