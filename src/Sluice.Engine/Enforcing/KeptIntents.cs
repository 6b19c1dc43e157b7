using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Sluice.Core.Planning;
using Sluice.Storage.Connections;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <summary>
/// What each platform was last seen to keep to. A change that asks nothing else of a platform need not read it. In memory: after a restart each is read once.
/// </summary>
internal sealed class KeptIntents
{
    private readonly ConcurrentDictionary<Guid, Kept> _kept = new();

    /// <summary>Keeps that a platform was seen to be what is asked for.</summary>
    /// <param name="connection">Its connection, as it was then.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="reconciled">What was stored of it.</param>
    public void Keep(StoredConnection connection, AskedAccess asked, StoredEnforcement reconciled) =>
        _kept[connection.Id] = new Kept(IntentDigest.Of(asked.Read.Intent, asked.Desired), connection.Revision, reconciled.ReconciledAt);

    /// <summary>
    /// Whether nobody need read a platform again for a change: it was what was asked for, the same is asked for now, its connection is the same, and neither an
    /// expiry, a crawl nor the time to look for drift has come since.
    /// </summary>
    public bool IsKept(StoredConnection connection, AskedAccess asked, [NotNullWhen(true)] StoredEnforcement? stored, DateTimeOffset now) =>
        stored is { Failure: null, DueAt: { } due } && due > now
        && connection.Status is ConnectionStatus.Active or ConnectionStatus.Inactive
        && _kept.TryGetValue(connection.Id, out var kept) && kept.ConnectionRevision == connection.Revision
        // Where another server has reconciled since, it knows and this one does not.
        && kept.ReconciledAt == stored.ReconciledAt
        && IntentDigest.Of(asked.Read.Intent, asked.Desired).AsSpan().SequenceEqual(kept.Digest);

    private sealed record Kept(byte[] Digest, long ConnectionRevision, DateTimeOffset? ReconciledAt);
}
