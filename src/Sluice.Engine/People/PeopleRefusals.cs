using Sluice.Engine.Errors;
using Sluice.Storage.People;

namespace Sluice.Engine.People;

/// <summary>What stands in the way of a change of people, as the API tells it.</summary>
internal static class PeopleRefusals
{
    public static async Task<T> ToldAsync<T>(Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (PeopleConflictException e)
        {
            throw new RequestRefusedException(CodeOf(e.Conflict), e.Message, e);
        }
    }

    /// <summary>The person of an id or a username.</summary>
    public static async Task<StoredPerson> PersonAsync(this IPeopleStore people, string idOrUsername, CancellationToken cancellationToken) =>
        (Guid.TryParse(idOrUsername, out var id) ? await people.FindAsync(id, cancellationToken) : await people.FindAsync(idOrUsername, cancellationToken))
        ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no user '{PeopleText.Shown(idOrUsername)}'.");

    /// <summary>The group of an id or a full name.</summary>
    public static async Task<StoredGroup> GroupAsync(this IGroupStore groups, string idOrName, CancellationToken cancellationToken) =>
        await groups.FindGroupAsync(idOrName, cancellationToken)
        ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no group '{PeopleText.Shown(idOrName)}'.");

    public static Task<StoredGroup?> FindGroupAsync(this IGroupStore groups, string idOrName, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(idOrName, out var id)) return groups.FindAsync(id, cancellationToken);
        var colon = idOrName.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? groups.FindAsync(null, idOrName, cancellationToken) : groups.FindAsync(idOrName[..colon], idOrName[(colon + 1)..], cancellationToken);
    }

    private static ErrorCode CodeOf(PeopleConflict conflict) => conflict switch
    {
        PeopleConflict.NotFound => ErrorCode.NotFound,
        PeopleConflict.RevisionChanged => ErrorCode.RevisionChanged,
        PeopleConflict.UsernameTaken => ErrorCode.UsernameTaken,
        PeopleConflict.GroupNameTaken => ErrorCode.GroupNameTaken,
        PeopleConflict.Cycle => ErrorCode.GroupCycle,
        PeopleConflict.IdentityTaken => ErrorCode.IdentityTaken,
        _ => ErrorCode.OwnEntitlement,
    };
}
