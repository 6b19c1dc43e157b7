using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Identity;

/// <summary>Who a login request is: by password, access token, key pair or OAuth.</summary>
internal sealed class LoginCheck(SandboxRuntime runtime) : IDisposable
{
    private readonly ExternalOAuth oauth = new(runtime);

    public void ForgetKeys() => oauth.ForgetKeys();

    public async Task<Login> CheckAsync(JsonObject data, CancellationToken cancellationToken)
    {
        var authenticator = (Text(data, "AUTHENTICATOR") ?? "SNOWFLAKE").ToUpperInvariant();
        return authenticator switch
        {
            "OAUTH" => await oauth.CheckAsync(Text(data, "TOKEN") ?? "", Text(data, "LOGIN_NAME"), cancellationToken),
            "SNOWFLAKE_JWT" => ByKeyPair(data),
            "PROGRAMMATIC_ACCESS_TOKEN" => ByAccessToken(UserOf(data), Text(data, "TOKEN") ?? Text(data, "PASSWORD") ?? ""),
            "SNOWFLAKE" or "USERNAME_PASSWORD_MFA" => ByPassword(data),
            _ => throw new SnowflakeException("390137", "08001", $"Authenticator {authenticator} is not supported by the sandbox."),
        };
    }

    public void Dispose() => oauth.Dispose();

    private Login ByPassword(JsonObject data)
    {
        var user = UserOf(data);
        var given = Text(data, "PASSWORD") ?? "";
        if (user is not null && user.AccessTokens.Contains(given)) return ByAccessToken(user, given);
        // A service user has no use for a password: key pairs, OAuth and access tokens alone let it in.
        if (user is not { Password: { } password, Type: not "SERVICE" } || !Same(password, given)) throw WrongPassword();
        return Enabled(user, "PASSWORD");
    }

    private Login ByKeyPair(JsonObject data)
    {
        var user = UserOf(data) ?? throw KeyPairTokens.Invalid();
        // The account in a token is the identifier the client was given, in upper case and with its region cut off.
        var options = runtime.Options;
        KeyPairTokens.Demand(
            Text(data, "TOKEN") ?? "",
            user,
            [options.AccountLocator.ToUpperInvariant(), $"{options.OrganizationName}-{options.AccountName}".ToUpperInvariant()],
            options.Clock.GetUtcNow());
        return Enabled(user, "RSA_KEYPAIR");
    }

    private static Login ByAccessToken(UserState? user, string token) => user is not null && user.AccessTokens.Exists(known => Same(known, token))
        ? Enabled(user, "PROGRAMMATIC_ACCESS_TOKEN")
        : throw new SnowflakeException("394400", "08001", "Programmatic access token is invalid.");

    private UserState? UserOf(JsonObject data) => Text(data, "LOGIN_NAME") is { } name
        ? runtime.Account.Users.Values.FirstOrDefault(user => user.LoginName.Equals(name, StringComparison.OrdinalIgnoreCase))
        : null;

    private static Login Enabled(UserState user, string method) => user.Disabled
        ? throw new SnowflakeException("390101", "08001", "User access disabled. Contact your local system administrator.")
        : new(user, method, null);

    private static SnowflakeException WrongPassword() => new("390100", "08001", "Incorrect username or password was specified.");

    private static string? Text(JsonObject data, string key) => data[key] is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : null;

    private static bool Same(string left, string right) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}

/// <summary>Who logged in, how, and the roles its token allows; null allows all its own.</summary>
internal sealed record Login(UserState User, string Method, IReadOnlyList<string>? Roles)
{
    /// <summary>Roles the session must not take, whoever holds them.</summary>
    public IReadOnlySet<string> Blocked { get; init; } = new HashSet<string>();
}
