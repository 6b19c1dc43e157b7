using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sluice.Core.Catalog;
using Sluice.Platforms.Snowflake.Protocol;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>Reads one database.</summary>
internal sealed class DatabaseCrawl(CatalogReader catalog, DatabaseRow database, ObjectPath path, TagIndex tags, CrawlScope scope, SnowflakeOptions options)
{
    // Where fewer than one in so many have changed, they are asked for by their names; else all columns are read at once.
    private const int FewOf = 4;

    private readonly (Governance Governance, string? Reason) _governance = DatabaseKinds.GovernanceOf(database);
    private readonly Dictionary<string, (ObjectPath Path, IReadOnlyList<ObjectTag> Tags)> _schemas = new(StringComparer.Ordinal);

    /// <summary>The pages that remain; the last one's cursor says that the database is finished.</summary>
    /// <param name="only">The only schema wanted; null for all, which are then yielded themselves as well.</param>
    /// <param name="from">What was read already; null for nothing.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<CrawlPage> PagesAsync(
        SchemaRow? only, CrawlCursor? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var schemas = only is null ? await catalog.SchemasAsync(database.Name, null, cancellationToken) : [only];
        var at = new CrawlCursor { Database = database.Name, Schemas = ListDigest.Of(schemas.Select(s => s.Name)) };
        if (from is not null && (from.Database != database.Name || from.Schemas != at.Schemas)) from = null;
        var entered = only is not null
            ? [only.Name]
            : scope.ChildrenOnly ? [] : schemas.Select(s => s.Name).Where(s => scope.Enter(path.Child(s))).ToList();
        if (only is null && from is null)
        {
            yield return new CrawlPage
            {
                Objects = [.. schemas.Select(Found)],
                Completed = [path],
                Cursor = (at with { IsDatabaseFinished = entered.Count == 0 }).ToString(),
            };
        }

