namespace Sluice.Storage.Cluster;

/// <summary>A silo's row in the cluster's membership, kept as the engine serialised it.</summary>
/// <param name="SiloAddress">The key.</param>
/// <param name="EntryJson">The row.</param>
/// <param name="ETag">The row's version; a write must name the one it read.</param>
public sealed record MembershipRow(string SiloAddress, string EntryJson, long ETag);

/// <summary>All rows under one table version.</summary>
/// <param name="Version">Grows by one with every write.</param>
/// <param name="Rows">The rows.</param>
public sealed record MembershipSnapshot(int Version, IReadOnlyList<MembershipRow> Rows);

/// <summary>Cluster membership rows, written only by compare-and-swap of row and table version.</summary>
public interface IMembershipStore
{
    /// <summary>Reads all rows of a cluster and the table's version in one transaction.</summary>
    Task<MembershipSnapshot> ReadAsync(string clusterId, CancellationToken cancellationToken);

    /// <summary>Adds a row, when there is none and the table is still at the version before <paramref name="newVersion"/>.</summary>
    Task<bool> InsertAsync(string clusterId, string siloAddress, string entryJson, int newVersion, CancellationToken cancellationToken);

    /// <summary>Replaces a row, when it still has that ETag and the table is still at the version before <paramref name="newVersion"/>.</summary>
    Task<bool> UpdateAsync(string clusterId, string siloAddress, string entryJson, long etag, int newVersion, CancellationToken cancellationToken);

    /// <summary>
    /// The silo's own heartbeat: replaces the row's content, ETag and version staying as they are, unless the row has changed since it was read. A
    /// heartbeat that comes late must not bring a silo back that the others have marked dead.
    /// </summary>
    Task HeartbeatAsync(string clusterId, string siloAddress, string entryJson, long etag, CancellationToken cancellationToken);

    /// <summary>Deletes rows by address.</summary>
    Task DeleteAsync(string clusterId, IReadOnlyList<string> siloAddresses, CancellationToken cancellationToken);

    /// <summary>Deletes the rows and versions of every other cluster: what servers left behind that are gone.</summary>
    Task DeleteOthersAsync(string clusterId, CancellationToken cancellationToken);

    /// <summary>Deletes a cluster's rows and version.</summary>
    Task DeleteAllAsync(string clusterId, CancellationToken cancellationToken);
}
