using System.Text.Json;
using Sluice.Engine.Callers;
using Sluice.Storage.People;

namespace Sluice.Engine.People;

/// <summary>/api/v1/users/{id}/permissions: what a user may do in Sluice; needs APPLICATION_ADMIN.</summary>
public sealed class PermissionUseCases(IPeopleStore people, ICallerPeople callers)
{
    /// <summary>The user, with their permissions.</summary>
    public Task<StoredPerson> ReadAsync(string idOrUsername, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        return people.PersonAsync(idOrUsername, cancellationToken);
    }

    /// <summary>Replaces the permissions.</summary>
    public async Task<StoredPerson> ReplaceAsync(
        string idOrUsername, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        var permissions = PeopleReader.ReadPermissions(body);
        var person = await people.PersonAsync(idOrUsername, cancellationToken);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        return await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).SetPermissionsAsync(person.Id, permissions, ifRevision, behind.People, cancellationToken));
    }
}
