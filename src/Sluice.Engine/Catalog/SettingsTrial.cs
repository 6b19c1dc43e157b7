using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.People;
using Sluice.Core.Planning;

namespace Sluice.Engine.Catalog;

/// <summary>What a change of settings would do; nothing of it was done.</summary>
/// <param name="ObjectPath">The object.</param>
/// <param name="Activated">Tables and views that would become active.</param>
/// <param name="Deactivated">Tables and views that would become inactive.</param>
public sealed record SettingsTrial(ObjectPath ObjectPath, long Activated, long Deactivated)
{
    /// <summary>Where some would become inactive: grants of others on them that were taken away, and could be put back.</summary>
    public int RemovedGrants { get; init; }

    /// <summary>Why nothing of access would change, or what could not be looked at; null where there is nothing to say.</summary>
    public string? Note { get; init; }

    /// <summary>Why the change itself would be refused; null where it would not.</summary>
    public string? Refused { get; init; }

    /// <summary>What would be done on the platform; null where nothing of access would change.</summary>
    public SupposedPlan? Plan { get; init; }

    /// <summary>A change that has nothing to do with access.</summary>
    public static SettingsTrial Without(ObjectPath path, string note) => new(path, 0, 0) { Note = note };
}

/// <summary>What of the plan that would follow is about the objects whose activity turns.</summary>
/// <param name="Plan">It, whole.</param>
/// <param name="Changes">Its first changes, what takes something away before the rest.</param>
/// <param name="Statements">What each of <paramref name="Changes"/> is in the platform's own terms.</param>
/// <param name="Mode">The connection's; in <c>observe</c> what <c>sync</c> would do, and nobody does.</param>
/// <param name="ReasonToWait">Why the plan, with whatever else is in it, would be held; null where it would not.</param>
/// <param name="HoldersOf">Whose an identity of the platform is; nobody's when empty.</param>
public sealed record SupposedPlan(
    Plan Plan, IReadOnlyList<Change> Changes, IReadOnlyList<IReadOnlyList<string>> Statements, EnforcementMode Mode, string? ReasonToWait, Func<string, IReadOnlyList<Person>> HoldersOf)
{
    /// <summary>So much of each list is answered.</summary>
    public const int MostListed = 1000;

    /// <summary>Users, roles or groups that masks and row rules leave alone, by the connection's settings.</summary>
    public IReadOnlyList<string> LeftAloneBySettings { get; init; } = [];
}
