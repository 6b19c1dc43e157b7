namespace Sluice.Storage;

/// <summary>
/// The fencing token of a connection's single writer. A write under a fence checks, in its own transaction, that nobody has taken the
/// lease since; a writer that lost it gets <see cref="StaleWriterException"/> and writes nothing.
/// </summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="Epoch">What <see cref="Connections.IConnectionStore.TakeLeaseAsync"/> returned.</param>
public readonly record struct WriteFence(Guid ConnectionId, long Epoch);

/// <summary>Another writer has taken over the connection, or it was deleted: stop, and leave the rest to it.</summary>
public sealed class StaleWriterException(Guid connectionId)
    : Exception($"The lease on connection {connectionId} was lost to another writer, or the connection is gone.");
