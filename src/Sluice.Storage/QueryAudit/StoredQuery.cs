using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;

namespace Sluice.Storage.QueryAudit;

/// <summary>A query event with what is known of it here.</summary>
/// <param name="Event">As the platform tells it.</param>
/// <param name="People">Who used the identity.</param>
/// <param name="PeopleKnownBy">Where that is known from.</param>
/// <param name="Policies">The keys of the policies on its objects.</param>
/// <param name="PoliciesKnownBy">Where that is known from; <see cref="KnownBy.Nothing"/> where nothing is enforced.</param>
public sealed record TakenQuery(
    QueryEvent Event, IReadOnlyList<QueryPerson> People, KnownBy PeopleKnownBy, IReadOnlyDictionary<ObjectPath, IReadOnlyList<string>> Policies, KnownBy PoliciesKnownBy);

/// <summary>Somebody who used an identity.</summary>
/// <param name="Id">Their id.</param>
/// <param name="Username">Their name.</param>
public sealed record QueryPerson(string Id, string Username);

/// <summary>A query event as stored.</summary>
/// <param name="ConnectionId">Of the connection, which may be gone.</param>
/// <param name="ConnectionKey">Its key when the event was taken.</param>
/// <param name="Sequence">The event's number in the connection.</param>
/// <param name="Source">The platform's record that it comes from.</param>
/// <param name="Taken">The event.</param>
public sealed record StoredQuery(Guid ConnectionId, string ConnectionKey, long Sequence, string Source, TakenQuery Taken);

/// <summary>A page of query events, newest first.</summary>
public sealed record QueryPage(long Count, IReadOnlyList<StoredQuery> Hits);
