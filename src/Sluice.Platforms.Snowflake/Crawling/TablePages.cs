namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>A page to read: tables of one or more schemas, and the schemas that end in it.</summary>
internal sealed record TablePage(IReadOnlyList<TableRow> Tables, IReadOnlyList<string> Completed, CrawlCursor Cursor);

/// <summary>Cuts a database's tables into pages, before the columns of any are read.</summary>
internal static class TablePages
{
    /// <summary>The pages that remain.</summary>
    /// <param name="at">The cursor's part that stays the same: the database and the digest of its schemas.</param>
    /// <param name="schemas">The schemas that are read, in order.</param>
    /// <param name="listings">The tables of each.</param>
    /// <param name="from">What was read already; null for nothing.</param>
    /// <param name="size">
    /// Tables in a page. Small schemas share one; a schema without tables is completed all the same. One that is as it was is not cut: of it only the tables
    /// that are always read are in the page.
    /// </param>
    public static List<TablePage> Cut(
        CrawlCursor at, IReadOnlyList<string> schemas, IReadOnlyDictionary<string, SchemaListing> listings, CrawlCursor? from, int size)
    {
        var pages = new List<TablePage>();
        var page = new List<TableRow>();
        var completed = new List<string>();
        foreach (var schema in schemas)
        {
            if (from?.HasFinished(schema) == true) continue;
            var listing = listings[schema];
            if (listing.IsUnchanged)
            {
                if (page.Count > 0 && page.Count + listing.Tables.Count > size) Flush(Here());
                page.AddRange(listing.Tables);
            }
            else
            {
                foreach (var table in listing.Tables)
                {
                    if (from?.HasRead(schema, table.Name) == true) continue;

                    // A full page waits for the next table, so that the end of a schema stands in the page of its last one.
                    if (page.Count >= size) Flush(Here());
                    page.Add(table);
                }
            }

            completed.Add(schema);
        }

        if (page.Count > 0 || completed.Count > 0) Flush(at with { IsDatabaseFinished = true });
        return pages;

        CrawlCursor Here() => completed.Count > 0 && Utf8Order.Instance.Compare(completed[^1], page[^1].Schema) >= 0
            ? at with { Schema = completed[^1] }
            : at with { Schema = page[^1].Schema, Table = page[^1].Name };

        void Flush(CrawlCursor cursor)
        {
            pages.Add(new TablePage([.. page], [.. completed], cursor));
            page.Clear();
            completed.Clear();
        }
    }
}
