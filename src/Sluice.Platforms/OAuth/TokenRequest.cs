using System.Net.Http.Headers;

namespace Sluice.Platforms.OAuth;

/// <summary>The request for a token by client credentials (RFC 6749, section 4.4.2).</summary>
internal static class TokenRequest
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>Makes one; an assertion in it is new each time.</summary>
    /// <exception cref="PlatformException">The private key can't be read.</exception>
    public static HttpRequestMessage Create(OAuthClient client, OAuthCredential credential, TokenEndpoint endpoint, DateTimeOffset now)
    {
        var form = Form(client, credential, endpoint, now);
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (credential is OAuthSecret secret && !endpoint.TakesSecretInBodyOnly) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", secret.Basic(client.ClientId));
        return request;
    }

    private static List<KeyValuePair<string, string>> Form(OAuthClient client, OAuthCredential credential, TokenEndpoint endpoint, DateTimeOffset now)
    {
        var form = new List<KeyValuePair<string, string>> { new("grant_type", "client_credentials") };
        if (client.Scope is not null) form.Add(new("scope", client.Scope));
        if (client.Resource is not null) form.Add(new("resource", client.Resource));
        switch (credential)
        {
            case OAuthKey key:
                form.Add(new("client_id", client.ClientId));
                form.Add(new("client_assertion_type", AssertionType));
                form.Add(new("client_assertion", ClientAssertion.Sign(client.ClientId, key, endpoint.Url, now)));
                break;
            case OAuthSecret secret when endpoint.TakesSecretInBodyOnly:
                form.Add(new("client_id", client.ClientId));
                form.Add(new("client_secret", secret.Secret));
                break;
        }

        return form;
    }
}
