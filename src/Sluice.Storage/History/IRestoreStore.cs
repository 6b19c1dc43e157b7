using Sluice.Storage.Connections;

namespace Sluice.Storage.History;

/// <summary>
/// Counts the applies of each connection, here and on its platform. A platform whose count is ahead of ours has seen applies of which this database knows
/// nothing: an older backup was put back. The count outlives its connection, which may be registered anew.
/// </summary>
public interface IRestoreStore
{
    /// <summary>How many applies this database knows of; 0: none.</summary>
    Task<long> EpochAsync(StoredConnection connection, CancellationToken cancellationToken);

    /// <summary>Counts one more. Committed before the platform is told.</summary>
    /// <returns>The count.</returns>
    Task<long> RaiseAsync(StoredConnection connection, CancellationToken cancellationToken);

    /// <summary>Records that the platform's count is ahead.</summary>
    /// <returns>Whether that is new.</returns>
    Task<bool> MarkAheadAsync(StoredConnection connection, WriteFence fence, long epoch, CancellationToken cancellationToken);

    /// <summary>The platform's count where it is ahead and nobody has confirmed; else null.</summary>
    Task<long?> AheadAsync(Guid connectionId, CancellationToken cancellationToken);

    /// <summary>Takes the platform's count for ours from now on; false where it is not ahead.</summary>
    Task<bool> ConfirmAsync(StoredConnection connection, Actor by, CancellationToken cancellationToken);
}
