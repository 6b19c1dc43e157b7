using Sluice.Core.Connections;
using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Identity;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;
using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Databricks;

/// <summary>
/// The HTTP clients of a session. The workspace, the OAuth authority and the cloud storage of results have one each: no token or secret can go elsewhere.
/// </summary>
internal sealed class SessionWiring : IDisposable
{
    private readonly EgressGuard _egress;
    private readonly DatabricksOptions _options;
    private readonly TimeProvider _time;
    private readonly PlatformHttpClient _http;
    private readonly OAuthTokens? _tokens;

    public SessionWiring(EgressGuard egress, DatabricksOptions options, TimeProvider time, DatabricksConnection connection, string secret)
    {
        _egress = egress;
        _options = options;
        _time = time;
        var secrets = new KeptSecrets(secret);
        _http = Client(
            new PlatformHttpOptions { Refusal = response => DatabricksRefusal.Read(response, secrets), Retry = options.Retry, MaxResponseBytes = options.AnswerBytes },
            WorkspaceHost.Suffixes,
            new LimiterBounds { Initial = Math.Min(8, options.MostRequests), Maximum = options.MostRequests });
        if (connection.Client is { } client)
        {
            _tokens = new OAuthTokens(
                Technology.Databricks,
                new OAuthClient { ClientId = client.ClientId, Authority = client.Authority, Scope = client.Scope },
                OAuthCredential.OfSecret(secret),
                egress,
                time);
        }

        ITokenSource tokens = _tokens is null ? new PersonalAccessToken(secret) : new ClientTokens(_tokens);
        Workspace = new WorkspaceClient(_http, connection.Address, tokens, secrets, options.Retry);
    }

    /// <summary>The workspace, for work in the background.</summary>
    public WorkspaceClient Workspace { get; }

    /// <summary>A client that reads from cloud storage.</summary>
    public PlatformHttpClient Storage(IReadOnlyList<string> hosts) =>
        Client(new PlatformHttpOptions { Retry = _options.Retry, MaxResponseBytes = _options.AnswerBytes }, hosts, new LimiterBounds());

    /// <summary>What runs SQL.</summary>
    public ISqlEndpoint Sql(
        DatabricksConnection connection, WorkspaceClient workspace, ExternalResults storage, StatementReading reading, TimeSpan timeout)
    {
        var waiting = new Waiting(_time, _options.LongestPoll, timeout);
        return connection.Compute.IsCluster
            ? new ClusterSql(workspace, connection.Compute, reading, waiting, _options, _time)
            : new WarehouseSql(workspace, connection.Compute, storage, reading, waiting, _options, _time);
    }

    public void Dispose()
    {
        _tokens?.Dispose();
        _http.Dispose();
    }

    private PlatformHttpClient Client(PlatformHttpOptions http, IReadOnlyList<string> hosts, LimiterBounds bounds) => new(
        Technology.Databricks, _egress.CreateHttpHandler(new EgressHttpOptions { Suffixes = hosts }), http, new AdaptiveLimiter(bounds), _time);
}
