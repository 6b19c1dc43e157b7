using Sluice.Platforms.Http;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sluice.Core.Catalog;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>
/// Reads tables and columns through REST: a call per schema and page, several schemas at the same time, yielded in the order of the schemas. It has no
/// tags, and a listing costs the same with columns, so everything is read each time.
/// </summary>
internal sealed class RestTables(UnityClient unity, DatabricksOptions options) : ITableSource
{
    // How often a schema whose paging token went stale is started again.
    private const int MostRestarts = 3;

    public async IAsyncEnumerable<TablePage> ReadAsync(
        CatalogContext catalog, IReadOnlyList<string> schemas, CrawlCursor? from, CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = schemas.Where(s => IsAhead(s, from)).ToList();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = new List<(ChannelReader<TablePage> Pages, Task Ended)>();
        try
        {
            for (var current = 0; current < left.Count; current++)
            {
                for (var next = started.Count; next < left.Count && next < current + options.SchemasAhead; next++)
                {
                    var schema = left[next];
                    var token = schema == from?.Schema ? from.Token : null;
                    started.Add(ReadAhead.Start(cancel => SchemaAsync(catalog, schema, token, cancel), options.PagesAhead, ended.Token));
                }

                await foreach (var page in started[current].Pages.ReadAllAsync(cancellationToken)) yield return page;
            }
        }
        finally
        {
            // Whoever stops taking pages stops the reading ahead too.
            await ended.CancelAsync();
            await Task.WhenAll(started.Select(s => s.Ended));
        }
    }

    public async Task<DiscoveredObject?> FindAsync(CatalogContext catalog, string schema, string table, CancellationToken cancellationToken)
    {
        try
        {
            return catalog.Table(schema, await unity.TableAsync(catalog.Name, schema, table, cancellationToken), []);
        }
        catch (PlatformException e) when (e.Failure == PlatformFailure.NotFound)
        {
            return null;
        }
    }

    // The schema in hand is ahead while it has a next page.
    private static bool IsAhead(string schema, CrawlCursor? from)
    {
        if (from?.Schema is null) return true;
        var order = NameOrder.Instance.Compare(schema, from.Schema);
        return order > 0 || (order == 0 && !from.IsEnd);
    }

    private async IAsyncEnumerable<TablePage> SchemaAsync(
        CatalogContext catalog, string schema, string? token, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var restarts = 0;
        var trail = new TokenTrail(options.PagesOfListing);
        while (true)
        {
            Page<TableEntry>? read = null;
            string? closed = null;
            try
            {
                read = await unity.TablesAsync(catalog.Name, schema, token, withColumns: true, cancellationToken);
            }
            catch (PlatformException e) when (token is not null && e.Failure == PlatformFailure.Refused && e.Status is not null && restarts < MostRestarts)
            {
                restarts++;
                token = null;
                continue;
            }
            catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound)
            {
                // Closed to this principal, or dropped meanwhile: the other schemas go on, and nothing is completed here.
                closed = $"The tables of schema {catalog.Name}.{schema} could not be read. {e.Message}";
            }

            if (read is not { } page)
            {
                yield return new TablePage([], [], new CrawlCursor(Schema: schema, IsEnd: true), [closed!]);
                yield break;
            }

            var next = trail.Follow(token, page.NextToken);
            yield return new TablePage(
                [.. page.Items.Select(t => catalog.Table(schema, t, []).Digested())],
                next is null ? [schema] : [],
                new CrawlCursor(Schema: schema, Token: next, IsEnd: next is null),
                []);
            if (next is null) yield break;
            token = next;
        }
    }
}
