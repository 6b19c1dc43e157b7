using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>
/// The token endpoints of the workspace and the account for service principals, from
/// https://docs.databricks.com/aws/en/dev-tools/auth/oauth-m2m and RFC 6749, whose error bodies it answers.
/// </summary>
internal static class OauthEndpoint
{
    public static void Discover(Call call)
    {
        var root = $"{call.Http.Request.Scheme}://{call.Http.Request.Host}/oidc{OfAccount(call)}";
        call.Json.WriteStartObject();
        call.Json.WriteString("issuer", root);
        call.Json.WriteString("authorization_endpoint", $"{root}/v1/authorize");
        call.Json.WriteString("token_endpoint", $"{root}/v1/token");
        Write(call.Json, "scopes_supported", "all-apis", "offline_access");
        Write(call.Json, "response_types_supported", "code");
        Write(call.Json, "grant_types_supported", "client_credentials", "authorization_code", "refresh_token");
        Write(call.Json, "token_endpoint_auth_methods_supported", "client_secret_basic", "client_secret_post", "none");
        call.Json.WriteEndObject();
    }

    public static void Token(Call call)
    {
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(call.Body.Span));
        var (id, secret) = Client(call.Http.Request, form);
        if (id is null || secret is null || call.State.Principals.Find(id) is not { Kind: SandboxPrincipalKind.ServicePrincipal, IsActive: true } || !call.Runtime.Tokens.Matches(id, secret))
        {
            throw DatabricksException.Oauth(401, "invalid_client", "Client authentication failed");
        }

        if (form["grant_type"] != "client_credentials") throw DatabricksException.Oauth(400, "unsupported_grant_type", "The sandbox issues tokens for client_credentials alone.");
        var scopes = form["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!scopes.Contains("all-apis")) throw DatabricksException.Oauth(400, "invalid_scope", "The scope must be all-apis.");
        var lifetime = call.Options.AccessTokenLifetime;
        call.Json.WriteStartObject();
        call.Json.WriteString("access_token", call.Runtime.Tokens.Issue(id, lifetime));
        call.Json.WriteString("scope", "all-apis");
        call.Json.WriteString("token_type", "Bearer");
        call.Json.WriteNumber("expires_in", (long)lifetime.TotalSeconds);
        call.Json.WriteEndObject();
    }

    // A token of either endpoint is good for both APIs.
    private static string OfAccount(Call call) => call.FindRoute("account_id") is { } account ? $"/accounts/{account}" : "";

    private static (string? Id, string? Secret) Client(HttpRequest request, Dictionary<string, StringValues> form)
    {
        const string Basic = "Basic ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return (form.GetValueOrDefault("client_id"), form.GetValueOrDefault("client_secret"));
        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header[Basic.Length..].Trim()));
            var cut = pair.IndexOf(':', StringComparison.Ordinal);
            return cut < 0 ? default : (Uri.UnescapeDataString(pair[..cut]), Uri.UnescapeDataString(pair[(cut + 1)..]));
        }
        catch (FormatException)
        {
            return default;
        }
    }

    private static void Write(Utf8JsonWriter json, string name, params ReadOnlySpan<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
