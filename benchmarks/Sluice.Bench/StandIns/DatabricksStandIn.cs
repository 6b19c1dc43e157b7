using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Bench.Processes;
using Sluice.Bench.Replay;

namespace Sluice.Bench.StandIns;

/// <summary>
/// <c>sluice sandbox databricks</c>, which answers a query that it ran before from its result. What a crawl reads is a recorded crawl's statements and
/// listings.
/// </summary>
internal sealed partial class DatabricksStandIn : IStandIn
{
    private const string StatementPath = "/api/2.0/sql/statements";

    /// <summary>As many requests as a crawl may send at once.</summary>
    private const int Concurrency = 8;

    private readonly StandInProcess _process;
    private readonly Uri _endpoint;
    private readonly string _token;
    private readonly string _administratorToken;
    private readonly string _warehouse;
    private readonly string _cluster;
    private RecordedCrawls? _recorded;
    private int _catalogs;

    private DatabricksStandIn(StandInProcess process, int tables)
    {
        _process = process;
        Tables = tables;
        var told = Told().Match(process.Output);
        if (!told.Success) throw new InvalidOperationException($"The stand-in said something new:\n{process.Output}");
        _endpoint = new Uri(told.Groups["endpoint"].Value);
        _token = told.Groups["token"].Value;
        _administratorToken = told.Groups["administrator"].Value;
        _warehouse = told.Groups["warehouse"].Value;
        _cluster = told.Groups["cluster"].Value;
    }

    public string Platform => "databricks";

    public int Id => _process.Id;

    public bool ReadsLessLater => true;

    public int Tables { get; }

