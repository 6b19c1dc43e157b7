using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Bench.Processes;
using Sluice.Bench.Replay;

namespace Sluice.Bench.StandIns;

/// <summary><c>sluice sandbox snowflake</c>, which answers a statement that it ran before from its result. What a crawl reads is a recorded crawl's statements.</summary>
internal sealed partial class SnowflakeStandIn : IStandIn
{
    private const string LoginPath = "/session/v1/login-request";
    private const string QueryPath = "/queries/v1/query-request";

    /// <summary>The server's default for databases read at once.</summary>
    private const int Concurrency = 8;
    private static readonly string[] Wanted = ["url", "qrmk", "getResultUrl"];

    private readonly StandInProcess _process;
    private readonly Uri _endpoint;
    private readonly string _host;
    private readonly string _password;
    private readonly string _administratorPassword;
    private RecordedCrawls? _recorded;
    private int _databases;
    private long _requests;

    private SnowflakeStandIn(StandInProcess process, int tables)
    {
        _process = process;
        Tables = tables;
        var told = Told().Match(process.Output);
        if (!told.Success) throw new InvalidOperationException($"The stand-in said something new:\n{process.Output}");
        _endpoint = new Uri(told.Groups["endpoint"].Value);
        _host = $"http://{told.Groups["account"].Value.ToLowerInvariant()}.localhost";
        _password = told.Groups["password"].Value;
        _administratorPassword = told.Groups["administrator"].Value;
    }

    public string Platform => "snowflake";

    public int Id => _process.Id;

    public bool ReadsLessLater => true;

    public int Tables { get; }

    /// <summary>Generated; there is one more, which holds the tags.</summary>
    private int Databases => DatabasesOf(Tables);

    public static async Task<SnowflakeStandIn> StartAsync(Workplace place, int tables, TimeProvider time, CancellationToken cancellationToken)
    {
        var process = await StandInProcess.StartAsync(place, cancellationToken, "snowflake", "--tables", $"{tables}", "--databases", $"{DatabasesOf(tables)}", "--reuse-results");
        try
        {
            var standIn = new SnowflakeStandIn(process, tables);
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
        _databases++;
        var request = new JsonObject { ["type"] = "Snowflake", ["autoBootstrap"] = false, ["config"] = Config(_endpoint.Port) };
        var script = await api.ScriptAsync(request.ToJsonString(), cancellationToken);
        using var http = Http();
        var login = new JsonObject { ["data"] = new JsonObject { ["LOGIN_NAME"] = "SANDBOX_ADMIN", ["PASSWORD"] = _administratorPassword } };
        await LogInAsync(http, new RecordedRequest(default, "POST", LoginPath, Encoding.UTF8.GetBytes(login.ToJsonString()), null, null), cancellationToken);
        var all = new JsonObject { ["sqlText"] = script, ["parameters"] = new JsonObject { ["MULTI_STATEMENT_COUNT"] = 0 } };
        using var content = new StringContent(all.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync($"{QueryPath}?requestId={RequestId()}", content, cancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        if (!answer["success"]!.GetValue<bool>()) throw new InvalidOperationException($"The setup script failed: {answer["message"]}");
        await WarmAsync(cancellationToken);
    }

    public string Payload(string connectionKey) => Payload(connectionKey, _endpoint.Port);

    public async Task<Downloaded> DownloadAsync(bool isFirst, CancellationToken cancellationToken)
    {
        var requests = isFirst ? _recorded!.First : _recorded!.Later;
        using var crawling = Http();
        using var system = Http();
        var (walk, systemWalk) = (new TokenWalk(crawling), new TokenWalk(system));
        await LogInAsync(crawling, Login("SLUICE_ROLE"), cancellationToken);
        await LogInAsync(system, Login("_SYSTEM"), cancellationToken);
        var statements = requests.Where(r => r.Path.StartsWith(QueryPath, StringComparison.Ordinal)).ToList();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(statements, parallel, async (statement, token) =>
        {
            // Tags are read by the system role, all else by the role of the crawl.
            var of = Encoding.UTF8.GetString(statement.Body).Contains("ACCOUNT_USAGE", StringComparison.Ordinal) ? systemWalk : walk;
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{QueryPath}?requestId={RequestId()}") { Content = new ByteArrayContent(statement.Body) };
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(statement.ContentType ?? "application/json");
            if (statement.ContentEncoding is { Length: > 0 } encoding) request.Content.Headers.ContentEncoding.Add(encoding);
            var answer = await of.SendAsync(request, Wanted, isFragment: false, token);
            while (answer["getResultUrl"].FirstOrDefault() is { } running) answer = await of.SendAsync(new HttpRequestMessage(HttpMethod.Get, running), Wanted, isFragment: false, token);
            foreach (var url in answer["url"])
            {
                using var chunk = new HttpRequestMessage(HttpMethod.Get, new Uri(_endpoint, new Uri(url).PathAndQuery));
                chunk.Headers.TryAddWithoutValidation("x-amz-server-side-encryption-customer-key", answer["qrmk"].First());
                await of.SendAsync(chunk, [], isFragment: true, token);
            }
        });
        return new Downloaded(walk.Bytes + systemWalk.Bytes, walk.Calls + systemWalk.Calls, new Dictionary<string, double> { ["chunks"] = walk.Calls + systemWalk.Calls - statements.Count });

        // The system role is the one of the server that was set up last: what it was answered is answered fast to it alone.
        RecordedRequest Login(string role)
        {
            var login = requests.First(r => r.Path.StartsWith(LoginPath, StringComparison.Ordinal) && r.Path.Contains(role, StringComparison.Ordinal));
            return login with { Path = SystemRole().Replace(login.Path, $"SLUICE_{_databases}_SYSTEM") };
        }
    }

    // Once for nothing: what was answered once is answered fast, until a script changes something.
    private async Task WarmAsync(CancellationToken cancellationToken)
    {
        if (_recorded is null) return;
        await DownloadAsync(isFirst: true, cancellationToken);
        await DownloadAsync(isFirst: false, cancellationToken);
    }

    // A login, the end of secondary roles and a logout for each of both roles, the list of databases and the tags; the schemas and the tables of each
    // database; and the chunks that results come in. What is read of columns depends on what has changed, here nothing.
    public double FewestRequests(Downloaded downloaded) => 6 + 2 + (2 * (Databases + 1)) + downloaded.Parts["chunks"];

    public Task<IReadOnlyDictionary<string, long>> RequestsAsync(CancellationToken cancellationToken) => StandInProcess.RequestsAsync(_endpoint, cancellationToken);

    public Task ForgetRequestsAsync(CancellationToken cancellationToken) => StandInProcess.ForgetRequestsAsync(_endpoint, cancellationToken);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static int DatabasesOf(int tables) => Math.Max(2, tables / 10_000);

    private HttpClient Http()
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AutomaticDecompression = System.Net.DecompressionMethods.GZip }) { BaseAddress = _endpoint };
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        return http;
    }

