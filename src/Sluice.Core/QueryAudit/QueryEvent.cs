using Sluice.Core.Catalog;

namespace Sluice.Core.QueryAudit;

/// <summary>A statement that somebody ran on a platform, or an access of theirs, as the platform tells it.</summary>
public sealed record QueryEvent : IFeedEvent
{
    /// <inheritdoc/>
    public required string EventId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended: platforms show a statement after its end.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Who ran it, as the platform names them.</summary>
    public required string Identity { get; init; }

    /// <summary>The kind of statement in the platform's word, such as <c>SELECT</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether the platform carried it out.</summary>
    public bool Succeeded { get; init; } = true;

    /// <summary>What it read and wrote.</summary>
    public IReadOnlyList<QueriedObject> Objects { get; init; } = [];

    /// <summary>Native policies that the platform says it applied, by name.</summary>
    public IReadOnlyList<string> PlatformPolicies { get; init; } = [];

    /// <summary>The SHA-256 of <see cref="Text"/>, in hexadecimal digits; null where the platform shows no text.</summary>
    public string? StatementHash { get; init; }

    /// <summary>The statement as the platform shows it, which may be cut; null where it is not shown, or not allowed to be kept.</summary>
    public string? Text { get; init; }

    /// <summary>The workspace it ran in, on platforms that have several.</summary>
    public string? Workspace { get; init; }

    /// <inheritdoc/>
    public bool IsComplete { get; init; } = true;

    /// <summary>Whether the platform may show more objects of it later, without saying when that was all: what was taken of it grows.</summary>
    public bool ComesInPieces { get; init; }

    DateTimeOffset IFeedEvent.At => EndedAt;
}

/// <summary>A data object in a statement.</summary>
/// <param name="Path">Which.</param>
/// <param name="Columns">Those of its columns that took part; empty where the platform names none.</param>
/// <param name="IsDirect">Whether the statement names it; else it lies below a view that the statement names.</param>
/// <param name="IsWritten">Whether it was written.</param>
public sealed record QueriedObject(ObjectPath Path, IReadOnlyList<string> Columns, bool IsDirect = true, bool IsWritten = false);
