using Sluice.Platforms.OAuth;

namespace Sluice.Platforms.Snowflake.Login;

/// <summary>An access token of an authority that Snowflake trusts.</summary>
internal sealed class OAuthLogin(OAuthTokens tokens) : IProvesLogin
{
    private AccessToken? _token;

    public string Hint =>
        "The External OAuth integration must be enabled and trust the authority (EXTERNAL_OAUTH_ISSUER, EXTERNAL_OAUTH_JWS_KEYS_URL), the token's audience "
        + "must be in EXTERNAL_OAUTH_AUDIENCE_LIST, and its user mapping claim must name a user."
        + (Volatile.Read(ref _token)?.Addressee is { } addressee ? $" The token is for {addressee}." : "");

    public async ValueTask<LoginProof> ProveAsync(CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken);
        Volatile.Write(ref _token, token);
        return new LoginProof(null, "OAUTH", token.Text);
    }

    public bool Forget() => Volatile.Read(ref _token) is { } refused && tokens.Forget(refused);

    public void Dispose() => tokens.Dispose();
}
