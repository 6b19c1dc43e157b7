using System.Runtime.CompilerServices;
using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Governing;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Crawling;

/// <summary>
/// Crawls a scope: connection &gt; databases &gt; tables. The tables of several databases are read at the same time and yielded in the
/// order of the databases' names, so that a cursor is a place in that order.
/// </summary>
internal sealed class LakeCrawl(LakeCatalog catalog)
{
    /// <summary>The pages of a scope.</summary>
    public IAsyncEnumerable<CrawlPage> ReadAsync(CrawlScope scope, CancellationToken cancellationToken) => scope.Container.Depth switch
    {
        0 => ConnectionAsync(scope, cancellationToken),
        1 => DatabaseAsync(scope, cancellationToken),
        _ => TableAsync(scope, cancellationToken),
    };

    private async IAsyncEnumerable<CrawlPage> ConnectionAsync(CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = catalog.ListDatabasesAsync(cancellationToken);
        var tags = await catalog.TagsAsync(cancellationToken);
        var databases = await listing;
        var cursor = CrawlCursor.Parse(scope.Cursor);
        var warnings = await WarningsAsync(tags, cancellationToken);

        if (cursor?.Database is null)
        {
            var left = databases.Where(d => cursor?.Listed is null || string.CompareOrdinal(d.Name, cursor.Listed) > 0).ToList();
            var chunks = left.Chunk(catalog.Limits.CatalogPage).DefaultIfEmpty([]).ToList();
            for (var i = 0; i < chunks.Count; i++)
            {
                var contexts = await Task.WhenAll(chunks[i].Select(d => ContextAsync(scope.Container, d, tags, cancellationToken)));
                var last = i == chunks.Count - 1;
                yield return new CrawlPage
                {
                    Objects = [.. contexts.Select(c => c.ToObject())],
                    Completed = last ? [scope.Container] : [],
                    Cursor = !last ? new CrawlCursor(Listed: chunks[i][^1].Name).ToString()
                        : scope.ChildrenOnly ? null
                        : CrawlCursor.AllListed.ToString(),
                    Warnings = i == 0 ? warnings : [],
                };
            }

            if (scope.ChildrenOnly) yield break;
        }

        // Asked only now: what was just yielded may decide what is entered.
        var entered = databases
            .Where(d => d.Target is null && (cursor?.Database is null || IsAhead(d, cursor)) && scope.Enter(scope.Container.Child(d.Name)))
            .ToList();
        await foreach (var page in TablesAsync(scope.Container, entered, tags, cursor, cancellationToken)) yield return page;
    }

    // The database in hand is ahead while it has a next page.
    private static bool IsAhead(GlueDatabase database, CrawlCursor cursor) =>
        string.CompareOrdinal(database.Name, cursor.Database) is > 0 || (database.Name == cursor.Database && cursor.Token is not null);

