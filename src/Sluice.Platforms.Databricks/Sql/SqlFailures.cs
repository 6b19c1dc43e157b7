using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Sql;

/// <summary>Puts why a statement failed into words for the person who registered it.</summary>
internal static class SqlFailures
{
    /// <summary>A statement that Databricks ran and that failed.</summary>
    /// <param name="code">Databricks' code.</param>
    /// <param name="message">Its message, by which it is told what failed.</param>
    /// <param name="quoted">What of the message may be shown.</param>
    /// <param name="sqlState">The SQLSTATE.</param>
    public static PlatformException Of(string? code, string? message, string? quoted, string? sqlState)
    {
        var words = ForeignWords.Bounded(quoted);
        return new PlatformException(FailureOf(code, message, sqlState), $"Databricks SQL: {(words.Length > 0 ? words : code ?? "the statement failed")}")
        {
            Code = sqlState ?? code,
        };
    }

    /// <summary>A statement that was ended before it had its result: by a person, by the warehouse, or for its age.</summary>
    public static PlatformException Ended(string state, string? quoted) => new(
        PlatformFailure.Unavailable, $"Databricks SQL ended a statement before it had its result ({state}). {ForeignWords.Bounded(quoted)}".TrimEnd());

    /// <summary>A result of which rows are missing: nothing may be concluded from it.</summary>
    public static PlatformException Incomplete(string compute) =>
        new(PlatformFailure.Unavailable, $"A result from {compute} did not come whole, so nothing is taken from it. Try again.");

    /// <summary>One that did not come to an end in time.</summary>
    public static PlatformException TooLate(string compute, bool hasStarted, TimeSpan waited) => new(
        PlatformFailure.Unavailable,
        hasStarted
            ? $"A statement still ran on {compute} after {waited.TotalSeconds:0} seconds and was cancelled."
            : $"{compute} was not ready within {waited.TotalSeconds:0} seconds: it is starting, or busy with other statements. Try again in a few minutes.");

    /// <summary>What was asked to run a statement and is not there or not ready: Databricks' words, and what to do.</summary>
    public static PlatformException OfCompute(PlatformException refusal, string compute, string remedy) =>
        new(IsGone(refusal) ? PlatformFailure.NotFound : refusal.Failure, $"{refusal.Message.TrimEnd('.')}. {compute} can't run a statement: {remedy}.", refusal)
        {
            Code = refusal.Code, Status = refusal.Status, RetryAfter = refusal.RetryAfter,
        };

    /// <summary>Whether a statement was run and failed because what it names is not there. A warehouse or cluster that is not there, and an answer that is, say so by the status of a response.</summary>
    public static bool SaysGone(Exception failure) => failure is PlatformException { Failure: PlatformFailure.NotFound, Status: null };

    // Of a cluster that was deleted it is a 400 that says so in words.
    private static bool IsGone(PlatformException refusal) =>
        refusal.Failure == PlatformFailure.Refused && refusal.Message.Contains("does not exist", StringComparison.OrdinalIgnoreCase);

    // SQLSTATE where there is one (SQL reference, "Error handling"); a cluster gives only the words, with the error class in brackets.
    private static PlatformFailure FailureOf(string? code, string? message, string? sqlState)
    {
        if (sqlState == "42501" || Has("INSUFFICIENT_PERMISSIONS") || Has("PERMISSION_DENIED")) return PlatformFailure.AccessDenied;
        if (sqlState is "42P01" or "42704" || Has("_NOT_FOUND]")) return PlatformFailure.NotFound;
        return code is null ? PlatformFailure.Refused : DatabricksErrors.Failure(code, message, System.Net.HttpStatusCode.BadRequest);

        bool Has(string word) => message?.Contains(word, StringComparison.Ordinal) == true;
    }
}
