using Sluice.Bench.Processes;
using Sluice.Bench.Reporting;

namespace Sluice.Bench.Starting;

/// <summary>From the start of a process until it answers: the server on a full and on an empty database, and an empty app; in turn, several rounds.</summary>
internal sealed class StartBench(Workplace place, string crawledFolder, int tables)
{
    private const double FullLimit = 1.2;
    private const double AppLimit = 8;
    private const int Rounds = 5;

    public async Task RunAsync(Results results, CancellationToken cancellationToken)
    {
        Results.Say($"start: {Rounds} rounds");

        // Migrated, so that both starts do the same but for what is stored.
        var empty = await Store.CreateAsync(place, null, cancellationToken);
        await empty.MigrateAsync(place, cancellationToken);

        // Once for nothing: files in the machine's cache.
        await ServerAsync(crawledFolder, cancellationToken);
        await AppAsync(cancellationToken);
        var rounds = new List<(Measured Full, Measured Empty, Measured App)>();
        for (var i = 0; i < Rounds; i++)
        {
            rounds.Add((
                await ServerAsync(crawledFolder, cancellationToken),
                await ServerAsync(empty.Folder, cancellationToken),
                await AppAsync(cancellationToken)));
        }

        var (full, fresh, app) = (Median(rounds.ConvertAll(r => r.Full)), Median(rounds.ConvertAll(r => r.Empty)), Median(rounds.ConvertAll(r => r.App)));
        var parts = new Dictionary<string, double>
        {
            ["full_s"] = full.Wall, ["empty_s"] = fresh.Wall, ["app_s"] = app.Wall,
            ["full_server_cpu_s"] = full.Cpu, ["empty_server_cpu_s"] = fresh.Cpu, ["app_cpu_s"] = app.Cpu,
            ["foreign_cpu_s"] = rounds.Sum(r => r.Full.Foreign + r.Empty.Foreign + r.App.Foreign),
        };
        const string note = "median of 5 in turn; new processes, files in the page cache; the empty database is migrated";
        results.Add(Figure.AtMost($"start.{tables}.full_to_empty", full.Wall / fresh.Wall, "x", FullLimit) with { Parts = parts, Note = note });
        results.Add(Figure.AtMost($"start.{tables}.full_to_empty_app", full.Wall / app.Wall, "x", AppLimit) with { Note = note });
    }

    private async Task<Measured> ServerAsync(string folder, CancellationToken cancellationToken)
    {
        var meter = Meter.Start();
        await using var server = await Server.StartAsync(place, folder, null, cancellationToken);
        var measured = new Measured(server.StartTime.TotalSeconds, Proc.Cpu(server.Id), meter.Stop().Foreign);
        await server.StopAsync();
        return measured with { Foreign = Math.Max(0, measured.Foreign - measured.Cpu) };
    }

    private async Task<Measured> AppAsync(CancellationToken cancellationToken)
    {
        var url = $"http://127.0.0.1:{ChildProcess.FreePort()}";
        var meter = Meter.Start();
        await using var app = ChildProcess.Start(
            Path.Combine(place.NewFolder("app"), "log"), new Dictionary<string, string>(), "dotnet", typeof(StartBench).Assembly.Location, "empty-app", url);
        var time = await app.AnswersAsync(url, TimeSpan.FromSeconds(30), cancellationToken);
        var measured = new Measured(time.TotalSeconds, Proc.Cpu(app.Id), meter.Stop().Foreign);
        await app.StopAsync();
        return measured with { Foreign = Math.Max(0, measured.Foreign - measured.Cpu) };
    }

    private static Measured Median(List<Measured> all) => all.OrderBy(m => m.Wall).ElementAt(all.Count / 2);

    private sealed record Measured(double Wall, double Cpu, double Foreign);
}
