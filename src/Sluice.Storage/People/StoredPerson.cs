namespace Sluice.Storage.People;

/// <summary>What somebody is. The numbers are stored: never renumber.</summary>
public enum PersonKind
{
    /// <summary>A human being.</summary>
    Person = 0,

    /// <summary>A service account.</summary>
    Service = 1,
}

/// <summary>A person or service account as stored.</summary>
public sealed record StoredPerson
{
    /// <summary>Stable for its life.</summary>
    public required Guid Id { get; init; }

    /// <summary>What somebody may set.</summary>
    public required PersonDetails Details { get; init; }

    /// <summary>Unique ignoring case.</summary>
    public string Username => Details.Username;

    /// <summary>What they may do in Sluice, by documented names.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>When they were registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When they, their attributes, identities or permissions were last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Grows with each such change; the ETag.</summary>
    public required long Revision { get; init; }
}

/// <summary>What is said of a person.</summary>
/// <param name="Username">Unique ignoring case.</param>
/// <param name="DisplayName">For people to read.</param>
/// <param name="Email">Where known.</param>
/// <param name="Kind">Human or service.</param>
/// <param name="IsEnabled">Whether they may do anything at all.</param>
/// <param name="Source">The identity provider that keeps them; null: kept here.</param>
/// <param name="ExternalId">Their id there.</param>
public sealed record PersonDetails(
    string Username, string DisplayName, string? Email = null, PersonKind Kind = PersonKind.Person, bool IsEnabled = true, string? Source = null,
    string? ExternalId = null);

/// <summary>One value of an attribute as stored.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Value">The value.</param>
/// <param name="Source">Who says so; null: kept here.</param>
/// <param name="ExpiresAt">From when on it no longer counts; null: never.</param>
public sealed record StoredAttribute(string Name, string Value, string? Source = null, DateTimeOffset? ExpiresAt = null);

/// <summary>Who somebody is on a platform.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="ConnectionKey">Its name.</param>
/// <param name="Name">The user, role or principal, in the platform's own spelling.</param>
/// <param name="IsShared">Whether several people may hold it.</param>
public sealed record StoredIdentity(Guid ConnectionId, string ConnectionKey, string Name, bool IsShared);

/// <summary>Which people to list.</summary>
public sealed record PersonQuery
{
    /// <summary>Part of the username, ignoring case.</summary>
    public string? Username { get; init; }

    /// <summary>In this group, directly or through groups in it.</summary>
    public Guid? GroupId { get; init; }

    /// <summary>With this attribute.</summary>
    public string? Attribute { get; init; }

    /// <summary>With this value of it.</summary>
    public string? AttributeValue { get; init; }

    /// <summary>Kept by this identity provider.</summary>
    public string? Source { get; init; }

    /// <summary>How many to leave out.</summary>
    public int Offset { get; init; }

    /// <summary>How many at most.</summary>
    public int Size { get; init; } = 50;
}

/// <summary>A page of a list.</summary>
/// <param name="Count">All there are.</param>
/// <param name="Hits">This page.</param>
public sealed record PeoplePage<T>(long Count, IReadOnlyList<T> Hits);
