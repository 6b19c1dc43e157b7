namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>A page to read: tables of one or more schemas, and the schemas that end in it.</summary>
internal sealed record TablePage(IReadOnlyList<TableKey> Tables, IReadOnlyList<SchemaRow> Completed, CrawlCursor Cursor);

/// <summary>Cuts a database's tables into pages, before any of them is read.</summary>
internal static class TablePages
{
    /// <summary>The pages that remain.</summary>
    /// <param name="outline">What the database holds.</param>
    /// <param name="entered">Its schemas that are read, in the order of the outline.</param>
    /// <param name="from">What was read already; null for nothing.</param>
    /// <param name="size">Tables in a page. Small schemas share one; a schema without tables is completed all the same.</param>
    public static List<TablePage> Cut(DatabaseOutline outline, IReadOnlyList<SchemaRow> entered, CrawlCursor? from, int size)
    {
        var bySchema = outline.Tables.ToLookup(k => k.Schema);
        var pages = new List<TablePage>();
        var tables = new List<TableKey>();
        var completed = new List<SchemaRow>();

        foreach (var schema in entered)
        {
            if (from?.HasFinished(schema.Oid) == true) continue;
            foreach (var key in bySchema[schema.Oid])
            {
                if (from?.HasRead(key) == true) continue;

                // A full page waits for the next table, so that the end of a schema stands in the page of its last one.
                if (tables.Count == size) Flush(Here());
                tables.Add(key);
            }

            completed.Add(schema);
        }

        if (tables.Count > 0 || completed.Count > 0) Flush(CrawlCursor.AfterDatabase(outline.Oid, outline.Listed));
        return pages;

        CrawlCursor Here() => completed.Count > 0 && completed[^1].Oid >= tables[^1].Schema
            ? new CrawlCursor(outline.Oid, completed[^1].Oid, CrawlCursor.Finished, Schemas: outline.Listed)
            : new CrawlCursor(outline.Oid, tables[^1].Schema, tables[^1].Table, Schemas: outline.Listed);

        void Flush(CrawlCursor cursor)
        {
            pages.Add(new TablePage([.. tables], [.. completed], cursor));
            tables.Clear();
            completed.Clear();
        }
    }
}
