using System.Text.Json;
using Sluice.Core.Planning;
using Sluice.Engine.Callers;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <summary>A stored plan, its connection, and what is in it.</summary>
/// <param name="Stored">How it stands.</param>
/// <param name="ConnectionKey">Its connection.</param>
/// <param name="Plan">What it would do.</param>
/// <param name="Statements">What each change is in the platform's own terms, in the order of <see cref="Plan.Changes"/>.</param>
public sealed record PlanView(StoredPlan Stored, string ConnectionKey, Plan Plan, IReadOnlyList<IReadOnlyList<string>> Statements)
{
    /// <summary>Users, roles or groups that masks and row rules leave alone, by the connection's settings as they are now.</summary>
    public IReadOnlyList<string> LeftAloneBySettings { get; init; } = [];
}

/// <summary>A plan is being applied, by the job of this bulk.</summary>
/// <param name="PlanId">The plan.</param>
/// <param name="BulkId">The bulk.</param>
public sealed record PlanAccepted(Guid PlanId, Guid BulkId);

/// <summary>Plans by hand: made, read, applied, confirmed.</summary>
public interface IPlanUseCases
{
    /// <summary>Computes a connection's plan (<c>{connectionKey}</c>) now and keeps it. Reads the platform and changes nothing.</summary>
    Task<PlanView> MakeAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>Reads one.</summary>
    Task<PlanView> ReadAsync(Guid id, Caller caller, CancellationToken cancellationToken);

    /// <summary>A connection's plans, newest first.</summary>
    Task<IReadOnlyList<StoredPlan>> ListAsync(string connectionKey, Caller caller, CancellationToken cancellationToken);

    /// <summary>Has exactly this plan applied; it is refused when it was applied before, and not done when what it was made from has changed.</summary>
    Task<PlanAccepted> ApplyAsync(Guid id, Caller caller, CancellationToken cancellationToken);

    /// <summary>Has a plan applied that waits for a confirmation.</summary>
    Task<PlanAccepted> ConfirmAsync(Guid id, Caller caller, CancellationToken cancellationToken);
}
