using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Snowflake.Tests.Fakes;

/// <summary>
/// Answers the session protocol as the vendor's drivers expect it: logins, and to statements what a test says. It keeps what was asked, and verifies nothing
/// but that a token is one it gave.
/// </summary>
internal sealed class FakeAccount : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, byte[]> _chunks = new(StringComparer.Ordinal);
    private readonly List<(Func<Asked, bool> Matches, Func<Asked, Answer> Answer)> _answers = [];
    private int _tokens;

    private FakeAccount(WebApplication application) => _application = application;

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public IEnumerable<Asked> Statements => Requests.Where(r => r.Path == "/queries/v1/query-request" && r.Sql != "USE SECONDARY ROLES NONE");

    public Uri Address => new(_application.Urls.Single());

    public int TokenSeconds { get; set; } = 3600;

    public int MasterSeconds { get; set; } = 14400;

    /// <summary>What a login is answered; null: it is let in.</summary>
    public Func<Asked, Answer?> OnLogin { get; set; } = static _ => null;

    /// <summary>What a renewal is answered; null: a new token.</summary>
    public Func<Answer?> OnRenew { get; set; } = static () => null;

    public SnowflakeOptions Options { get; set; } = new()
    {
        Retry = new RetryPolicy { Attempts = 3, BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) },
        Interactive = new RetryPolicy { Attempts = 3, BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) },
    };

    public static async Task<FakeAccount> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var fake = new FakeAccount(application);
        application.Run(fake.AnswerAsync);
        await application.StartAsync();
        fake.On("CURRENT_ORGANIZATION_NAME()", Rows(["ORG", "ACCOUNT", "LOCATOR", "REGION"], ["ACME", "PROD", "XY12345", "AWS_US_EAST_1"]));
        return fake;
    }

    /// <summary>Answers every statement that holds a text. What was said last counts.</summary>
    public FakeAccount On(string part, Func<Asked, Answer> answer)
    {
        lock (_answers) _answers.Insert(0, (asked => asked.Sql.Contains(part, StringComparison.Ordinal), answer));
        return this;
    }

    public FakeAccount On(string part, Answer answer) => On(part, _ => answer);

    public FakeAccount Refuses(string part, string code, string message) => On(part, Refusal(code, message));

    /// <summary>A result whose rows all come with the answer.</summary>
    public static Answer Rows(string[] columns, params string?[][] rows) => new(Result(columns, rows, []).ToJsonString());

    public static Answer Refusal(string code, string message) =>
        new(new JsonObject { ["data"] = new JsonObject { ["sqlState"] = "42501" }, ["code"] = code, ["message"] = message, ["success"] = false }.ToJsonString());

    /// <summary>A result whose rows come in chunks, each gzip without the outer brackets.</summary>
    public Answer Chunked(string[] columns, string?[][] first, bool compressed, params string?[][][] chunks)
    {
        var urls = new List<string>();
        foreach (var chunk in chunks)
        {
            var name = $"/chunk/{_chunks.Count}";
            var text = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(chunk)[1..^1]);
            _chunks[name] = compressed ? Gzip(text) : text;
            urls.Add(new Uri(Address, name).AbsoluteUri);
        }

        return new Answer(Result(columns, first, urls).ToJsonString());
    }

    public IPlatformSession Open(Action<JsonObject>? change = null, TimeProvider? time = null)
    {
        var registration = Documented.UserPassword();
        foreach (var (members, member) in new[] { (registration["connection"]!, "hostname"), (registration["nativeIntegration"]!["config"]!, "host") })
        {
            members[member] = $"http://{Address.Host}";
            members["port"] = Address.Port;
        }

        registration["connection"]!["account"] = "acme-prod";
        change?.Invoke(registration);
        var (spec, problems) = Payload.Read(registration, policy: Payload.Loopback);
        problems.ShouldBeEmpty();
        return Payload.Platform(Payload.Loopback, time, Options).Open(Payload.Access(spec!));
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static JsonObject Result(string[] columns, string?[][] rows, List<string> chunks)
    {
        var data = new JsonObject
        {
            ["rowtype"] = new JsonArray([.. columns.Select(c => new JsonObject { ["name"] = c, ["type"] = "text", ["nullable"] = true })]),
            ["rowset"] = JsonSerializer.SerializeToNode(rows),
            ["total"] = rows.Length,
            ["queryId"] = "01b",
            ["queryResultFormat"] = "json",
        };
        if (chunks.Count > 0)
        {
            data["chunks"] = new JsonArray([.. chunks.Select(url => new JsonObject { ["url"] = url, ["rowCount"] = 1 })]);
            data["chunkHeaders"] = new JsonObject { ["x-amz-server-side-encryption-customer-key"] = "chunk-key" };
        }

        return new JsonObject { ["data"] = data, ["code"] = null, ["message"] = null, ["success"] = true };
    }

    private static byte[] Gzip(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(text);
        return packed.ToArray();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        var asked = new Asked(
            context.Request.Path.Value!, text, context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal),
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        Requests.Enqueue(asked);
        if (_chunks.TryGetValue(asked.Path, out var chunk))
        {
            await context.Response.Body.WriteAsync(chunk);
            return;
        }

        var answer = asked.Path switch
        {
            "/session/v1/login-request" => OnLogin(asked) ?? LoggedIn(),
            "/session/token-request" => OnRenew() ?? Renewed(),
            "/queries/v1/query-request" => Query(asked),
            _ => Find(asked) ?? new Answer("""{"success": true, "data": null}"""),
        };
        if (answer.Wait is { } wait) await wait(context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.WriteAsync(answer.Body);
    }

    private Answer Query(Asked asked) => Find(asked) ?? (asked.Sql == "USE SECONDARY ROLES NONE"
        ? Rows(["status"], ["Statement executed successfully."])
        : Refusal("002003", $"SQL compilation error: no answer to {asked.Sql}"));

    private Answer? Find(Asked asked)
    {
        lock (_answers) return _answers.FirstOrDefault(a => a.Matches(asked)).Answer?.Invoke(asked);
    }

    private Answer LoggedIn() => new(
        $$"""{"data": {"token": "token-{{Interlocked.Increment(ref _tokens)}}", "masterToken": "master", "validityInSeconds": {{TokenSeconds}}, "masterValidityInSeconds": {{MasterSeconds}} }, "code": null, "message": null, "success": true}""");

    private Answer Renewed() => new(
        $$"""{"data": {"sessionToken": "token-{{Interlocked.Increment(ref _tokens)}}", "masterToken": "master", "validityInSecondsST": {{TokenSeconds}}, "validityInSecondsMT": {{MasterSeconds}} }, "code": null, "message": null, "success": true}""");

    /// <summary>What is answered.</summary>
    internal sealed record Answer(string Body, int Status = 200, string ContentType = "application/json", Func<CancellationToken, Task>? Wait = null);

    /// <summary>What was asked.</summary>
    internal sealed record Asked(string Path, string Body, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonElement Json => JsonElement.Parse(Body);

        /// <summary>The statement; of a request without one its path.</summary>
        public string Sql => Body.Length > 0 && Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("sqlText", out var text) ? text.GetString()! : Path;

        /// <summary>The texts bound to the question marks.</summary>
        public string[] Bindings => Json.TryGetProperty("bindings", out var bindings)
            ? [.. bindings.EnumerateObject().OrderBy(b => int.Parse(b.Name)).Select(b => b.Value.GetProperty("value").GetString()!)]
            : [];

        public string? Authorization => Headers.GetValueOrDefault("Authorization");
    }
}
