using Sluice.Storage.Connections;

namespace Sluice.Storage.People;

/// <summary>Groups and who is in them; the rules of <see cref="IPeopleStore"/>.</summary>
public interface IGroupStore
{
    /// <summary>The same, for somebody: what is changed by it is recorded as theirs. Without it, it is the server's own doing.</summary>
    IGroupStore As(Actor by);

    /// <summary>By id.</summary>
    Task<StoredGroup?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>By source (null: kept here) and name.</summary>
    Task<StoredGroup?> FindAsync(string? source, string name, CancellationToken cancellationToken);

    /// <summary>A page, by name and source.</summary>
    Task<PeoplePage<StoredGroup>> SearchAsync(GroupQuery query, CancellationToken cancellationToken);

    /// <summary>Makes a group.</summary>
    Task<StoredGroup> AddAsync(
        Guid id, string? source, string name, string? externalId, IReadOnlyList<Guid> members, IReadOnlySet<Guid> self, CancellationToken cancellationToken);

    /// <summary>Renames a group.</summary>
    Task<StoredGroup> RenameAsync(
        Guid id, string name, string? externalId, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken);

    /// <summary>Deletes a group; its members stay.</summary>
    Task<StoredGroup> DeleteAsync(Guid id, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self, CancellationToken cancellationToken);

    /// <summary>Who is in a group directly, by name.</summary>
    Task<IReadOnlyList<StoredMember>> MembersAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Changes who is in a group directly. An id that is no person's or group's is <see cref="PeopleConflict.NotFound"/>.</summary>
    Task<StoredGroup> ChangeMembersAsync(
        Guid id, Func<IReadOnlySet<Guid>, IReadOnlySet<Guid>> change, IReadOnlyList<long>? ifRevision, IReadOnlySet<Guid> self,
        CancellationToken cancellationToken);

    /// <summary>The groups that many are in directly, in one query.</summary>
    Task<ILookup<Guid, StoredGroup>> DirectGroupsOfAsync(IReadOnlyCollection<Guid> members, CancellationToken cancellationToken);

    /// <summary>The groups a person or group is in: directly, or through others as well.</summary>
    Task<IReadOnlyList<StoredGroup>> GroupsOfAsync(Guid memberId, bool inherited, CancellationToken cancellationToken);
}
