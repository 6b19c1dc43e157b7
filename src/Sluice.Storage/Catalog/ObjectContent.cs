using System.Data.Common;
using Sluice.Core.Catalog;
using Sluice.Storage.Bulk;
using Sluice.Storage.Databases;

namespace Sluice.Storage.Catalog;

/// <summary>The columns and tags of objects.</summary>
internal static class ObjectContent
{
    private const string Platform = "platform";

    private static readonly BulkTable<(long ObjectId, int Position, DiscoveredColumn Column, bool IsNew)> ColumnTable = new(
        "data_columns",
        ["object_id", "position", "name", "type", "native_id", "comment", "is_partition_key", "discovered_new"],
        static (writer, row) =>
        {
            writer.Write((long?)row.ObjectId);
            writer.Write(row.Position);
            writer.Write(StorableText.Of(row.Column.Name));
            writer.Write(StorableText.Of(row.Column.Type));
            writer.Write(StorableText.Of(row.Column.NativeId));
            writer.Write(StorableText.Of(row.Column.Comment));
            writer.Write((bool?)row.Column.IsPartitionKey);
            writer.Write((bool?)row.IsNew);
        });

    private static readonly BulkTable<(long ObjectId, int Position, ObjectTag Tag)> TagTable = new(
        "object_tags",
        ["object_id", "position", "column_name", "name", "key", "value", "inherited", "source"],
        static (writer, row) =>
        {
            writer.Write((long?)row.ObjectId);
            writer.Write(row.Position);
            writer.Write(StorableText.Of(row.Tag.Column));
            writer.Write(StorableText.Of(row.Tag.Name));
            writer.Write(StorableText.Of(row.Tag.Key));
            writer.Write(StorableText.Of(row.Tag.Value));
            writer.Write((bool?)row.Tag.Inherited);
            writer.Write(Platform);
        });

    /// <summary>The stored columns by object, in order.</summary>
    public static async Task<ILookup<long, StoredColumn>> ColumnsAsync(SluiceContext context, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(
            $"""
            SELECT object_id, position, name, type, native_id, comment, is_partition_key, discovered_new
            FROM data_columns WHERE object_id {context.Dialect.In("@ids")} ORDER BY object_id, position
            """,
            row => (Id: row.GetInt64(0), Stored: new StoredColumn(
                row.GetInt32(1), new DiscoveredColumn(row.GetString(2), row.GetString(3), row.Text(4), row.Text(5), row.GetBoolean(6)), row.GetBoolean(7))),
            cancellationToken, ("@ids", context.Dialect.List(ids)));
        return rows.ToLookup(r => r.Id, r => r.Stored);
    }

    /// <summary>The stored tags by object, in the order they were found.</summary>
    public static async Task<ILookup<long, ObjectTag>> TagsAsync(SluiceContext context, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(
            $"""
            SELECT object_id, column_name, key, value, inherited
            FROM object_tags WHERE object_id {context.Dialect.In("@ids")} ORDER BY object_id, position
            """,
            ReadTag, cancellationToken, ("@ids", context.Dialect.List(ids)));
        return rows.ToLookup(r => r.Id, r => r.Tag);
    }

    /// <summary>The stored tags of a container's children, in the order they were found.</summary>
    public static async Task<ILookup<long, ObjectTag>> TagsOfChildrenAsync(SluiceContext context, long containerId, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(
            """
            SELECT t.object_id, t.column_name, t.key, t.value, t.inherited
            FROM data_objects o JOIN object_tags t ON t.object_id = o.id WHERE o.parent_id = @parent ORDER BY t.object_id, t.position
            """,
            ReadTag, cancellationToken, ("@parent", containerId));
        return rows.ToLookup(r => r.Id, r => r.Tag);
    }

    /// <summary>Writes the columns and tags of new objects. The new object carries <c>Discovered.New</c>, so its columns need not.</summary>
    public static async Task AddAsync(SluiceContext context, IReadOnlyCollection<(long Id, DiscoveredObject Found)> objects, CancellationToken cancellationToken)
    {
        await context.Dialect.Rows.InsertAsync(context, ColumnTable, Columns(), cancellationToken);
        await context.Dialect.Rows.InsertAsync(context, TagTable, Tags(), cancellationToken);

        IEnumerable<(long, int, DiscoveredColumn, bool)> Columns()
        {
            foreach (var (id, found) in objects)
                for (var i = 0; i < found.Columns.Count; i++) yield return (id, i, found.Columns[i], false);
        }

        IEnumerable<(long, int, ObjectTag)> Tags()
        {
            foreach (var (id, found) in objects)
                for (var i = 0; i < found.Tags.Count; i++) yield return (id, i, found.Tags[i]);
        }
    }

