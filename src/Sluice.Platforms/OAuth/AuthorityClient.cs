using System.Net.Http.Headers;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.OAuth;

/// <summary>Finds an authority's token endpoint and asks it for tokens. One call at a time.</summary>
internal sealed class AuthorityClient(
    PlatformHttpClient http, OAuthClient client, OAuthCredential credential, AuthorityRefusal refusal, EgressGuard egress, TimeProvider time)
{
    private readonly AuthorityAnswers _answers = new(refusal);
    private TokenEndpoint? _endpoint;

    /// <summary>A new token.</summary>
    /// <exception cref="PlatformException">The authority refuses, in its own words, or is none.</exception>
    public async Task<AccessToken> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var endpoint = _endpoint ??= await FindAsync(cancellationToken);
            var asked = time.GetUtcNow();
            using var response = await http.SendAsync(
                "oauth:token",
                _ => ValueTask.FromResult(TokenRequest.Create(client, credential, endpoint, time.GetUtcNow())),
                RetryPolicy.Interactive,
                cancellationToken);
            return _answers.Token(response, asked);
        }
        catch (PlatformException)
        {
            // It may have moved.
            _endpoint = null;
            throw;
        }
    }

    private async Task<TokenEndpoint> FindAsync(CancellationToken cancellationToken)
    {
        if (AuthorityUrl.IsDocument(client.Authority)) return await DiscoverAsync(client.Authority, cancellationToken);
        if (AuthorityUrl.IsTokenEndpoint(client.Authority)) return new TokenEndpoint(client.Authority);
        foreach (var document in AuthorityUrl.Documents(client.Authority))
        {
            try
            {
                return await DiscoverAsync(document, cancellationToken);
            }
            catch (PlatformException e) when (!e.IsTransient && e.Failure != PlatformFailure.EgressDenied)
            {
                // There is none here.
            }
        }

        return AuthorityUrl.HasPath(client.Authority) ? new TokenEndpoint(client.Authority) : throw refusal.NotDiscovered();
    }

    private async Task<TokenEndpoint> DiscoverAsync(Uri document, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(
            "oauth:discovery",
            _ =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, document);
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
                return ValueTask.FromResult(request);
            },
            RetryPolicy.Interactive,
            cancellationToken);
        var endpoint = _answers.Discovery(response);
        return egress.Problem(endpoint.Url, []) is { } problem
            ? throw new PlatformException(
                PlatformFailure.EgressDenied, $"The token_endpoint in the discovery document of {client.Authority.Authority} can't be used: {problem}")
            : endpoint;
    }
}
