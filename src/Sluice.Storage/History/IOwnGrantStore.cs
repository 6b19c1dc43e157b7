using Sluice.Core.Planning;

namespace Sluice.Storage.History;

/// <summary>A grant of ours on a platform whose grants carry no mark.</summary>
/// <param name="Key">The grant.</param>
/// <param name="IsDirect">Whether it was last asked for by a subscription of one person's own, and by no rule.</param>
public sealed record OwnGrant(FactKey Key, bool IsDirect);

/// <summary>
/// Which grants are Sluice's where the platform does not tell: written before each is made, so that no crash and no answer that never came leaves one that
/// nobody knows of.
/// </summary>
public interface IOwnGrantStore
{
    /// <summary>All of a connection's.</summary>
    Task<IReadOnlyList<OwnGrant>> OfConnectionAsync(Guid connectionId, CancellationToken cancellationToken);

    /// <summary>Adds grants that are about to be made; one that is there stays as it is.</summary>
    Task AddAsync(Guid connectionId, IReadOnlyCollection<FactKey> grants, CancellationToken cancellationToken);

    /// <summary>Takes grants off the list: they are no more, or somebody else's.</summary>
    Task RemoveAsync(Guid connectionId, IReadOnlyCollection<FactKey> grants, CancellationToken cancellationToken);

    /// <summary>Records of grants on the list whether a subscription of one person's own asks for them, and no rule.</summary>
    Task SetDirectAsync(Guid connectionId, IReadOnlyCollection<FactKey> grants, bool isDirect, CancellationToken cancellationToken);
}
