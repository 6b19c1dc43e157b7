using Sluice.Core.Planning;
using Sluice.Storage.History;

namespace Sluice.Engine.Enforcing;

/// <summary>Keeps the history of entitlements true to what the platform shows: what others took away ends, and who uses which identity is written down.</summary>
internal sealed class FactsInForce(IChangeHistory history, TimeProvider time)
{
    private const int Together = 5000;

    /// <summary>Writes down what differs.</summary>
    public async Task AlignAsync(Guid connectionId, AccessIntent intent, FactAlignment seen, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var known = await history.InForceAsync(connectionId, cancellationToken);
        var gone = (await history.FactsAsync(connectionId, seen.Unseen(known), cancellationToken)).Where(seen.HasGone).Select(static k => new FactTurn(k, false));
        foreach (var some in seen.Begun(known).Concat(gone).Chunk(Together)) await history.EndAsync(connectionId, null, [], some, at, cancellationToken);
        await history.HoldAsync(
            connectionId, [.. intent.Identities.SelectMany(static i => i.Holders.Select(h => new IdentityHolder(i.Name, h.Id, h.Username)))], at, cancellationToken);
    }
}