    /// <summary>Replaces the columns and tags of stored objects where they differ.</summary>
    /// <returns>What the objects lost in tags, and what they have now.</returns>
    public static async Task<IReadOnlyList<TagLoss>> ReplaceAsync(SluiceContext context, IReadOnlyCollection<(long Id, DiscoveredObject Found)> objects, CancellationToken cancellationToken)
    {
        var ids = objects.Select(o => o.Id).ToArray();
        var storedColumns = await ColumnsAsync(context, ids, cancellationToken);
        var storedTags = await TagsAsync(context, ids, cancellationToken);
        var columns = new List<(long, int, DiscoveredColumn, bool)>();
        var tags = new List<(long, int, ObjectTag)>();
        var emptyColumns = new List<long>();
        var emptyTags = new List<long>();
        var lost = new List<TagLoss>();
        var renamed = new List<(long ObjectId, string From, string To)>();
        foreach (var (id, found) in objects)
        {
            var before = storedColumns[id].ToList();
            var merge = ColumnMerge.Of([.. before.Select(c => c.Column)], found.Columns);
            var newNames = merge.Renamed.ToDictionary(r => r.Value, r => r.Key, StringComparer.Ordinal);
            renamed.AddRange(newNames.Select(r => (id, r.Key, r.Value)));
            if (!before.Select(c => c.Column).SequenceEqual(found.Columns))
            {
                emptyColumns.Add(id);
                columns.AddRange(Merge(merge, before, found.Columns).Select(c => (id, c.Position, c.Column, c.IsDiscoveredNew)));
            }

            if (!storedTags[id].SequenceEqual(found.Tags))
            {
                emptyTags.Add(id);
                lost.Add(TagLoss.Between(id, storedTags[id].Select(t => t.Column is { } c && newNames.TryGetValue(c, out var now) ? t with { Column = now } : t), found.Tags));
                tags.AddRange(found.Tags.Select((tag, i) => (id, i, tag)));
            }
        }

        await DeleteAsync(context, "data_columns", emptyColumns, cancellationToken);
        await DeleteAsync(context, "object_tags", emptyTags, cancellationToken);
        await context.Dialect.Rows.InsertAsync(context, ColumnTable, columns, cancellationToken);
        await context.Dialect.Rows.InsertAsync(context, TagTable, tags, cancellationToken);
        await RenameAsync(context, renamed, cancellationToken);
        return lost;
    }

    // What was given to a column, and what it lost and is kept, goes with it. All names are free before any is taken, so that two may swap.
    private static async Task RenameAsync(SluiceContext context, List<(long ObjectId, string From, string To)> renamed, CancellationToken cancellationToken)
    {
        foreach (var (table, others) in new[] { ("assigned_tags", "assigned_at, assigned_by_id, assigned_by_name"), ("vanished_tags", "vanished_at") })
        {
            var kept = new List<(long ObjectId, string To, object[] Row)>();
            foreach (var (id, from, to) in renamed)
            {
                (string, object?)[] place = [("@id", id), ("@from", StorableText.Of(from))];
                var rows = await context.QueryAsync(
                    $"SELECT tag, {others} FROM {table} WHERE object_id = @id AND column_name = @from", static row =>
                    {
                        var values = new object[row.FieldCount];
                        row.GetValues(values);
                        return values;
                    }, cancellationToken, place);
                kept.AddRange(rows.Select(row => (id, StorableText.Of(to), row)));
                if (rows.Count > 0) await context.ExecuteAsync($"DELETE FROM {table} WHERE object_id = @id AND column_name = @from", cancellationToken, place);
            }

            foreach (var (id, to, row) in kept)
            {
                var values = row.Select((value, i) => ($"@v{i}", (object?)value)).Prepend(("@to", to)).Prepend(("@id", id)).ToArray();
                await context.ExecuteAsync(
                    $"INSERT INTO {table} (object_id, column_name, tag, {others}) VALUES (@id, @to, {string.Join(", ", row.Select((_, i) => $"@v{i}"))}) ON CONFLICT DO NOTHING",
                    cancellationToken, values);
            }
        }
    }

    /// <summary>New and retyped columns carry <c>Discovered.New</c>; the others keep what they had, under another name too.</summary>
    private static IEnumerable<StoredColumn> Merge(ColumnMerge merge, IReadOnlyList<StoredColumn> stored, IReadOnlyList<DiscoveredColumn> found)
    {
        var fresh = merge.New.ToHashSet(StringComparer.Ordinal);
        var carried = stored.Where(c => c.IsDiscoveredNew).Select(c => c.Column.Name).ToHashSet(StringComparer.Ordinal);
        return found.Select((column, i) => new StoredColumn(
            i, column, fresh.Contains(column.Name) || carried.Contains(merge.Renamed.GetValueOrDefault(column.Name, column.Name))));
    }

    private static (long Id, ObjectTag Tag) ReadTag(DbDataReader row) =>
        (row.GetInt64(0), new ObjectTag(row.Text(1), row.GetString(2), row.GetString(3), row.GetBoolean(4)));

    private static async Task DeleteAsync(SluiceContext context, string table, List<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return;
        await context.ExecuteAsync(
            $"DELETE FROM {table} WHERE object_id {context.Dialect.In("@ids")}", cancellationToken, ("@ids", context.Dialect.List(ids)));
    }
}
