using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sluice.Engine.Errors;
using Sluice.Engine.Scim;

namespace Sluice.Server.Scim;

/// <summary>Writes what SCIM answers (RFC 7644, sections 3.1, 3.4.2 and 3.12).</summary>
internal static class ScimAnswer
{
    private const string ContentType = "application/scim+json; charset=utf-8";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext context, JsonNode body, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        return context.Response.WriteAsync(body.ToJsonString(Plain), context.RequestAborted);
    }

    public static Task WriteCreatedAsync(HttpContext context, JsonObject resource)
    {
        context.Response.Headers.Location = resource["meta"]!["location"]!.ToString();
        return WriteAsync(context, resource, StatusCodes.Status201Created);
    }

    public static Task WriteListAsync(HttpContext context, ScimPage page) => WriteAsync(context, new JsonObject
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:ListResponse"),
        ["totalResults"] = page.Total,
        ["startIndex"] = page.StartIndex,
        ["itemsPerPage"] = page.Resources.Count,
        ["Resources"] = new JsonArray([.. page.Resources]),
    });

    /// <summary>Runs an endpoint, and tells its refusals as SCIM does. What is no refusal is the pipeline's to tell.</summary>
    public static RequestDelegate Told(Func<HttpContext, Task> run) => async context =>
    {
        try
        {
            await run(context);
        }
        catch (ScimRefusedException e)
        {
            await WriteErrorAsync(context, e.Status, e.ScimType, e.Message);
        }
        catch (RequestRefusedException e)
        {
            await WriteErrorAsync(context, e.Code.Status, ScimTypeOf(e.Code), e.Message);
        }
    };

    private static Task WriteErrorAsync(HttpContext context, int status, string? scimType, string detail)
    {
        var error = new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:Error"),
            ["status"] = status.ToString(CultureInfo.InvariantCulture),
            ["detail"] = detail,
        };
        if (scimType is not null) error["scimType"] = scimType;
        return WriteAsync(context, error, status);
    }

    private static string? ScimTypeOf(ErrorCode code) =>
        code == ErrorCode.UsernameTaken || code == ErrorCode.GroupNameTaken ? "uniqueness"
        : code == ErrorCode.GroupCycle ? "invalidValue"
        : code == ErrorCode.InvalidJson ? "invalidSyntax"
        : code == ErrorCode.InvalidRequest ? "invalidValue"
        : null;
}
