namespace Sluice.Core.Audit;

/// <summary>An event in its chain.</summary>
/// <param name="Event">The event, with its sequence number.</param>
/// <param name="KeyId">The key its MAC was made with.</param>
/// <param name="Mac">HMAC-SHA-256 over the MAC of the row before and this one's canonical bytes.</param>
public sealed record AuditRow(AuditEvent Event, string KeyId, byte[] Mac);

/// <summary>Where a stream ends, as its own row in the database says.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Sequence">The last row's number.</param>
/// <param name="Mac">The last row's MAC.</param>
/// <param name="PrunedThrough">The last row that was deleted for its age; 0: none.</param>
public sealed record AuditHead(AuditStream Stream, long Sequence, byte[] Mac, long PrunedThrough);
