using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Engine.Callers;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Catalog;

/// <summary>Computes what would become of access if an object were active, or were not, from what the platform shows now. Stores nothing, and keeps nothing of what it saw.</summary>
internal sealed class ActivationTrial(ActivationGuard guard, Planner planner, SessionOpener sessions)
{
    /// <summary>Tries an object's override.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="found">The object.</param>
    /// <param name="isActive">Its supposed override; null: none.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RequestRefusedException">A permission is missing, or the platform could not be read.</exception>
    public async Task<SettingsTrial> RunAsync(StoredConnection connection, StoredObject found, bool? isActive, Caller caller, CancellationToken cancellationToken)
    {
        var turned = await guard.TryAsync(connection, found, isActive, caller, cancellationToken);
        var trial = new SettingsTrial(found.Path, turned.Activated.Count, turned.Deactivated.Count) { Note = Unread(connection, found, isActive) };
        if (!planner.CanEnforce(connection)) return trial with { Note = $"Nothing of access would change: policies are not enforced on {connection.Technology}." };
        if (!turned.All.Any()) return trial with { Note = $"Nothing of access would change: no table or view that is known would become active or inactive. {trial.Note}".TrimEnd() };
        var objects = new ConcernedObjects(turned.All.Select(static o => o.Object.Path));
        var computed = await ComputeAsync(connection, new SupposedActivity(found.Id, isActive), cancellationToken);
        var asIs = planner.Otherwise(connection, computed, await planner.AskAsync(connection, cancellationToken));
        var part = PlanPart.Of(computed.Plan, asIs, objects, computed.Desired, computed.Observed, computed.Read.Counting);
        return trial with { Plan = Supposed(connection, computed, part, on => MayRead(on, objects, caller)), Refused = RefusalOf(computed, turned) };
    }

    // What no crawl has entered has nothing below it that could be looked at.
    private static string? Unread(StoredConnection connection, StoredObject found, bool? isActive) => isActive == false || found.Kind.IsReadable() || connection.Options.ForceRecursiveCrawl
        ? null
        : $"With options.forceRecursiveCrawl false a crawl does not enter what is inactive: what it has not found below '{found.Path}' is not in this answer, and would become active all the same.";

    private async Task<ComputedPlan> ComputeAsync(StoredConnection connection, SupposedActivity supposed, CancellationToken cancellationToken)
    {
        var asked = await planner.AskAsync(connection, supposed, cancellationToken);
        try
        {
            await using var session = await sessions.OpenAsync(connection, cancellationToken);
            return await planner.ComputeAsync(connection, session, asked, cancellationToken);
        }
        catch (PlatformException e)
        {
            throw RequestRefusedException.Of(e);
        }
    }

    // A data owner who may read no plan is not told what becomes of objects beside their own.
    private static bool MayRead(ObjectPath on, ConcernedObjects objects, Caller caller) => objects.Reaches(on) || caller.HasAny(Permission.ApplicationAdmin, Permission.Governance);

    private SupposedPlan Supposed(StoredConnection connection, ComputedPlan computed, Plan part, Func<ObjectPath, bool> mayRead)
    {
        part = part with { Impact = part.Impact with { Examples = [.. part.Impact.Examples.Where(e => mayRead(e.Object))] } };
        // A list that is cut shows whom something is taken from.
        var listed = part.Changes.Where(c => c.Key.Object is not { } on || mayRead(on)).OrderBy(static c => c.Verb == ChangeVerb.Remove ? 0 : 1).Take(SupposedPlan.MostListed).ToList();
        var holders = computed.Read.Intent.Identities.ToDictionary(static i => i.Name, static i => (IReadOnlyList<Person>)i.Holders, StringComparer.Ordinal);
        return new SupposedPlan(
            part, listed, planner.Describe(connection, listed), computed.Settings.Mode, computed.ReasonToWait, identity => holders.GetValueOrDefault(identity) ?? [])
        {
            LeftAloneBySettings = planner.LeftAloneOn(connection),
        };
    }

    private static string? RefusalOf(ComputedPlan computed, TurnedObjects turned)
    {
        if (!computed.Settings.RefuseOnResidual || turned.Activated.Count == 0) return null;
        var activated = new ConcernedObjects(turned.Activated.Select(static o => o.Object.Path));
        var residuals = computed.Observed.Residuals.Count(r => activated.Reaches(r.Object));
        return residuals == 0 ? null : ActivationGuard.ResidualRefusal(residuals, "They are the plan's residuals.");
    }
}
