namespace Sluice.Core.Audit;

/// <summary>What can be wrong with a stream.</summary>
public enum AuditFault
{
    /// <summary>A row's MAC is not that of its content after the row before: it was edited, or the chain was computed anew without the key.</summary>
    RowAltered,

    /// <summary>Rows are gone from within the stream. The row after them can't be checked without them.</summary>
    RowsMissing,

    /// <summary>The key of rows or of a checkpoint is not at hand: nothing can be said of them.</summary>
    KeyUnknown,

    /// <summary>The stream's own record of its end is not its last row: rows were cut off, or put in.</summary>
    EndDiffers,

    /// <summary>A checkpoint's signature is not that of its content.</summary>
    CheckpointForged,

    /// <summary>A checkpoint has seen more rows than there are: the tail was cut, or an older backup was put back.</summary>
    CheckpointAhead,

    /// <summary>At a checkpoint's place stands another row: the stream was continued from an older state, or written anew.</summary>
    CheckpointContradicted,

    /// <summary>The oldest rows are gone, and no row says that they were deleted for their age.</summary>
    PrunedUnrecorded,
}

/// <summary>Something wrong, and where.</summary>
/// <param name="Fault">What.</param>
/// <param name="From">The first row it is about.</param>
/// <param name="To">The last one.</param>
/// <param name="Message">For people.</param>
public sealed record AuditFinding(AuditFault Fault, long From, long To, string Message);

/// <summary>What a verification found.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Rows">How many rows were read.</param>
/// <param name="Last">The last row's number.</param>
/// <param name="Findings">In the order in which they were met; empty: intact.</param>
public sealed record AuditReport(AuditStream Stream, long Rows, long Last, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsIntact => Findings.Count == 0;
}
