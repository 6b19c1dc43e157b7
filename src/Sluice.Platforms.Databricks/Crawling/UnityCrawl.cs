using System.Runtime.CompilerServices;
using Sluice.Core.Catalog;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>Crawls a scope: connection &gt; catalogs &gt; schemas &gt; tables.</summary>
internal sealed class UnityCrawl(UnityCatalogs catalogs, DatabricksOptions options)
{
    /// <summary>The pages of a scope; the last one has no cursor.</summary>
    public IAsyncEnumerable<CrawlPage> ReadAsync(CrawlScope scope, CancellationToken cancellationToken) => scope.Container.Depth switch
    {
        0 => ConnectionAsync(scope, cancellationToken),
        1 => CatalogAsync(scope, cancellationToken),
        2 => SchemaAsync(scope, cancellationToken),
        _ => TableAsync(scope, cancellationToken),
    };

    private async IAsyncEnumerable<CrawlPage> ConnectionAsync(CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listed = await catalogs.ListAsync(cancellationToken);
        var digest = ListDigest.Of(listed.SelectMany(c => new[] { c.Name, c.Id ?? "" }));
        var from = CrawlCursor.Parse(scope.Cursor) is { } cursor && cursor.Catalogs == digest ? cursor : null;
        if (from is null)
        {
            yield return new CrawlPage
            {
                Objects = await Task.WhenAll(listed.Select(c => FoundAsync(scope.Container, c, cancellationToken))),
                Completed = [scope.Container],
                Cursor = scope.ChildrenOnly ? null : new CrawlCursor(digest, "").ToString(),
                Warnings = [UnityCatalogs.LeftOutSaid, .. await WarningsAsync(cancellationToken)],
            };
        }

        if (scope.ChildrenOnly)
        {
            if (from is not null) yield return new CrawlPage { Objects = [] };
            yield break;
        }

        // Asked only now: what was just yielded may decide what is entered.
        var entered = listed.Where(c => IsAhead(c.Name, from) && scope.Enter(scope.Container.Child(c.Name))).ToList();
        if (entered.Count == 0) yield return new CrawlPage { Objects = [] };
        foreach (var catalog in entered)
        {
            var isLast = catalog == entered[^1];
            await using var pages = PagesAsync(scope, scope.Container.Child(catalog.Name), from?.Catalog == catalog.Name ? from : null, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(pages, catalog.Name) is { } page)
            {
                var at = CrawlCursor.Parse(page.Cursor) ?? new CrawlCursor(IsEnd: true);
                var isEnd = page.Cursor is null;
                yield return page with { Cursor = isEnd && isLast ? null : (at with { Catalogs = digest, Catalog = catalog.Name }).ToString() };
                if (isEnd) break;
            }
        }
    }

    private static bool IsAhead(string catalog, CrawlCursor? from)
    {
        if (from?.Catalog is null or "") return true;
        var order = NameOrder.Instance.Compare(catalog, from.Catalog);
        return order > 0 || (order == 0 && (from.Schema is not null || !from.IsEnd));
    }

    /// <summary>
    /// One catalog that can't be read does not keep the others from it: it is a warning, and nothing in it is completed. What can pass ends the crawl,
    /// which goes on at its cursor later; so do credentials that no catalog would take.
    /// </summary>
    private static async Task<CrawlPage?> NextAsync(IAsyncEnumerator<CrawlPage> pages, string catalog)
    {
        try
        {
            return await pages.MoveNextAsync() ? pages.Current : null;
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound or PlatformFailure.Refused)
        {
            return new CrawlPage { Objects = [], Warnings = [$"Catalog {catalog} is not read to its end: {e.Message}"] };
        }
    }

    private async IAsyncEnumerable<CrawlPage> CatalogAsync(CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var warnings = await WarningsAsync(cancellationToken);
        await foreach (var page in PagesAsync(scope, scope.Container, CrawlCursor.Parse(scope.Cursor), cancellationToken))
        {
            yield return warnings.Count == 0 ? page : page with { Warnings = [.. warnings, .. page.Warnings] };
            warnings = [];
        }
    }

    /// <summary>The pages of a catalog.</summary>
    private async IAsyncEnumerable<CrawlPage> PagesAsync(
        CrawlScope scope, ObjectPath path, CrawlCursor? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var schemas = await catalogs.SchemasAsync(path.Name, cancellationToken);
        if (schemas.Count == 0 && await catalogs.WhyNotEmptyAsync(path.Name, cancellationToken) is { } why)
        {
            yield return new CrawlPage { Objects = [], Warnings = [$"Catalog {path.Name} shows no schema, and that it has none is not proven: nothing in it is taken for gone. {why}"] };
            yield break;
        }

        var digest = ListDigest.Of(schemas.SelectMany(s => new[] { s.Name, s.Id ?? "" }));
        if (from?.Schemas != digest) from = null;
        var context = new CatalogContext(path, await catalogs.TagsAsync(path.Name, withSchemas: true, cancellationToken));
        if (from is null)
        {
            yield return new CrawlPage
            {
                Objects = [.. schemas.Select(context.Schema)],
                Completed = [path],
                Cursor = scope.ChildrenOnly ? null : new CrawlCursor(Schemas: digest).ToString(),
            };
        }

        if (scope.ChildrenOnly)
        {
            if (from is not null) yield return new CrawlPage { Objects = [] };
            yield break;
        }

        var entered = schemas.Select(s => s.Name).Where(s => scope.Enter(path.Child(s))).ToList();
        await foreach (var page in TablesAsync(scope, context, entered, from, cancellationToken))
            yield return page.Cursor is null ? page : page with { Cursor = (CrawlCursor.Parse(page.Cursor)! with { Schemas = digest }).ToString() };
    }

