using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Queries;

/// <summary>The engine's errors in Snowflake's codes and words.</summary>
internal static partial class EngineErrors
{
    public static SnowflakeException Translate(DuckDBException problem)
    {
        var message = problem.Message;
        if (Column().Match(message) is { Success: true } column) return SnowflakeException.InvalidIdentifier(Named(column.Groups["name"].Value));
        if (Function().Match(message) is { Success: true } function)
        {
            return new("002140", "42601", $"SQL compilation error:\nUnknown function {function.Groups["name"].Value.ToUpperInvariant()}.");
        }

        if (message.StartsWith("Invalid Input Error: Division by zero", StringComparison.Ordinal)) return new("100051", "22012", "Division by zero");
        if (message.StartsWith("Invalid Input Error: Boolean value", StringComparison.Ordinal)) return new("100037", "22018", FirstLine(message)["Invalid Input Error: ".Length..]);
        if (message.Contains("More than one row returned by a subquery", StringComparison.Ordinal)) return new("090150", "22000", "Single-row subquery returns more than one row.");
        // https://docs.snowflake.com/en/sql-reference/functions/parse_json
        if (message.Contains("Malformed JSON", StringComparison.Ordinal)) return new("100069", "22P02", $"Error parsing JSON: {FirstLine(message)}");
        if (message.StartsWith("Invalid Input Error: Failed to cast variant", StringComparison.Ordinal)) return new("100071", "22000", FirstLine(message)["Invalid Input Error: ".Length..]);
        if (message.StartsWith("Parser Error", StringComparison.Ordinal)) return new("001003", "42000", $"SQL compilation error:\n{FirstLine(message)}");
        if (Number().Match(message) is { Success: true } number) return new("100038", "22018", $"Numeric value '{number.Groups["text"].Value}' is not recognized");
        if (message.StartsWith("Conversion Error", StringComparison.Ordinal)) return new("100038", "22018", FirstLine(message));
        if (message.Contains("NOT NULL constraint", StringComparison.Ordinal)) return new("100072", "22000", "NULL result in a non-nullable column");
        return message.StartsWith("INTERRUPT", StringComparison.OrdinalIgnoreCase)
            ? Cancelled()
            : new("001044", "42P13", $"SQL compilation error:\n{FirstLine(message)}");
    }

    public static SnowflakeException Cancelled() => new("000604", "57014", "SQL execution canceled");

    private static string Named(string name) => EngineNames.Read(name) is var read && read.Length < name.Length ? Sql.Quoting.Always(read) : name.ToUpperInvariant();

    private static string FirstLine(string message) => message.Split('\n')[0];

    [GeneratedRegex("Referenced column \"(?<name>[^\"]+)\" (not found|was not found)|does not have a column named \"(?<name>[^\"]+)\"|Column \"(?<name>[^\"]+)\" referenced that exists in the SELECT clause", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Column();

    [GeneratedRegex("^Conversion Error: Could not convert string [\"'](?<text>.*)[\"'] to (DECIMAL|INT|DOUBLE|BIGINT)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Number();

    [GeneratedRegex("Function with name \"?(?<name>[^\" ]+)\"? does not exist", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Function();
}
