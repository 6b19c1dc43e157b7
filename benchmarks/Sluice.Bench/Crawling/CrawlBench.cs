using System.Data.Common;
using Sluice.Bench.Processes;
using Sluice.Bench.Reporting;
using Sluice.Bench.Rows;
using Sluice.Bench.StandIns;
using Sluice.Testing;

namespace Sluice.Bench.Crawling;

/// <summary>crawl, recrawl and requests: one registration, one crawl without changes, and what both are measured against.</summary>
internal sealed class CrawlBench(Workplace place, string platform, int tables, TimeProvider time)
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
        Results.Say($"a stand-in for {platform} of {tables} tables renders its pages");
        await using var sandbox = await StandIn.StartAsync(place, platform, tables, time, cancellationToken);
        if (database == "sqlite")
        {
            await RunAsync(sandbox, null, wanted, results, cancellationToken);
            return;
        }

        await using var cluster = await Store.StartDurableAsync(cancellationToken);
        await RunAsync(sandbox, cluster, wanted, results, cancellationToken);
    }

    private async Task RunAsync(
        IStandIn sandbox, PostgresCluster? cluster, IReadOnlySet<string> wanted, Results results, CancellationToken cancellationToken)
    {
        var database = cluster is null ? "sqlite" : "postgresql";
        var name = platform == StandIn.Aws ? database : $"{platform}.{database}";
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

        if (wanted.Contains("requests") && cluster is null) results.Add(RequestFigure($"requests.{(platform == StandIn.Aws ? "" : platform + ".")}{tables}", rounds[^1].Recrawls[^1].Requests, sandbox.FewestRequests(rounds[^1].LaterPages)));
    }

    // A new server and a new database each time: nothing is warm but the stand-in.
    private async Task<Round> RoundAsync(IStandIn sandbox, PostgresCluster? cluster, IReadOnlySet<string> wanted, CancellationToken cancellationToken)
    {
        var store = await Store.CreateAsync(place, cluster, cancellationToken);
        await using var server = await Server.StartAsync(place, store.Folder, store.ConnectionString, cancellationToken);
        using var api = server.Api();
        await sandbox.SetUpAsync(api, cancellationToken);

        var (_, before) = await DownloadAsync(sandbox, isFirst: true, cancellationToken);
        var meter = Meter.Start(server.Id, sandbox.Id, store.ProcessId);
        var crawl = await api.RegisterAsync(sandbox.Payload("lake"), cancellationToken);
        var crawlSpent = meter.Stop();
        var crawlMemory = Proc.PeakMemory(server.Id);
        var (pages, between) = await DownloadAsync(sandbox, isFirst: true, cancellationToken);
        if (crawl.Found < tables) throw new InvalidOperationException($"{crawl.Found} objects were crawled of {tables} tables.");

        await using var counting = await store.OpenAsync(cancellationToken);
        await WriteCount.StartAsync(counting, store.IsSqlite, cancellationToken);
        var recrawls = new List<Recrawl>();
        var (laterPages, last) = (sandbox.ReadsLessLater ? (await DownloadAsync(sandbox, isFirst: false, cancellationToken)).Pages : pages, between);
        var count = wanted.Contains("recrawl") ? RecrawlsPerRound : wanted.Contains("requests") ? 1 : 0;
        while (recrawls.Count < count)
        {
            recrawls.Add(await RecrawlAsync(sandbox, server, api, store, counting, last, cancellationToken));
            last = recrawls[^1].After;
        }

        await server.StopAsync();
        if (store.IsSqlite) CrawledFolder = store.Folder;

        var (rows, insert) = wanted.Contains("crawl") ? await InsertAsync(store, cluster, cancellationToken) : default;
        return new Round(pages, laterPages, before, between, crawl.Wall, crawlSpent, crawlMemory, recrawls, rows, insert);
    }

    private static async Task<Recrawl> RecrawlAsync(
        IStandIn sandbox, Server server, ServerApi api, Store store, DbConnection counting, Spent before, CancellationToken cancellationToken)
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
        var own = sandbox.ReadsLessLater ? (await DownloadAsync(sandbox, isFirst: false, cancellationToken)).Spent : null;
        var (_, after) = await DownloadAsync(sandbox, isFirst: true, cancellationToken);
        return new Recrawl(before, after, own, crawl.Wall, spent, memory, requests, written - writtenBefore);
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
                ["bytes"] = middle.Pages.Bytes, ["calls"] = middle.Pages.Calls,
            },
            Note = $"{MedianNote}; {(isSqlite ? "WAL, synchronous=NORMAL on both sides" : "fsync, synchronous_commit and full_page_writes on, on both sides")}",
        };
    }

    // The machine's speed changes between two measurements that follow each other: many of both, in turns, say more than few.
    private static Figure RecrawlFigure(string name, List<Round> rounds)
    {
        var all = rounds.SelectMany(r => r.Recrawls).OrderBy(r => r.Ratio).ToList();
        var middle = all[all.Count / 2];
        var own = all.Where(r => r.Own is not null).Select(r => r.Wall / r.Own!.Wall).Order().ToList();
        return Figure.AtMost(name, middle.Ratio, "x", RecrawlLimit) with
        {
            Parts = new Dictionary<string, double>(own.Count == 0 ? middle.Spent.Parts() : middle.Spent.Parts().Append(new("of_the_pages_it_reads", own[own.Count / 2])))
            {
                ["least"] = all[0].Ratio, ["most"] = all[^1].Ratio, ["crawl_s"] = middle.Wall,
                ["first"] = rounds.Select(r => r.Recrawls[0].Ratio).Order().ElementAt(rounds.Count / 2),
                ["download_before_s"] = middle.Before.Wall, ["download_after_s"] = middle.After.Wall,
                ["download_cpu_s"] = (middle.Before.Bench + middle.After.Bench) / 2,
                ["download_foreign_cpu_s"] = (middle.Before.Foreign + middle.After.Foreign) / 2, ["memory_mib"] = middle.Memory,
            },
            Note = $"the median of {Rounds} new servers and databases with {RecrawlsPerRound} recrawls each, a download of all pages before and after each; first: of the first recrawls alone",
        };
    }

    private static Round Middle(List<Round> rounds, Func<Round, double> ratio) => rounds.OrderBy(ratio).ElementAt(rounds.Count / 2);

    private static Figure RequestFigure(string name, IReadOnlyDictionary<string, long> requests, double fewest) =>
        Figure.AtMost(name, requests.Values.Sum() / fewest, "x", RequestLimit) with
        {
            Parts = requests.ToDictionary(r => r.Key, r => (double)r.Value).Append(new("fewest", fewest)).ToDictionary(),
        };

    private static async Task<(Downloaded Pages, Spent Spent)> DownloadAsync(IStandIn sandbox, bool isFirst, CancellationToken cancellationToken)
    {
        GC.Collect();
        var meter = Meter.Start(standIn: sandbox.Id);
        var pages = await sandbox.DownloadAsync(isFirst, cancellationToken);
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
        Downloaded Pages, Downloaded LaterPages, Spent Before, Spent Between, double CrawlWall, Spent CrawlSpent, double CrawlMemory, List<Recrawl> Recrawls, RowCounts Rows,
        Spent? Insert)
    {
        public double CrawlRatio => CrawlWall / (((Before.Wall + Between.Wall) / 2) + Insert!.Wall);
    }

    private sealed record Recrawl(
        Spent Before, Spent After, Spent? Own, double Wall, Spent Spent, double Memory, IReadOnlyDictionary<string, long> Requests, long Written)
    {
        public double Ratio => Wall / ((Before.Wall + After.Wall) / 2);
    }
}
