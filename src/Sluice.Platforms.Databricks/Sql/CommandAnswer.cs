namespace Sluice.Platforms.Databricks.Sql;

/// <summary>A context or command as the Command Execution API tells of it.</summary>
/// <param name="Status"><c>Pending</c>, <c>Queued</c>, <c>Running</c>, <c>Cancelling</c>, <c>Cancelled</c>, <c>Finished</c> or <c>Error</c>.</param>
/// <param name="ResultType">Of a finished command: <c>table</c>, <c>text</c>, <c>error</c>, …</param>
/// <param name="Summary">Why it failed, in words.</param>
/// <param name="IsCut">Whether rows are missing.</param>
/// <param name="Rows">Its rows; null where it has no table.</param>
internal sealed record CommandAnswer(string Status, string? ResultType, string? Summary, bool IsCut, IReadOnlyList<string?[]>? Rows)
{
    /// <summary>Whether it has not come to an end.</summary>
    public bool IsUnderWay => Status is "Pending" or "Queued" or "Running" or "Cancelling";
}
