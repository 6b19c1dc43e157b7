using System.Text.Json.Nodes;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Tags;

internal sealed class ObjectReviews(Database database, AuditAppender audit, TimeProvider time) : IObjectReviews
{
    private const string Subtree = $"object_id IN (SELECT o.id FROM data_objects o WHERE {Lineage.AtAndBelow})";

    public async Task<IReadOnlyList<VanishedTag>> VanishedAsync(StoredObject at, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            (context, token) => context.QueryAsync(
                $"""
                SELECT p3.name, p2.name, p1.name, o.name, v.column_name, v.tag, v.vanished_at
                FROM data_objects o JOIN vanished_tags v ON v.object_id = o.id
                LEFT JOIN data_objects p1 ON p1.id = o.parent_id
                LEFT JOIN data_objects p2 ON p2.id = p1.parent_id
                LEFT JOIN data_objects p3 ON p3.id = p2.parent_id
                WHERE {Lineage.AtAndBelow} AND NOT o.hidden
                    AND (v.column_name = '' OR EXISTS (SELECT 1 FROM data_columns c WHERE c.object_id = o.id AND c.name = v.column_name))
                """,
                static row => new VanishedTag(
                    new ObjectPath([.. Enumerable.Range(0, 4).Select(i => row.Text(i)).OfType<string>()]),
                    row.GetString(4) is { Length: > 0 } column ? column : null, row.GetString(5), row.Moment(6)!.Value),
                token, Lineage.Range(at.Lineage)),
            cancellationToken);
        return [.. rows.OrderBy(static r => r.Path.ToString(), StringComparer.Ordinal).ThenBy(static r => r.Column, StringComparer.Ordinal).ThenBy(static r => r.Tag, StringComparer.Ordinal)];
    }

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
