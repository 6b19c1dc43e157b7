using Microsoft.EntityFrameworkCore;
using Sluice.Core.Catalog;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Catalog;

internal sealed class CatalogStore(Database database, ObjectIds ids, AuditAppender audit, TimeProvider time) : ICatalogStore
{
    public Task<StoredObject?> FindAsync(ObjectPath path, CancellationToken cancellationToken)
    {
        if (!path.Names.All(StorableText.Is)) return Task.FromResult<StoredObject?>(null);
        return database.ReadAsync(
            async (context, token) =>
            {
                var found = await context.QueryAsync(
                    $"WITH hit AS ({ObjectSql.Locate(path)}) SELECT {ObjectSql.Columns} FROM hit JOIN data_objects o ON o.id = hit.id {ObjectSql.Above}",
                    ObjectSql.Read, token, ObjectSql.Names(path));
                return found.SingleOrDefault();
            },
            cancellationToken);
    }

    public Task<StoredObject?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (context, token) => (await context.QueryAsync(
                $"SELECT {ObjectSql.Columns} FROM data_objects o {ObjectSql.Above} WHERE o.id = @id AND NOT o.hidden", ObjectSql.Read, token, ("@id", id))).SingleOrDefault(),
            cancellationToken);

    public Task<DateTimeOffset> ChangedAsync(StoredObject of, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (context, token) => UtcTicks.Moment(await context.NumberAsync(
                $"SELECT max(updated_at) FROM data_objects WHERE id {context.Dialect.In("@ids")}", token,
                ("@ids", context.Dialect.List(of.Lineage.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)))) ?? 0),
            cancellationToken);

    public Task<ObjectPage> SearchAsync(ObjectQuery query, CancellationToken cancellationToken)
    {
        string?[] texts = [query.After, query.Name, query.Tag, .. query.Parent?.Names ?? []];
        if (!texts.All(t => t is null || StorableText.Is(t)) || query.Connections is { Count: 0 }) return Task.FromResult(new ObjectPage(0, []));
        return database.ReadAsync((context, token) => new ObjectSearch(query, context.Dialect).RunAsync(context, token), cancellationToken);
    }

    public Task<IReadOnlyList<StoredColumn>> ColumnsAsync(long objectId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredColumn>>(
            async (context, token) => (await ObjectContent.ColumnsAsync(context, [objectId], token))[objectId].ToList(), cancellationToken);

    public Task<IReadOnlyList<ObjectTag>> TagsAsync(long objectId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ObjectTag>>(
            async (context, token) => (await ObjectContent.TagsAsync(context, [objectId], token))[objectId].ToList(), cancellationToken);

    public Task<IReadOnlyList<KnownObject>> ChildrenAsync(long containerId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<KnownObject>>(
            async (context, token) => await KnownChildren.ReadAsync(context, containerId, token), cancellationToken);

    public Task<IReadOnlyList<KnownObject>> UnstampedChildrenAsync(long containerId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<KnownObject>>(
            async (context, token) => await KnownChildren.UnstampedAsync(context, containerId, token), cancellationToken);

    public Task<ILookup<long, ObjectTag>> TagsOfChildrenAsync(long containerId, CancellationToken cancellationToken) =>
        database.ReadAsync((context, token) => ObjectContent.TagsOfChildrenAsync(context, containerId, token), cancellationToken);

    public Task<IReadOnlyDictionary<long, string?>> GovernedChildrenAsync(long containerId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<long, string?>>(
            async (context, token) => await KnownChildren.GovernedAsync(context, containerId, token), cancellationToken);

    public Task<IReadOnlyList<StoredGovernedObject>> GovernedAsync(Guid connectionId, string? hostname, StoredObject? below, CancellationToken cancellationToken) =>
        GovernedAsync(connectionId, hostname, below, supposed: null, cancellationToken);

    public Task<IReadOnlyList<StoredGovernedObject>> GovernedAsync(
        Guid connectionId, string? hostname, StoredObject? below, SupposedActivity? supposed, CancellationToken cancellationToken) =>
        database.SnapshotAsync((context, token) => GovernedObjects.ReadAsync(context, connectionId, hostname, below?.Lineage, supposed, token), cancellationToken);

    public Task<IReadOnlySet<string>> ColumnNamesAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlySet<string>>(
            async (context, token) => (await context.QueryAsync("SELECT DISTINCT name FROM data_columns", static row => row.GetString(0), token)).ToHashSet(StringComparer.Ordinal),
            cancellationToken);

    public Task<IReadOnlyDictionary<string, UInt128>> StampsAsync(ObjectPath container, CancellationToken cancellationToken) =>
        OfChildrenAsync(container, KnownChildren.StampsAsync, cancellationToken);

    public Task<IReadOnlyDictionary<string, UInt128>> ListingsAsync(ObjectPath container, CancellationToken cancellationToken) =>
        OfChildrenAsync(container, KnownChildren.ListingsAsync, cancellationToken);

    public Task<IReadOnlySet<ObjectPath>> EnterableAsync(ObjectPath below, CancellationToken cancellationToken) =>
        database.SnapshotAsync<IReadOnlySet<ObjectPath>>(
            async (context, token) =>
            {
                var place = await ObjectPlace.FindAsync(context, below, token);
                if (place is null) return new HashSet<ObjectPath>();
                var paths = await context.QueryAsync(
                    $"""
                    SELECT o.name, p1.name, p2.name, p3.name FROM data_objects o {ObjectSql.Above}
                    WHERE {Lineage.AtAndBelow} AND {ObjectSql.IsContainer} AND o.parent_id IS NOT NULL AND NOT o.hidden
                      AND ({ObjectSql.IsWanted} OR {ObjectSql.HasActiveOverrideBelow})
                    """,
                    row => ObjectSql.Path(row.GetString(0), row.Text(1), row.Text(2), row.Text(3)), token, Lineage.Range(place.Lineage));
                return paths.ToHashSet();
            },
            cancellationToken);

    public Task<SettingsChanged?> ChangeSettingsAsync(
        ObjectPath path, SettingsChange change, Actor by, NewJob? job, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                var changed = await OverrideWriter.ChangeAsync(context, path, change, by, at, job, token);
                if (changed is null) return null;
                var place = await ObjectPlace.FindAsync(context, path, token);
                await audit.AppendAsync(context, ObjectEvents.SettingsChanged(place!.ConnectionId, path, change, changed, by, at), token);
                return changed;
            },
            cancellationToken);
    }

    public Task<long?> DeleteAsync(ObjectPath path, IReadOnlyList<long>? ifRevision, Actor by, CancellationToken cancellationToken)
    {
        if (path.Parent is null) throw new ArgumentException("A connection's root is deleted with its connection.", nameof(path));
        var at = time.GetUtcNow();
        return database.WriteAsync<long?>(
            async (context, token) =>
            {
                var place = await ObjectPlace.LockAsync(context, path, token);
                if (place is null) return null;
                await ConnectionRevision.CheckAsync(context, place.ConnectionId, ifRevision, token);
                await StoredListings.ForgetOfParentAsync(context, place.Id, token);
                var below = await SubtreeDeletion.DeleteAsync(context, place.Lineage, token);
                await audit.AppendAsync(context, ObjectEvents.Deleted(place.ConnectionId, path, below, by, at), token);
                return below;
            },
            cancellationToken);
    }

    public Task<long> ReserveIdsAsync(int count, CancellationToken cancellationToken) => ids.ReserveAsync(count, cancellationToken);

    public Task<IReadOnlyList<CrawlUnit>> UnitsAsync(Guid jobId, CancellationToken cancellationToken) =>
        database.SnapshotAsync((context, token) => CrawlCheckpoints.ReadAsync(context, jobId, token), cancellationToken);

    public Task AddUnitsAsync(WriteFence fence, Guid jobId, IReadOnlyList<long> containerIds, CancellationToken cancellationToken) =>
        database.WriteAsync((context, token) => CrawlCheckpoints.AddAsync(context, fence, jobId, containerIds, token), cancellationToken);

    public Task ApplyAsync(WriteFence fence, CrawlWrite write, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(fence, token);
                await StoredListings.ForgetAsync(context, fence.ConnectionId, write, token);
                await MissingRows.MarkAsync(context, fence.ConnectionId, write.Missing, write.At, token);
                await new UpdateWriter(context, fence.ConnectionId, write.At).WriteAsync(write.Updates, token);
                await new InsertWriter(context, fence.ConnectionId, write.At).WriteAsync(write.Inserts, token);
                await StoredListings.WriteAsync(context, fence.ConnectionId, write.Listings, token);
                await CrawlCheckpoints.WriteAsync(context, write, token);
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<Governance, long>> HeldBackAsync(ObjectPath path, CancellationToken cancellationToken) =>
        database.SnapshotAsync<IReadOnlyDictionary<Governance, long>>(
            async (context, token) =>
            {
                var place = await ObjectPlace.FindAsync(context, path, token);
                if (place is null) return new Dictionary<Governance, long>();
                var counts = await context.QueryAsync(
                    $"""
                    SELECT o.governance, count(*) FROM data_objects o {ObjectSql.Above}
                    WHERE {Lineage.AtAndBelow} AND {ObjectSql.IsReadable} AND NOT o.hidden AND o.missing_since IS NULL
                      AND o.governance <> 0 AND {ObjectSql.IsWanted} AND NOT {ObjectSql.IsHonoured}
                    GROUP BY o.governance
                    """,
                    row => ((Governance)row.GetInt32(0), row.GetInt64(1)), token, Lineage.Range(place.Lineage));
                return counts.ToDictionary(c => c.Item1, c => c.Item2);
            },
            cancellationToken);

    private Task<IReadOnlyDictionary<string, UInt128>> OfChildrenAsync(
        ObjectPath container, Func<SluiceContext, long, CancellationToken, Task<Dictionary<string, UInt128>>> readAsync, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<string, UInt128>>(
            async (context, token) =>
            {
                var place = await ObjectPlace.FindAsync(context, container, token);
                return place is null ? new Dictionary<string, UInt128>() : await readAsync(context, place.Id, token);
            },
            cancellationToken);
}