    // The page behind which nothing is left has no cursor, so each waits for the next.
    private async IAsyncEnumerable<CrawlPage> TablesAsync(
        CrawlScope scope, CatalogContext context, IReadOnlyList<string> schemas, CrawlCursor? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tables = (await catalogs.SourceAsync(cancellationToken)).Tables;
        TablePage? last = null;
        await foreach (var page in ReadAhead.Ahead(token => tables.ReadAsync(context, schemas, from, scope, token), options.PagesAhead, cancellationToken))
        {
            if (last is not null) yield return Page(context, last, isEnd: false);
            last = page;
        }

        yield return last is null ? new CrawlPage { Objects = [] } : Page(context, last, isEnd: true);
    }

    private static CrawlPage Page(CatalogContext context, TablePage page, bool isEnd) => new()
    {
        Objects = page.Objects,
        Unchanged = page.Unchanged,
        UnchangedListings = page.UnchangedListings,
        Listings = page.Listings,
        Completed = [.. page.Completed.Select(s => context.Path.Child(s))],
        Cursor = isEnd ? null : page.At.ToString(),
        Warnings = page.Warnings,
    };

    private async IAsyncEnumerable<CrawlPage> SchemaAsync(CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (catalog, schema) = (scope.Container.Parent!, scope.Container.Name);

        // One that is gone, or that can't be seen, must not look like one without tables.
        await catalogs.Unity.SchemaAsync(catalog.Name, schema, cancellationToken);
        var context = new CatalogContext(catalog, await catalogs.TagsAsync(catalog.Name, withSchemas: true, cancellationToken));
        var warnings = await WarningsAsync(cancellationToken);
        await foreach (var page in TablesAsync(scope, context, [schema], CrawlCursor.Parse(scope.Cursor) is { } at && at.Schema == schema ? at : null, cancellationToken))
        {
            yield return warnings.Count == 0 ? page : page with { Warnings = [.. warnings, .. page.Warnings] };
            warnings = [];
        }
    }

    private async IAsyncEnumerable<CrawlPage> TableAsync(CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var catalog = scope.Container.Parent!.Parent!;
        var context = new CatalogContext(catalog, await catalogs.TagsAsync(catalog.Name, withSchemas: true, cancellationToken));
        var tables = (await catalogs.SourceAsync(cancellationToken)).Tables;
        var found = await tables.FindAsync(context, scope.Container.Parent!.Name, scope.Container.Name, cancellationToken);
        if (found is null) await ConfirmGoneAsync(scope.Container, cancellationToken);
        yield return new CrawlPage { Objects = found is null ? [] : [found], Completed = [scope.Container] };
    }

    /// <summary>What is not seen may be closed to us: it is gone when its schema is seen, and the table itself is said not to be there.</summary>
    private async Task ConfirmGoneAsync(ObjectPath table, CancellationToken cancellationToken)
    {
        var (catalog, schema) = (table.Parent!.Parent!.Name, table.Parent!.Name);
        await catalogs.Unity.SchemaAsync(catalog, schema, cancellationToken);
        try
        {
            await catalogs.Unity.TableAsync(catalog, schema, table.Name, cancellationToken);
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.NotFound)
        {
            return;
        }

        throw new PlatformException(
            PlatformFailure.Refused, $"Table {catalog}.{schema}.{table.Name} is there, and the information schema does not show it: nothing is concluded from that. Crawl its schema.");
    }

    private async Task<DiscoveredObject> FoundAsync(ObjectPath connection, CatalogEntry catalog, CancellationToken cancellationToken)
    {
        var tags = await catalogs.TagsAsync(catalog.Name, withSchemas: false, cancellationToken);
        return new DiscoveredObject
        {
            Path = connection.Child(catalog.Name),
            Kind = ObjectKind.Database,
            NativeId = catalog.Id,
            Comment = catalog.Comment,
            Tags = tags.OfCatalog,
            TagsAreUnread = tags.AreUnread,
            Governance = tags.Governance,
            GovernanceReason = tags.Reason,
        };
    }

    private async Task<IReadOnlyList<string>> WarningsAsync(CancellationToken cancellationToken) =>
        (await catalogs.SourceAsync(cancellationToken)).WhyNot is { } why
            ? [$"system.information_schema can't be read, so tables are listed through REST, which is slower, and without tags. {why}"]
            : [];
}
