using System.Runtime.CompilerServices;
using Npgsql;
using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Login;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>
/// Reads a part of a server's catalog. Whatever the scope, the order is by oid: databases, then schemas, then tables; a partition is a
/// table of its own. Statements grow with databases and pages, never with schemas or tables.
/// </summary>
internal sealed class Crawl(
    ServerLogin login, Func<CancellationToken, Task<DatabaseConnection>> maintenance, CrawlScope scope, int pageSize)
{
    private CrawlCursor? _from = CrawlCursor.Parse(scope.Cursor);

    /// <summary>The pages of the scope; the last one has no cursor.</summary>
    public async IAsyncEnumerable<CrawlPage> PagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ended = false;
        var pages = scope.Container.Depth switch
        {
            0 => ServerAsync(cancellationToken),
            1 => DatabaseAsync(schema: null, cancellationToken),
            2 => DatabaseAsync(scope.Container.Name, cancellationToken),
            _ => TableAsync(cancellationToken),
        };
        await foreach (var page in pages.WithCancellation(cancellationToken))
        {
            ended = page.Cursor is null;
            yield return page;
        }

        // What a cursor pointed at can be gone, and nothing left to read.
        if (!ended) yield return new CrawlPage { Objects = [] };
    }

    private async IAsyncEnumerable<CrawlPage> ServerAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var databases = await CatalogReader.DatabasesAsync(await maintenance(cancellationToken), cancellationToken);
        var listed = ListDigest.Of(databases.Select(d => $"{d.Oid} {d.Name}"));
        if (_from is { } stored && stored.Databases != listed) _from = null;
        var nameless = databases.Where(d => !d.HasName).ToList();
        var entered = scope.ChildrenOnly
            ? []
            : databases.Where(d => d.HasName && d.MayConnect && !IsFinished(d.Oid) && scope.Enter(scope.Container.Child(d.Name))).ToList();
        if (_from is null)
        {
            yield return new CrawlPage
            {
                Objects = [.. databases.Where(d => d.HasName).Select(Found)],

                // What can't be named may be what was listed before: nothing goes missing by such a list.
                Completed = nameless.Count == 0 ? [scope.Container] : [],
                Cursor = entered.Count == 0 ? null : CrawlCursor.AfterDatabases(listed).ToString(),
                Warnings =
                [
                    .. nameless.Select(d => $"Database {d.Name} (oid {d.Oid}) is not listed: its name is not UTF-8. Rename it (ALTER DATABASE … RENAME TO …)."),
                    .. databases.Where(d => d.HasName && !d.MayConnect).Select(d => $"Database {d.Name} is not entered: {NoConnect(d)}"),
                ],
            };
        }

        foreach (var database in entered)
        {
            var isLast = database == entered[^1];
            await using var pages = EnteredAsync(database, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(pages, database) is { } page)
            {
                var cursor = CrawlCursor.Parse(page.Cursor)!.Value with { Databases = listed };
                yield return page with { Cursor = isLast && cursor.IsAtEndOfDatabase ? null : cursor.ToString() };
            }
        }
    }

    private async IAsyncEnumerable<CrawlPage> EnteredAsync(DatabaseRow row, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var database = await EnterAsync(row.Name, cancellationToken);
        var path = scope.Container.Child(row.Name);
        var outline = await CatalogReader.OutlineAsync(database, schema: null, withTables: true, cancellationToken);
        var from = _from is { } cursor && IsOf(outline, cursor) ? cursor : (CrawlCursor?)null;
        await foreach (var page in new DatabaseCrawl(database, path, scope, login.Target.Username, pageSize)
                           .PagesAsync(outline, from, withSchemas: true, cancellationToken))
            yield return page;
    }

    private async IAsyncEnumerable<CrawlPage> DatabaseAsync(string? schema, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var database = await EnterAsync(scope.Container.Names[1], cancellationToken);
        var outline = await CatalogReader.OutlineAsync(database, schema, !scope.ChildrenOnly || schema is not null, cancellationToken);
        if (schema is not null && outline.Schemas.Count == 0)
            throw new PlatformException(PlatformFailure.NotFound, $"Database {database.Name} has no schema {schema}.");

        var from = _from is { } cursor && IsOf(outline, cursor) ? cursor : (CrawlCursor?)null;
        var path = new ObjectPath(scope.Container.ConnectionKey, scope.Container.Names[1]);
        var end = CrawlCursor.AfterDatabase(outline.Oid, outline.Listed).ToString();
        await foreach (var page in new DatabaseCrawl(database, path, scope, login.Target.Username, pageSize)
                           .PagesAsync(outline, from, withSchemas: schema is null, cancellationToken))
            yield return page.Cursor == end ? page with { Cursor = null } : page;
    }

    private async IAsyncEnumerable<CrawlPage> TableAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = scope.Container.Names;
        await using var database = await EnterAsync(names[1], cancellationToken);
        var key = await CatalogReader.FindAsync(database, names[2], names[3], cancellationToken);
        var tables = key is null ? [] : await CatalogReader.TablesAsync(database, [key.Value], cancellationToken);
        var found = new FoundTable(login.Target.Username, database.ServerVersion);
        yield return new CrawlPage
        {
            Objects = [.. tables.Where(t => t.Name == names[3]).Select(t => found.At(scope.Container, t))],
            Completed = [scope.Container],
        };
    }

    private bool IsFinished(long database) =>
        _from is { } cursor && (database < cursor.Database || (database == cursor.Database && cursor.IsAtEndOfDatabase));

    // Another database may have the name since the cursor was made, or a schema another name: neither can be gone on with.
    private static bool IsOf(DatabaseOutline outline, CrawlCursor cursor) =>
        cursor.Database == outline.Oid && cursor.Schemas == outline.Listed;

    /// <summary>Logs in to a database of the server, where the account as such is known to be good.</summary>
    /// <exception cref="PlatformException">Among others: the database turns this account away, with the remedy.</exception>
    private async Task<DatabaseConnection> EnterAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await login.ConnectAsync(name, cancellationToken);
        }
        catch (PlatformException e) when (e.Code == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new PlatformException(PlatformFailure.AccessDenied, $"{e.Message}. {ConnectRemedy(name)}", e) { Code = e.Code };
        }
        catch (PlatformException e) when (e.Code == PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            // The server's configuration turns the account away from this database: its password is not in question.
            const string remedy = "Remedy: a line in the server's pg_hba.conf that lets the account into this database";
            throw new PlatformException(PlatformFailure.AccessDenied, $"{e.Message}. {remedy}", e) { Code = e.Code };
        }
    }

    /// <summary>
    /// One database that can't be read does not keep the others from it: it is a warning, and nothing in it is completed. What can pass
    /// ends the crawl, which goes on at its cursor later; so does a password that no database would take.
    /// </summary>
    private static async Task<CrawlPage?> NextAsync(IAsyncEnumerator<CrawlPage> pages, DatabaseRow database)
    {
        try
        {
            return await pages.MoveNextAsync() ? pages.Current : null;
        }
        catch (PlatformException e) when (!e.IsTransient && e.Code != PostgresErrorCodes.InvalidPassword
                                          && e.Failure is not PlatformFailure.EgressDenied)
        {
            return new CrawlPage
            {
                Objects = [],
                Cursor = CrawlCursor.AfterDatabase(database.Oid, schemas: 0).ToString(),
                Warnings = [$"Database {database.Name} is not read to its end: {e.Message}"],
            };
        }
    }

    private DiscoveredObject Found(DatabaseRow database) => new()
    {
        Path = scope.Container.Child(database.Name),
        Kind = ObjectKind.Database,
        NativeId = $"{database.Oid}",
        Comment = database.Comment,
        GovernanceReason = database.MayConnect ? null : NoConnect(database),
    };

    private string NoConnect(DatabaseRow database) => $"the account may not connect. {ConnectRemedy(database.Name)}";

    private string ConnectRemedy(string database) =>
        $"Remedy: GRANT CONNECT ON DATABASE {Quote.Identifier(database)} TO {Quote.Identifier(login.Target.Username)}";
}
