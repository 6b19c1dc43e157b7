using System.Text.Json;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.People;

namespace Sluice.Engine.People;

/// <summary>Which users to list.</summary>
/// <param name="Username">Part of the username.</param>
/// <param name="Group">A group's id or full name; people in groups in it too.</param>
/// <param name="Attribute"><c>name</c> or <c>name=value</c>.</param>
/// <param name="Offset">0-based.</param>
/// <param name="Size">At most.</param>
public sealed record UserFilter(string? Username, string? Group, string? Attribute, int Offset, int Size);

/// <summary>/api/v1/users.</summary>
public sealed class UserUseCases(IPeopleStore people, IGroupStore groups, ICallerPeople callers, IIdSource ids)
{
    /// <summary>A page of users; needs USER_ADMIN, GOVERNANCE or AUDIT.</summary>
    public async Task<PeoplePage<StoredPerson>> ListAsync(UserFilter filter, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireReading();
        var group = filter.Group is null ? null : await groups.FindGroupAsync(filter.Group, cancellationToken);
        if (filter.Group is not null && group is null) return new PeoplePage<StoredPerson>(0, []);
        var attribute = filter.Attribute?.Split('=', 2);
        return await people.SearchAsync(
            new PersonQuery
            {
                Username = filter.Username,
                GroupId = group?.Id,
                Attribute = attribute?[0],
                AttributeValue = attribute is [_, var value] ? value : null,
                Offset = filter.Offset,
                Size = filter.Size,
            },
            cancellationToken);
    }

    /// <summary>One user, by id or username.</summary>
    public Task<StoredPerson> ReadAsync(string idOrUsername, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireReading();
        return people.PersonAsync(idOrUsername, cancellationToken);
    }

    /// <summary>Registers a user; needs USER_ADMIN, as every change does.</summary>
    public async Task<StoredPerson> AddAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var details = PeopleReader.ReadUser(body);
        return await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).AddAsync(ids.NewId(), details, cancellationToken));
    }

    /// <summary>Replaces what is said of a user.</summary>
    public async Task<StoredPerson> UpdateAsync(
        string idOrUsername, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var details = PeopleReader.ReadUser(body);
        var person = await people.PersonAsync(idOrUsername, cancellationToken);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        if (Takeover.Fault(person, details, behind, caller) is { } fault) throw new RequestRefusedException(Takeover.CodeOf(person, details, behind), $"{fault}.");
        return await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).UpdateAsync(
            person.Id,
            _ => details,
            // What was looked at is what is changed, or somebody could be given a permission in between.
            ifRevision ?? [person.Revision],
            behind.People,
            cancellationToken));
    }

    /// <summary>Deletes a user with all that is registered of them.</summary>
    public async Task<StoredPerson> DeleteAsync(string idOrUsername, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var person = await people.PersonAsync(idOrUsername, cancellationToken);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        return await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).DeleteAsync(person.Id, ifRevision, behind.People, cancellationToken));
    }
}
