using System.Net;
using Sluice.Core.Connections;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;
using Sluice.Platforms.OAuth;
using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Crawling;
using Sluice.Platforms.Snowflake.Login;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake;

/// <summary>
/// The HTTP clients of a session. Statements share a limiter; what keeps the session going must not wait for them. The cloud's storage and the authority
/// have clients of their own: no token of the account goes there.
/// </summary>
internal sealed class SessionWiring : IDisposable
{
    private readonly EgressGuard _egress;
    private readonly SnowflakeOptions _options;
    private readonly TimeProvider _time;
    private readonly SnowflakeConnection _connection;
    private readonly PlatformHttpClient _statements;
    private readonly PlatformHttpClient _control;
    private readonly PlatformHttpClient _storage;
    private readonly IProvesLogin _proof;
    private readonly ColumnPool _pool = new();

    public SessionWiring(
        EgressGuard egress, SnowflakeOptions options, TimeProvider time, SnowflakeConnection connection, IReadOnlyDictionary<string, string> secrets)
    {
        (_egress, _options, _time, _connection) = (egress, options, time, connection);
        _statements = Client(AccountHost.Suffixes, SnowflakeRefusal.Read, new AdaptiveLimiter(options.Statements));
        _control = Client(AccountHost.Suffixes, SnowflakeRefusal.Read, new AdaptiveLimiter());
        _storage = Client(ChunkClient.Suffixes, StatusRefusal.Read, new AdaptiveLimiter(), options.ChunkBytes, DecompressionMethods.None);
        _proof = Proof(secrets);
    }

    /// <summary>A session under a role; the caller disposes of it.</summary>
    public AccountSession Session(SnowflakeName role) => new(Account(_control), _connection, role, _proof, _options, _time);

    /// <summary>Runs statements in a session.</summary>
    public StatementClient Statements(AccountSession session, RetryPolicy retry) =>
        new(Account(_statements), Account(_control), session, new ChunkClient(_storage, retry), _pool, _options, retry, _time);

    public void Dispose()
    {
        _statements.Dispose();
        _control.Dispose();
        _storage.Dispose();
        _proof.Dispose();
    }

    private AccountClient Account(PlatformHttpClient http) => new(http, _connection.Address, _time);

    private IProvesLogin Proof(IReadOnlyDictionary<string, string> secrets)
    {
        if (_connection.OAuth is { } client)
        {
            var secret = secrets[client.UseCertificate ? SecretPaths.OAuthPrivateKey : SecretPaths.ClientSecret];
            return new OAuthLogin(new OAuthTokens(Technology.Snowflake, client.ToClient(), client.ToCredential(secret), _egress, _time));
        }

        var username = SnowflakeName.Stored(_connection.Username!).Text;
        return _connection.AuthenticationType == AuthenticationTypes.KeyPair
            ? new KeyPairLogin(
                _connection.Account, username, secrets[SecretPaths.PrivateKey], secrets.GetValueOrDefault(SecretPaths.PrivateKeyPassword), _time)
            : new PasswordLogin(username, secrets[SecretPaths.Password]);
    }

    private PlatformHttpClient Client(
        IReadOnlyList<string> suffixes,
        Func<PlatformResponse, PlatformException?> refusal,
        AdaptiveLimiter limiter,
        int? mostBytes = null,
        DecompressionMethods decompression = DecompressionMethods.GZip | DecompressionMethods.Brotli) => new(
        Technology.Snowflake,
        _egress.CreateHttpHandler(new EgressHttpOptions { Suffixes = suffixes, Decompression = decompression }),
        new PlatformHttpOptions { Refusal = refusal, Retry = _options.Retry, MaxResponseBytes = mostBytes ?? _options.AnswerBytes },
        limiter,
        _time);
}
