namespace Sluice.Platforms.Databricks.Sql;

/// <summary>A statement as the Statement Execution API tells of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>PENDING</c>, <c>RUNNING</c>, <c>SUCCEEDED</c>, <c>FAILED</c>, <c>CANCELED</c> or <c>CLOSED</c>.</param>
/// <param name="ErrorCode">Why it failed, as one of Databricks' codes.</param>
/// <param name="ErrorMessage">Why it failed, in words.</param>
/// <param name="SqlState">Why it failed, as SQLSTATE.</param>
/// <param name="Total">How many rows the result has in all; null where that is not told.</param>
/// <param name="IsCut">Whether the result was truncated.</param>
/// <param name="First">Its first chunk, once it has succeeded.</param>
internal sealed record StatementAnswer(
    string Id, string State, string? ErrorCode, string? ErrorMessage, string? SqlState, long? Total, bool IsCut, ResultChunk? First)
{
    public const string Pending = "PENDING";

    /// <summary>Whether it has not come to an end.</summary>
    public bool IsUnderWay => State is Pending or "RUNNING";

    /// <summary>Whether its result can be read.</summary>
    public bool HasSucceeded => State == "SUCCEEDED";

    /// <summary>Whether somebody or something ended it, so that it says nothing of what was asked.</summary>
    public bool WasEnded => State is "CANCELED" or "CLOSED";

    /// <summary>Whether it failed because its result is larger than may be returned inline (25 MiB).</summary>
    public bool IsTooLargeInline => State == "FAILED" && ErrorMessage?.Contains("Inline byte limit exceeded", StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>A part of a result: its rows, or where they lie.</summary>
/// <param name="Rows">The rows; empty where they lie elsewhere.</param>
/// <param name="Links">Where they lie.</param>
/// <param name="Next">The index of the chunk behind it; null for the last.</param>
internal sealed record ResultChunk(IReadOnlyList<string?[]> Rows, IReadOnlyList<ExternalLink> Links, int? Next);

/// <summary>A short-lived address of rows in cloud storage. It holds a credential: never shown, never logged.</summary>
/// <param name="Url">Where.</param>
/// <param name="Headers">What has to be sent along.</param>
internal sealed record ExternalLink(string Url, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>Never the address.</summary>
    public override string ToString() => "ExternalLink";
}
