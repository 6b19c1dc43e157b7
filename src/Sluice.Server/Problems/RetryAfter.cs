using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Problems;

/// <summary>The header that says when to come back.</summary>
internal static class RetryAfter
{
    /// <summary>Whole seconds, at least one.</summary>
    public static void Set(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString();
}
