using Sluice.Core.Connections;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.OAuth;

/// <summary>
/// The access tokens of a client, by client credentials (RFC 6749, section 4.4). A token is asked for when there is none, and again shortly before
/// it ends: at most two minutes or a quarter of its life before, and while the authority can't be reached then, the old one is used. Safe for
/// concurrent use; the caller keeps it as long as the session and disposes of it.
/// </summary>
public sealed class OAuthTokens : IDisposable
{
    private readonly PlatformHttpClient _http;
    private readonly TokenCache _cache;

    /// <summary>Tokens of a client. Nothing is asked yet.</summary>
    /// <param name="technology">The platform they are for; a label of metrics.</param>
    /// <param name="client">Who asks whom, and for what.</param>
    /// <param name="credential">By what it proves itself.</param>
    /// <param name="egress">Where this server may connect. The authority may be any host that it allows.</param>
    /// <param name="time">The clock.</param>
    public OAuthTokens(Technology technology, OAuthClient client, OAuthCredential credential, EgressGuard egress, TimeProvider time)
    {
        var refusal = new AuthorityRefusal(client, credential);

        // Someone always waits for a token, often holding a place in the platform's limiter: the authority has one of its own, and little time.
        _http = new PlatformHttpClient(
            technology,
            egress.CreateHttpHandler(new EgressHttpOptions()),
            new PlatformHttpOptions { Refusal = refusal.Read, AttemptTimeout = TimeSpan.FromSeconds(7), MaxResponseBytes = 1024 * 1024 },
            new AdaptiveLimiter(),
            time);
        _cache = new TokenCache(new AuthorityClient(_http, client, credential, refusal, egress, time).AskAsync, time);
    }

    /// <summary>A token that should still be good. When several callers need a new one, one of them asks, and its failure is all of theirs.</summary>
    /// <exception cref="PlatformException">The authority refuses, in its own words and with what to check; is none; or can't be reached.</exception>
    public ValueTask<AccessToken> GetAsync(CancellationToken cancellationToken) => _cache.GetAsync(cancellationToken);

    /// <summary>Drops a token that the platform refused, so that the next call asks for another.</summary>
    /// <returns>
    /// Whether another may be better. False for a new token that replaced a refused one: the platform refuses what this authority gives, and
    /// <see cref="AccessToken.Addressee"/> may tell why.
    /// </returns>
    public bool Forget(AccessToken refused) => _cache.Forget(refused);

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _http.Dispose();
    }
}
