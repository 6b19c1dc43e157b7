using Sluice.Core.Catalog;

namespace Sluice.Core.Audit;

/// <summary>Something that somebody did, or that Sluice did to a platform.</summary>
public sealed record AuditEvent
{
    /// <summary>Where it stands.</summary>
    public required AuditStream Stream { get; init; }

    /// <summary>Its number in the stream, from 1 and without gaps. Assigned when it is appended.</summary>
    public long Sequence { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Whose doing: a user's or service's id.</summary>
    public required string ActorId { get; init; }

    /// <summary>The actor's name at that time, for people to read.</summary>
    public required string ActorName { get; init; }

    /// <summary>What was done: a dotted stable name of <see cref="AuditAction"/>.</summary>
    public required string Action { get; init; }

    /// <summary>To which data object.</summary>
    public ObjectPath? Object { get; init; }

    /// <summary>To whom.</summary>
    public string? Person { get; init; }

    /// <summary>More, as JSON (<see cref="AuditDetails"/>). Never a secret.</summary>
    public string Details { get; init; } = AuditDetails.None;

    /// <summary>The bulk of the jobs that follow from it, or of the job that did it.</summary>
    public Guid? BulkId { get; init; }

    /// <summary>The plan it belongs to.</summary>
    public Guid? PlanId { get; init; }
}