        if (entered.Count == 0) yield break;
        var isWhole = entered.Count == schemas.Count && only is null;
        var (listings, dividedTables) = await ListingsAsync(entered, isWhole, from, cancellationToken);
        var pages = TablePages.Cut(at, entered, listings, from, options.PageSize);
        var wanted = await ChangedAsync(pages.SelectMany(p => p.Tables), listings, cancellationToken);
        var isRead = wanted.ToHashSet();
        var byName = wanted.Count < listings.Values.Sum(l => l.Count) / FewOf;
        var stream = new ColumnStream(catalog, database.Name, wanted, isWhole && !byName, byName, options.SchemasAhead);
        var skipped = from is null ? null : entered.SelectMany(s => listings[s].Tables).LastOrDefault(t => from.HasRead(t.Schema, t.Name));
        (string, string)? after = skipped is null ? null : (skipped.Schema, skipped.Name);
        await using var columns = new ColumnCursor(stream.RowsAsync(after, cancellationToken).GetAsyncEnumerator(cancellationToken), wanted);
        var isTold = false;
        var hasBlank = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in pages)
        {
            var read = page.Tables.Where(isRead.Contains).ToList();
            var found = await columns.ReadAsync(read.Count);
            var blank = read.Where((_, i) => found[i].Count == 0).ToList();
            hasBlank.UnionWith(blank.Select(t => t.Schema));
            List<string> warnings = blank.Count == 0
                ? []
                : [$"In database {database.Name} {blank.Count} objects show no columns: grant REFERENCES on them to role {catalog.Statements.Role}."];
            if (!isTold && (dividedTables ?? (stream.IsDivided ? Divided("columns") : null)) is { } told)
            {
                isTold = true;
                warnings.Add(told);
            }

            yield return new CrawlPage
            {
                Objects = [.. read.Select((t, i) => Found(t, found[i]).Digested())],
                Unchanged = [.. page.Tables.Where(t => !isRead.Contains(t)).Select(PathOf)],
                UnchangedListings = [.. page.Completed.Where(IsUnchanged).Select(s => new UnchangedListing(path.Child(s), listings[s].Count - listings[s].Tables.Count))],
                Listings = [.. page.Completed.Where(s => !IsUnchanged(s)).Select(ListingOf).OfType<Listing>()],
                Completed = [.. page.Completed.Select(path.Child)],
                Cursor = page.Cursor.ToString(),
                Warnings = warnings,
            };
        }

        bool IsUnchanged(string schema) => listings[schema].IsUnchanged;

        // One whose columns are not seen is stored without a stamp, as if its listing had told none.
        Listing? ListingOf(string schema) => listings[schema].Fingerprint is { } fingerprint && !hasBlank.Contains(schema)
            ? new Listing(path.Child(schema), fingerprint, listings[schema].Count)
            : null;
    }

    /// <summary>One table, read alone.</summary>
    public async Task<DiscoveredObject?> TableAsync(string schema, string name, CancellationToken cancellationToken)
    {
        var tables = await ListAsync(schema, name, cancellationToken);
        if (tables.Count == 0) return null;
        await using var columns = new ColumnCursor(
            new ColumnStream(catalog, database.Name, tables, isWhole: false, byName: true, ahead: 1).RowsAsync(null, cancellationToken).GetAsyncEnumerator(cancellationToken), tables);
        return Found(tables[0], (await columns.ReadAsync(1))[0]);
    }

    /// <summary>The tables of which the store does not know that they are what they were when they were last read.</summary>
    private async Task<List<TableRow>> ChangedAsync(
        IEnumerable<TableRow> tables, IReadOnlyDictionary<string, SchemaListing> listings, CancellationToken cancellationToken)
    {
        var changed = new List<TableRow>();
        foreach (var schema in tables.GroupBy(t => t.Schema, StringComparer.Ordinal))
        {
            if (listings[schema.Key].IsUnchanged)
            {
                changed.AddRange(schema);
                continue;
            }

            var stamps = await scope.StampsAsync(path.Child(schema.Key), cancellationToken);
            changed.AddRange(schema.Where(t => !(stamps.TryGetValue(t.Name, out var stored) && Listed(t).ChangeStamp == stored)));
        }

        return changed;
    }

    /// <summary>What is listed of the entered schemas, and what a person should know of how they were listed.</summary>
    private async Task<(IReadOnlyDictionary<string, SchemaListing> Listings, string? Told)> ListingsAsync(
        List<string> entered, bool isWhole, CrawlCursor? from, CancellationToken cancellationToken)
    {
        var known = await scope.ListingsAsync(path, cancellationToken);
        if (isWhole)
        {
            try
            {
                // One of a schema that was made since the schemas were listed is not wanted yet: the next crawl finds both.
                var wanted = entered.ToHashSet(StringComparer.Ordinal);
                var whole = new SchemaListings(known, from, Listed, options.PageSize);
                await foreach (var tables in catalog.TablesAsync(database.Name, null, null, cancellationToken)) whole.Add(tables.Where(t => wanted.Contains(t.Schema)));
                return (whole.Finish(entered), null);
            }
            catch (PlatformException e) when (e.Code == SnowflakeCodes.TooMuchData)
            {
            }
        }

        var listings = new SchemaListings(known, from, Listed, options.PageSize);
        await Parallel.ForEachAsync(
            entered, new ParallelOptions { MaxDegreeOfParallelism = options.SchemasAhead, CancellationToken = cancellationToken },
            async (schema, token) => listings.Add(schema, await TablesAsync(schema, token)));
        return (listings.Finish(entered), isWhole ? Divided("tables") : null);
    }

    private async Task<List<TableRow>> TablesAsync(string schema, CancellationToken cancellationToken)
    {
        try
        {
            return await ListAsync(schema, null, cancellationToken);
        }
        catch (PlatformException e) when (e.Code == SnowflakeCodes.TooMuchData)
        {
            return await catalog.ShowTablesAsync(database.Name, schema, cancellationToken);
        }
    }

    private async Task<List<TableRow>> ListAsync(string schema, string? table, CancellationToken cancellationToken)
    {
        var listed = new List<TableRow>();
        await foreach (var tables in catalog.TablesAsync(database.Name, schema, table, cancellationToken)) listed.AddRange(tables);
        return listed;
    }

    private string Divided(string what) =>
        $"Database {database.Name} has more {what} than Information Schema lists at once (090030); it is read schema by schema, which is slower.";

    private DiscoveredObject Found(SchemaRow schema) => new()
    {
        Path = path.Child(schema.Name),
        Kind = ObjectKind.Schema,
        Comment = schema.Comment,
        Tags = tags.OfSchema(database.Name, schema.Name),
        TagsAreUnread = tags.Unknown is not null,
        Governance = _governance.Governance,
        GovernanceReason = _governance.Reason,
    };

    private ObjectPath PathOf(TableRow table) => Schema(table.Schema).Path.Child(table.Name);

    private (ObjectPath Path, IReadOnlyList<ObjectTag> Tags) Schema(string schema)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_schemas, schema, out var isThere);
        if (!isThere) known = (path.Child(schema), tags.OfSchema(database.Name, schema));
        return known;
    }

    // Without columns it may be one whose columns this role may not see: a grant, which alters no table, would show them.
    private DiscoveredObject Found(TableRow table, IReadOnlyList<DiscoveredColumn> columns) => Table(table, columns, isStamped: columns.Count > 0);

    private DiscoveredObject Listed(TableRow table) => Table(table, [], isStamped: true);

    private DiscoveredObject Table(TableRow table, IReadOnlyList<DiscoveredColumn> columns, bool isStamped) => new()
    {
        Path = PathOf(table),
        Kind = table.Kind,
        Comment = table.Comment,
        Columns = columns,
        Tags = tags.OfTable(Schema(table.Schema).Tags, database.Name, table.Schema, table.Name),
        TagsAreUnread = tags.Unknown is not null,
        Governance = _governance.Governance,
        GovernanceReason = _governance.Reason,

        LastChanged = isStamped ? LastChanged(table) : null,
    };

    // What another account changes in its share need not look altered here.
    private string? LastChanged(TableRow table) => _governance.Governance == Governance.Governed ? table.LastAltered : null;
}
