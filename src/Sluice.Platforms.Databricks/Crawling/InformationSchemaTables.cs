using System.Runtime.CompilerServices;
using Sluice.Core.Catalog;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>
/// Reads tables, columns and tags through the information schema. Statements grow with pages, never with tables. It has no ids, so those come from the
/// REST listing of each schema, without columns. The columns of what is as it was are not read again.
/// </summary>
internal sealed class InformationSchemaTables(ISqlEndpoint sql, UnityClient unity, TextPool pool, DatabricksOptions options) : ITableSource
{
    private const int RunsAtOnce = 2;

    private readonly int _page = Math.Min(options.TablePage, sql.MostRows);

    public async IAsyncEnumerable<TablePage> ReadAsync(
        CatalogContext catalog, IReadOnlyList<string> schemas, CrawlCursor? from, KnownStamps stamps, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = schemas.Where(s => IsAhead(s, from)).ToList();
        TableKey? after = from is { Schema: { } schema, Table: { } table, IsEnd: false } ? new TableKey(schema, table) : null;
        var ids = new TableIds(unity, catalog.Name);
        foreach (var group in left.Chunk(options.SchemasPerStatement))
        {
            var completed = 0;
            var isEnd = false;
            while (!isEnd)
            {
                var (rows, isCut) = await ReadPageAsync(catalog.Name, group, after, cancellationToken);
                isEnd = !isCut && rows.Count < _page;
                if (rows.Count == 0 && isCut) throw OutOfOrder();
                var keys = Keys(rows, group, after);
                var (objects, unchanged) = keys.Count == 0 ? ([], []) : await ObjectsAsync(catalog, rows, keys, ids, stamps, cancellationToken);

                // A full page waits for the next one: only a row of a later schema shows that one has ended.
                var ended = isEnd ? group.Length : Array.IndexOf(group, keys[^1].Schema);
                yield return new TablePage(
                    objects,
                    [.. group[completed..ended].Where(s => !ids.IsRefused(s))],
                    isEnd ? new CrawlCursor(Schema: group[^1], IsEnd: true) : new CrawlCursor(Schema: keys[^1].Schema, Table: keys[^1].Table),
                    ids.TakeWarnings()) { Unchanged = unchanged };
                completed = ended;
                after = isEnd ? null : keys[^1];
            }
        }
    }

    public async Task<DiscoveredObject?> FindAsync(CatalogContext catalog, string schema, string table, CancellationToken cancellationToken)
    {
        var key = new TableKey(schema, table);
        var (rows, _) = await sql.ReadAsync(InformationSchema.Table(catalog.Name, key), cancellationToken);
        if (rows.Count == 0) return null;
        var ids = new TableIds(unity, catalog.Name);
        var (objects, _) = await ObjectsAsync(catalog, rows, Keys(rows, [schema], null), ids, NoStamps, cancellationToken);
        return ids.IsRefused(schema) ? throw new PlatformException(PlatformFailure.AccessDenied, string.Join(' ', ids.TakeWarnings())) : objects[0];
    }

    private static bool IsAhead(string schema, CrawlCursor? from)
    {
        if (from?.Schema is null) return true;
        var order = NameOrder.Instance.Compare(schema, from.Schema);
        return order > 0 || (order == 0 && !from.IsEnd);
    }

    private Task<(List<string?[]> Rows, bool IsCut)> ReadPageAsync(string catalog, string[] schemas, TableKey? after, CancellationToken cancellationToken) =>
        sql.ReadAsync(InformationSchema.Tables(catalog, schemas, after, _page), cancellationToken);

    // What is complete is told by the order alone, so rows that are out of order must not be believed.
    private static List<TableKey> Keys(List<string?[]> rows, string[] group, TableKey? after)
    {
        var keys = new List<TableKey>(rows.Count);
        var last = after;
        foreach (var row in rows)
        {
            if (row is not [{ Length: > 0 } schema, { Length: > 0 } table, _, _, _, _] || !group.Contains(schema)) throw OutOfOrder();
            if (Quote.NameProblem(table) is not null || ObjectPath.NameProblem(table) is not null) throw OutOfOrder();
            var key = new TableKey(schema, table);
            if (last is { } before && Compare(before, key) >= 0) throw OutOfOrder();
            keys.Add(key);
            last = key;
        }

        return keys;
    }

    private static int Compare(TableKey a, TableKey b)
    {
        var order = NameOrder.Instance.Compare(a.Schema, b.Schema);
        return order != 0 ? order : NameOrder.Instance.Compare(a.Table, b.Table);
    }

