using System.Buffers;
using System.Text.Json;
using Sluice.Platforms.Snowflake.Login;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>Writes the body of a login request (the vendor's drivers).</summary>
internal static class LoginRequest
{
    /// <summary>What marks Sluice's statements in the account's query history.</summary>
    public const string QueryTag = "sluice";

    public static byte[] Body(string account, LoginProof proof, TimeSpan statementTimeout)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteString("CLIENT_APP_ID", AccountClient.ApplicationId);
            json.WriteString("CLIENT_APP_VERSION", AccountClient.ApplicationVersion);
            json.WriteString("ACCOUNT_NAME", account);
            if (proof.LoginName is not null) json.WriteString("LOGIN_NAME", proof.LoginName);
            if (proof.Authenticator is not null) json.WriteString("AUTHENTICATOR", proof.Authenticator);
            json.WriteString(proof.Authenticator is null ? "PASSWORD" : "TOKEN", proof.Secret);
            json.WriteStartObject("CLIENT_ENVIRONMENT");
            json.WriteString("APPLICATION", AccountClient.ApplicationId);
            json.WriteEndObject();
            json.WriteStartObject("SESSION_PARAMETERS");
            json.WriteString("QUERY_TAG", QueryTag);
            json.WriteBoolean("CLIENT_SESSION_KEEP_ALIVE", true);
            json.WriteNumber("STATEMENT_TIMEOUT_IN_SECONDS", (long)statementTimeout.TotalSeconds);

            // An account may set it to true, and then "a" in quotes is A: names would lead elsewhere.
            json.WriteBoolean("QUOTED_IDENTIFIERS_IGNORE_CASE", false);
            json.WriteString("TIMEZONE", "UTC");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
