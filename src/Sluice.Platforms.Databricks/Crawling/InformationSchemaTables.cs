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
    // More of a schema that is as it was are not read beside the listing: then it is worth no more than the stamps.
    private const int MostAlwaysRead = 1000;

    private readonly int _rows = Math.Min(options.TablesListed, sql.MostRows);

    public async IAsyncEnumerable<TablePage> ReadAsync(
        CatalogContext catalog, IReadOnlyList<string> schemas, CrawlCursor? from, CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = schemas.Where(s => IsAhead(s, from)).ToList();
        TableKey? last = from is { Schema: { } schema, Table: { } table, IsEnd: false } ? new TableKey(schema, table) : null;
        var crawl = new CatalogCrawl(catalog, new TableIds(unity, catalog.Name), scope, await scope.ListingsAsync(catalog.Path, cancellationToken)) { Begun = last?.Schema };
        foreach (var group in left.Chunk(options.SchemasPerStatement))
        {
            var (listed, completed, isEnd) = (new ListedTables([], []), 0, false);
            while (!isEnd)
            {
                while (!isEnd && listed.Keys.Count < options.TablesListed)
                {
                    var (rows, isCut) = await sql.ReadAsync(InformationSchema.Tables(catalog.Name, group, last, _rows), cancellationToken);
                    isEnd = !isCut && rows.Count < _rows;
                    if (rows.Count == 0 && isCut) throw OutOfOrder();
                    listed.Add(rows, Keys(rows, group, last));
                    if (rows.Count > 0) last = listed.Keys[^1];
                }

                // The last schema of a full listing waits for the rest of it, or, larger than a listing, is read in parts.
                var count = isEnd ? listed.Keys.Count : listed.StartOfLastSchema() is > 0 and var start ? start : listed.Keys.Count;
                var ended = isEnd ? group.Length : Array.IndexOf(group, listed.Keys[Math.Min(count, listed.Keys.Count - 1)].Schema);
                var (part, rest) = listed.SplitAt(count);
                var of = await SchemasAsync(crawl, part, group[completed..ended], ended < group.Length ? group[ended] : null, cancellationToken);
                await foreach (var page in PagesAsync(crawl, part, of, cancellationToken)) yield return page;
                (listed, completed) = (rest, ended);
            }

            last = null;
        }
    }

    public async Task<DiscoveredObject?> FindAsync(CatalogContext catalog, string schema, string table, CancellationToken cancellationToken)
    {
        var key = new TableKey(schema, table);
        var (rows, _) = await sql.ReadAsync(InformationSchema.Table(catalog.Name, key), cancellationToken);
        if (rows.Count == 0) return null;
        var listed = new ListedTables(rows, Keys(rows, [schema], null));
        var crawl = new CatalogCrawl(catalog, new TableIds(unity, catalog.Name), new CrawlScope { Container = catalog.Path }, new Dictionary<string, UInt128>());
        var of = await SchemasAsync(crawl, listed, [schema], null, cancellationToken);
        if (crawl.Ids.IsRefused(schema)) throw new PlatformException(PlatformFailure.AccessDenied, string.Join(' ', crawl.Ids.TakeWarnings()));
        await foreach (var page in PagesAsync(crawl, listed, of, cancellationToken)) return page.Objects[0];
        return null;
    }

    private static bool IsAhead(string schema, CrawlCursor? from)
    {
        if (from?.Schema is null) return true;
        var order = NameOrder.Instance.Compare(schema, from.Schema);
        return order > 0 || (order == 0 && !from.IsEnd);
    }

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

    /// <summary>Finds out what of a listing must be read, and makes its tables, without their columns.</summary>
    /// <param name="crawl">What is read.</param>
    /// <param name="listing">The listing.</param>
    /// <param name="ended">The schemas that end with it, in order.</param>
    /// <param name="begun">The schema that it ends in the middle of; null for none, or when nothing of that schema is in it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    private async Task<List<ListedSchema>> SchemasAsync(
        CatalogCrawl crawl, ListedTables listing, IReadOnlyList<string> ended, string? begun, CancellationToken cancellationToken)
    {
        var (catalog, keys) = (crawl.Catalog, listing.Keys);
        var tags = keys.Count == 0 ? [] : await TagsAsync(catalog.Name, TableRange.Of(keys, 0, keys.Count - 1), cancellationToken);
        foreach (var (key, row) in keys.Zip(listing.Rows))
        {
            var entry = new TableEntry(key.Table, null, TableKinds.Of(row[2], row[3]), OrNull(row[4]), []);
            listing.Tables.Add(new ListedTable(entry, tags.TryGetValue(key, out var own) ? own : [], ChangeStamps.LastChanged(entry.Kind, OrNull(row[5])), OrNull(row[5])));
        }

        var schemas = new List<ListedSchema>();
        var at = 0;
        foreach (var name in ended) Add(name, isEnd: true);
        if (begun is not null && at < keys.Count) Add(begun, isEnd: false);
        var changed = schemas.Where(s => !s.IsUnchanged && s.Count > 0).Select(s => s.Name).ToList();
        var known = Task.WhenAll(changed.Select(async s => KeyValuePair.Create(s, await crawl.Scope.StampsAsync(catalog.Path.Child(s), cancellationToken))));
        await Task.WhenAll(known, crawl.Ids.ReadAsync(changed, cancellationToken));
        var stamps = (await known).ToDictionary(StringComparer.Ordinal);
        return schemas.ConvertAll(s => s.IsUnchanged || s.Count == 0 ? s : Compared(s));

        void Add(string name, bool isEnd)
        {
            var first = at;
            while (at < keys.Count && keys[at].Schema == name) at++;
            var schema = new ListedSchema(name, first, at - first, isEnd);
            schemas.Add(isEnd && crawl.Begun != name ? Recognised(crawl, listing, schema) : schema);
            crawl.Begun = isEnd ? null : name;
        }

        ListedSchema Compared(ListedSchema schema)
        {
            if (crawl.Ids.IsRefused(schema.Name)) return schema with { IsRefused = true };
            var read = new List<int>();
            var hasIds = true;
            foreach (var i in Enumerable.Range(schema.First, schema.Count))
            {
                var id = crawl.Ids.Of(keys[i]);
                hasIds &= id is not null;
                var table = listing.Tables[i] = listing.Tables[i] with { Entry = listing.Tables[i].Entry with { Id = id } };
                if (!stamps[schema.Name].TryGetValue(keys[i].Table, out var stored) || table.In(catalog, schema.Name).ChangeStamp != stored) read.Add(i);
            }

            return schema with { Read = read, Fingerprint = hasIds ? schema.Fingerprint : null };
        }
    }

    // What replaces a table or takes its name is altered later than the table was, so the same listing is of the same tables.
    private static ListedSchema Recognised(CatalogCrawl crawl, ListedTables listing, ListedSchema schema)
    {
        using var fingerprint = new ListingFingerprint();
        var always = new List<int>();
        foreach (var i in Enumerable.Range(schema.First, schema.Count))
        {
            var table = listing.Tables[i];
            if (table.LastAltered is null) return schema;
            fingerprint.Add(table.In(crawl.Catalog, schema.Name), table.LastAltered);
            if (table.LastChanged is null) always.Add(i);
        }

        var digest = fingerprint.Finish();
        var isKnown = crawl.Listings.TryGetValue(schema.Name, out var stored) && stored == digest && always.Count <= MostAlwaysRead;
        return schema with { Fingerprint = digest, IsUnchanged = isKnown, Read = isKnown ? always : [] };
    }

    private async IAsyncEnumerable<TablePage> PagesAsync(
        CatalogCrawl crawl, ListedTables listing, IReadOnlyList<ListedSchema> schemas, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isUnchanged = schemas.Where(s => s.IsUnchanged).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var plan in PagePlan.Cut(schemas, listing.Keys)) yield return await PageAsync(crawl, listing, plan, isUnchanged, cancellationToken);
    }

    private async Task<TablePage> PageAsync(CatalogCrawl crawl, ListedTables listing, PagePlan plan, HashSet<string> isUnchanged, CancellationToken cancellationToken)
    {
        var (catalog, keys) = (crawl.Catalog, listing.Keys);
        var columns = plan.Read.Count == 0 ? [] : await ColumnsAsync(catalog.Name, keys, plan, cancellationToken);
        return new TablePage(
            [.. plan.Read.Select(Whole)],
            [.. plan.Completed.Where(s => !s.IsRefused).Select(s => s.Name)],
            plan.At,
            crawl.Ids.TakeWarnings())
        {
            Unchanged = [.. plan.Unchanged.Select(i => catalog.Path.Child(keys[i].Schema).Child(keys[i].Table))],
            UnchangedListings = [.. plan.Completed.Where(s => s.IsUnchanged).Select(s => new UnchangedListing(catalog.Path.Child(s.Name), s.Count - s.Read.Count))],
            Listings =
            [
                .. plan.Completed.Where(s => s is { IsUnchanged: false, IsRefused: false, Fingerprint: not null })
                    .Select(s => new Listing(catalog.Path.Child(s.Name), s.Fingerprint!.Value, s.Count)),
            ],
        };

        // Digested here, on the task that reads, and not where all pages meet.
        DiscoveredObject Whole(int i) =>
            listing.Tables[i].In(catalog, keys[i].Schema, columns.GetValueOrDefault(keys[i]) ?? [], isUnchanged.Contains(keys[i].Schema)).Digested();
    }

    private async Task<Dictionary<TableKey, List<DiscoveredColumn>>> ColumnsAsync(
        string catalog, IReadOnlyList<TableKey> keys, PagePlan plan, CancellationToken cancellationToken)
    {
        var tables = plan.IsSparse
            ? InformationSchema.Named([.. plan.Read.Select(i => keys[i])])
            : InformationSchema.Between(TableRange.Of(keys, plan.Read[0], plan.Read[^1]));
        var rows = await sql.ReadAllAsync(
            (after, limit) => InformationSchema.Columns(
                catalog, tables, after is null ? null : (new TableKey(Text(after, 0), Text(after, 1)), Text(after, 2)), limit),
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

    /// <summary>What the reading of a catalog shares.</summary>
    private sealed record CatalogCrawl(CatalogContext Catalog, TableIds Ids, CrawlScope Scope, IReadOnlyDictionary<string, UInt128> Listings)
    {
        /// <summary>The schema of which an earlier listing, or an earlier run, had a part.</summary>
        public string? Begun { get; set; }
    }

    /// <summary>Tables as they were listed, in order.</summary>
    private sealed record ListedTables(List<string?[]> Rows, List<TableKey> Keys)
    {
        public List<ListedTable> Tables { get; } = [];

        public void Add(List<string?[]> rows, List<TableKey> keys)
        {
            Rows.AddRange(rows);
            Keys.AddRange(keys);
        }

        public int StartOfLastSchema() => Keys.FindLastIndex(k => k.Schema != Keys[^1].Schema) + 1;

        public (ListedTables Part, ListedTables Left) SplitAt(int count) => count == Keys.Count
            ? (this, new ListedTables([], []))
            : (new ListedTables(Rows[..count], Keys[..count]), new ListedTables(Rows[count..], Keys[count..]));
    }

    private sealed record ListedTable(TableEntry Entry, IReadOnlyList<ObjectTag> Tags, string? LastChanged, string? LastAltered)
    {
        public DiscoveredObject In(CatalogContext catalog, string schema, IReadOnlyList<DiscoveredColumn>? columns = null, bool idIsUnread = false) =>
            catalog.Table(schema, Entry with { Columns = columns ?? [] }, Tags, LastChanged, idIsUnread);
    }
}
