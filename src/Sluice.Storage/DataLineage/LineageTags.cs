using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;
using Sluice.Core.Planning;
using Sluice.Storage.Audit;
using Sluice.Storage.Bulk;
using Sluice.Storage.Catalog;
using Sluice.Storage.Databases;

namespace Sluice.Storage.DataLineage;

/// <summary>A row of the tags that lineage carries.</summary>
internal readonly record struct CarriedRow(long ObjectId, string Column, string Tag, string OriginPath, string OriginColumn);

/// <summary>Reads the tags that were given, and writes those that lineage makes of them.</summary>
internal static class LineageTags
{
    private const int Together = 5000;
    private const int KindOfEdge = 200;

    private static readonly ObjectPath Nowhere = new("\uFFFD");

    private static readonly BulkTable<CarriedRow> Table = new(
        "lineage_tags",
        ["object_id", "column_name", "tag", "origin_path", "origin_column"],
        static (writer, row) =>
        {
            writer.Write((long?)row.ObjectId);
            writer.Write(row.Column);
            writer.Write(row.Tag);
            writer.Write(row.OriginPath);
            writer.Write(row.OriginColumn);
        });

    /// <summary>What is carried to objects; the column is empty for the object itself.</summary>
    public static Task<List<CarriedRow>> OfAsync(SluiceContext context, IEnumerable<long> ids, CancellationToken cancellationToken) =>
        context.QueryAsync(
            $"SELECT object_id, column_name, tag, origin_path, origin_column FROM lineage_tags WHERE object_id {context.Dialect.In("@ids")}",
            static row => new CarriedRow(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)), cancellationToken,
            ("@ids", context.Dialect.List(ids)));

    /// <summary>The ids of a connection's objects, by path, with those above each.</summary>
    public static async Task<Dictionary<ObjectPath, (long Id, IReadOnlyList<long> Above)>> ObjectsAsync(SluiceContext context, Guid connectionId, CancellationToken cancellationToken)
    {
        var rows = await context.QueryAsync(
            $"""
            SELECT o.id, o.name, p1.name, p2.name, p3.name, p1.id, p2.id, p3.id FROM data_objects o {ObjectSql.Above}
            WHERE o.connection_id = @connection AND NOT o.hidden AND {ObjectSql.IsReadable}
            """,
            static row => (
                Path: ObjectSql.Path(row.GetString(1), row.Text(2), row.Text(3), row.Text(4)), Id: row.GetInt64(0),
                Above: (IReadOnlyList<long>)[.. new[] { 5, 6, 7 }.Where(i => !row.IsDBNull(i)).Select(row.GetInt64)]),
            cancellationToken, ("@connection", connectionId));
        var objects = new Dictionary<ObjectPath, (long, IReadOnlyList<long>)>();
        foreach (var (path, id, above) in rows) objects[path] = (id, above);
        return objects;
    }

    /// <summary>The tags that objects have for another reason than lineage, those that vanished included.</summary>
    public static async Task<ILookup<long, (string? Column, string Tag)>> GivenAsync(SluiceContext context, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var given = new List<(long Id, string? Column, string Tag)>();
        foreach (var some in ids.Chunk(Together))
        {
            given.AddRange(await context.QueryAsync(
                $"""
                SELECT object_id, column_name, name FROM object_tags WHERE object_id {context.Dialect.In("@ids")}
                UNION SELECT object_id, column_name, tag FROM assigned_tags WHERE object_id {context.Dialect.In("@ids")}
                UNION SELECT object_id, column_name, tag FROM vanished_tags WHERE object_id {context.Dialect.In("@ids")}
                """,
                static row => (row.GetInt64(0), row.Text(1) is { Length: > 0 } column ? column : null, row.GetString(2)), cancellationToken, ("@ids", context.Dialect.List(some))));
        }

        return given.ToLookup(static g => g.Id, static g => (g.Column, g.Tag));
    }

    /// <summary>Makes what is stored of a connection what is wanted.</summary>
    /// <returns>Whether anything changed.</returns>
    public static async Task<bool> ReplaceAsync(SluiceContext context, Guid connectionId, IReadOnlySet<CarriedRow> wanted, CancellationToken cancellationToken)
    {
        const string Of = "object_id IN (SELECT id FROM data_objects WHERE connection_id = @connection)";
        var stored = (await context.QueryAsync(
            $"SELECT object_id, column_name, tag, origin_path, origin_column FROM lineage_tags WHERE {Of}",
            static row => new CarriedRow(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)), cancellationToken, ("@connection", connectionId))).ToHashSet();
        if (stored.SetEquals(wanted)) return false;
        await context.ExecuteAsync($"DELETE FROM lineage_tags WHERE {Of}", cancellationToken, ("@connection", connectionId));
        await context.Dialect.Rows.InsertAsync(context, Table, wanted, cancellationToken);
        return true;
    }

    /// <summary>A place as its columns hold it.</summary>
    public static (string Path, string Column) Text(LineagePoint point) => (AuditRows.PathText(point.Object), StorableText.Of(point.Column) ?? "");

    /// <summary>The id of an edge between places.</summary>
    public static Guid IdOf((string Path, string Column) from, (string Path, string Column) to) => FactId.Of(KindOfEdge, from.Path, from.Column, to.Path, to.Column);

    /// <summary>A place from its columns. A path that somebody edited to none leads nowhere.</summary>
    public static LineagePoint Point(string path, string column) => new(ObjectPath.FromJson(path, out _) ?? Nowhere, column.Length == 0 ? null : column);
}
