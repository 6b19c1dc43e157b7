using Sluice.Storage.Connections;

namespace Sluice.Storage.People;

/// <summary>
/// People, their attributes, platform identities and permissions. Writers take turns. <c>self</c> is whoever is behind the request: a change of them
/// is refused in the transaction. Every change throws <see cref="PeopleConflictException"/> when it can't be.
/// </summary>
public interface IPeopleStore
{
    /// <summary>The same, for somebody: what is changed by it is recorded as theirs. Without it, it is the server's own doing.</summary>
    IPeopleStore As(Actor by);

    /// <summary>By id.</summary>
    Task<StoredPerson?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>By username, ignoring case.</summary>
    Task<StoredPerson?> FindAsync(string username, CancellationToken cancellationToken);

    /// <summary>Whoever has this id at an identity provider, or this e-mail address as address or username (ignoring case).</summary>
    Task<IReadOnlyList<StoredPerson>> FindLinkedAsync(string externalId, string? email, CancellationToken cancellationToken);

    /// <summary>A page, by username.</summary>
    Task<PeoplePage<StoredPerson>> SearchAsync(PersonQuery query, CancellationToken cancellationToken);

    /// <summary>Registers somebody.</summary>
    Task<StoredPerson> AddAsync(Guid id, PersonDetails details, CancellationToken cancellationToken);

    /// <summary>Changes what is said of somebody.</summary>
    Task<StoredPerson> UpdateAsync(
        Guid id, Func<PersonDetails, PersonDetails> change, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken);

    /// <summary>Deletes somebody, with attributes, identities and memberships.</summary>
    Task<StoredPerson> DeleteAsync(Guid id, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken);

    /// <summary>The attributes of somebody, expired ones too.</summary>
    Task<IReadOnlyList<StoredAttribute>> AttributesAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The attributes of many, in one query.</summary>
    Task<ILookup<Guid, StoredAttribute>> AttributesOfAsync(IReadOnlyCollection<Guid> people, CancellationToken cancellationToken);

    /// <summary>Changes the attributes that one source says of somebody; those of others stay.</summary>
    Task<StoredPerson> ChangeAttributesAsync(
        Guid id, string? source, Func<IReadOnlyList<StoredAttribute>, IReadOnlyList<StoredAttribute>> change, IReadOnlyList<long>? ifRevision,
        IReadOnlySet<Guid> self, CancellationToken cancellationToken);

    /// <summary>Who somebody is on platforms.</summary>
    Task<IReadOnlyList<StoredIdentity>> IdentitiesAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Changes who somebody is on platforms.</summary>
    Task<StoredPerson> ChangeIdentitiesAsync(
        Guid id, Func<IReadOnlyList<StoredIdentity>, IReadOnlyList<StoredIdentity>> change, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self,
        CancellationToken cancellationToken);

    /// <summary>Sets what somebody may do in Sluice.</summary>
    Task<StoredPerson> SetPermissionsAsync(
        Guid id, IReadOnlyList<string> permissions, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken);
}
