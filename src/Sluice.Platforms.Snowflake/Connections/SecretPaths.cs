namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>The secrets' member paths below <c>connection</c>, and below <c>nativeIntegration.config</c> as well.</summary>
internal static class SecretPaths
{
    public const string Password = "password";
    public const string PrivateKey = "privateKey.content";
    public const string PrivateKeyPassword = "privateKeyPassword";
    public const string ClientSecret = "oAuthClientConfig.clientSecret";
    public const string OAuthPrivateKey = "oAuthClientConfig.oauthPrivateKey.content";
}
