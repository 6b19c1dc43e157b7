using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Identity;

/// <summary>Access tokens of the authorities that security integrations name: issuer, signature, audience, time, scope, user.</summary>
internal sealed class ExternalOAuth(SandboxRuntime runtime) : IDisposable
{
    private const string RoleScope = "session:role:";
    private const string AnyRoleScope = "session:role-any";

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly ConcurrentDictionary<Uri, JsonArray> keys = new();

    public void ForgetKeys() => keys.Clear();

    public async Task<Login> CheckAsync(string token, string? loginName, CancellationToken cancellationToken)
    {
        var jwt = Jwt.TryParse(token) ?? throw Invalid();
        var integration = runtime.Account.Integrations.Values
            .FirstOrDefault(candidate => candidate is { Enabled: true, IsExternalOAuth: true } && candidate.Options.GetValueOrDefault("EXTERNAL_OAUTH_ISSUER") == jwt.Claim("iss")) ?? throw Invalid();
        await DemandSignatureAsync(jwt, integration, cancellationToken);
        var now = runtime.Options.Clock.GetUtcNow();
        if (jwt.Time("exp") is not { } expires) throw Invalid();
        if (expires <= now) throw new SnowflakeException("390318", "08001", $"OAuth access token expired. [{Trace()}]");
        if (jwt.Time("nbf") > now.AddMinutes(1)) throw Invalid();
        if (!jwt.List("aud", ' ').Any(audience => Audiences(integration).Contains(audience.TrimEnd('/')))) throw Invalid();
        var mapped = integration.List("EXTERNAL_OAUTH_TOKEN_USER_MAPPING_CLAIM").Select(jwt.Claim).FirstOrDefault(claim => claim is not null) ?? throw Invalid();
        var byEmail = integration.Options.GetValueOrDefault("EXTERNAL_OAUTH_SNOWFLAKE_USER_MAPPING_ATTRIBUTE") == "EMAIL_ADDRESS";
        var user = runtime.Account.Users.Values.FirstOrDefault(candidate => mapped.Equals(byEmail ? candidate.Email : candidate.LoginName, StringComparison.OrdinalIgnoreCase)) ?? throw Invalid();
        if (user.Disabled || (!string.IsNullOrEmpty(loginName) && !loginName.Equals(user.LoginName, StringComparison.OrdinalIgnoreCase)))
        {
            throw new SnowflakeException("390309", "08001", "The user you were trying to authenticate as differs from the user tied to the access token.");
        }

        var scopes = Scopes(jwt, integration);
        var isAny = scopes.Contains(AnyRoleScope, StringComparer.OrdinalIgnoreCase) && AllowsAnyRole(integration, user);
        return new(user, "OAUTH_ACCESS_TOKEN", isAny ? null : [.. scopes.Where(scope => scope.StartsWith(RoleScope, StringComparison.OrdinalIgnoreCase)).Select(scope => scope[RoleScope.Length..].ToUpperInvariant())])
        {
            Blocked = integration.BlockedRoles,
        };
    }

    public void Dispose() => http.Dispose();

    private static SnowflakeException Invalid() => new("390303", "08001", $"Invalid OAuth access token. [{Trace()}]");

    /// <summary>The id of one refusal, by which Snowflake's SYSTEM$VERIFY_EXTERNAL_OAUTH_TOKEN and support find it.</summary>
    private static Guid Trace() => new(RandomNumberGenerator.GetBytes(16));

    /// <summary>scp is an array; scope is a text with a delimiter, a comma where the integration names no other.</summary>
    private static IReadOnlyList<string> Scopes(Jwt jwt, IntegrationState integration)
    {
        var delimiter = integration.Options.GetValueOrDefault("EXTERNAL_OAUTH_SCOPE_DELIMITER") is [var stated] ? stated : ',';
        return integration.Options.GetValueOrDefault("EXTERNAL_OAUTH_SCOPE_MAPPING_ATTRIBUTE") is { Length: > 0 } claim
            ? jwt.List(claim, delimiter)
            : [.. jwt.List("scp", delimiter), .. jwt.List("scope", delimiter)];
    }

    private bool AllowsAnyRole(IntegrationState integration, UserState user) => integration.Options.GetValueOrDefault("EXTERNAL_OAUTH_ANY_ROLE_MODE") switch
    {
        "ENABLE" => true,
        "ENABLE_FOR_PRIVILEGE" => Access.Closure(user.Roles.Select(grant => grant.Role)).Any(role => runtime.Account.Grants.On(integration).Any(grant => grant.Privilege == "USE_ANY_ROLE" && grant.Grantee == role)),
        _ => false,
    };

    private HashSet<string> Audiences(IntegrationState integration) =>
    [
        .. integration.List("EXTERNAL_OAUTH_AUDIENCE_LIST").Select(audience => audience.TrimEnd('/')), runtime.Endpoint.ToString().TrimEnd('/'),
        $"https://{runtime.Options.OrganizationName}-{runtime.Options.AccountName}.snowflakecomputing.com".ToLowerInvariant(),
    ];

    private async Task DemandSignatureAsync(Jwt jwt, IntegrationState integration, CancellationToken cancellationToken)
    {
        foreach (var stated in integration.List("EXTERNAL_OAUTH_RSA_PUBLIC_KEY").Concat(integration.List("EXTERNAL_OAUTH_RSA_PUBLIC_KEY_2")))
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(UserOptions.Key(stated)), out _);
            if (jwt.IsSignedBy(rsa)) return;
        }

        foreach (var url in integration.List("EXTERNAL_OAUTH_JWS_KEYS_URL"))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || await FindKeyAsync(address, jwt.KeyId, cancellationToken) is not { } key) continue;
            using var rsa = RSA.Create(key);
            if (jwt.IsSignedBy(rsa)) return;
        }

        throw Invalid();
    }

    /// <summary>A key of the issuer's set; an unknown one has the set fetched anew, for it may have been rotated.</summary>
    private async Task<RSAParameters?> FindKeyAsync(Uri url, string? keyId, CancellationToken cancellationToken)
    {
        if (keys.TryGetValue(url, out var known) && Pick(known, keyId) is { } found) return found;
        try
        {
            var set = JsonNode.Parse(await http.GetStringAsync(url, cancellationToken))?["keys"] as JsonArray ?? [];
            keys[url] = set;
            return Pick(set, keyId);
        }
        catch (Exception problem) when (problem is HttpRequestException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static RSAParameters? Pick(JsonArray set, string? keyId)
    {
        var key = set.FirstOrDefault(candidate => candidate?["kty"]?.ToString() == "RSA" && (keyId is null || candidate["kid"]?.ToString() == keyId));
        return key is null ? null : new() { Modulus = Base64Url.DecodeFromChars(key["n"]!.ToString()), Exponent = Base64Url.DecodeFromChars(key["e"]!.ToString()) };
    }
}
