using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Problems;
using Sluice.Engine.Access;
using Sluice.Engine.Callers;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.DataLineage;

namespace Sluice.Engine.Catalog;

/// <summary>What a change of activation needs besides: deactivating uncovers what is masked or filtered, and activating may leave ways open.</summary>
internal sealed class ActivationGuard(
    ICatalogStore catalog, ILineageStore lineage, AccessSnapshots snapshots, Planner planner, IIntentReader intents, PlatformRegistry platforms, SessionOpener sessions)
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
        var turned = await TurnedAsync(connection, found, isActive, cancellationToken);
        if (!mayUncover) await RefuseUncoveringAsync(connection, turned.Deactivated, "deactivate", cancellationToken);
        if (!mayActivate && turned.Activated.Count > 0) await RefuseResidualsAsync(connection, new SupposedActivity(found.Id, isActive), turned.Activated, cancellationToken);
    }

    /// <summary>Whose activity a change would turn; refuses what the caller may not uncover. What would stay open is not looked at.</summary>
    /// <inheritdoc cref="CheckAsync"/>
    public async Task<TurnedObjects> TryAsync(StoredConnection connection, StoredObject found, bool? isActive, Caller caller, CancellationToken cancellationToken)
    {
        var turned = await TurnedAsync(connection, found, isActive, cancellationToken);
        if (isActive != true && !caller.HasAny(Permission.Governance) && planner.CanEnforce(connection))
            await RefuseUncoveringAsync(connection, turned.Deactivated, "deactivate", cancellationToken);
        return turned;
    }

    /// <summary>Why an activation is refused that leaves ways open, where the connection's settings refuse that.</summary>
    /// <param name="residuals">How many ways.</param>
    /// <param name="listed">Which of them are listed where.</param>
    public static string ResidualRefusal(int residuals, string listed) =>
        $"{residuals} ways would stay open by which people read these objects though no policy allows it, and the connection's settings.onResidual is refuse. "
        + $"{listed} Close them on the platform, write a policy that allows them, or set onResidual to report.";

    private async Task<TurnedObjects> TurnedAsync(StoredConnection connection, StoredObject found, bool? isActive, CancellationToken cancellationToken)
    {
        var before = await catalog.GovernedAsync(connection.Id, connection.Hostname(), found, cancellationToken);
        var after = await catalog.GovernedAsync(connection.Id, connection.Hostname(), found, new SupposedActivity(found.Id, isActive), cancellationToken);
        return new TurnedObjects(
            [.. after.ExceptBy(before.Select(static o => o.Id), static o => o.Id)], [.. before.ExceptBy(after.Select(static o => o.Id), static o => o.Id)]);
    }

    /// <summary>Refuses to delete what carries a mask or row rule, or a tag that lineage carried to what does, unless the caller governs.</summary>
    public async Task CheckDeletionAsync(StoredConnection connection, StoredObject found, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.HasAny(Permission.Governance) || !planner.CanEnforce(connection)) return;
        await RefuseUncoveringAsync(connection, await catalog.GovernedAsync(connection.Id, connection.Hostname(), found, cancellationToken), "delete", cancellationToken);
        var tagged = await lineage.TaggedFromAsync(found, cancellationToken);
        if (tagged.Count == 0) return;
        var governed = await catalog.GovernedAsync(connection.Id, connection.Hostname(), below: null, cancellationToken);
        await RefuseUncoveringAsync(connection, governed.Where(o => tagged.Contains(o.Id)), "delete", cancellationToken, "by tags that data brought from it");
    }

    private async Task RefuseUncoveringAsync(StoredConnection connection, IEnumerable<StoredGovernedObject> objects, string verb, CancellationToken cancellationToken, string? how = null)
    {
        var platform = platforms.Of(connection.Technology);
        var looked = objects.Select(o => o.Object.Typed(platform)).ToList();
        if (looked.Count == 0) return;
        var protects = await snapshots.AskAsync(
            snapshot => looked.Where(o => snapshot.Compiler.Compile(o) is { Masks.Count: > 0 } or { RowRules.Count: > 0 }).Select(static o => o.Path).ToList(), cancellationToken);
        if (protects.Count == 0) return;
        var named = string.Join(", ", protects.Take(MostNamed).Select(static p => $"'{p}'")) + (protects.Count > MostNamed ? $" and {protects.Count - MostNamed} more" : "");
        throw new RequestRefusedException(
            ErrorCode.Forbidden, $"This needs the permission {Permission.Governance} besides: masks or row rules are in force on {named}{(how is null ? "" : $" {how}")}, and to {verb} an object takes them away.");
    }

    private async Task RefuseResidualsAsync(StoredConnection connection, SupposedActivity supposed, IReadOnlyList<StoredGovernedObject> activated, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await sessions.OpenAsync(connection, cancellationToken);
            var intent = (await intents.ReadAsync(connection, supposed, cancellationToken)).Intent;
            var observed = await ((IObservesAccess)session).ObserveAsync(intent, cancellationToken);
            var objects = new ConcernedObjects(activated.Select(static a => a.Object.Path));
            var residuals = observed.Residuals.Where(r => objects.Reaches(r.Object)).ToList();
            if (residuals.Count == 0) return;
            var problems = new ProblemList();
            foreach (var residual in residuals.Take(MostListed)) problems.Add(residual.Object.ToString(), $"{(residual.Identity.Length == 0 ? "everybody" : residual.Identity)}: {residual.Path}");
            var listed = $"{(residuals.Count > MostListed ? $"The first {MostListed}" : "All")} are listed in errors.";
            throw new RequestRefusedException(ErrorCode.WrongState, ResidualRefusal(residuals.Count, listed), problems);
        }
        catch (PlatformException e)
        {
            throw RequestRefusedException.Of(e);
        }
    }
}

/// <summary>The tables and views whose activity a change turns.</summary>
/// <param name="Activated">Those that become active.</param>
/// <param name="Deactivated">Those that become inactive.</param>
internal sealed record TurnedObjects(IReadOnlyList<StoredGovernedObject> Activated, IReadOnlyList<StoredGovernedObject> Deactivated)
{
    /// <summary>All of them.</summary>
    public IEnumerable<StoredGovernedObject> All => Activated.Concat(Deactivated);
}
