using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Connections;
using Sluice.Engine.Callers;
using Sluice.Server.Authentication;
using Sluice.Server.Tests.Fakes;
using Sluice.Server.Tests.OpenApi;
using Sluice.Storage.Access;
using Sluice.Storage.Connections;
using Sluice.Storage.People;
using Sluice.Testing;

namespace Sluice.Server.Tests.People;

/// <summary>The server as it is shipped, on a database of its own, asked over HTTP.</summary>
internal sealed class PeopleServer : IAsyncDisposable
{
    public const string Sqlite = "SQLite";
    public const string PostgreSql = "PostgreSQL";

    private readonly string _directory;
    private readonly SluiceServer _server;
    private readonly HttpClient _http;

    private PeopleServer(string directory, SluiceServer server)
    {
        _directory = directory;
        _server = server;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Urls[0]) };
    }

    public static TheoryData<string> Each { get; } = [Sqlite, PostgreSql];

    public IServiceProvider Services => _server.Services;

    public string AdminKey => _server.FirstKey!.Key;

    public static async Task<PeopleServer> StartAsync(string provider, params string[] flags)
    {
        var directory = Directory.CreateTempSubdirectory("sluice-people-").FullName;
        string[] database = provider == Sqlite ? [] : ["--database", await (await Requires.PostgreSqlAsync()).CreateDatabaseAsync(TestContext.Current.CancellationToken)];
        var settings = RunningServer.Settings(directory, ["--vault-key-in-data", "--rate-limit", "0", "--log-level", "error", .. database, .. flags]);
        return new PeopleServer(directory, await SluiceServer.StartAsync(settings, TestContext.Current.CancellationToken));
    }

    /// <summary>A key of a holder, put into the store.</summary>
    public async Task<string> KeyOfAsync(string holder, params string[] permissions)
    {
        var key = ApiKey.New();
        await Services.GetRequiredService<IApiKeyStore>().AddAsync(
            new StoredApiKey
            {
                Id = key.Id,
                Hash = key.Hash,
                Name = "Test",
                HolderId = holder,
                Permissions = permissions,
                SpeaksForHolder = true,
                CreatedAt = TimeProvider.System.GetUtcNow(),
                CreatedBy = Caller.System.Id,
            },
            Caller.System.AsActor(),
            TestContext.Current.CancellationToken);
        return key.Text;
    }

    public async Task AddConnectionAsync(string key)
    {
        var connection = Samples.Connection().Stored with
        {
            Id = Guid.NewGuid(), Key = key, RootObjectId = 0, Revision = 1, NextSyncAt = null, Status = ConnectionStatus.Inactive, IdentityKey = key,
            SettingsJson = ConnectionSettingsWriter.Write(new ConnectionSettings()).ToJsonString(),
        };
        (await Services.GetRequiredService<IConnectionStore>().AddAsync(connection, false, [], null, TestContext.Current.CancellationToken)).Outcome.ShouldBe(ConnectionWriteOutcome.Done);
    }

    /// <summary>Registers a user, and returns their id.</summary>
    public async Task<string> AddUserAsync(string username, params string[] permissions)
    {
        using var answer = await SendAsync("POST", "/api/v1/users", $$"""{"username":"{{username}}"}""");
        var id = (await OkAsync(answer))["id"]!.GetValue<string>();
        if (permissions.Length > 0)
            await Services.GetRequiredService<IPeopleStore>().SetPermissionsAsync(Guid.Parse(id), permissions, null, new HashSet<Guid>(), TestContext.Current.CancellationToken);
        return id;
    }

    public Task<HttpResponseMessage> SendAsync(string method, string target, string? json = null) => SendAsync(method, target, json, AdminKey);

    public async Task<HttpResponseMessage> SendAsync(string method, string target, string? json, string key, string? ifMatch = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Contract.Faults(method, target, (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.TextAsync()).ShouldBeEmpty();
        return answer;
    }

    /// <summary>The body of a request that succeeds.</summary>
    public async Task<JsonNode> JsonAsync(string method, string target, string? json = null)
    {
        using var answer = await SendAsync(method, target, json);
        return await OkAsync(answer);
    }

    public static async Task<JsonNode> OkAsync(HttpResponseMessage answer)
    {
        var text = await answer.TextAsync();
        ((int)answer.StatusCode).ShouldBe(200, text);
        return JsonNode.Parse(text)!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
