using Sluice.Core.People;
using Sluice.Core.Planning;

namespace Sluice.Storage.People;

/// <summary>Everybody at one moment.</summary>
/// <param name="Revision">The revision it is of; see <see cref="IPeopleSnapshots.RevisionAsync"/>.</param>
/// <param name="Snapshot">The people.</param>
/// <param name="Identities">By connection: its identities by name, each with its holders.</param>
/// <param name="NextExpiryAt">When the next attribute expires: from then on it is another snapshot under the same revision. Null: none will.</param>
public sealed record PeopleState(
    long Revision, PeopleSnapshot Snapshot, IReadOnlyDictionary<Guid, IReadOnlyList<IdentityHolders>> Identities, DateTimeOffset? NextExpiryAt)
{
    /// <summary>By connection: identities whose last holder was deleted and that nobody is registered with since.</summary>
    public required ILookup<Guid, string> Departed { get; init; }

    /// <summary>The same people with the attributes that have expired since a given moment still held; null: none has.</summary>
    public UnexpiredPeople? Unexpired { get; init; }
}

/// <summary>People as they would be now had none of their attributes expired since a given moment.</summary>
/// <param name="Snapshot">The people.</param>
/// <param name="Identities">As of <see cref="PeopleState"/>.</param>
public sealed record UnexpiredPeople(PeopleSnapshot Snapshot, IReadOnlyDictionary<Guid, IReadOnlyList<IdentityHolders>> Identities);

/// <summary>Who was changed since a revision.</summary>
/// <param name="Revision">The present revision.</param>
/// <param name="IsEverybody">Whether it may be anyone: names came or went.</param>
/// <param name="People">Those who were changed; they may be gone by now.</param>
public sealed record PeopleChanges(long Revision, bool IsEverybody, IReadOnlyList<Guid> People);

/// <summary>All people, as decisions see them.</summary>
public interface IPeopleSnapshots
{
    /// <summary>Reads everybody in a handful of queries.</summary>
    Task<PeopleState> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken) => ReadAsync(now, now, cancellationToken);

    /// <summary>The same, and what it would be had nothing expired after <paramref name="since"/>.</summary>
    Task<PeopleState> ReadAsync(DateTimeOffset now, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Grows with every change of people, in its transaction.</summary>
    Task<long> RevisionAsync(CancellationToken cancellationToken);

    /// <summary>Who was changed after a revision. What expired since is not among it.</summary>
    Task<PeopleChanges> ChangedSinceAsync(long revision, CancellationToken cancellationToken);
}
