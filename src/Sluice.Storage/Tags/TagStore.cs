using Microsoft.EntityFrameworkCore;
using Sluice.Storage.Audit;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Tags;

internal sealed class TagStore(Database database, AuditAppender audit, TimeProvider time) : ITagStore
{
    public Task<IReadOnlyList<StoredTag>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredTag>>(
            async (context, token) =>
            {
                var tags = await context.QueryAsync(
                    """
                    SELECT names.name, d.description, d.name IS NOT NULL, names.uses
                    FROM (SELECT name, sum(uses) AS uses FROM (
                            SELECT name, 0 AS uses FROM tags
                            UNION ALL SELECT tag, count(*) FROM assigned_tags GROUP BY tag
                            UNION ALL SELECT name, count(*) FROM object_tags GROUP BY name) every GROUP BY name) names
                    LEFT JOIN tags d ON d.name = names.name
                    """,
                    static row => new StoredTag(row.GetString(0), row.Text(1), row.GetBoolean(2), Convert.ToInt64(row.GetValue(3))), token);
                tags.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
                return tags;
            },
            cancellationToken);

    public Task<bool> DefineAsync(string name, string? description, Actor by, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        return database.WriteUniqueAsync(
            async (context, token) =>
            {
                if (await context.TagDefinitions.AsTracking().SingleOrDefaultAsync(t => t.Name == name, token) is { } known)
                {
                    if (known.Description == description) return false;
                    var before = known.Description;
                    known.Description = description;
                    await context.SaveChangesAsync(token);
                    await audit.AppendAsync(context, TagEvents.Described(name, before, description, by, at), token);
                    return false;
                }

                context.TagDefinitions.Add(new TagDefinitionRow { Name = name, Description = description, CreatedAt = at, CreatedById = by.Id, CreatedByName = by.Name });
                await context.SaveChangesAsync(token);
                await audit.AppendAsync(context, TagEvents.Defined(name, description, by, at), token);
                return true;
            },
            cancellationToken);
    }

    public Task<TagChange> TouchedAsync(string name, CancellationToken cancellationToken) =>
        database.SnapshotAsync(
            async (context, token) => new TagChange(
                await context.NumberAsync($"SELECT count(*) FROM assigned_tags WHERE {Range("tag")}", token, ("@tag", name)) ?? 0,
                await NamesAsync(context, name, token)),
            cancellationToken);

    public Task<bool> RenameAsync(string name, string newName, Actor by, CancellationToken cancellationToken) =>
        database.WriteUniqueAsync(
            async (context, token) =>
            {
                var names = await NamesAsync(context, name, token);
                if (!names.Contains(name, StringComparer.Ordinal) || await context.TagDefinitions.AnyAsync(t => t.Name == newName, token)) return false;
                (string, object?)[] values = [("@tag", name), ("@new", newName), ("@length", name.Length + 1)];
                await context.ExecuteAsync($"UPDATE tags SET name = @new || substr(name, @length) WHERE {Range("name")}", token, values);
                var assignments = await context.ExecuteAsync($"UPDATE assigned_tags SET tag = @new || substr(tag, @length) WHERE {Range("tag")}", token, values);
                await AccessRevision.BumpAsync(context, token);
                await audit.AppendAsync(context, TagEvents.Renamed(name, newName, names.Count, assignments, by, time.GetUtcNow()), token);
                return true;
            },
            cancellationToken);

    public Task<bool> DeleteAsync(string name, Actor by, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (context, token) =>
            {
                if (!await context.TagDefinitions.AnyAsync(t => t.Name == name, token)) return false;
                var assignments = await context.ExecuteAsync($"DELETE FROM assigned_tags WHERE {Range("tag")}", token, ("@tag", name));
                var names = await context.ExecuteAsync($"DELETE FROM tags WHERE {Range("name")}", token, ("@tag", name));
                await AccessRevision.BumpAsync(context, token);
                await audit.AppendAsync(context, TagEvents.Deleted(name, names, assignments, by, time.GetUtcNow()), token);
                return true;
            },
            cancellationToken);

    public async Task<IReadOnlyList<AssignedTag>> OfObjectAsync(long objectId, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync((context, token) => context.AssignedTags.Where(t => t.ObjectId == objectId).ToListAsync(token), cancellationToken);
        return
        [
            .. rows.OrderBy(static t => t.ColumnName, StringComparer.Ordinal).ThenBy(static t => t.Tag, StringComparer.Ordinal)
                .Select(static t => new AssignedTag(t.ColumnName.Length == 0 ? null : t.ColumnName, t.Tag)),
        ];
    }

    public Task<bool> AssignAsync(long objectId, string? column, IReadOnlyCollection<string> tags, Actor by, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var columnName = StorableText.Of(column) ?? "";
        return database.WriteUniqueAsync(
            async (context, token) =>
            {
                var stored = await context.AssignedTags.AsTracking().Where(t => t.ObjectId == objectId && t.ColumnName == columnName).ToListAsync(token);
                var added = tags.Except(stored.Select(static t => t.Tag), StringComparer.Ordinal).ToList();
                var removed = stored.Where(t => !tags.Contains(t.Tag, StringComparer.Ordinal)).ToList();
                if (added.Count + removed.Count == 0) return false;
                context.AssignedTags.RemoveRange(removed);
                context.AssignedTags.AddRange(added.Select(tag => new AssignedTagRow
                {
                    ObjectId = objectId, ColumnName = columnName, Tag = tag, AssignedAt = at, AssignedById = by.Id, AssignedByName = by.Name,
                }));
                await context.SaveChangesAsync(token);
                await AccessRevision.BumpAsync(context, token);
                if (await EventObject.FindAsync(context, objectId, token) is { } on)
                    await audit.AppendAsync(context, TagEvents.Assigned(on, column, added, [.. removed.Select(static t => t.Tag)], by, at), token);
                return true;
            },
            cancellationToken);
    }

    private static async Task<List<string>> NamesAsync(SluiceContext context, string name, CancellationToken cancellationToken) =>
        await context.QueryAsync($"SELECT name FROM tags WHERE {Range("name")} ORDER BY name", static row => row.GetString(0), cancellationToken, ("@tag", name));

    // A dot ends a name, and '/' is the character after it: the range holds a tag and what lies below it.
    private static string Range(string column) => $"({column} = @tag OR ({column} > @tag || '.' AND {column} < @tag || '/'))";
}
