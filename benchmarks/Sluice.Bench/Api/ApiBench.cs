using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Bench.Processes;
using Sluice.Bench.Reporting;

namespace Sluice.Bench.Api;

/// <summary>GET object and a search's page of 50 with 50 clients, against raw ADO.NET behind the same web server. Both in turn, several rounds.</summary>
internal sealed class ApiBench(Workplace place, string crawledFolder, int tables)
{
    private const double Limit = 0.7;
    private const int Clients = 50;
    private const int Rounds = 3;
    private const int Requests = 5000;
    private const string ConnectionKey = "lake";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(6);

    public async Task RunAsync(Results results, CancellationToken cancellationToken)
    {
        await using var server = await Server.StartAsync(place, crawledFolder, null, cancellationToken);
        var rawUrl = $"http://127.0.0.1:{ChildProcess.FreePort()}";
        await using var raw = ChildProcess.Start(
            Path.Combine(place.NewFolder("raw-api"), "log"), new Dictionary<string, string>(),
            "dotnet", typeof(ApiBench).Assembly.Location, "raw-api", server.DatabaseFile, rawUrl);
        await raw.AnswersAsync($"{rawUrl}/readyz", TimeSpan.FromSeconds(30), cancellationToken);
        using var api = server.Api();
        using var rawApi = new ServerApi(rawUrl, server.AdminKey());
        var paths = await PathsAsync(api, cancellationToken);
        await CompareAsync(api, rawApi, paths, cancellationToken);

        var random = new Random(1);
        var reads = Enumerable.Range(0, Requests).Select(_ => Get($"/data/object/{paths[random.Next(paths.Count)]}", server.AdminKey())).ToList();
        var searches = Enumerable.Range(0, Requests).Select(_ => Post(
            $"/data/object/search/{Parent(paths[random.Next(paths.Count)])}", $$"""{"size": 50, "offset": {{random.Next(15) * 50}}}""", server.AdminKey())).ToList();
        await MeasureAsync("read", reads, server, raw, rawUrl, results, cancellationToken);
        await MeasureAsync("search", searches, server, raw, rawUrl, results, cancellationToken);
    }

    private async Task MeasureAsync(
        string name, List<byte[]> requests, Server server, ChildProcess raw, string rawUrl, Results results, CancellationToken cancellationToken)
    {
        Results.Say($"api {name}: {Clients} clients, {Rounds} rounds");
        await LoadAsync(server.Url, server.Id, requests, WarmUp, cancellationToken);
        await LoadAsync(rawUrl, raw.Id, requests, WarmUp, cancellationToken);
        var rounds = new List<(Load Server, Load Raw)>();
        for (var i = 0; i < Rounds; i++)
        {
            rounds.Add((
                await LoadAsync(server.Url, server.Id, requests, Measured, cancellationToken),
                await LoadAsync(rawUrl, raw.Id, requests, Measured, cancellationToken)));
        }

        var middle = rounds.OrderBy(r => r.Server.PerSecond / r.Raw.PerSecond).ElementAt(Rounds / 2);
        results.Add(Figure.AtLeast($"api.{name}.{tables}", middle.Server.PerSecond / middle.Raw.PerSecond, "x", Limit) with
        {
            Parts = new Dictionary<string, double>(middle.Server.Spent.Parts("server."))
            {
                ["server_requests_per_s"] = middle.Server.PerSecond,
                ["raw_requests_per_s"] = middle.Raw.PerSecond,
                ["server_cpu_us_per_request"] = middle.Server.Spent.Server / middle.Server.Answers * 1e6,
                ["raw_cpu_us_per_request"] = middle.Raw.Spent.Server / middle.Raw.Answers * 1e6,
                ["server_bytes_per_answer"] = (double)middle.Server.Bytes / middle.Server.Answers,
                ["raw_bytes_per_answer"] = (double)middle.Raw.Bytes / middle.Raw.Answers,
                ["raw_foreign_cpu_s"] = middle.Raw.Spent.Foreign,
                ["least"] = rounds.Min(r => r.Server.PerSecond / r.Raw.PerSecond),
                ["most"] = rounds.Max(r => r.Server.PerSecond / r.Raw.PerSecond),
            },
            Note = "SQLite; the load comes from the same two cores; the server checks the key, limits rates off, logs each request to a file",
        });
    }

    private static async Task<Load> LoadAsync(
        string url, int processId, List<byte[]> requests, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var clients = Enumerable.Range(0, Clients).Select(_ => new LoadClient()).ToList();
        var meter = Meter.Start(processId);
        var started = Stopwatch.GetTimestamp();
        stop.CancelAfter(duration);
        var running = clients.Select((c, i) => Task.Run(() => c.RunAsync(new Uri(url).Port, requests, i * requests.Count / Clients, stop.Token), CancellationToken.None));
        await Task.WhenAll(running);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var spent = meter.Stop();
        var load = new Load(clients.Sum(c => c.Answers), clients.Sum(c => c.Bytes), elapsed.TotalSeconds, spent);
        clients.ForEach(c => c.Dispose());
        cancellationToken.ThrowIfCancellationRequested();
        return load;
    }

    private static async Task<IReadOnlyList<string>> PathsAsync(ServerApi api, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        for (var offset = 0; ; offset += 1000)
        {
            var page = await api.SearchAsync(ConnectionKey, $$"""{"descendants": true, "size": 1000, "offset": {{offset}}}""", cancellationToken);
            var hits = page.GetProperty("hits").EnumerateArray().Select(h => h.GetProperty("objectPath").EnumerateArray().Select(n => n.GetString()!).ToArray()).ToList();
            paths.AddRange(hits.Where(h => h.Length == 3).Select(h => string.Join('/', h.Select(Uri.EscapeDataString))));
            if (hits.Count < 1000) return paths;
        }
    }

    // Half a baseline would be none: both must say the same of an object and of a page, but for how members are spelled.
    private static async Task CompareAsync(ServerApi api, ServerApi raw, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        const string body = """{"size": 50, "offset": 50}""";
        foreach (var path in (string[])[paths[0], paths[paths.Count / 2], paths[^1]])
        {
            Compare(await api.ReadAsync(path, cancellationToken), await raw.ReadAsync(path, cancellationToken));
            Compare(await api.SearchAsync(Parent(path), body, cancellationToken), await raw.SearchAsync(Parent(path), body, cancellationToken));
        }
    }

    private static void Compare(JsonElement server, JsonElement raw)
    {
        if (!JsonNode.DeepEquals(JsonNode.Parse(server.GetRawText()), JsonNode.Parse(raw.GetRawText())))
            throw new InvalidOperationException($"The raw baseline answers otherwise than the server:\n{server}\n{raw}");
    }

    private static string Parent(string path) => path[..path.LastIndexOf('/')];

    private static byte[] Get(string path, string key) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {key}\r\n\r\n");

    private static byte[] Post(string path, string body, string key) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private sealed record Load(long Answers, long Bytes, double Seconds, Spent Spent)
    {
        public double PerSecond => Answers / Seconds;
    }
}
