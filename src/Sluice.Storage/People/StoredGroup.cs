namespace Sluice.Storage.People;

/// <summary>A group as stored.</summary>
public sealed record StoredGroup
{
    /// <summary>Stable for its life.</summary>
    public required Guid Id { get; init; }

    /// <summary>The identity provider that keeps it; null: kept here.</summary>
    public string? Source { get; init; }

    /// <summary>Unique within its source.</summary>
    public required string Name { get; init; }

    /// <summary>Its id at its source.</summary>
    public string? ExternalId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it or its members were last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Grows with each such change; the ETag.</summary>
    public required long Revision { get; init; }
}

/// <summary>Who is in a group.</summary>
/// <param name="Id">Of the person or group.</param>
/// <param name="IsGroup">Which of the two.</param>
/// <param name="Name">The username, or the group's full name.</param>
public sealed record StoredMember(Guid Id, bool IsGroup, string Name);

/// <summary>Which groups to list.</summary>
/// <param name="Name">Part of the name; null: any.</param>
/// <param name="Source">Of this identity provider; empty: kept here; null: any.</param>
/// <param name="Offset">How many to leave out.</param>
/// <param name="Size">How many at most.</param>
public sealed record GroupQuery(string? Name = null, string? Source = null, int Offset = 0, int Size = 50);
