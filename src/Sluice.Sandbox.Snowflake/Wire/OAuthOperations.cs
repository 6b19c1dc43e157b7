using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>The sandbox's own OAuth authority, beside the account.</summary>
internal sealed class OAuthOperations(SandboxRuntime runtime)
{
    public async Task<bool> TryServeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        var (status, body) = (request.Method, request.Path.Value) switch
        {
            ("GET", "/.well-known/openid-configuration") => (200, runtime.Authority.Discovery(runtime.Endpoint)),
            ("GET", Identity.OAuthAuthority.KeysPath) => (200, runtime.Authority.KeySet()),
            ("POST", "/oauth/token") when request.HasFormContentType =>
                runtime.Authority.Issue(await request.ReadFormAsync(cancellationToken), request.Headers.Authorization.ToString(), runtime.Endpoint),
            _ => (0, null!),
        };
        if (status == 0) return false;
        runtime.Requests.Asked("oauth");
        context.Response.Headers.CacheControl = "no-store";
        await Answers.SendAsync(context, new(JsonSerializer.SerializeToUtf8Bytes(body)) { Status = status }, cancellationToken);
        return true;
    }
}
