using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Server.Authentication;
using Sluice.Server.Configuration;
using Sluice.Server.Tests.Fakes;
using Sluice.Server.Tests.OpenApi;
using Sluice.Storage.Access;

namespace Sluice.Server.Tests;

/// <summary>A server on a free loopback port, on Kestrel itself: what stands on the wire is what is tested.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly HttpClient _http;

    private RunningServer(SluiceServer server, FakeEngineRoom room, string directory)
    {
        Server = server;
        Room = room;
        Directory = directory;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Url };
    }

    public SluiceServer Server { get; }

    public FakeEngineRoom Room { get; }

    public string Directory { get; }

    public Uri Url => new(Server.Urls[0]);

    /// <summary>The key the first start made: it may do everything.</summary>
    public string AdminKey => Server.FirstKey!.Key;

    public static Task<RunningServer> StartAsync(params string[] flags) => StartAsync(new FakeEngineRoom(), flags);

    public static async Task<RunningServer> StartAsync(FakeEngineRoom room, params string[] flags)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("sluice-server-").FullName;
        var settings = Settings(directory, flags);
        return new RunningServer(await SluiceServer.StartAsync(settings, room, TestContext.Current.CancellationToken), room, directory);
    }

    public static ServerSettings Settings(string directory, params string[] flags)
    {
        string[] urls = flags.Any(f => f.StartsWith("--urls", StringComparison.Ordinal)) ? [] : ["--urls", "http://127.0.0.1:0"];
        string[] all = ["--data", directory, .. urls, .. flags];
        var settings = ServerSettings.Parse(all, new Dictionary<string, string>(StringComparer.Ordinal), out var problems);
        problems.ShouldBe(new ProblemList());
        return settings!;
    }

    /// <summary>A key with these permissions, put into the store.</summary>
    public string KeyWith(params string[] permissions) => KeyOf("service:test", permissions);

    public string KeyOf(string holder, params string[] permissions)
    {
        var key = ApiKey.New();
        Room.Keys.Stored[key.Id] = new StoredApiKey
        {
            Id = key.Id,
            Hash = key.Hash,
            Name = "Test",
            HolderId = holder,
            Permissions = permissions,
            CreatedAt = Room.Time.Now,
            CreatedBy = Caller.System.Id,
        };
        return key.Text;
    }

    /// <summary>Sends with the administrator's key.</summary>
    public Task<HttpResponseMessage> SendAsync(string method, string target, string? json = null) => SendAsync(method, target, json, AdminKey);

    public async Task<HttpResponseMessage> SendAsync(string method, string target, string? json, string? authorization, Action<HttpRequestMessage>? adapt = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        adapt?.Invoke(request);
        var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        // Whatever a test is about: every answer is what the OpenAPI document says.
        // (An absolute target is the metrics listener's.)
        if (target.StartsWith('/')) Contract.Faults(method, target, (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.TextAsync()).ShouldBeEmpty();
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}

/// <summary>How tests read answers.</summary>
internal static class Answers
{
    public static async Task<string> TextAsync(this HttpResponseMessage answer) =>
        await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage answer) => JsonNode.Parse(await answer.TextAsync())!;

    /// <summary>The answer's problem, after seeing that it is one in full.</summary>
    public static async Task<JsonNode> ProblemAsync(this HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.TextAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonNode.Parse(text)!;
        problem["type"]!.GetValue<string>().ShouldBe($"/docs/errors#{code}");
        problem["status"]!.GetValue<int>().ShouldBe(status);
        problem["statusCode"]!.GetValue<int>().ShouldBe(status);
        problem["code"]!.GetValue<string>().ShouldBe(code);
        problem["title"]!.GetValue<string>().ShouldNotBeEmpty();
        problem["error"]!.GetValue<string>().ShouldNotBeEmpty();
        problem["detail"]!.GetValue<string>().ShouldBe(problem["message"]!.GetValue<string>());
        problem["traceId"]!.GetValue<string>().ShouldNotBeEmpty();
        return problem;
    }
}
