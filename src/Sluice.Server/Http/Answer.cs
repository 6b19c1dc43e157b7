using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Sluice.Server.Http;

/// <summary>Writes answers that are not errors.</summary>
internal static class Answer
{
    /// <summary>200 with a JSON body.</summary>
    public static Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.BodyWriter, body, type, context.RequestAborted);
    }

    /// <summary>200 with plain text.</summary>
    public static Task WriteTextAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
