using Microsoft.AspNetCore.Http;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Identity;

/// <summary>Tells who asks by the bearer token.</summary>
internal static class Authentication
{
    public static Caller Verify(SandboxRuntime runtime, HttpRequest request)
    {
        const string Bearer = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            throw DatabricksException.Unauthenticated(401, "Credential was not sent or was of an unsupported type for this API.");
        }

        var principal = runtime.Tokens.Resolve(header[Bearer.Length..].Trim(), out var expired);
        // Reports speak of 403, and of 401: the status is an option.
        if (expired) throw DatabricksException.Unauthenticated(runtime.Options.ExpiredTokenStatus, "JWT has expired");
        var state = runtime.State;
        if (principal is null || state.Principals.Find(principal) is not { IsActive: true } found) throw DatabricksException.Unauthenticated(403, "Invalid access token.");
        return state.Principals.CallerOf(found) with { OtherWorkspace = OtherWorkspace(runtime, request.Headers["X-Databricks-Org-Id"].ToString()) };
    }

    private static string? OtherWorkspace(SandboxRuntime runtime, string named) => named.Length == 0 || named == runtime.Options.WorkspaceId ? null
        : runtime.Options.OtherWorkspaces.Contains(named) ? named
        : throw DatabricksException.Missing($"Workspace {named} does not exist.");
}
