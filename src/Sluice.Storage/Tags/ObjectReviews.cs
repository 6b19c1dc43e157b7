using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Tags;

internal sealed class ObjectReviews(Database database, AuditAppender audit, TimeProvider time) : IObjectReviews
{
    private const string Subtree = $"object_id IN (SELECT o.id FROM data_objects o WHERE {Lineage.AtAndBelow})";

    public Task<IReadOnlyList<VanishedTag>> VanishedBelowAsync(StoredObject at, CancellationToken cancellationToken) =>
        VanishedAsync(Lineage.AtAndBelow, Lineage.Range(at.Lineage), cancellationToken);

    public Task<IReadOnlyList<VanishedTag>> VanishedAsync(StoredObject of, CancellationToken cancellationToken) =>
        VanishedAsync("o.id = @id", [("@id", of.Id)], cancellationToken);

    public Task<int> ConfirmVanishedAsync(StoredObject at, string? column, string? tag, Actor by, CancellationToken cancellationToken) =>
        ChangeAsync(
            at, AuditAction.VanishedTagsConfirmed, column, tag, by,
            (context, token) => column is null
                ? context.ExecuteAsync($"DELETE FROM vanished_tags WHERE {Subtree} AND {That(tag)}", token, [.. Lineage.Range(at.Lineage), .. Tag(tag)])
                : context.ExecuteAsync(
                    $"DELETE FROM vanished_tags WHERE object_id = @id AND column_name = @column AND {That(tag)}", token,
                    [("@id", at.Id), ("@column", StorableText.Of(column)), .. Tag(tag)]),
            cancellationToken);

    public Task<int> ClearDiscoveredAsync(StoredObject at, string? column, Actor by, CancellationToken cancellationToken) =>
        ChangeAsync(
            at, AuditAction.DiscoveryCleared, column, null, by,
            async (context, token) => column is null
                ? await context.ExecuteAsync($"UPDATE data_objects AS o SET discovered_new = false WHERE {Lineage.AtAndBelow} AND discovered_new", token, Lineage.Range(at.Lineage))
                    + await context.ExecuteAsync($"UPDATE data_columns SET discovered_new = false WHERE discovered_new AND {Subtree}", token, Lineage.Range(at.Lineage))
                : await context.ExecuteAsync(
                    "UPDATE data_columns SET discovered_new = false WHERE discovered_new AND object_id = @id AND name = @column", token, ("@id", at.Id), ("@column", StorableText.Of(column))),
            cancellationToken);

    private async Task<IReadOnlyList<VanishedTag>> VanishedAsync(string which, (string Name, object? Value)[] values, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.QueryAsync(
                $"""
                SELECT o.name, p1.name, p2.name, p3.name, v.column_name, v.tag, v.vanished_at
                FROM data_objects o {ObjectSql.Above} JOIN vanished_tags v ON v.object_id = o.id
                WHERE {which} AND NOT o.hidden
                    AND (v.column_name = '' OR EXISTS (SELECT 1 FROM data_columns d WHERE d.object_id = o.id AND d.name = v.column_name))
                """,
                static row => new VanishedTag(
                    ObjectSql.Path(row.GetString(0), row.Text(1), row.Text(2), row.Text(3)),
                    row.GetString(4) is { Length: > 0 } column ? column : null, row.GetString(5), row.Moment(6)!.Value),
                token, values),
            cancellationToken);
        return [.. rows.OrderBy(static r => r.Path.ToString(), StringComparer.Ordinal).ThenBy(static r => r.Column, StringComparer.Ordinal).ThenBy(static r => r.Tag, StringComparer.Ordinal)];
    }

    private Task<int> ChangeAsync(
        StoredObject at, string action, string? column, string? tag, Actor by, Func<SluiceContext, CancellationToken, Task<int>> change, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.WriteAsync(
            async (context, token) =>
            {
                var count = await change(context, token);
                if (count == 0) return 0;
                await AccessRevision.BumpAsync(context, token);
                var details = new JsonObject { ["count"] = count };
                if (column is not null) details["column"] = column;
                if (tag is not null) details["tag"] = tag;
                await audit.AppendAsync(
                    context,
                    new AuditEvent
                    {
                        Stream = AuditStream.Of(at.ConnectionId), Time = now, ActorId = by.Id, ActorName = by.Name, Action = action, Object = at.Path, Details = AuditDetails.Of(details),
                    },
                    token);
                return count;
            },
            cancellationToken);
    }

    // A tag and those below it: '/' follows '.'.
    private static string That(string? tag) => tag is null ? "true" : "(tag = @tag OR (tag > @below AND tag < @end))";

    private static (string Name, object? Value)[] Tag(string? tag) => tag is null ? [] : [("@tag", tag), ("@below", $"{tag}."), ("@end", $"{tag}/")];
}
