using Sluice.Engine.Errors;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Callers;

/// <summary>Who makes a request, and what they may do.</summary>
/// <param name="Id">The user's or service's id.</param>
/// <param name="Name">For people to read.</param>
/// <param name="Email">Where known.</param>
/// <param name="Permissions">The permissions, by their documented names.</param>
public sealed record Caller(string Id, string Name, string? Email, IReadOnlySet<string> Permissions)
{
    /// <summary>
    /// Whether what is the <see cref="Id"/>'s own is the caller's too: the objects it is named an owner of, the jobs it asked for. Not so for a
    /// service's key that was made by somebody who has no right to them.
    /// </summary>
    public bool SpeaksForHolder { get; init; }

    /// <summary>The API key they came with; null: a token of the issuer, or none.</summary>
    public string? KeyId { get; init; }

    /// <summary>Who of the registered people they are; null: none of them.</summary>
    public Guid? PersonId { get; init; }

    /// <summary>The groups they are in as that person, by full name.</summary>
    public IReadOnlySet<string> Groups { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Before the subject of a token in a caller's id, so that no subject can be taken for a service or the server itself.</summary>
    public const string IssuerPrefix = "oidc:";

    /// <summary>Before a group's full name in a list of owners, so that no group can be named like a person.</summary>
    public const string GroupPrefix = "group:";

    /// <summary>The schedule and the server itself.</summary>
    public static readonly Caller System = new(Actor.Server.Id, Actor.Server.Name, null, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>The same as a record of what was done.</summary>
    public Actor AsActor() => new(Id, Name, Email);

    /// <summary>Whether any of the permissions is held.</summary>
    public bool HasAny(params ReadOnlySpan<string> permissions)
    {
        foreach (var permission in permissions)
            if (Permissions.Contains(permission)) return true;
        return false;
    }

    /// <summary>Refuses with 403, naming what is missing, unless one of the permissions is held.</summary>
    public void Require(params ReadOnlySpan<string> anyOf)
    {
        if (!HasAny(anyOf)) throw Missing(anyOf);
    }

    /// <summary>The refusal that names what is missing.</summary>
    public static RequestRefusedException Missing(params ReadOnlySpan<string> anyOf) => new(
        ErrorCode.Forbidden, $"This needs the permission {string.Join(" or ", anyOf!)}.");

    /// <summary>
    /// Whether the caller is one of the owners: by id (the caller's own, or that of the person they are), by e-mail address ignoring case, or by a
    /// <c>group:Name</c> they are in.
    /// </summary>
    public bool IsAmong(IReadOnlyList<string> owners) => SpeaksForHolder && owners.Any(IsMeant);

    // Not by the address or username of the person: a user administrator may write those, and owns nothing by it.
    private bool IsMeant(string owner) =>
        owner == Id
        || (PersonId is { } person && owner == person.ToString())
        || (Email is not null && string.Equals(owner, Email, StringComparison.OrdinalIgnoreCase))
        || (owner.StartsWith(GroupPrefix, StringComparison.Ordinal) && Groups.Contains(owner[GroupPrefix.Length..]));

    /// <summary>Never more than the name.</summary>
    public override string ToString() => Name;
}
