using Sluice.Core.Audit;

namespace Sluice.Storage.Audit;

/// <summary>What rows are chained and checkpoints signed with: derived from the vault's keys, and never in the database.</summary>
public interface IAuditKeys
{
    /// <summary>The key for new rows.</summary>
    Task<AuditKey> CurrentAsync(CancellationToken cancellationToken);

    /// <summary>Every key at hand by its id, read anew from where the vault's keys come from: older ones stand in older rows.</summary>
    Task<IReadOnlyDictionary<string, AuditKey>> AllAsync(CancellationToken cancellationToken);
}