    private static async Task LogInAsync(HttpClient http, RecordedRequest login, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(login.Body);
        content.Headers.ContentType = new("application/json");
        using var response = await http.PostAsync(login.Path, content, cancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        if (!answer["success"]!.GetValue<bool>()) throw new InvalidOperationException($"A login failed: {answer["message"]}");
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Snowflake Token=\"{answer["data"]!["token"]!.GetValue<string>()}\"");
    }

    // A repeated one would be answered as the same request sent again.
    private string RequestId() => $"00000000-0000-4000-8000-{Interlocked.Increment(ref _requests):x12}";

    private string Payload(string connectionKey, int port)
    {
        var connection = new JsonObject
        {
            ["technology"] = "Snowflake", ["hostname"] = _host, ["port"] = port, ["warehouse"] = "SLUICE_WH", ["role"] = "SLUICE_ROLE",
            ["authenticationType"] = "userPassword", ["username"] = "SLUICE_SERVICE", ["password"] = _password,
        };
        return new JsonObject
        {
            ["connectionKey"] = connectionKey,
            ["connection"] = connection,
            ["settings"] = new JsonObject { ["isActive"] = false },
            ["options"] = new JsonObject { ["forceRecursiveCrawl"] = true },
            ["nativeIntegration"] = new JsonObject { ["type"] = "Snowflake", ["autoBootstrap"] = false, ["config"] = Config(port) },
        }.ToJsonString();
    }

    private JsonObject Config(int port) => new()
    {
        ["host"] = _host, ["port"] = port, ["warehouse"] = "SLUICE_WH", ["database"] = $"SLUICE_{_databases}",
        ["authenticationType"] = "userPassword", ["username"] = "SLUICE_SERVICE", ["password"] = _password,
    };

    [GeneratedRegex(@"SLUICE_\d+_SYSTEM", RegexOptions.None, 1000)]
    private static partial Regex SystemRole();

    [GeneratedRegex(
        @"stand-in on (?<endpoint>http://127\.0\.0\.1:\d+)/? \(account (?<account>[\w-]+)\)[\s\S]*?SLUICE_SERVICE\s+(?<password>\S+)[\s\S]*?SANDBOX_ADMIN\s+(?<administrator>\S+)",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Told();
}
