using Sluice.Core.Catalog;
using Sluice.Storage.Bulk;
using Sluice.Storage.DataLineage;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Writes the changed rows of a crawl's page.</summary>
internal sealed class UpdateWriter(SluiceContext context, Guid connectionId, DateTimeOffset at)
{
    private static readonly BulkTable<(long Id, DiscoveredObject Found, long At)> ContentTable = new(
        "data_objects",
        ["id", "kind", "native_id", "comment", "governance", "governance_reason", "grant_method", "fingerprint", "change_stamp", "updated_at"],
        static (writer, row) =>
        {
            writer.Write((long?)row.Id);
            writer.Write((int)row.Found.Kind);
            writer.Write(StorableText.Of(row.Found.NativeId));
            writer.Write(StorableText.Of(row.Found.Comment));
            writer.Write((int)row.Found.Governance);
            writer.Write(StorableText.Of(row.Found.GovernanceReason));
            writer.Write(StorableText.Of(row.Found.GrantMethod));
            writer.Write(Digest.Bytes(row.Found.Fingerprint));
            writer.Write(Digest.Bytes(row.Found.ChangeStamp));
            writer.Write((long?)row.At);
        });

    private static readonly BulkTable<(long Id, UInt128? Stamp)> StampTable = new(
        "data_objects",
        ["id", "change_stamp"],
        static (writer, row) =>
        {
            writer.Write((long?)row.Id);
            writer.Write(Digest.Bytes(row.Stamp));
        });

    private static readonly BulkTable<(long Id, string Name, long At)> NameTable = new(
        "data_objects",
        ["id", "name", "name_key", "replaced", "updated_at"],
        static (writer, row) =>
        {
            writer.Write((long?)row.Id);
            writer.Write(row.Name);
            writer.Write(NameKey.Of(row.Name));
            writer.Write((bool?)false);
            writer.Write((long?)row.At);
        });

    public async Task WriteAsync(IReadOnlyList<CatalogChange.Update> updates, CancellationToken cancellationToken)
    {
        if (updates.Count == 0) return;

        // A row that somebody deleted while the crawl was reading is passed over: the next crawl finds it as new.
        var stored = (await StoredAsync(updates.Select(u => u.Id), cancellationToken)).ToDictionary(s => s.Place.Id);
        var changes = updates.GroupBy(u => u.Id).Select(Last).Where(u => stored.ContainsKey(u.Id)).ToList();

        await NameAsync(changes.Where(u => u.Renamed || (u.Reappeared && stored[u.Id].IsReplaced)).ToList(), stored, cancellationToken);
        await ReappearAsync(changes.Where(u => u.Reappeared).ToList(), stored, cancellationToken);

        var content = changes.Where(u => u.ContentChanged).ToList();
        await context.Dialect.Rows.UpdateAsync(
            context, ContentTable, content.ConvertAll(u => (u.Id, u.Found, at.UtcTicks)), cancellationToken);
        await context.Dialect.Rows.UpdateAsync(
            context, StampTable, [.. changes.Where(u => !u.ContentChanged).Select(u => (u.Id, u.Found.ChangeStamp))], cancellationToken);
        var lost = await ObjectContent.ReplaceAsync(context, content.ConvertAll(u => (u.Id, u.Found)), cancellationToken);
        await VanishedTags.KeepAsync(context, connectionId, lost, at, cancellationToken);
    }

    /// <summary>The same row twice on a page: what was found last holds, and everything that happened to it happened.</summary>
    private static CatalogChange.Update Last(IEnumerable<CatalogChange.Update> updates) =>
        updates.Aggregate((before, last) => last with
        {
            ContentChanged = before.ContentChanged || last.ContentChanged,
            Renamed = before.Renamed || last.Renamed,
            Reappeared = before.Reappeared || last.Reappeared,
        });

    private async Task NameAsync(
        IReadOnlyList<CatalogChange.Update> takers, Dictionary<long, StoredRow> stored, CancellationToken cancellationToken)
    {
        if (takers.Count == 0) return;
        var former = new FormerNames(context, connectionId);
        var before = await former.PathsAsync(takers.Select(static t => t.Id), cancellationToken);

        // Replaced rows are outside the index of names: all names are free before any is taken, so that two may swap.
        await context.ExecuteAsync(
            $"UPDATE data_objects SET replaced = true WHERE id {context.Dialect.In("@ids")}", cancellationToken,
            ("@ids", context.Dialect.List(takers.Select(t => t.Id))));

        foreach (var siblings in takers.GroupBy(t => stored[t.Id].ParentId))
        {
            var holders = await context.QueryAsync(
                $"""
                SELECT id, missing_since IS NOT NULL FROM data_objects
                WHERE parent_id = @parent AND name_key {context.Dialect.In("@names")} AND NOT replaced
                """,
                row => (Id: row.GetInt64(0), IsMissing: row.GetBoolean(1)), cancellationToken,
                ("@parent", siblings.Key), ("@names", context.Dialect.List(siblings.Select(s => NameKey.Of(s.Found.Path.Name)))));
            if (holders.Find(h => !h.IsMissing) is { Id: > 0 } holder)
                throw new InvalidOperationException($"A renamed object takes the name of object {holder.Id}, which is still there.");
            await MissingRows.ReplaceAsync(context, connectionId, holders.ConvertAll(h => h.Id), at, cancellationToken);
        }

        await context.Dialect.Rows.UpdateAsync(
            context, NameTable, [.. takers.Select(t => (t.Id, t.Found.Path.Name, at.UtcTicks))], cancellationToken);
        await former.TakeAsync(before, at, cancellationToken);
    }

    private async Task ReappearAsync(
        IReadOnlyList<CatalogChange.Update> reappeared, Dictionary<long, StoredRow> stored, CancellationToken cancellationToken)
    {
        if (reappeared.Count == 0) return;
        await context.ExecuteAsync(
            $"UPDATE data_objects SET missing_since = NULL, updated_at = @at WHERE id {context.Dialect.In("@ids")}", cancellationToken,
            ("@ids", context.Dialect.List(reappeared.Select(r => r.Id))), ("@at", at));
        await MissingRows.ShowAsync(context, reappeared.Select(r => stored[r.Id]).Where(s => s.IsReplaced).Select(s => s.Place), cancellationToken);
    }

    private Task<List<StoredRow>> StoredAsync(IEnumerable<long> ids, CancellationToken cancellationToken) =>
        context.QueryAsync(
            $"SELECT id, lineage, kind, parent_id, replaced FROM data_objects WHERE id {context.Dialect.In("@ids")} AND connection_id = @connection",
            row => new StoredRow(
                new ObjectPlace(row.GetInt64(0), connectionId, row.GetString(1), (ObjectKind)row.GetInt32(2)),
                row.IsDBNull(3) ? null : row.GetInt64(3), row.GetBoolean(4)),
            cancellationToken, ("@ids", context.Dialect.List(ids)), ("@connection", connectionId));

    private sealed record StoredRow(ObjectPlace Place, long? ParentId, bool IsReplaced);
}
