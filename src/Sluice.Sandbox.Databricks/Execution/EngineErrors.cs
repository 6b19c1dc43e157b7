using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Says in Databricks' error classes what the embedded engine complained of.</summary>
internal static partial class EngineErrors
{
    /// <summary>What precedes the words that a statement itself has raised.</summary>
    public const string Raised = "sandbox raised: ";

    public static SqlException Translate(DuckDBException problem)
    {
        var message = problem.Message;
        if (message.IndexOf(Raised, StringComparison.Ordinal) is >= 0 and var raised) return SqlException.Raised(message[(raised + Raised.Length)..]);
        if (Conditioned().Match(message) is { Success: true } conditioned) return Conditioned(conditioned.Groups["condition"].Value, conditioned.Groups["text"].Value);
        if (Column().Match(message) is { Success: true } column) return SqlException.NoColumn($"`{column.Groups["name"].Value}`");
        if (Function().Match(message) is { Success: true } function) return SqlException.NoFunction($"`{function.Groups["name"].Value.ToLowerInvariant()}`");
        if (message.StartsWith("Parser Error", StringComparison.Ordinal)) return SqlException.Syntax(Near().Match(message) is { Success: true } near ? $"'{near.Groups["near"].Value}'" : "end of input", -1);
        if (message.Contains("out of range for the destination type", StringComparison.Ordinal)) return new("CAST_OVERFLOW", "22003", FirstLine(message));
        if (message.StartsWith("Out of Range Error", StringComparison.Ordinal)) return new("ARITHMETIC_OVERFLOW", "22003", FirstLine(message));
        if (message.StartsWith("Conversion Error: Unimplemented type for cast", StringComparison.Ordinal)) return new("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "42K09", FirstLine(message));
        if (message.StartsWith("Conversion Error", StringComparison.Ordinal)) return new("CAST_INVALID_INPUT", "22018", FirstLine(message));
        if (message.StartsWith("Binder Error", StringComparison.Ordinal)) return new("DATATYPE_MISMATCH", "42K09", FirstLine(message));
        if (message.StartsWith("INTERRUPT Error", StringComparison.Ordinal)) return new("QUERY_EXECUTION_CANCELED", "57014", "The query was cancelled.", "CANCELLED");
        return new("INTERNAL_ERROR", "XX000", FirstLine(message));
    }

    /// <summary>Whether the engine found no + - or * for a text.</summary>
    public static bool MissesTexts(DuckDBException problem) => Operator().IsMatch(problem.Message);

    private static SqlException Conditioned(string condition, string text) => new(condition, condition switch { "CAST_INVALID_INPUT" => "22018", "UNSUPPORTED_FEATURE" => "0A000", "INVALID_ARRAY_INDEX" or "INVALID_ARRAY_INDEX_IN_ELEMENT_AT" or "INVALID_INDEX_OF_ZERO" => "22003", _ => "22012" }, text);

    private static string FirstLine(string message)
    {
        var cut = message.IndexOf('\n', StringComparison.Ordinal);
        return $"{(cut < 0 ? message : message[..cut])}.";
    }

    [GeneratedRegex("""No function matches the given name and argument types '[-+*]\(.*VARCHAR""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Operator();

    [GeneratedRegex("""sandbox raised (?<condition>[A-Z_]+): (?<text>.*)""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Conditioned();

    [GeneratedRegex("""(?:Referenced column|Table .* does not have a column named|column) "(?<name>[^"]+)" (?:(?:was )?not found|$)|does not have a column named "(?<name>[^"]+)"|Referenced table "(?<name>[^"]+)" not found""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Column();

    [GeneratedRegex("""Function with name "?(?<name>[^" ]+)"? does not exist""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Function();

    [GeneratedRegex("""at or near "(?<near>[^"]*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Near();
}