    private async Task<(IReadOnlyList<DiscoveredObject> Objects, IReadOnlyList<ObjectPath> Unchanged)> ObjectsAsync(
        CatalogContext catalog, List<string?[]> rows, List<TableKey> keys, TableIds tableIds, KnownStamps stamps, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> schemas = [.. keys.Select(k => k.Schema).Distinct(StringComparer.Ordinal)];
        var tags = TagsAsync(catalog.Name, TableRange.Of(keys, 0, keys.Count - 1), cancellationToken);
        var ids = tableIds.ReadAsync(schemas, cancellationToken);
        var known = Task.WhenAll(schemas.Select(async s => KeyValuePair.Create(s, await stamps(catalog.Path.Child(s), cancellationToken))));
        await Task.WhenAll(tags, ids, known);
        var (tagsOf, stampsOf) = (await tags, (await known).ToDictionary(StringComparer.Ordinal));
        var found = new (TableEntry Entry, IReadOnlyList<ObjectTag> Tags, string? LastChanged)[keys.Count];
        var isChanged = new bool[keys.Count];
        for (var i = 0; i < found.Length; i++)
        {
            var (key, row) = (keys[i], rows[i]);
            var entry = new TableEntry(key.Table, tableIds.Of(key), TableKinds.Of(row[2], row[3]), OrNull(row[4]), []);
            IReadOnlyList<ObjectTag> own = tagsOf.TryGetValue(key, out var those) ? those : [];
            found[i] = (entry, own, ChangeStamps.LastChanged(entry.Kind, OrNull(row[5])));
            isChanged[i] = !stampsOf[key.Schema].TryGetValue(key.Table, out var stored) || Table(i).ChangeStamp != stored;
        }

        var columnsOf = await ColumnsAsync(catalog.Name, keys, ChangeStamps.Runs(isChanged), cancellationToken);
        return (
            [.. Indexes(isChanged, true).Where(IsKnown).Select(Whole)],
            [.. Indexes(isChanged, false).Where(IsKnown).Select(i => catalog.Path.Child(keys[i].Schema).Child(keys[i].Table))]);

        bool IsKnown(int index) => !tableIds.IsRefused(keys[index].Schema);

        DiscoveredObject Table(int index, IReadOnlyList<DiscoveredColumn>? columns = null) =>
            catalog.Table(keys[index].Schema, found[index].Entry with { Columns = columns ?? [] }, found[index].Tags, found[index].LastChanged);

        // Digested here, on the task that reads, and not where all pages meet.
        DiscoveredObject Whole(int index) => Table(index, columnsOf.GetValueOrDefault(keys[index])).Digested();
    }

    private static IEnumerable<int> Indexes(bool[] isChanged, bool wanted) => Enumerable.Range(0, isChanged.Length).Where(i => isChanged[i] == wanted);

    private static Task<IReadOnlyDictionary<string, UInt128>> NoStamps(ObjectPath schema, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, UInt128>>(new Dictionary<string, UInt128>());

    private async Task<Dictionary<TableKey, List<DiscoveredColumn>>> ColumnsAsync(
        string catalog, List<TableKey> keys, IReadOnlyList<(int First, int Last)> runs, CancellationToken cancellationToken)
    {
        var read = new Dictionary<TableKey, List<DiscoveredColumn>>[runs.Count];
        await Parallel.ForAsync(
            0, runs.Count, new ParallelOptions { MaxDegreeOfParallelism = RunsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => read[i] = await ColumnsAsync(catalog, TableRange.Of(keys, runs[i].First, runs[i].Last), token));
        return read is [var one] ? one : read.SelectMany(columns => columns).ToDictionary();
    }

    private async Task<Dictionary<TableKey, List<DiscoveredColumn>>> ColumnsAsync(
        string catalog, TableRange range, CancellationToken cancellationToken)
    {
        var rows = await sql.ReadAllAsync(
            (after, limit) => InformationSchema.Columns(
                catalog, range, after is null ? null : (new TableKey(Text(after, 0), Text(after, 1)), Text(after, 2)), limit),
            cancellationToken);
        var columns = new Dictionary<TableKey, List<DiscoveredColumn>>();
        foreach (var row in Wide(rows, 6))
            Of(columns, new TableKey(Text(row, 0), Text(row, 1))).Add(pool.Column(Text(row, 3), row[4] ?? "", OrNull(row[5])));
        return columns;
    }

    private async Task<Dictionary<TableKey, List<ObjectTag>>> TagsAsync(string catalog, TableRange range, CancellationToken cancellationToken)
    {
        var ofTables = sql.ReadAllAsync(
            (after, limit) => InformationSchema.TableTags(
                catalog, range, after is null ? null : (new TableKey(Text(after, 0), Text(after, 1)), Text(after, 2)), limit),
            cancellationToken);
        var ofColumns = sql.ReadAllAsync(
            (after, limit) => InformationSchema.ColumnTags(
                catalog, range, after is null ? null : (new TableKey(Text(after, 0), Text(after, 1)), Text(after, 2), Text(after, 3)), limit),
            cancellationToken);
        await Task.WhenAll(ofTables, ofColumns);
        var tags = new Dictionary<TableKey, List<ObjectTag>>();
        foreach (var row in Wide(await ofTables, 4))
            Of(tags, new TableKey(Text(row, 0), Text(row, 1))).Add(new ObjectTag(null, Text(row, 2), row[3] ?? ""));
        foreach (var row in Wide(await ofColumns, 5))
            Of(tags, new TableKey(Text(row, 0), Text(row, 1))).Add(new ObjectTag(Text(row, 2), Text(row, 3), row[4] ?? ""));
        return tags;
    }

    private static List<T> Of<T>(Dictionary<TableKey, List<T>> lists, TableKey key)
    {
        if (!lists.TryGetValue(key, out var list)) lists[key] = list = [];
        return list;
    }

    private static List<string?[]> Wide(List<string?[]> rows, int width) => rows.TrueForAll(r => r.Length == width) ? rows : throw OutOfOrder();

    private static string Text(string?[] row, int index) => index < row.Length && row[index] is { Length: > 0 } text ? text : throw OutOfOrder();

    private static string? OrNull(string? text) => text is { Length: > 0 } ? text : null;

    private static PlatformException OutOfOrder() =>
        new(PlatformFailure.Refused, "Databricks answered a read of its information schema with rows that were not asked for or are out of order; nothing is taken from them.");
}
