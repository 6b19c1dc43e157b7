using Sluice.Core.People;
using Sluice.Engine.Callers;
using Sluice.Storage.Access;
using Sluice.Storage.People;

namespace Sluice.Engine.People;

/// <summary>Which of the registered people a caller is.</summary>
/// <param name="Person">The one; null: none, or several.</param>
/// <param name="IsShutOut">Whether they are registered and disabled, or were deleted: such a caller is nobody any more.</param>
/// <param name="Groups">The groups of the person, by full name.</param>
public sealed record CallerLink(StoredPerson? Person, bool IsShutOut, IReadOnlySet<string> Groups)
{
    /// <summary>Nobody registered.</summary>
    public static readonly CallerLink None = new(null, false, new HashSet<string>(StringComparer.Ordinal));
}

/// <summary>Between callers and registered people.</summary>
public interface ICallerPeople
{
    /// <summary>Finds the person that a caller's id stands for: a person's id, or a subject of the issuer that is somebody's external id or address.</summary>
    /// <param name="callerId">The caller's id, or a key's holder.</param>
    /// <param name="email">The address the issuer vouches for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<CallerLink> FindAsync(string callerId, string? email, CancellationToken cancellationToken);

    /// <summary>The registered person of an id or a username.</summary>
    Task<StoredPerson?> NamedAsync(string idOrUsername, CancellationToken cancellationToken);

    /// <summary>Everybody who is behind a request: the caller, and whoever made the keys that led to it.</summary>
    Task<Behind> BehindAsync(Caller caller, CancellationToken cancellationToken);
}

/// <summary>Who is behind a request.</summary>
/// <param name="People">As registered people.</param>
/// <param name="Subjects">As subjects of the issuer.</param>
/// <param name="Email">The address the issuer vouches for.</param>
public sealed record Behind(IReadOnlySet<Guid> People, IReadOnlySet<string> Subjects, string? Email)
{
    /// <summary>Whether what is said of a person makes it one of those behind the request.</summary>
    public bool IsMeantBy(PersonDetails details) =>
        (details.ExternalId is { } id && Subjects.Contains(id))
        || (Email is not null && (Same(Email, details.Email) || Same(Email, details.Username)));

    private static bool Same(string a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <inheritdoc cref="ICallerPeople"/>
internal sealed class CallerPeople(IPeopleStore people, IGroupStore groups, IApiKeyStore keys) : ICallerPeople
{
    public async Task<CallerLink> FindAsync(string callerId, string? email, CancellationToken cancellationToken)
    {
        if (Guid.TryParseExact(callerId, "D", out var id))
        {
            var holder = await people.FindAsync(id, cancellationToken);
            return holder is null ? CallerLink.None with { IsShutOut = true } : await LinkAsync([holder], cancellationToken);
        }

        return SubjectOf(callerId) is { } subject
            ? await LinkAsync(await people.FindLinkedAsync(subject, email, cancellationToken), cancellationToken)
            : CallerLink.None;
    }

    public Task<StoredPerson?> NamedAsync(string idOrUsername, CancellationToken cancellationToken) => Guid.TryParse(idOrUsername, out var id)
        ? people.FindAsync(id, cancellationToken)
        : people.FindAsync(idOrUsername, cancellationToken);

    public async Task<Behind> BehindAsync(Caller caller, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>([caller.Id], StringComparer.Ordinal);
        for (var next = caller.KeyId; next is not null;)
        {
            if (await keys.FindAsync(next, cancellationToken) is not { } key) break;
            ids.Add(key.HolderId);
            next = key.CreatedBy.StartsWith(StoredApiKey.MadeWithKey, StringComparison.Ordinal) ? key.CreatedBy[StoredApiKey.MadeWithKey.Length..] : null;
            if (next is null) ids.Add(key.CreatedBy);
        }

        var found = new HashSet<Guid>();
        var subjects = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            if (Guid.TryParseExact(id, "D", out var person)) found.Add(person);
            if (SubjectOf(id) is not { } subject) continue;
            subjects.Add(subject);
            found.UnionWith((await people.FindLinkedAsync(subject, caller.Email, cancellationToken)).Select(p => p.Id));
        }

        return new Behind(found, subjects, caller.Email);
    }

    private async Task<CallerLink> LinkAsync(IReadOnlyList<StoredPerson> found, CancellationToken cancellationToken)
    {
        var enabled = found.Where(p => p.Details.IsEnabled).ToList();
        // Several could be the caller: to be none of them is to be entitled to nothing as one of them.
        if (enabled.Count != 1) return CallerLink.None with { IsShutOut = found.Count > 0 && enabled.Count == 0 };
        var above = await groups.GroupsOfAsync(enabled[0].Id, inherited: true, cancellationToken);
        return new CallerLink(enabled[0], false, above.Select(g => SourcedNames.Full(g.Source, g.Name)).ToHashSet(StringComparer.Ordinal));
    }

    private static string? SubjectOf(string callerId) =>
        callerId.StartsWith(Caller.IssuerPrefix, StringComparison.Ordinal) ? callerId[Caller.IssuerPrefix.Length..] : null;
}
