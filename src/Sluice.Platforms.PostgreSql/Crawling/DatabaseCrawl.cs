using System.Runtime.CompilerServices;
using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>Reads one database.</summary>
internal sealed class DatabaseCrawl(DatabaseConnection database, ObjectPath path, CrawlScope scope, string account, int pageSize)
{
    private readonly FoundTable _found = new(account, database.ServerVersion);

    /// <summary>The pages that remain; the last one has the cursor <see cref="CrawlCursor.AfterDatabase"/>.</summary>
    /// <param name="outline">What the database holds.</param>
    /// <param name="from">What was read already; null for nothing.</param>
    /// <param name="withSchemas">Whether the schemas themselves are wanted, not only what is in them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<CrawlPage> PagesAsync(
        DatabaseOutline outline, CrawlCursor? from, bool withSchemas, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entered = withSchemas
            ? scope.ChildrenOnly ? [] : outline.Schemas.Where(s => scope.Enter(path.Child(s.Name))).ToList()
            : outline.Schemas;
        var pages = TablePages.Cut(outline, entered, from, pageSize);
        if (withSchemas && from is null)
        {
            var cursor = pages.Count == 0
                ? CrawlCursor.AfterDatabase(outline.Oid, outline.Listed)
                : CrawlCursor.AfterSchemas(outline.Oid, outline.Listed);
            yield return new CrawlPage { Objects = [.. outline.Schemas.Select(Found)], Completed = [path], Cursor = cursor.ToString() };
        }

        var schemas = entered.ToDictionary(s => s.Oid, s => path.Child(s.Name));
        foreach (var page in pages)
        {
            var tables = page.Tables.Count == 0 ? [] : await CatalogReader.TablesAsync(database, page.Tables, cancellationToken);
            var planned = page.Tables.ToDictionary(k => k.Table, k => k.Schema);
            var moved = tables.Count(t => planned[t.Oid] != t.Schema);
            yield return new CrawlPage
            {
                Objects = [.. tables.Where(t => planned[t.Oid] == t.Schema).Select(t => _found.At(schemas[t.Schema].Child(t.Name), t))],
                Completed = [.. page.Completed.Select(s => schemas[s.Oid])],
                Cursor = page.Cursor.ToString(),
                Warnings = moved == 0
                    ? []
                    : [$"In database {database.Name} {moved} tables moved to another schema while it was read; the next crawl finds them."],
            };
        }
    }

    private DiscoveredObject Found(SchemaRow schema) => new()
    {
        Path = path.Child(schema.Name),
        Kind = ObjectKind.Schema,
        NativeId = $"{schema.Oid}",
        Comment = schema.Comment,
    };
}
