using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Engine.Jobs;
using Sluice.Storage;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.DataLineage;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Catalog;

/// <inheritdoc cref="ICatalogUseCases"/>
internal sealed class CatalogUseCases(
    ICatalogStore catalog,
    ITagStore given,
    IObjectReviews reviews,
    ILineageStore lineage,
    IConnectionStore connections,
    IPlanStore plans,
    ActivationGuard guard,
    ActivationTrial trial,
    Planner planner,
    IJobStore store,
    JobFactory jobs,
    IConnectionWaker waker) : ICatalogUseCases
{
    public async Task<ObjectView> ReadAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken)
    {
        var found = await catalog.FindAsync(path, cancellationToken);
        RequireReading(caller, found);
        if (found is null) throw NotFound(path);
        var columns = await catalog.ColumnsAsync(found.Id, cancellationToken);
        var tags = await catalog.TagsAsync(found.Id, cancellationToken);
        return ViewOf(found, columns, tags) with
        {
            Assigned = await given.OfObjectAsync(found.Id, cancellationToken),
            Vanished = await reviews.VanishedAsync(found, cancellationToken),
            Lineage = await lineage.TagsAsync(found, cancellationToken),
        };
    }

    public async Task<ObjectViews> SearchAsync(ObjectPath? parent, JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        var above = parent is null ? null : await catalog.FindAsync(parent, cancellationToken);
        RequireReading(caller, above);
        var query = ObjectQueryReader.Read(parent, body);
        if (parent is not null && above is null) throw NotFound(parent);

        var page = await catalog.SearchAsync(query with { Parent = above?.Path }, cancellationToken);
        return new ObjectViews(page.Count, [.. page.Hits.Select(h => ViewOf(h, [], []) with { IsTaggedByLineage = page.TaggedByLineage.Contains(h.Id) })]);
    }

    public async Task<SettingsAnswer> ChangeSettingsAsync(
        ObjectPath path, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        var found = await catalog.FindAsync(path, cancellationToken);
        RequireOwning(caller, found);
        if (found is null) throw NotFound(path);
        var change = SettingsChangeReader.Read(body, isConnection: found.ParentId is null) with { IfRevision = ifRevision };

        if (change.IsActive.IsGiven)
        {
            var connection = await ConnectionOfAsync(found, cancellationToken);
            await guard.CheckAsync(connection, found, change.IsActive.Value, ConnectionUseCases.SettingsOf(connection), caller, cancellationToken);
        }

        var crawl = jobs.Crawl(found.ConnectionId, found.Path, caller);
        var changed = await UnlessStaleAsync(
            path, () => catalog.ChangeSettingsAsync(found.Path, change, caller.AsActor(), crawl, cancellationToken)) ?? throw NotFound(path);
        await waker.WakeAsync(found.ConnectionId);
        var removed = changed.Deactivated > 0 ? await RemovedGrantsAsync(found, cancellationToken) : 0;
        return new SettingsAnswer(new Accepted(found.Path, changed.BulkId!.Value), changed.Activated, changed.Deactivated, removed);
    }

    public async Task<SettingsTrial> TryChangeSettingsAsync(
        ObjectPath path, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        var found = await catalog.FindAsync(path, cancellationToken);
        RequireOwning(caller, found);
        if (found is null) throw NotFound(path);
        var change = SettingsChangeReader.Read(body, isConnection: found.ParentId is null);
        if (ifRevision?.Contains(found.ConnectionRevision) is false) throw RevisionChanged(path);
        if (!change.IsActive.IsGiven) return SettingsTrial.Without(found.Path, "Nothing of access would change: the body does not say isActive.");
        var tried = await trial.RunAsync(await ConnectionOfAsync(found, cancellationToken), found, change.IsActive.Value, caller, cancellationToken);
        return tried.Deactivated > 0 ? tried with { RemovedGrants = await RemovedGrantsAsync(found, cancellationToken) } : tried;
    }

    public async Task<Accepted> CrawlAsync(
        ObjectPath path, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        var found = await catalog.FindAsync(path, cancellationToken);
        RequireOwning(caller, found);
        if (found is null) throw NotFound(path);
        RefuseMembers(body);
        // A crawl changes no revision, so that it needs no more care than a look.
        if (ifRevision?.Contains(found.ConnectionRevision) is false) throw RevisionChanged(path);
        var bulkId = await store.AskAsync(jobs.Crawl(found.ConnectionId, found.Path, caller), caller.AsActor(), cancellationToken);
        await waker.WakeAsync(found.ConnectionId);
        return new Accepted(found.Path, bulkId);
    }

    public async Task<Deleted> DeleteAsync(ObjectPath path, IReadOnlyList<long>? ifRevision, Leaving leaving, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        if (leaving.Restores) caller.Require(Permission.Governance);
        var found = await catalog.FindAsync(path, cancellationToken) ?? throw NotFound(path);
        var connection = await ConnectionOfAsync(found, cancellationToken);
        if (leaving.CleansUp && found.ParentId is not null)
            throw new RequestRefusedException(ErrorCode.InvalidRequest, "?cleanup is for a whole connection: what is ours on a single object goes when it is deactivated.");
        await guard.CheckDeletionAsync(connection, found, caller, cancellationToken);
        if (leaving.CleansUp) return await CleanUpAsync(found, connection, ifRevision, leaving, caller, cancellationToken);

        var removed = await RemovedGrantsAsync(found, cancellationToken);
        var count = await UnlessStaleAsync(path, () => found.ParentId is null
            ? connections.DeleteAsync(found.ConnectionId, ifRevision, caller.AsActor(), cancellationToken)
            : catalog.DeleteAsync(found.Path, ifRevision, caller.AsActor(), cancellationToken));
        if (count is not null && found.ParentId is not null) await ReconcileAsync(connection, cancellationToken);
        return new Deleted(found.Path, count ?? throw NotFound(path)) { RemovedGrants = removed, CanBePutBack = found.ParentId is not null };
    }

    private async Task<Deleted> CleanUpAsync(
        StoredObject root, StoredConnection connection, IReadOnlyList<long>? ifRevision, Leaving leaving, Caller caller, CancellationToken cancellationToken)
    {
        if (ifRevision?.Contains(root.ConnectionRevision) is false) throw RevisionChanged(root.Path);
        if (ConnectionUseCases.SettingsOf(connection).Mode == EnforcementMode.Observe)
            throw new RequestRefusedException(ErrorCode.WrongState, $"Connection '{connection.Key}' is in mode observe, which writes nothing: change settings.mode first, or delete it without cleanup.");
        var below = await catalog.SearchAsync(new ObjectQuery { Parent = root.Path, Descendants = true, Size = 1 }, cancellationToken);
        var bulkId = await store.AddOrJoinAsync(jobs.Cleanup(connection.Id, connection.Key, leaving.Restores, caller), cancellationToken);
        await waker.WakeAsync(connection.Id);
        return new Deleted(root.Path, below.Count)
        {
            BulkId = bulkId, RemovedGrants = leaving.Restores ? 0 : await RemovedGrantsAsync(root, cancellationToken),
        };
    }

    // What is ours on an object that is gone goes now, and not with the next look for drift.
    private async Task ReconcileAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        if (!planner.CanEnforce(connection) || await plans.AccessRevisionAsync(cancellationToken) == 0) return;
        await store.AddOrJoinAsync(jobs.Reconcile(connection.Id, connection.Key, Caller.System), cancellationToken);
        await waker.WakeAsync(connection.Id);
    }

    private async Task<int> RemovedGrantsAsync(StoredObject found, CancellationToken cancellationToken) =>
        (await plans.RemovedAsync(found.ConnectionId, cancellationToken)).Count(g => found.Path.Covers(g.Object));

    private async Task<StoredConnection> ConnectionOfAsync(StoredObject found, CancellationToken cancellationToken) =>
        await connections.FindAsync(found.ConnectionId, cancellationToken) ?? throw NotFound(found.Path);

    // Clients that always send a body send {}; anything in it would be a wish that nobody reads.
    private static void RefuseMembers(JsonElement body)
    {
        var problems = new ProblemList();
        new PayloadObject(body, "$", problems).RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);
    }

    private static async Task<T> UnlessStaleAsync<T>(ObjectPath path, Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (StaleRevisionException)
        {
            throw RevisionChanged(path);
        }
    }

    private static ObjectView ViewOf(StoredObject found, IReadOnlyList<StoredColumn> columns, IReadOnlyList<ObjectTag> tags)
    {
        var wanted = found.Effective.IsActive ?? false;
        var active = Activation.IsActive(wanted, found.MissingSince is not null, found.Governance, found.AcceptsUnknownGovernance);
        return new ObjectView(found, columns, tags, active, wanted && !active ? ReasonOf(found) : null);
    }

    private static string ReasonOf(StoredObject found) => found.MissingSince is { } since
        ? $"The platform no longer has it: the last crawl that covered it did not find it, first at {since:u}."
        : found.GovernanceReason ?? "The platform would not enforce grants on it.";

    private static void RequireReading(Caller caller, StoredObject? found)
    {
        if (!caller.HasAny(Reading.Permissions) && !caller.IsAmong(found?.Owners ?? [])) throw Caller.Missing(Reading.Permissions);
    }

    private static void RequireOwning(Caller caller, StoredObject? found)
    {
        if (!caller.HasAny(Permission.ApplicationAdmin) && !caller.IsAmong(found?.Owners ?? []))
            throw new RequestRefusedException(ErrorCode.Forbidden, $"This needs the permission {Permission.ApplicationAdmin}, or to be one of the object's data owners.");
    }

    private static RequestRefusedException RevisionChanged(ObjectPath path) => new(
        ErrorCode.RevisionChanged, $"The connection of '{path}' has been changed since it was read. Read it again and repeat the request.");

    private static RequestRefusedException NotFound(ObjectPath path) => new(ErrorCode.NotFound, $"There is no data object '{path}'.");
}
