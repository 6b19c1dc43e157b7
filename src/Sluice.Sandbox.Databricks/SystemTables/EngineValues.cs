using System.Globalization;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.SystemTables;

/// <summary>Values of system tables as the embedded engine's literals; a column that is given none is NULL.</summary>
internal static class EngineValues
{
    public static string Text(string? text) => EngineQuoting.Literal(text);

    public static string Time(DateTimeOffset time) => $"TIMESTAMP '{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";

    public static string Date(DateTimeOffset time) => $"DATE '{time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'";

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Flag(bool flag) => flag ? "true" : "false";

    /// <summary>A structure whose fields are literals already.</summary>
    public static string Structure(params ReadOnlySpan<(string Name, string Literal)> fields)
    {
        var texts = new string[fields.Length];
        for (var index = 0; index < fields.Length; index++) texts[index] = $"{EngineQuoting.Literal(fields[index].Name)}: {fields[index].Literal}";
        return $"{{{string.Join(", ", texts)}}}";
    }

    public static string Map(IReadOnlyDictionary<string, string?> entries)
    {
        var present = entries.Where(entry => entry.Value is not null).ToArray();
        return $"MAP([{string.Join(", ", present.Select(entry => Text(entry.Key)))}]::VARCHAR[], [{string.Join(", ", present.Select(entry => Text(entry.Value)))}]::VARCHAR[])";
    }
}
