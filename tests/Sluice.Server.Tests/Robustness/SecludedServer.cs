using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Sluice.Core.Connections;
using Sluice.Platforms;
using Sluice.Platforms.Egress;
using Sluice.Platforms.LakeFormation.Identity;
using Sluice.Server.Configuration;
using Sluice.Server.Tests.Fakes;
using Sluice.Storage.Connections;

namespace Sluice.Server.Tests.Robustness;

/// <summary>The server as it is shipped, with one connection in it; whatever it wants to reach is not there.</summary>
public abstract class SecludedServer : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sluice-secluded-").FullName;
    private readonly CapturedLog _log = new();
    private SluiceServer? _server;
    private HttpClient? _http;

    public async ValueTask InitializeAsync()
    {
        if (await DatabaseAsync() is not { } database) return;
        var settings = RunningServer.Settings(
            _directory, ["--vault-key-in-data", "--rate-limit", "0", "--auth-failure-limit", "100000", "--log-level", "error", .. database]);
        settings = settings with { Aws = settings.Aws with { ServerIdentity = new NoIdentity() } };
        _server = await SluiceServer.StartAsync(settings, new SecludedRoom(_log), CancellationToken.None);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        await AddConnectionAsync();
    }

    /// <summary>The flags of the database; null: there is none here, and no server.</summary>
    protected abstract Task<string[]?> DatabaseAsync();

    /// <summary>The status of a request, sent exactly as written, with the administrator's key.</summary>
    internal async Task<int> SendAsync(string method, string target, string? body)
    {
        var exactly = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_server!.Urls[0] + target, exactly));
        request.Headers.TryAddWithoutValidation("Authorization", _server.FirstKey!.Key);
        if (body is not null && method is "POST" or "PUT")
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body!));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var answer = await _http!.SendAsync(request, TestContext.Current.CancellationToken);
        // What some text deleted is there again for the next.
        if (method == "DELETE" && answer.IsSuccessStatusCode && target.StartsWith("/data/object", StringComparison.Ordinal)) await AddConnectionAsync();
        return (int)answer.StatusCode;
    }

    /// <summary>What the server said of its failures.</summary>
    internal string Failures() => string.Join('\n', _log.Lines.Where(l => l.Contains("ProblemMiddleware", StringComparison.Ordinal)).TakeLast(1));

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    private async Task AddConnectionAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var connection = Samples.Connection().Stored with { Id = Guid.NewGuid(), RootObjectId = 0, Revision = 1, Status = ConnectionStatus.Inactive, NextSyncAt = null };
        connection = connection with { CreatedAt = now, UpdatedAt = now, SettingsJson = ConnectionSettingsWriter.Write(new ConnectionSettings()).ToJsonString() };
        var added = await _server!.Services.GetRequiredService<IConnectionStore>().AddAsync(connection, false, [], null, CancellationToken.None);
        added.Outcome.ShouldBe(ConnectionWriteOutcome.Done);
    }

    private sealed class SecludedRoom(CapturedLog log) : EngineRoom
    {
        public override void Add(WebApplicationBuilder builder, ServerSettings settings)
        {
            base.Add(builder, settings);
            builder.Services.RemoveAll<EgressGuard>();
            builder.Services.AddSingleton(new EgressGuard(settings.Egress, new Nowhere()));
            builder.Logging.AddProvider(log);
        }
    }

    // Every name leads to this machine, where the server may not connect: refused at once, and nothing leaves the machine.
    private sealed class Nowhere : IHostResolver
    {
        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
    }

    private sealed class NoIdentity : IServerAwsIdentity
    {
        public ValueTask<AwsCredentials> GetCredentialsAsync(CancellationToken cancellationToken) =>
            throw new PlatformException(PlatformFailure.CredentialsRejected, "This server has no AWS identity.");
    }
}
