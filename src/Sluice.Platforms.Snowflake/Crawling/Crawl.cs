using System.Runtime.CompilerServices;
using Sluice.Core.Catalog;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Crawling;

/// <summary>
/// Reads a part of an account's catalog: databases, then schemas, then tables, each in the order of their names. Several databases are read at the same
/// time and yielded in order, so that a cursor is a place in that order. Statements grow with databases, never with schemas or tables, but where
/// Information Schema has a database divided.
/// </summary>
/// <param name="catalog">The account, as the crawl's role sees it.</param>
/// <param name="tagSource">The tags of the account.</param>
/// <param name="own">The database that Sluice itself manages.</param>
/// <param name="scope">What is wanted.</param>
/// <param name="options">Limits.</param>
internal sealed class Crawl(
    CatalogReader catalog, TagSource tagSource, SnowflakeName own, CrawlScope scope, SnowflakeOptions options)
{
    private readonly CrawlCursor? _from = CrawlCursor.Parse(scope.Cursor);

    /// <summary>The pages of the scope; the last one has no cursor.</summary>
    public async IAsyncEnumerable<CrawlPage> PagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = scope.Container.Depth switch
        {
            0 => AccountAsync(cancellationToken),
            1 => DatabaseAsync(null, cancellationToken),
            2 => DatabaseAsync(scope.Container.Name, cancellationToken),
            _ => TableAsync(cancellationToken),
        };

        var isEnded = false;
        await foreach (var page in pages.WithCancellation(cancellationToken))
        {
            isEnded = page.Cursor is null;
            yield return page;
        }

        // What a cursor pointed at can be gone, and nothing left to read.
        if (!isEnded) yield return new CrawlPage { Objects = [] };
    }

    private async IAsyncEnumerable<CrawlPage> AccountAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reading = tagSource.GetAsync(null, cancellationToken);
        var listing = catalog.DatabasesAsync(null, cancellationToken);
        await Task.WhenAll(reading, listing);
        var (tags, databases) = (await reading, await listing);
        var crawled = databases.Where(d => DatabaseKinds.LeftOut(d, own.Text) is null).ToList();
        var listed = ListDigest.Of(crawled.Select(d => d.Name));
        var from = _from?.Databases == listed ? _from : null;
        if (from is null)
        {
            yield return new CrawlPage
            {
                Objects = [.. crawled.Select(d => Found(d, tags))],
                Completed = [scope.Container],
                Cursor = scope.ChildrenOnly ? null : new CrawlCursor { Databases = listed }.ToString(),
                Warnings =
                [
                    .. databases.Select(d => DatabaseKinds.LeftOut(d, own.Text)).OfType<string>(),
                    .. crawled.Where(d => DatabaseKinds.GovernanceOf(d).Reason is not null)
                        .Select(d => $"Database {d.Name} is read, but not governed. {DatabaseKinds.GovernanceOf(d).Reason}"),
                    .. crawled.Count == 0 ? [NothingSeen()] : (string[])[],
                    .. Told(tags),
                ],
            };
        }

        if (scope.ChildrenOnly) yield break;

        // Asked only now: what was just yielded may decide what is entered.
        var entered = crawled.Where(d => !IsFinished(d.Name, from) && scope.Enter(scope.Container.Child(d.Name))).ToList();
        await foreach (var page in EnteredAsync(entered, tags, from, listed, cancellationToken)) yield return page;
    }

    private async IAsyncEnumerable<CrawlPage> EnteredAsync(
        List<DatabaseRow> databases, TagIndex tags, CrawlCursor? from, long listed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = new List<DatabaseReading>();
        var refusals = new List<PlatformException>();
        try
        {
            for (var current = 0; current < databases.Count; current++)
            {
                for (var next = started.Count; next < databases.Count && next < current + options.DatabasesAhead; next++)
                {
                    var crawl = new DatabaseCrawl(catalog, databases[next], scope.Container.Child(databases[next].Name), tags, scope, options);
                    var reading = new DatabaseReading(databases[next].Name, options.PagesAhead);
                    reading.Start(crawl.PagesAsync(only: null, from?.Database == databases[next].Name ? from : null, ended.Token), ended.Token);
                    started.Add(reading);
                }

                var isLast = current == databases.Count - 1;
                await foreach (var page in started[current].Pages.ReadAllAsync(cancellationToken))
                {
                    var cursor = CrawlCursor.Parse(page.Cursor)! with { Databases = listed };
                    yield return page with { Cursor = isLast && cursor.IsDatabaseFinished ? null : cursor.ToString() };
                }

                if (started[current].Refusal is not { } refusal) continue;
                refusals.Add(refusal);
                if (refusals.Count == databases.Count) throw refusals[0];
                yield return Closed(databases[current].Name, refusal, isLast ? null : listed);
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
    private static CrawlPage Closed(string database, PlatformException refusal, long? listed) => new()
    {
        Objects = [],
        Cursor = listed is { } digest ? new CrawlCursor { Databases = digest, Database = database, IsDatabaseFinished = true }.ToString() : null,
        Warnings = [$"Database {database} is not read to its end. {refusal.Message}"],
    };

    private async IAsyncEnumerable<CrawlPage> DatabaseAsync(string? schema, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = scope.Container.Names[1];
        var reading = tagSource.GetAsync(name, cancellationToken);
        var finding = FindAsync(name, cancellationToken);
        await Task.WhenAll(reading, finding);
        var (tags, database) = (await reading, await finding);
        if (database is null)
        {
            yield return Gone();
            yield break;
        }

        SchemaRow? only = null;
        if (schema is not null)
        {
            only = (await catalog.SchemasAsync(name, schema, cancellationToken)).FirstOrDefault();
            if (only is null)
            {
                yield return Gone();
                yield break;
            }
        }

        var path = new ObjectPath(scope.Container.ConnectionKey, name);
        var isFirst = true;
        await foreach (var page in new DatabaseCrawl(catalog, database, path, tags, scope, options).PagesAsync(only, _from, cancellationToken))
        {
            yield return page with
            {
                Cursor = CrawlCursor.Parse(page.Cursor)!.IsDatabaseFinished ? null : page.Cursor,
                Warnings = isFirst ? [.. Told(tags), .. page.Warnings] : page.Warnings,
            };
            isFirst = false;
        }
    }

    private async IAsyncEnumerable<CrawlPage> TableAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = scope.Container.Names;
        var reading = tagSource.GetAsync(names[1], cancellationToken);
        var finding = FindAsync(names[1], cancellationToken);
        await Task.WhenAll(reading, finding);
        var (tags, database) = (await reading, await finding);
        var path = new ObjectPath(scope.Container.ConnectionKey, names[1]);
        var table = database is null
            ? null
            : await new DatabaseCrawl(catalog, database, path, tags, scope, options).TableAsync(names[2], names[3], cancellationToken);
        yield return new CrawlPage { Objects = table is null ? [] : [table], Completed = [scope.Container], Warnings = [.. Told(tags)] };
    }

    private async Task<DatabaseRow?> FindAsync(string name, CancellationToken cancellationToken) => Quote.NameProblem(name) is null
        ? (await catalog.DatabasesAsync(name, cancellationToken)).FirstOrDefault(d => DatabaseKinds.LeftOut(d, own.Text) is null)
        : null;

    private CrawlPage Gone() => new()
    {
        Objects = [], Completed = [scope.Container], Warnings = [$"{scope.Container} is gone, or role {catalog.Statements.Role} may not see it any more."],
    };

    private string NothingSeen() =>
        $"Role {catalog.Statements.Role} sees no database that Sluice could govern. Remedy: GRANT USAGE ON DATABASE … TO ROLE {catalog.Statements.Role.Quoted}";

    private static IEnumerable<string> Told(TagIndex tags) => tags.Unknown is { } unknown ? [unknown] : [];

    private static bool IsFinished(string database, CrawlCursor? from) => from?.Database is { } at && Utf8Order.Instance.Compare(database, at) switch
    {
        < 0 => true,
        0 => from.IsDatabaseFinished,
        _ => false,
    };

    private DiscoveredObject Found(DatabaseRow database, TagIndex tags)
    {
        var (governance, reason) = DatabaseKinds.GovernanceOf(database);
        return new DiscoveredObject
        {
            Path = scope.Container.Child(database.Name),
            Kind = ObjectKind.Database,
            Comment = database.Comment,
            Tags = tags.OfDatabase(database.Name),
            TagsAreUnread = tags.Unknown is not null,
            Governance = governance,
            GovernanceReason = reason,
        };
    }
}
