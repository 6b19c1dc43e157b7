using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.People;

namespace Sluice.Engine.People;

/// <summary>Whoever may say by which subject or address a person signs in could sign in as them, and be entitled to what they are.</summary>
internal static class Takeover
{
    /// <summary>What is wrong with saying this of a person, or null.</summary>
    /// <param name="before">The person; null: a new one, who is entitled to nothing yet.</param>
    /// <param name="after">What would be said of them.</param>
    /// <param name="behind">Who is behind the request.</param>
    /// <param name="caller">Who asks.</param>
    public static string? Fault(StoredPerson? before, PersonDetails after, Behind behind, Caller caller)
    {
        if (before is null) return null;
        if (before.Details != after && !behind.People.Contains(before.Id) && behind.IsMeantBy(after))
            return $"'{before.Details.Username}' would become you: nobody takes over what another is entitled to";
        return before.Permissions.Count > 0 && SignsInOtherwise(before.Details, after) && !caller.HasAny(Permission.ApplicationAdmin)
            ? $"'{before.Details.Username}' has permissions in Sluice: to change how they sign in (username, email, source, externalId) needs the permission {Permission.ApplicationAdmin} as well"
            : null;
    }

    /// <summary>The error of a fault.</summary>
    public static ErrorCode CodeOf(StoredPerson before, PersonDetails after, Behind behind) =>
        !behind.People.Contains(before.Id) && behind.IsMeantBy(after) ? ErrorCode.OwnEntitlement : ErrorCode.Forbidden;

    private static bool SignsInOtherwise(PersonDetails before, PersonDetails after) =>
        before.Username != after.Username || before.Email != after.Email || before.Source != after.Source || before.ExternalId != after.ExternalId;
}
