using System.Text.Json;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.People;

namespace Sluice.Engine.People;

/// <summary>The attributes of a user, and the user's revision.</summary>
/// <param name="Revision">The ETag.</param>
/// <param name="Attributes">By name and value, expired ones too.</param>
public sealed record UserAttributes(long Revision, IReadOnlyList<StoredAttribute> Attributes);

/// <summary>/api/v1/users/{id}/attributes. What is written here are attributes kept here; those of an identity provider are its own.</summary>
public sealed class AttributeUseCases(IPeopleStore people, ICallerPeople callers)
{
    /// <summary>The attributes; needs USER_ADMIN, GOVERNANCE or AUDIT.</summary>
    public async Task<UserAttributes> ReadAsync(string idOrUsername, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireReading();
        var person = await people.PersonAsync(idOrUsername, cancellationToken);
        return new UserAttributes(person.Revision, await people.AttributesAsync(person.Id, cancellationToken));
    }

    /// <summary>Replaces all attributes kept here; needs USER_ADMIN, as every change does.</summary>
    public Task<UserAttributes> ReplaceAsync(
        string idOrUsername, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var attributes = PeopleReader.ReadAttributes(body);
        return ChangeAsync(idOrUsername, _ => attributes, ifRevision, caller, cancellationToken);
    }

    /// <summary>Adds one value, or gives it another end.</summary>
    public Task<UserAttributes> AddAsync(
        string idOrUsername, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        var attribute = PeopleReader.ReadAttribute(body);
        return ChangeAsync(idOrUsername, before => Bounded([.. before.Where(a => !IsSame(a, attribute)), attribute]), ifRevision, caller, cancellationToken);
    }

    /// <summary>Takes one value away, or all of a name.</summary>
    public Task<UserAttributes> RemoveAsync(
        string idOrUsername, string name, string? value, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        caller.RequireKeeping();
        return ChangeAsync(
            idOrUsername,
            before => before.Any(Goes)
                ? [.. before.Where(a => !Goes(a))]
                : throw new RequestRefusedException(ErrorCode.NotFound, "The user has no such attribute that is kept here."),
            ifRevision, caller, cancellationToken);

        bool Goes(StoredAttribute attribute) => attribute.Name == name && (value is null || attribute.Value == value);
    }

    private async Task<UserAttributes> ChangeAsync(
        string idOrUsername, Func<IReadOnlyList<StoredAttribute>, IReadOnlyList<StoredAttribute>> change, IReadOnlyList<long>? ifRevision, Caller caller,
        CancellationToken cancellationToken)
    {
        var person = await people.PersonAsync(idOrUsername, cancellationToken);
        var behind = await callers.BehindAsync(caller, cancellationToken);
        var changed = await PeopleRefusals.ToldAsync(() => people.As(caller.AsActor()).ChangeAttributesAsync(person.Id, null, change, ifRevision, behind.People, cancellationToken));
        return new UserAttributes(changed.Revision, await people.AttributesAsync(person.Id, cancellationToken));
    }

    private static IReadOnlyList<StoredAttribute> Bounded(IReadOnlyList<StoredAttribute> attributes)
    {
        if (attributes.Count <= PeopleReader.MostAttributes) return attributes;
        throw new RequestRefusedException(new ProblemList { { "$", $"would be more than {PeopleReader.MostAttributes} values for one user" } });
    }

    private static bool IsSame(StoredAttribute a, StoredAttribute b) => a.Name == b.Name && a.Value == b.Value;
}
