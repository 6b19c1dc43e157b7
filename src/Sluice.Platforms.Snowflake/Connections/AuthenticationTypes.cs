namespace Sluice.Platforms.Snowflake.Connections;

/// <summary>The documented values of <c>authenticationType</c>.</summary>
internal static class AuthenticationTypes
{
    public const string UserPassword = "userPassword";
    public const string KeyPair = "keyPair";
    public const string OAuth = "oAuthClientCredentials";

    public static readonly string[] All = [UserPassword, KeyPair, OAuth];
}