    private async IAsyncEnumerable<CrawlPage> TablesAsync(
        ObjectPath connection,
        List<GlueDatabase> databases,
        TagIndex tags,
        CrawlCursor? cursor,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (databases.Count == 0)
        {
            yield return new CrawlPage { Objects = [] };
            yield break;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = new List<TablePages>();
        var refusals = new List<PlatformException>();
        try
        {
            var next = 0;
            for (var current = 0; current < databases.Count; current++)
            {
                for (; next < databases.Count && next <= current + catalog.Limits.DatabasesAhead - 1; next++)
                {
                    var context = await ContextAsync(connection, databases[next], tags, ended.Token);
                    var token = databases[next].Name == cursor?.Database ? cursor.Token : null;
                    var reading = new TablePages(catalog, context);
                    reading.Start(token, ended.Token);
                    started.Add(reading);
                }

                var lastDatabase = current == databases.Count - 1;
                await foreach (var page in started[current].Pages.ReadAllAsync(cancellationToken))
                {
                    var lastPage = lastDatabase && CrawlCursor.Parse(page.Cursor)!.Token is null;
                    yield return lastPage ? page with { Cursor = null } : page;
                }

                if (started[current].Refusal is not { } refusal) continue;
                refusals.Add(refusal);
                if (refusals.Count == databases.Count) throw refusals[0];
                yield return Closed(databases[current], refusal, lastDatabase);
            }
        }
        finally
        {
            // Whoever stops taking pages stops the reading ahead too.
            await ended.CancelAsync();
            await Task.WhenAll(started.Select(s => s.Ended));
        }
    }

    // Nothing is completed by it, so nothing in the database goes missing.
    private static CrawlPage Closed(GlueDatabase database, PlatformException refusal, bool isLast) => new()
    {
        Objects = [],
        Cursor = isLast ? null : new CrawlCursor(Database: database.Name).ToString(),
        Warnings = [$"The tables of {database.Name} could not be read to their end. {refusal.Message}"],
    };

    private async IAsyncEnumerable<CrawlPage> DatabaseAsync(CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = await catalog.DatabaseAsync(scope.Container.Name, cancellationToken);
        if (database is null)
        {
            // A database that is gone has no tables.
            yield return new CrawlPage
            {
                Objects = [], Completed = [scope.Container], Warnings = [$"The database {scope.Container.Name} is gone."],
            };
            yield break;
        }

        if (database.Target is not null)
        {
            yield return new CrawlPage
            {
                Objects = [], Warnings = [$"{database.Name} is a resource link to {database.Target}: its tables belong there."],
            };
            yield break;
        }

        var tags = await catalog.TagsAsync(cancellationToken);
        var warnings = await WarningsAsync(tags, cancellationToken);
        var cursor = CrawlCursor.Parse(scope.Cursor) is { } at && at.Database == database.Name ? at : null;
        var first = true;
        await foreach (var page in TablesAsync(scope.Container.Parent!, [database], tags, cursor, cancellationToken))
        {
            yield return first ? page with { Warnings = [.. warnings, .. page.Warnings] } : page;
            first = false;
        }
    }

    private async IAsyncEnumerable<CrawlPage> TableAsync(CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var gone = new CrawlPage { Objects = [], Completed = [scope.Container] };
        var name = scope.Container.Name;
        var path = scope.Container.Parent!;
        if (scope.Container.Depth > 2 || await catalog.DatabaseAsync(path.Name, cancellationToken) is not { Target: null } database)
        {
            yield return gone;
            yield break;
        }

        GlueTable? table;
        try
        {
            table = await catalog.Glue.GetTableAsync(database.Name, name, cancellationToken);
        }
        catch (PlatformException e) when (e.Code == AwsErrorCodes.EntityNotFound)
        {
            table = null;
        }

        if (table is null)
        {
            yield return gone;
            yield break;
        }

        var tags = await catalog.TagsOfOneAsync(cancellationToken);
        var context = await ContextAsync(path.Parent!, database, tags, cancellationToken);
        var asked = await catalog.AskIfNeededAsync(context, table, cancellationToken);
        yield return new CrawlPage { Objects = [context.ToObject(table, asked)], Completed = [scope.Container] };
    }

    private Task<DatabaseContext> ContextAsync(ObjectPath connection, GlueDatabase database, TagIndex tags, CancellationToken cancellationToken) =>
        catalog.ContextAsync(connection.Child(database.Name), database, tags, cancellationToken);

    private async Task<IReadOnlyList<string>> WarningsAsync(TagIndex tags, CancellationToken cancellationToken)
    {
        var warnings = new List<string>();
        var permissions = await catalog.PermissionsAsync(cancellationToken);
        if (permissions.Unreadable is { } unreadable)
            warnings.Add($"Lake Formation permissions could not be read, so that nothing is proven to be governed. {unreadable}");
        if (tags.SearchMissing is { } missing)
            warnings.Add($"LF-Tags can't be searched for; each table is asked for its tags, which is slower. {missing}");
        if (tags.TagsUnknown is { } unknown) warnings.Add($"LF-Tags are not fully known, so that governance is unknown: {unknown}.");
        return warnings;
    }
}
