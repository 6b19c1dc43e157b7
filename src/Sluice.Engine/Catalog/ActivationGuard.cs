using Sluice.Core.Connections;
using Sluice.Core.Problems;
using Sluice.Engine.Access;
using Sluice.Engine.Callers;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Catalog;

/// <summary>What a change of activation needs besides: deactivating uncovers what is masked or filtered, and activating may leave ways open.</summary>
internal sealed class ActivationGuard(
    ICatalogStore catalog, AccessSnapshots snapshots, Planner planner, IIntentReader intents, PlatformRegistry platforms, SessionOpener sessions)
{
    private const int MostNamed = 3;
    private const int MostListed = 100;

    /// <summary>Refuses a change of an object's activity that the caller, or the connection's settings, do not allow.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="found">The object.</param>
    /// <param name="isActive">Its new override; null: none.</param>
    /// <param name="settings">The connection's settings, as they will be.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RequestRefusedException">A permission is missing, or ways would stay open where that is refused.</exception>
    public async Task CheckAsync(StoredConnection connection, StoredObject found, bool? isActive, ConnectionSettings settings, Caller caller, CancellationToken cancellationToken)
    {
        var (mayUncover, mayActivate) = (isActive == true || caller.HasAny(Permission.Governance), isActive == false || !settings.RefuseOnResidual);
        if ((mayUncover && mayActivate) || !planner.CanEnforce(connection)) return;
        var supposed = new SupposedActivity(found.Id, isActive);
        var before = await catalog.GovernedAsync(connection.Id, connection.Hostname(), found, cancellationToken);
        var after = await catalog.GovernedAsync(connection.Id, connection.Hostname(), found, supposed, cancellationToken);
        if (!mayUncover) await RefuseUncoveringAsync(connection, before.ExceptBy(after.Select(static o => o.Id), static o => o.Id), "deactivate", cancellationToken);
        var activated = mayActivate ? [] : after.ExceptBy(before.Select(static o => o.Id), static o => o.Id).ToList();
        if (activated.Count > 0) await RefuseResidualsAsync(connection, supposed, activated, cancellationToken);
    }

    /// <summary>Refuses to delete what carries a mask or row rule, unless the caller governs.</summary>
    public async Task CheckDeletionAsync(StoredConnection connection, StoredObject found, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.HasAny(Permission.Governance) || !planner.CanEnforce(connection)) return;
        await RefuseUncoveringAsync(connection, await catalog.GovernedAsync(connection.Id, connection.Hostname(), found, cancellationToken), "delete", cancellationToken);
    }

    private async Task RefuseUncoveringAsync(StoredConnection connection, IEnumerable<StoredGovernedObject> objects, string verb, CancellationToken cancellationToken)
    {
        var platform = platforms.Of(connection.Technology);
        var looked = objects.Select(o => o.Object.Typed(platform)).ToList();
        if (looked.Count == 0) return;
        var protects = await snapshots.AskAsync(
            snapshot => looked.Where(o => snapshot.Compiler.Compile(o) is { Masks.Count: > 0 } or { RowRules.Count: > 0 }).Select(static o => o.Path).ToList(), cancellationToken);
        if (protects.Count == 0) return;
        var named = string.Join(", ", protects.Take(MostNamed).Select(static p => $"'{p}'")) + (protects.Count > MostNamed ? $" and {protects.Count - MostNamed} more" : "");
        throw new RequestRefusedException(
            ErrorCode.Forbidden, $"This needs the permission {Permission.Governance} besides: masks or row rules are in force on {named}, and to {verb} an object takes them away.");
    }

    private async Task RefuseResidualsAsync(StoredConnection connection, SupposedActivity supposed, IReadOnlyList<StoredGovernedObject> activated, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await sessions.OpenAsync(connection, cancellationToken);
            var intent = (await intents.ReadAsync(connection, supposed, cancellationToken)).Intent;
            var observed = await ((IObservesAccess)session).ObserveAsync(intent, cancellationToken);
            var paths = activated.Select(static a => a.Object.Path).ToHashSet();
            var residuals = observed.Residuals.Where(r => paths.Contains(r.Object) || paths.Any(r.Object.Covers)).ToList();
            if (residuals.Count == 0) return;
            var problems = new ProblemList();
            foreach (var residual in residuals.Take(MostListed)) problems.Add(residual.Object.ToString(), $"{(residual.Identity.Length == 0 ? "everybody" : residual.Identity)}: {residual.Path}");
            throw new RequestRefusedException(
                ErrorCode.WrongState,
                $"{residuals.Count} ways would stay open by which people read these objects though no policy allows it, and the connection's settings.onResidual is refuse. "
                + $"{(residuals.Count > MostListed ? $"The first {MostListed}" : "All")} are listed in errors. Close them on the platform, write a policy that allows them, or set onResidual to report.",
                problems);
        }
        catch (PlatformException e)
        {
            throw RequestRefusedException.Of(e);
        }
    }
}
