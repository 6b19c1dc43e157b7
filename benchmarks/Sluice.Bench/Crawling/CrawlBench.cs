using System.Data.Common;
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

    // The machine's speed changes from minute to minute: one round says little.
    private const int Rounds = 3;
    private const int RecrawlsPerRound = 3;
    private static readonly string MedianNote = $"the median of {Rounds} rounds, each with a new server and database";

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
        var rounds = new List<Round>();
        for (var i = 1; i <= Rounds; i++)
        {
            Results.Say($"round {i} of {Rounds} on {name}");
            rounds.Add(await RoundAsync(sandbox, cluster, wanted, cancellationToken));
        }

        if (wanted.Contains("crawl"))
        {
            results.Add(CrawlFigure($"crawl.{name}.{tables}", rounds, cluster is null));
            results.Add(Figure.AtMost($"crawl.{name}.{tables}.memory", rounds.Max(r => r.CrawlMemory), "MiB", MemoryLimit) with { Note = "the most of all rounds" });
        }

        if (wanted.Contains("recrawl"))
        {
            results.Add(RecrawlFigure($"recrawl.{name}.{tables}", rounds));
            results.Add(Figure.AtMost($"recrawl.{name}.{tables}.rows_written", rounds.Max(r => r.Recrawls.Max(c => c.Written)), "rows", 0) with
            {
                Note = "counted by triggers on objects, columns and tags",
            });
        }

        if (wanted.Contains("requests") && cluster is null) results.Add(RequestFigure(rounds[^1].Recrawls[^1].Requests, rounds[^1].Pages));
    }

    // A new server and a new database each time: nothing is warm but the stand-in.
    private async Task<Round> RoundAsync(Sandbox sandbox, PostgresCluster? cluster, IReadOnlySet<string> wanted, CancellationToken cancellationToken)
    {
        var store = await Store.CreateAsync(place, cluster, cancellationToken);
        await using var server = await Server.StartAsync(place, store.Folder, store.ConnectionString, cancellationToken);
        using var api = server.Api();

        var (_, before) = await DownloadAsync(sandbox, cancellationToken);
        var meter = Meter.Start(server.Id, sandbox.Id, store.ProcessId);
        var crawl = await api.RegisterAsync(sandbox.Payload("lake"), cancellationToken);
        var crawlSpent = meter.Stop();
        var crawlMemory = Proc.PeakMemory(server.Id);
        var (pages, between) = await DownloadAsync(sandbox, cancellationToken);
        if (pages.TableCount != tables || crawl.Found < tables) throw new InvalidOperationException($"{crawl.Found} objects were crawled of {tables} tables.");

        await using var counting = await store.OpenAsync(cancellationToken);
        await WriteCount.StartAsync(counting, store.IsSqlite, cancellationToken);
        var recrawls = new List<Recrawl>();
        var count = wanted.Contains("recrawl") ? RecrawlsPerRound : wanted.Contains("requests") ? 1 : 0;
        while (recrawls.Count < count)
            recrawls.Add(await RecrawlAsync(sandbox, server, api, store, counting, recrawls.Count == 0 ? between : recrawls[^1].After, cancellationToken));
        await server.StopAsync();
        if (store.IsSqlite) CrawledFolder = store.Folder;

        var (rows, insert) = wanted.Contains("crawl") ? await InsertAsync(store, cluster, cancellationToken) : default;
        return new Round(pages, before, between, crawl.Wall, crawlSpent, crawlMemory, recrawls, rows, insert);
    }

    private static async Task<Recrawl> RecrawlAsync(
        Sandbox sandbox, Server server, ServerApi api, Store store, DbConnection counting, Spent before, CancellationToken cancellationToken)
    {
        await sandbox.ForgetRequestsAsync(cancellationToken);
        Proc.ForgetPeak(server.Id);
        var writtenBefore = await WriteCount.ReadAsync(counting, cancellationToken);
        var meter = Meter.Start(server.Id, sandbox.Id, store.ProcessId);
        var crawl = await api.CrawlAsync("lake", cancellationToken);
        var spent = meter.Stop();
        var memory = Proc.PeakMemory(server.Id);
        var requests = await sandbox.RequestsAsync(cancellationToken);
        var written = await WriteCount.ReadAsync(counting, cancellationToken);
        if (await WriteCount.ProveAsync(counting, cancellationToken) != written + 1) throw new InvalidOperationException("The count of written rows does not count.");
        var (_, after) = await DownloadAsync(sandbox, cancellationToken);
        return new Recrawl(before, after, crawl.Wall, spent, memory, requests, written - writtenBefore);
    }

    private static Figure CrawlFigure(string name, List<Round> rounds, bool isSqlite)
    {
        var middle = Middle(rounds, r => r.CrawlRatio);
        var insert = middle.Insert!;
        return Figure.AtMost(name, middle.CrawlRatio, "x", CrawlLimit) with
        {
            Parts = new Dictionary<string, double>(middle.CrawlSpent.Parts())
            {
                ["least"] = rounds.Min(r => r.CrawlRatio), ["most"] = rounds.Max(r => r.CrawlRatio), ["crawl_s"] = middle.CrawlWall,
                ["download_before_s"] = middle.Before.Wall, ["download_after_s"] = middle.Between.Wall,
                ["download_cpu_s"] = (middle.Before.Bench + middle.Between.Bench) / 2, ["insert_s"] = insert.Wall,
                ["insert_cpu_s"] = insert.Bench + insert.Database, ["insert_foreign_cpu_s"] = insert.Foreign,
                ["download_foreign_cpu_s"] = (middle.Before.Foreign + middle.Between.Foreign) / 2,
                ["rows"] = middle.Rows.All, ["columns"] = middle.Rows.Columns, ["tags"] = middle.Rows.Tags,
                ["bytes"] = middle.Pages.Bytes, ["searched_bytes"] = middle.Pages.SearchedBytes,
            },
            Note = $"{MedianNote}; {(isSqlite ? "WAL, synchronous=NORMAL on both sides" : "fsync, synchronous_commit and full_page_writes on, on both sides")}",
        };
    }

    // The machine's speed changes between two measurements that follow each other: many of both, in turns, say more than few.
    private static Figure RecrawlFigure(string name, List<Round> rounds)
    {
        var all = rounds.SelectMany(r => r.Recrawls).OrderBy(r => r.Ratio).ToList();
        var middle = all[all.Count / 2];
        return Figure.AtMost(name, middle.Ratio, "x", RecrawlLimit) with
        {
            Parts = new Dictionary<string, double>(middle.Spent.Parts())
            {
                ["least"] = all[0].Ratio, ["most"] = all[^1].Ratio, ["crawl_s"] = middle.Wall,
                ["first"] = rounds.Select(r => r.Recrawls[0].Ratio).Order().ElementAt(rounds.Count / 2),
                ["download_before_s"] = middle.Before.Wall, ["download_after_s"] = middle.After.Wall,
                ["download_cpu_s"] = (middle.Before.Bench + middle.After.Bench) / 2,
                ["download_foreign_cpu_s"] = (middle.Before.Foreign + middle.After.Foreign) / 2, ["memory_mib"] = middle.Memory,
            },
            Note = $"the median of {Rounds} new servers and databases with {RecrawlsPerRound} recrawls each, a download before and after each; first: of the first recrawls alone",
        };
    }

    private static Round Middle(List<Round> rounds, Func<Round, double> ratio) => rounds.OrderBy(ratio).ElementAt(rounds.Count / 2);

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

    private async Task<(RowCounts Rows, Spent Spent)> InsertAsync(Store crawled, PostgresCluster? cluster, CancellationToken cancellationToken)
    {
        var rows = await crawled.RowsAsync(cancellationToken);
        var empty = await Store.CreateAsync(place, cluster, cancellationToken);
        await empty.MigrateAsync(place, cancellationToken);
        GC.Collect();
        var meter = Meter.Start(database: empty.ProcessId);
        await empty.InsertAsync(rows, cancellationToken);
        return (new RowCounts(rows.Count, rows.Columns.Rows.LongLength, rows.Tags.Rows.LongLength), meter.Stop());
    }

    private readonly record struct RowCounts(long All, long Columns, long Tags);

    private sealed record Round(
        DownloadedPages Pages, Spent Before, Spent Between, double CrawlWall, Spent CrawlSpent, double CrawlMemory, List<Recrawl> Recrawls, RowCounts Rows,
        Spent? Insert)
    {
        public double CrawlRatio => CrawlWall / (((Before.Wall + Between.Wall) / 2) + Insert!.Wall);
    }

    private sealed record Recrawl(
        Spent Before, Spent After, double Wall, Spent Spent, double Memory, IReadOnlyDictionary<string, long> Requests, long Written)
    {
        public double Ratio => Wall / ((Before.Wall + After.Wall) / 2);
    }
}