    public static async Task<DatabricksStandIn> StartAsync(Workplace place, int tables, TimeProvider time, CancellationToken cancellationToken)
    {
        var process = await StandInProcess.StartAsync(place, cancellationToken, "databricks", "--tables", $"{tables}", "--catalogs", $"{CatalogsOf(tables)}", "--reuse-results");
        try
        {
            var standIn = new DatabricksStandIn(process, tables);
            standIn._recorded = await RecordedCrawls.RecordAsync(place, standIn._endpoint, standIn, port => standIn.Payload("recorded", port), time, cancellationToken);
            return standIn;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async Task SetUpAsync(ServerApi api, CancellationToken cancellationToken)
    {
        _catalogs++;
        var script = await api.ScriptAsync(new JsonObject { ["type"] = "Databricks", ["autoBootstrap"] = false, ["config"] = Config(_endpoint.Port) }.ToJsonString(), cancellationToken);

        // In a script each statement ends its line; what is behind hyphens is for whoever owns a catalog, and the stand-in's have granted it.
        var code = string.Join('\n', script.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)));
        using var http = Http(_administratorToken);
        var context = (await PostAsync("/api/1.2/contexts/create", new() { ["clusterId"] = _cluster, ["language"] = "sql" }))["id"]!.GetValue<string>();
        foreach (var command in code.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var body = new JsonObject { ["clusterId"] = _cluster, ["contextId"] = context, ["language"] = "sql", ["command"] = command };
            var id = (await PostAsync("/api/1.2/commands/execute", body))["id"]!.GetValue<string>();
            JsonNode answer;
            do answer = JsonNode.Parse(await http.GetStringAsync($"/api/1.2/commands/status?clusterId={_cluster}&contextId={context}&commandId={id}", cancellationToken))!;
            while (answer["status"]!.GetValue<string>() is "Queued" or "Running");
            if (answer["results"]!["resultType"]!.GetValue<string>() == "error") throw new InvalidOperationException($"The setup script failed: {answer["results"]!["summary"]}");
        }

        // Once for nothing: what was answered once is answered fast, until a script changes something.
        if (_recorded is null) return;
        await DownloadAsync(isFirst: true, cancellationToken);
        await DownloadAsync(isFirst: false, cancellationToken);

        async Task<JsonNode> PostAsync(string path, JsonObject body)
        {
            using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(path, content, cancellationToken);
            return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken))!;
        }
    }

    public string Payload(string connectionKey) => Payload(connectionKey, _endpoint.Port);

    public async Task<Downloaded> DownloadAsync(bool isFirst, CancellationToken cancellationToken)
    {
        // A listing's later pages are named by the page before, anew each time.
        var requests = (isFirst ? _recorded!.First : _recorded!.Later)
            .Where(r => (r.Method == "POST" && r.Path == StatementPath) || (r.Method == "GET" && !r.Path.Contains("page_token=", StringComparison.Ordinal) && !r.Path.StartsWith(StatementPath, StringComparison.Ordinal)))
            .ToList();
        using var http = Http(_token);
        var walk = new TokenWalk(http);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(requests, parallel, (request, token) => new ValueTask(request.Method == "POST" ? StatementAsync(walk, request, token) : ListAsync(walk, request.Path, token)));
        return new Downloaded(walk.Bytes, walk.Calls, new Dictionary<string, double>());
    }

    // The metastore, the catalogs and the tags of catalogs; of each catalog the schemas, their tags, the tables, their tags, those of columns, and the
    // columns of its views. Ids of tables are listed only of schemas whose listing has changed, and columns only of what has: here nothing.
    public double FewestRequests(Downloaded downloaded) => 3 + (6 * (CatalogsOf(Tables) + 1));

    public Task<IReadOnlyDictionary<string, long>> RequestsAsync(CancellationToken cancellationToken) => StandInProcess.RequestsAsync(_endpoint, cancellationToken);

    public Task ForgetRequestsAsync(CancellationToken cancellationToken) => StandInProcess.ForgetRequestsAsync(_endpoint, cancellationToken);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task StatementAsync(TokenWalk walk, RecordedRequest recorded, CancellationToken cancellationToken)
    {
        string[] wanted = ["statement_id", "state", "next_chunk_internal_link", "external_link"];
        using var request = new HttpRequestMessage(HttpMethod.Post, recorded.Path) { Content = new ByteArrayContent(recorded.Body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(recorded.ContentType ?? "application/json");
        var answer = await walk.SendAsync(request, wanted, isFragment: false, cancellationToken);
        while (answer["state"].First() is "PENDING" or "RUNNING") answer = await GetAsync($"{StatementPath}/{answer["statement_id"].First()}");
        while (true)
        {
            foreach (var link in answer["external_link"]) await GetAsync(new Uri(link).PathAndQuery);
            if (answer["next_chunk_internal_link"].FirstOrDefault() is not { Length: > 0 } next) return;
            answer = await GetAsync(next);
        }

        async Task<ILookup<string, string>> GetAsync(string path)
        {
            using var get = new HttpRequestMessage(HttpMethod.Get, path);
            return await walk.SendAsync(get, wanted, isFragment: false, cancellationToken);
        }
    }

    private static async Task ListAsync(TokenWalk walk, string path, CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, token is null ? path : $"{path}{(path.Contains('?') ? '&' : '?')}page_token={Uri.EscapeDataString(token)}");
            token = (await walk.SendAsync(request, ["next_page_token"], isFragment: false, cancellationToken))["next_page_token"].FirstOrDefault(t => t.Length > 0);
        }
        while (token is not null);
    }

    // Generated; there is one more, the workspace's own.
    private static int CatalogsOf(int tables) => Math.Max(2, tables / 10_000);

    private HttpClient Http(string token)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AutomaticDecompression = System.Net.DecompressionMethods.GZip }) { BaseAddress = _endpoint };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private string Payload(string connectionKey, int port)
    {
        var connection = new JsonObject { ["technology"] = "Databricks", ["hostname"] = "http://127.0.0.1" };
        AddMembers(connection, port);
        return new JsonObject
        {
            ["connectionKey"] = connectionKey,
            ["connection"] = connection,
            ["settings"] = new JsonObject { ["isActive"] = false },
            ["options"] = new JsonObject { ["forceRecursiveCrawl"] = true },
            ["nativeIntegration"] = new JsonObject { ["type"] = "Databricks", ["autoBootstrap"] = false, ["unityCatalog"] = true, ["config"] = Config(port) },
        }.ToJsonString();
    }

    private JsonObject Config(int port)
    {
        var config = new JsonObject { ["host"] = "http://127.0.0.1", ["catalog"] = $"sluice_{_catalogs}" };
        AddMembers(config, port);
        return config;
    }

    private void AddMembers(JsonObject members, int port)
    {
        members["port"] = port;
        members["httpPath"] = _warehouse;
        members["authenticationType"] = "token";
        members["token"] = _token;
    }

    [GeneratedRegex(
        @"stand-in on (?<endpoint>http://127\.0\.0\.1:\d+)/? [\s\S]*?\n\s+token\s+(?<token>dapi\S+)[\s\S]*?administrator (?<administrator>dapi\S+)[\s\S]*?warehouse\s+(?<warehouse>/\S+)[\s\S]*?cluster\s+\S+/(?<cluster>[^/\s]+)\s",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Told();
}
