using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;
using Sluice.Core.Policies.Documents;
using Sluice.Engine.Errors;
using Sluice.Server.Authentication;

namespace Sluice.Server.OpenApi;

/// <summary>/openapi/v1.json, its reader at /docs, the table of errors at /docs/errors, and the schema of policies. Nothing on these pages comes from elsewhere.</summary>
internal static class DocumentationEndpoints
{
    /// <summary>Where the document is.</summary>
    public const string DocumentPath = "/openapi/v1.json";

    private const string ReaderPath = "/docs";
    private const string Shared =
        "default-src 'none'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; ";

    public static void MapDocumentation(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(DocumentPath, context => WriteAsync(context, "application/json", ApiDocument.Utf8)).WithMetadata(AnonymousAccess.Instance);
        routes.MapGet(Problems.ProblemAnswer.TablePath, WriteErrorsAsync).WithMetadata(AnonymousAccess.Instance);
        routes.MapGet(PolicySchema.Path, context => WriteAsync(context, "application/schema+json", PolicySchema.Utf8)).WithMetadata(AnonymousAccess.Instance);
        routes.MapScalarApiReference(ReaderPath, Configure).WithMetadata(AnonymousAccess.Instance);
    }

    private static void Configure(ScalarOptions reader, HttpContext context)
    {
        reader.Title = "Sluice API";
        reader.OpenApiRoutePattern = DocumentPath;
        reader.DynamicNonce = true;
        reader.DefaultFonts = false;
        reader.Telemetry = false;
        reader.ProxyUrl = "";
        reader.HideClientButton = true;
        reader.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        reader.PersistentAuthentication = false;
        reader.Agent = new ScalarAgentOptions { Disabled = true };
        reader.Mcp = new ScalarMcpOptions { Disabled = true };
        context.Response.OnStarting(static state =>
        {
            var answer = (HttpContext)state;
            var nonce = answer.Items.TryGetValue(ScalarOptions.NonceHttpContextItemKey, out var value) ? $" 'nonce-{value}'" : "";
            answer.Response.Headers.ContentSecurityPolicy = $"{Shared}script-src 'self'{nonce}";
            return Task.CompletedTask;
        }, context);
    }

    private static Task WriteAsync(HttpContext context, string type, ReadOnlyMemory<byte> utf8)
    {
        context.Response.ContentType = $"{type}; charset=utf-8";
        context.Response.ContentLength = utf8.Length;
        return context.Response.Body.WriteAsync(utf8, context.RequestAborted).AsTask();
    }

    private static Task WriteErrorsAsync(HttpContext context)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sluice errors</title></head><body><h1>Errors</h1>");
        page.Append("<table><tr><th>Code</th><th>Status</th><th>Meaning</th></tr>");
        foreach (var error in ErrorCode.All)
        {
            page.Append($"<tr id=\"{error.Code}\"><td>{error.Code}</td><td>{error.Status}</td><td>")
                .Append(WebUtility.HtmlEncode(error.Title)).Append("</td></tr>");
        }

        page.Append("</table></body></html>");
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(page.ToString(), context.RequestAborted);
    }
}
