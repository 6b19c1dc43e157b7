using Sluice.Core.Catalog;
using Sluice.Storage.Bulk;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>Writes the new rows of a crawl's page.</summary>
internal sealed class InsertWriter(SluiceContext context, Guid connectionId, DateTimeOffset at)
{
    private static readonly BulkTable<NewRow> Table = new(
        "data_objects",
        ["id", "connection_id", "parent_id", "lineage", "depth", "name", "name_key", "kind", "native_id", "comment", "governance",
         "governance_reason", "grant_method", "fingerprint", "change_stamp", "is_active", "activate_new_children", "data_owners", "discovered_new", "replaced",
         "hidden", "discovered_at", "updated_at"],
        static (writer, row) =>
        {
            var found = row.Insert.Found;
            writer.Write((long?)row.Insert.Id);
            writer.Write(row.ConnectionId);
            writer.Write((long?)row.Insert.ParentId);
            writer.Write(row.Insert.Lineage);
            writer.Write(found.Path.Depth);
            writer.Write(found.Path.Name);
            writer.Write(NameKey.Of(found.Path.Name));
            writer.Write((int)found.Kind);
            writer.Write(StorableText.Of(found.NativeId));
            writer.Write(StorableText.Of(found.Comment));
            writer.Write((int)found.Governance);
            writer.Write(StorableText.Of(found.GovernanceReason));
            writer.Write(StorableText.Of(found.GrantMethod));
            writer.Write(Digest.Bytes(found.Fingerprint));
            writer.Write(Digest.Bytes(found.ChangeStamp));
            writer.Write(row.Overrides.IsActive);
            writer.Write(row.Overrides.ActivateNewChildren);
            writer.Write(row.Overrides.DataOwnersJson);
            writer.Write((bool?)found.Kind.IsReadable());
            writer.Write((bool?)false);
            writer.Write((bool?)false);
            writer.Write((long?)row.At);
            writer.Write((long?)row.At);
        });

    public async Task WriteAsync(IReadOnlyList<ObjectInsert> inserts, CancellationToken cancellationToken)
    {
        if (inserts.Count == 0) return;
        var chains = await ActivationChains.ReadAsync(context, connectionId, inserts, cancellationToken);
        var mayInherit = chains.HasReplacements || inserts.Any(i => i.Replaces is not null);
        var predecessors = mayInherit
            ? await Predecessors.OfAsync(context, connectionId, inserts, cancellationToken)
            : new Dictionary<long, long>();
        var inheritable = await OverridesOfAsync(predecessors.Values, cancellationToken);
        var replaced = inserts.Select(i => i.Replaces).OfType<long>().Where(inheritable.ContainsKey);
        await MissingRows.ReplaceAsync(context, connectionId, [.. replaced], at, cancellationToken);

        var rows = new List<NewRow>(inserts.Count);
        foreach (var insert in inserts)
        {
            // Somebody deleted what it was found in while the crawl was reading: the next crawl finds it.
            if (chains.LineageOf(insert.ParentId) is not { } above) continue;
            if (insert.Lineage != $"{above}{insert.Id}/") throw new ArgumentException($"The lineage of object {insert.Id} does not go on its parent's.", nameof(inserts));
            var overrides = predecessors.TryGetValue(insert.Id, out var old) && inheritable.TryGetValue(old, out var inherited)
                ? inherited
                : new Overrides(Activation.OverrideOfNewChild(chains.ActivateNewChildrenUpwards(insert.ParentId)), null, null);
            chains.Add(insert, overrides.ActivateNewChildren);
            rows.Add(new NewRow(insert, connectionId, overrides, at.UtcTicks));
        }

        await context.Dialect.Rows.InsertAsync(context, Table, rows, cancellationToken);
        await ObjectContent.AddAsync(context, rows.ConvertAll(r => (r.Insert.Id, r.Insert.Found)), cancellationToken);
        await InheritTagsAsync([.. rows.Where(r => predecessors.ContainsKey(r.Insert.Id)).Select(r => (r.Insert.Id, predecessors[r.Insert.Id], r.Insert.Found.Tags))], cancellationToken);
    }

    // What takes a name carries what was given under it, and what the platform said of it until a governor confirms that it is gone: making a table anew lifts no mask.
    private async Task InheritTagsAsync(IReadOnlyList<(long Id, long Predecessor, IReadOnlyList<ObjectTag> Found)> heirs, CancellationToken cancellationToken)
    {
        if (heirs.Count == 0) return;
        var heirOf = heirs.ToLookup(static h => h.Predecessor, static h => h.Id);
        await AssignedTags.InheritAsync(context, heirOf, cancellationToken);
        await VanishedTags.InheritAsync(context, heirOf, cancellationToken);
        var before = await ObjectContent.TagsAsync(context, [.. heirs.Select(h => h.Predecessor)], cancellationToken);
        await VanishedTags.KeepAsync(context, connectionId, [.. heirs.Select(h => TagLoss.Between(h.Id, before[h.Predecessor], h.Found))], at, cancellationToken);
    }

    private async Task<Dictionary<long, Overrides>> OverridesOfAsync(IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        if (!ids.Any()) return [];
        var rows = await context.QueryAsync(
            $"""
            SELECT id, is_active, activate_new_children, data_owners FROM data_objects
            WHERE id {context.Dialect.In("@ids")} AND connection_id = @connection
            """,
            row => (Id: row.GetInt64(0), Overrides: new Overrides(row.Flag(1), row.Flag(2), row.Text(3))), cancellationToken,
            ("@ids", context.Dialect.List(ids)), ("@connection", connectionId));
        return rows.ToDictionary(r => r.Id, r => r.Overrides);
    }

    private sealed record Overrides(bool? IsActive, bool? ActivateNewChildren, string? DataOwnersJson);

    private sealed record NewRow(ObjectInsert Insert, Guid ConnectionId, Overrides Overrides, long At);
}
