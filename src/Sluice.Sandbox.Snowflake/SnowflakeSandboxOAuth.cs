using Sluice.Sandbox.Snowflake.Sql;

namespace Sluice.Sandbox.Snowflake;

/// <summary>A security integration of type EXTERNAL_OAUTH: whose access tokens the account trusts.</summary>
/// <param name="Name">The integration's name.</param>
/// <param name="Issuer">What the tokens' iss must be.</param>
public sealed record SnowflakeSandboxOAuth(string Name, string Issuer)
{
    /// <summary>Where the issuer's keys are fetched; null with <see cref="RsaPublicKey"/>.</summary>
    public Uri? JwsKeysUrl { get; init; }

    /// <summary>EXTERNAL_OAUTH_RSA_PUBLIC_KEY: a key in place of <see cref="JwsKeysUrl"/>, in PEM or its base 64 alone.</summary>
    public string? RsaPublicKey { get; init; }

    /// <summary>EXTERNAL_OAUTH_AUDIENCE_LIST: the aud accepted beside the account's own URL; empty accepts that alone.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>EXTERNAL_OAUTH_TOKEN_USER_MAPPING_CLAIM.</summary>
    public string UserClaim { get; init; } = "sub";

    /// <summary>EXTERNAL_OAUTH_SNOWFLAKE_USER_MAPPING_ATTRIBUTE: LOGIN_NAME or EMAIL_ADDRESS.</summary>
    public string UserAttribute { get; init; } = "LOGIN_NAME";

    /// <summary>EXTERNAL_OAUTH_SCOPE_MAPPING_ATTRIBUTE: the claim that holds the scopes; null reads scp and scope.</summary>
    public string? ScopeClaim { get; init; }

    /// <summary>EXTERNAL_OAUTH_SCOPE_DELIMITER: what parts the scopes in one text.</summary>
    public char ScopeDelimiter { get; init; } = ',';

    /// <summary>EXTERNAL_OAUTH_BLOCKED_ROLES_LIST, beside the privileged roles.</summary>
    public IReadOnlyList<string> BlockedRoles { get; init; } = [];

    /// <summary>EXTERNAL_OAUTH_ANY_ROLE_MODE = ENABLE: session:role-any is honoured; false is DISABLE, the default.</summary>
    public bool AnyRole { get; init; }

    /// <summary>The statement an administrator would make it with.</summary>
    internal string ToSql()
    {
        List<string> options =
        [
            "TYPE = EXTERNAL_OAUTH", "ENABLED = TRUE", "EXTERNAL_OAUTH_TYPE = CUSTOM", $"EXTERNAL_OAUTH_ISSUER = {Quoting.Text(Issuer)}",
            $"EXTERNAL_OAUTH_TOKEN_USER_MAPPING_CLAIM = {Quoting.Text(UserClaim)}", $"EXTERNAL_OAUTH_SNOWFLAKE_USER_MAPPING_ATTRIBUTE = {Quoting.Text(UserAttribute)}",
            $"EXTERNAL_OAUTH_ANY_ROLE_MODE = {(AnyRole ? "ENABLE" : "DISABLE")}", $"EXTERNAL_OAUTH_SCOPE_DELIMITER = {Quoting.Text(ScopeDelimiter.ToString())}",
        ];
        if (ScopeClaim is not null) options.Add($"EXTERNAL_OAUTH_SCOPE_MAPPING_ATTRIBUTE = {Quoting.Text(ScopeClaim)}");
        if (JwsKeysUrl is not null) options.Add($"EXTERNAL_OAUTH_JWS_KEYS_URL = {Quoting.Text(JwsKeysUrl.ToString())}");
        if (RsaPublicKey is not null) options.Add($"EXTERNAL_OAUTH_RSA_PUBLIC_KEY = {Quoting.Text(RsaPublicKey)}");
        if (Audiences.Count > 0) options.Add($"EXTERNAL_OAUTH_AUDIENCE_LIST = ({string.Join(", ", Audiences.Select(Quoting.Text))})");
        if (BlockedRoles.Count > 0) options.Add($"EXTERNAL_OAUTH_BLOCKED_ROLES_LIST = ({string.Join(", ", BlockedRoles.Select(Quoting.Text))})");
        return $"CREATE SECURITY INTEGRATION {Quoting.Always(Name)} {string.Join(' ', options)}";
    }
}

/// <summary>A client of the authority a sandbox has of its own.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="User">The login name its tokens carry as sub.</param>
public sealed record SnowflakeSandboxOAuthClient(string ClientId, string User)
{
    /// <summary>Its secret, for client_secret_post and client_secret_basic.</summary>
    public string? Secret { get; init; }

    /// <summary>Its certificate in PEM, for private_key_jwt: the assertion's x5t or x5t#S256 must name it.</summary>
    public string? CertificatePem { get; init; }
}
