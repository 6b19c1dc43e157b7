using Sluice.Core.Audit;
using Sluice.Core.Planning;

namespace Sluice.Storage.History;

/// <summary>A plan whose changes were begun, and of which it was never said that all have ended.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="PlanId">The plan; empty for changes of no plan.</param>
/// <param name="AfterSequence">Its open intents stand after this row of the connection's stream.</param>
public sealed record ChangeRun(Guid ConnectionId, Guid PlanId, long AfterSequence);

/// <summary>Somebody who uses a platform identity.</summary>
/// <param name="Identity">On the platform.</param>
/// <param name="PersonId">Who.</param>
/// <param name="Username">Their name.</param>
public sealed record IdentityHolder(string Identity, string PersonId, string Username);

/// <summary>
/// What is done to platforms: each change's intent and outcome in the audit trail, and the facts that come of it, in one transaction. A run that was begun and
/// not completed was cut off.
/// </summary>
public interface IChangeHistory
{
    /// <summary>Records what is about to be done, and that the plan has begun.</summary>
    Task IntendAsync(Guid connectionId, Guid planId, IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken);

    /// <summary>Records how changes ended, with the facts that came to be or went by them.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="planId">The plan; null: it was observed.</param>
    /// <param name="events">For the trail; none where nothing was done.</param>
    /// <param name="turns">The facts, in their order; those that history does not keep are passed over.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task EndAsync(Guid connectionId, Guid? planId, IReadOnlyList<AuditEvent> events, IReadOnlyList<FactTurn> turns, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The connection's plans that were begun and not completed.</summary>
    Task<IReadOnlyList<ChangeRun>> RunsAsync(Guid connectionId, CancellationToken cancellationToken);

    /// <summary>Records that the intents of a run have outcomes up to this row of the stream; the run is still open.</summary>
    Task MoveOnAsync(ChangeRun run, long sequence, CancellationToken cancellationToken);

    /// <summary>Records that every intent of a plan has an outcome and nothing of it is left to do.</summary>
    Task CompleteAsync(Guid connectionId, Guid planId, CancellationToken cancellationToken);

    /// <summary>The facts in force on a connection's platform, by <see cref="FactId"/>.</summary>
    Task<IReadOnlySet<Guid>> InForceAsync(Guid connectionId, CancellationToken cancellationToken);

    /// <summary>Those of the facts that are in force.</summary>
    Task<IReadOnlyList<FactKey>> FactsAsync(Guid connectionId, IReadOnlyList<Guid> facts, CancellationToken cancellationToken);

    /// <summary>Records who uses which identity of a connection's platform from now on.</summary>
    Task HoldAsync(Guid connectionId, IReadOnlyCollection<IdentityHolder> holders, DateTimeOffset at, CancellationToken cancellationToken);
}
