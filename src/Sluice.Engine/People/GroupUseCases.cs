using System.Text.Json;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.People;

namespace Sluice.Engine.People;

/// <summary>Who is in a group, and the group's revision.</summary>
/// <param name="Revision">The ETag.</param>
/// <param name="Members">Groups first, each by name.</param>
public sealed record GroupMembers(long Revision, IReadOnlyList<StoredMember> Members);

/// <summary>/api/v1/groups. Groups of an identity provider are seen and can be deleted here; everything else about them is the provider's to say.</summary>
public sealed class GroupUseCases(IGroupStore groups, IPeopleStore people, ICallerPeople callers, IIdSource ids)
{
    /// <summary>A page of groups; needs USER_ADMIN, GOVERNANCE or AUDIT.</summary>
    public Task<PeoplePage<StoredGroup>> ListAsync(GroupQuery query, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireReading();
        return groups.SearchAsync(query, cancellationToken);
    }

    /// <summary>One group, by id or full name.</summary>
    public Task<StoredGroup> ReadAsync(string idOrName, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireReading();
        return groups.GroupAsync(idOrName, cancellationToken);
    }

    /// <summary>Makes a group; needs USER_ADMIN, as every change does.</summary>
    public async Task<StoredGroup> AddAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var name = PeopleReader.ReadGroup(body);
        return await PeopleRefusals.ToldAsync(() => groups.As(caller.AsActor()).AddAsync(ids.NewId(), null, name, null, [], new HashSet<Guid>(), cancellationToken));
    }

    /// <summary>Renames a group.</summary>
    public async Task<StoredGroup> RenameAsync(
        string idOrName, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var name = PeopleReader.ReadGroup(body);
        var group = await OwnGroupAsync(idOrName, cancellationToken);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        return await PeopleRefusals.ToldAsync(() => groups.As(caller.AsActor()).RenameAsync(group.Id, name, group.ExternalId, ifRevision, behind.People, cancellationToken));
    }

    /// <summary>Deletes a group; its members stay.</summary>
    public async Task<StoredGroup> DeleteAsync(string idOrName, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var group = await groups.GroupAsync(idOrName, cancellationToken);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        return await PeopleRefusals.ToldAsync(() => groups.As(caller.AsActor()).DeleteAsync(group.Id, ifRevision, behind.People, cancellationToken));
    }

    /// <summary>Who is in it directly; needs USER_ADMIN, GOVERNANCE or AUDIT.</summary>
    public async Task<GroupMembers> ReadMembersAsync(string idOrName, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireReading();
        var group = await groups.GroupAsync(idOrName, cancellationToken);
        return new GroupMembers(group.Revision, await groups.MembersAsync(group.Id, cancellationToken));
    }

    /// <summary>Replaces all members.</summary>
    public async Task<GroupMembers> ReplaceMembersAsync(
        string idOrName, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var (users, inner) = PeopleReader.ReadMembers(body);
        var problems = new ProblemList();
        var members = new HashSet<Guid>();
        for (var i = 0; i < users.Count; i++) Add(await FindUserAsync(users[i], cancellationToken), $"$.users[{i}]", "is no user");
        for (var i = 0; i < inner.Count; i++) Add((await groups.FindGroupAsync(inner[i], cancellationToken))?.Id, $"$.groups[{i}]", "is no group");
        if (problems.Any) throw new RequestRefusedException(problems);
        return await ChangeMembersAsync(idOrName, _ => members, ifRevision, caller, cancellationToken);

        void Add(Guid? found, string path, string problem)
        {
            if (found is { } id) members.Add(id);
            else problems.Add(path, problem);
        }
    }

    /// <summary>Puts a user or a group into it.</summary>
    public async Task<GroupMembers> AddMemberAsync(
        string idOrName, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var (user, inner) = PeopleReader.ReadMember(body);
        var found = user is not null ? await FindUserAsync(user, cancellationToken) : (await groups.FindGroupAsync(inner!, cancellationToken))?.Id;
        if (found is not { } member)
            throw new RequestRefusedException(new ProblemList { { user is not null ? "$.user" : "$.group", user is not null ? "is no user" : "is no group" } });
        return await ChangeMembersAsync(idOrName, before => before.Append(member).ToHashSet(), ifRevision, caller, cancellationToken);
    }

    /// <summary>Takes a user or a group out of it.</summary>
    public async Task<GroupMembers> RemoveMemberAsync(
        string idOrName, string? user, string? inner, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var member = user is not null ? (await people.PersonAsync(user, cancellationToken)).Id : (await groups.GroupAsync(inner!, cancellationToken)).Id;
        return await ChangeMembersAsync(
            idOrName,
            before => before.Contains(member)
                ? before.Where(m => m != member).ToHashSet()
                : throw new RequestRefusedException(ErrorCode.NotFound, "The group has no such member."),
            ifRevision, caller, cancellationToken);
    }

    private async Task<GroupMembers> ChangeMembersAsync(
        string idOrName, Func<IReadOnlySet<Guid>, IReadOnlySet<Guid>> change, IReadOnlyList<long>? ifRevision, Caller caller,
        CancellationToken cancellationToken)
    {
        var group = await OwnGroupAsync(idOrName, cancellationToken);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        var changed = await PeopleRefusals.ToldAsync(() => groups.As(caller.AsActor()).ChangeMembersAsync(group.Id, change, ifRevision, behind.People, cancellationToken));
        return new GroupMembers(changed.Revision, await groups.MembersAsync(group.Id, cancellationToken));
    }

    private async Task<Guid?> FindUserAsync(string idOrUsername, CancellationToken cancellationToken) =>
        (Guid.TryParse(idOrUsername, out var id) ? await people.FindAsync(id, cancellationToken) : await people.FindAsync(idOrUsername, cancellationToken))?.Id;

    private async Task<StoredGroup> OwnGroupAsync(string idOrName, CancellationToken cancellationToken)
    {
        var group = await groups.GroupAsync(idOrName, cancellationToken);
        if (group.Source is null) return group;
        throw new RequestRefusedException(ErrorCode.WrongState, $"The group '{group.Name}' is kept by '{group.Source}', which alone says how it is called and who is in it.");
    }
}
