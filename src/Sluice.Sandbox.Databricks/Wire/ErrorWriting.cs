using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>Writes an error in the layout of the API that raised it.</summary>
internal static class ErrorWriting
{
    public static async Task WriteAsync(HttpContext context, DatabricksException problem, string requestId)
    {
        using var buffer = ResponseBuffer.Rent();
        Write(buffer.Json, problem, requestId);
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = problem.Shape == DatabricksErrorShape.Scim ? "application/scim+json" : "application/json";
        context.Response.Headers["X-Databricks-Reason-Phrase"] = Visible(problem.Message);
        if (problem.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var bytes = buffer.Written;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, DatabricksException problem, string requestId)
    {
        json.WriteStartObject();
        switch (problem.Shape)
        {
            case DatabricksErrorShape.Numeric:
                json.WriteNumber("error_code", problem.Status);
                json.WriteString("message", problem.Message);
                break;
            case DatabricksErrorShape.Oauth:
                json.WriteString("error", problem.Code);
                json.WriteString("error_description", problem.Message);
                json.WriteString("error_id", requestId);
                break;
            case DatabricksErrorShape.Scim:
                json.WriteStartArray("schemas");
                json.WriteStringValue("urn:ietf:params:scim:api:messages:2.0:Error");
                json.WriteEndArray();
                json.WriteString("detail", problem.Message);
                json.WriteString("status", problem.Code);
                break;
            case DatabricksErrorShape.Legacy:
                json.WriteString("error", problem.Message);
                break;
            default:
                json.WriteString("error_code", problem.Code);
                json.WriteString("message", problem.Message);
                WriteDetails(json, problem, requestId);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, DatabricksException problem, string requestId)
    {
        json.WriteStartArray("details");
        json.WriteStartObject();
        json.WriteString("@type", "type.googleapis.com/google.rpc.ErrorInfo");
        json.WriteString("reason", problem.Code);
        json.WriteString("domain", "unity-catalog.databricks.com");
        if (problem.Metadata.Count > 0)
        {
            json.WriteStartObject("metadata");
            foreach (var (name, value) in problem.Metadata) json.WriteString(name, value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteString("@type", "type.googleapis.com/google.rpc.RequestInfo");
        json.WriteString("request_id", requestId);
        json.WriteString("serving_data", "");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    // A header holds neither line ends nor letters beyond ASCII; the body has the whole text.
    private static string Visible(string text) => string.Concat(text.Select(letter => letter is >= ' ' and <= '~' ? letter : '?'));
}
