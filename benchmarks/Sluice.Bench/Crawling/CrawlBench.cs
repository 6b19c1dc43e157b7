using Sluice.Bench.Aws;
using Sluice.Bench.Processes;
using Sluice.Bench.Reporting;
using Sluice.Bench.Rows;
using Sluice.Testing;

namespace Sluice.Bench.Crawling;

/// <summary>crawl, recrawl and requests: one registration, one crawl without changes, and what both are measured against.</summary>
internal sealed class CrawlBench(Workplace place, int tables)
{
    private const double CrawlLimit = 1.5;
    private const double RecrawlLimit = 1.3;
    private const double RequestLimit = 1.05;
    private const double MemoryLimit = 400;

    /// <summary>The folder of the last crawled SQLite database, its server stopped.</summary>
    public string? CrawledFolder { get; private set; }

    public async Task RunAsync(string database, IReadOnlySet<string> wanted, Results results, CancellationToken cancellationToken)
    {
        Results.Say($"a stand-in of {tables} tables renders its pages");
        await using var sandbox = await Sandbox.StartAsync(place, tables, cancellationToken);

        // Once for nothing: a cold stand-in would make the first measurement of the baseline too long.
        await DownloadAsync(sandbox, cancellationToken);
        if (database == "sqlite")
        {
            await RunAsync(sandbox, null, wanted, results, cancellationToken);
            return;
        }

        await using var cluster = await Store.StartDurableAsync(cancellationToken);
        await RunAsync(sandbox, cluster, wanted, results, cancellationToken);
    }

    private async Task RunAsync(
        Sandbox sandbox, PostgresCluster? cluster, IReadOnlySet<string> wanted, Results results, CancellationToken cancellationToken)
    {
        var name = cluster is null ? "sqlite" : "postgresql";
        var store = await Store.CreateAsync(place, cluster, cancellationToken);
        await using var server = await Server.StartAsync(place, store.Folder, store.ConnectionString, cancellationToken);
        using var api = server.Api();

        Results.Say($"crawl into {name}");
        var (_, before) = await DownloadAsync(sandbox, cancellationToken);
        var meter = Meter.Start(server.Id, sandbox.Id, store.ProcessId);
        var crawl = await api.RegisterAsync(sandbox.Payload("lake"), cancellationToken);
        var crawlSpent = meter.Stop();
        var crawlMemory = Proc.PeakMemory(server.Id);
        var (pages, between) = await DownloadAsync(sandbox, cancellationToken);
        if (pages.TableCount != tables || crawl.Found < tables) throw new InvalidOperationException($"{crawl.Found} objects were crawled of {tables} tables.");

        Results.Say("crawl again, nothing changed");
        await using var counting = await store.OpenAsync(cancellationToken);
        await WriteCount.StartAsync(counting, store.IsSqlite, cancellationToken);
        await sandbox.ForgetRequestsAsync(cancellationToken);
        Proc.ForgetPeak(server.Id);
        meter = Meter.Start(server.Id, sandbox.Id, store.ProcessId);
        var recrawl = await api.CrawlAsync("lake", cancellationToken);
        var recrawlSpent = meter.Stop();
        var recrawlMemory = Proc.PeakMemory(server.Id);
        var requests = await sandbox.RequestsAsync(cancellationToken);
        var written = await WriteCount.ReadAsync(counting, cancellationToken);
        if (await WriteCount.ProveAsync(counting, cancellationToken) != written + 1) throw new InvalidOperationException("The count of written rows does not count.");
        var (_, after) = await DownloadAsync(sandbox, cancellationToken);
        await server.StopAsync();

        if (wanted.Contains("crawl"))
        {
            Results.Say("bulk insert of the same rows");
            var (rows, insert) = await InsertAsync(store, cluster, cancellationToken);
            var download = (before.Wall + between.Wall) / 2;
            results.Add(Figure.AtMost($"crawl.{name}.{tables}", crawl.Wall / (download + insert.Wall), "x", CrawlLimit) with
            {
                Parts = new Dictionary<string, double>(crawlSpent.Parts())
                {
                    ["crawl_s"] = crawl.Wall, ["download_s"] = download, ["download_before_s"] = before.Wall, ["download_after_s"] = between.Wall,
                    ["download_cpu_s"] = (before.Bench + between.Bench) / 2, ["insert_s"] = insert.Wall,
                    ["insert_cpu_s"] = insert.Bench + insert.Database, ["insert_foreign_cpu_s"] = insert.Foreign,
                    ["download_foreign_cpu_s"] = (before.Foreign + between.Foreign) / 2,
                    ["rows"] = rows.Count, ["columns"] = rows.Columns.Rows.LongLength, ["tags"] = rows.Tags.Rows.LongLength, ["bytes"] = pages.Bytes, ["searched_bytes"] = pages.SearchedBytes,
                },
                Note = store.IsSqlite ? "WAL, synchronous=NORMAL on both sides" : "fsync, synchronous_commit and full_page_writes on, on both sides",
            });
            results.Add(Figure.AtMost($"crawl.{name}.{tables}.memory", crawlMemory, "MiB", MemoryLimit));
        }

        if (wanted.Contains("recrawl"))
        {
            var download = (between.Wall + after.Wall) / 2;
            results.Add(Figure.AtMost($"recrawl.{name}.{tables}", recrawl.Wall / download, "x", RecrawlLimit) with
            {
                Parts = new Dictionary<string, double>(recrawlSpent.Parts())
                {
                    ["crawl_s"] = recrawl.Wall, ["download_s"] = download, ["download_before_s"] = between.Wall, ["download_after_s"] = after.Wall,
                    ["download_cpu_s"] = (between.Bench + after.Bench) / 2, ["download_foreign_cpu_s"] = (between.Foreign + after.Foreign) / 2,
                    ["memory_mib"] = recrawlMemory,
                },
            });
            results.Add(Figure.AtMost($"recrawl.{name}.{tables}.rows_written", written, "rows", 0) with { Note = "counted by triggers on objects, columns and tags" });
        }

        if (wanted.Contains("requests") && store.IsSqlite) results.Add(RequestFigure(requests, pages));
        if (store.IsSqlite) CrawledFolder = store.Folder;
    }

    private Figure RequestFigure(IReadOnlyDictionary<string, long> requests, DownloadedPages pages)
    {
        // performance.md's own sum: it counts neither the search for databases nor the identity, which a crawl needs too.
        var fewest = pages.Databases + pages.Tables + pages.TableSearches + pages.Permissions;
        return Figure.AtMost($"requests.{tables}", (double)requests.Values.Sum() / fewest, "x", RequestLimit) with
        {
            Parts = requests.ToDictionary(r => r.Key, r => (double)r.Value).Append(new("fewest", fewest)).ToDictionary(),
        };
    }

    private static async Task<(DownloadedPages Pages, Spent Spent)> DownloadAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        GC.Collect();
        var meter = Meter.Start(standIn: sandbox.Id);
        var pages = await new CatalogDownload(sandbox).RunAsync(cancellationToken);
        return (pages, meter.Stop());
    }

    private async Task<(CatalogRows Rows, Spent Spent)> InsertAsync(Store crawled, PostgresCluster? cluster, CancellationToken cancellationToken)
    {
        var rows = await crawled.RowsAsync(cancellationToken);
        var empty = await Store.CreateAsync(place, cluster, cancellationToken);
        await empty.MigrateAsync(place, cancellationToken);
        GC.Collect();
        var meter = Meter.Start(database: empty.ProcessId);
        await empty.InsertAsync(rows, cancellationToken);
        return (rows, meter.Stop());
    }
}
