using Sluice.Bench.Processes;
using Sluice.Bench.Reporting;
using Sluice.Bench.StandIns;

namespace Sluice.Bench.Crawling;

/// <summary>The cost of a first crawl at 1k, 10k and 100k tables, by one warm server: a cold one would flatter the large sizes.</summary>
internal sealed class GrowthBench(Workplace place, string platform, TimeProvider time)
{
    private const double Limit = 1.3;
    private readonly string _name = platform == StandIn.Aws ? "growth" : $"growth.{platform}";
    private static readonly (int Tables, int Runs)[] Sizes = [(1_000, 5), (10_000, 3), (100_000, 1)];

    public async Task RunAsync(Results results, CancellationToken cancellationToken)
    {
        var store = await Store.CreateAsync(place, null, cancellationToken);
        await using var server = await Server.StartAsync(place, store.Folder, null, cancellationToken);
        using var api = server.Api();
        await RunAsync(server, api, 10_000, 2, cancellationToken);
        Measured? before = null;
        foreach (var (tables, runs) in Sizes)
        {
            Results.Say($"growth: {tables} tables, {runs} run(s)");
            var all = await RunAsync(server, api, tables, runs, cancellationToken);
            var now = all.OrderBy(m => m.Spent.Server).ElementAt(all.Count / 2);
            var parts = new Dictionary<string, double>(now.Spent.Parts()) { ["crawl_s"] = now.Wall };
            if (before is null)
            {
                results.Add(Figure.Plain($"{_name}.{tables}", now.Wall, "s") with { Parts = parts });
            }
            else
            {
                var linear = (double)tables / before.Tables;
                parts["wall_ratio"] = now.Wall / before.Wall / linear;
                results.Add(Figure.AtMost($"{_name}.{tables}", now.Spent.Server / before.Spent.Server / linear, "x linear", Limit) with
                {
                    Parts = parts,
                    Note = $"by the server's CPU seconds, against {before.Tables} tables; wall_ratio is the same by wall clock",
                });
            }

            before = now;
        }
    }

    private async Task<List<Measured>> RunAsync(Server server, ServerApi api, int tables, int runs, CancellationToken cancellationToken)
    {
        await using var sandbox = await StandIn.StartAsync(place, platform, tables, time, cancellationToken);
        await sandbox.SetUpAsync(api, cancellationToken);
        var measured = new List<Measured>();
        for (var i = 0; i < runs; i++)
        {
            var meter = Meter.Start(server.Id, sandbox.Id);
            var crawl = await api.RegisterAsync(sandbox.Payload("lake"), cancellationToken);
            measured.Add(new Measured(tables, crawl.Wall, meter.Stop()));
            await api.DeleteAsync("lake", cancellationToken);
        }

        return measured;
    }

    private sealed record Measured(int Tables, double Wall, Spent Spent);
}
