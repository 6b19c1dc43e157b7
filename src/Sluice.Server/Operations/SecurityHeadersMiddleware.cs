using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Operations;

/// <summary>Headers every answer carries. The documentation's pages set a content policy of their own.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    private const string ApiPolicy = "default-src 'none'; frame-ancestors 'none'";
    private const string Transport = "max-age=31536000";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            var answer = (HttpContext)state;
            var headers = answer.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = ApiPolicy;
            if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            if (answer.Request.IsHttps) headers.StrictTransportSecurity = Transport;
            return Task.CompletedTask;
        }, context);
        return next(context);
    }
}
