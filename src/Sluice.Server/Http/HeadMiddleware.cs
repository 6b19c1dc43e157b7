using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Http;

/// <summary>
/// Answers HEAD wherever GET is answered, as GET without a body: load balancers probe with it. Everything behind sees a GET; the web server, which
/// knows what came, sends no body.
/// </summary>
internal sealed class HeadMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            try
            {
                await next(context);
            }
            finally
            {
                context.Request.Method = HttpMethods.Head;
            }
        }
        else await next(context);

        var headers = context.Response.Headers;
        if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed } && headers.Allow.Count > 0)
            headers.Allow = WithHead(headers.Allow.ToString());
    }

    private static string WithHead(string allow)
    {
        var methods = allow.Split(',', StringSplitOptions.TrimEntries);
        return methods.Contains(HttpMethods.Get) && !methods.Contains(HttpMethods.Head) ? $"{allow}, {HttpMethods.Head}" : allow;
    }
}
