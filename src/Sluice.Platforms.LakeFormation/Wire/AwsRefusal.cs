using System.Net;
using System.Text.Json;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>
/// Tells what AWS refused. Only an answer in AWS's documented form (JSON with <c>__type</c> or the x-amzn-ErrorType header, or the XML of
/// the query protocol) is quoted; anything else is a stranger's and told by its status alone.
/// </summary>
internal static class AwsRefusal
{
    private const int LongestCode = 100;

    /// <summary>Null when the answer is what was asked for.</summary>
    public static PlatformException? Read(PlatformResponse response)
    {
        if (response.IsSuccess) return null;
        var (code, message) = IsXml(response) ? StsXml.Error(response.Body) : JsonError(response);
        return code is null ? StatusRefusal.Read(response) : Of(code, message, response.Status);
    }

    /// <summary>A refusal by its code and message: of a call, or of one entry of a batch.</summary>
    public static PlatformException Of(string code, string? message, HttpStatusCode status)
    {
        code = Name(code);
        var words = Bounded(message);
        var failure = AwsErrorCodes.Failure(code, message, status);
        return new PlatformException(failure, words.Length == 0 ? $"AWS: {code}." : $"AWS: {code}: {words}") { Code = code, Status = status };
    }

    private static bool IsXml(PlatformResponse response) =>
        response.MediaType?.EndsWith("xml", StringComparison.OrdinalIgnoreCase) == true
        || response.Body.Span.StartsWith("<ErrorResponse"u8) || response.Body.Span.StartsWith("<?xml"u8);

    private static (string? Code, string? Message) JsonError(PlatformResponse response)
    {
        var code = response.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? types.FirstOrDefault() : null;
        string? message = null;
        try
        {
            var reader = new Utf8JsonReader(response.Body.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return (code, null);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("__type"u8)) code ??= reader.NextText();
                else if (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("Message"u8)) message ??= reader.NextText();
                else reader.SkipValue();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (code, null);
        }

        return (code, message);
    }

    // Spelled AccessDeniedException, com.amazonaws.glue#AccessDeniedException or AccessDeniedException:http://…, by service and protocol.
    private static string Name(string code)
    {
        var end = code.IndexOf(':');
        if (end >= 0) code = code[..end];
        code = code[(code.IndexOf('#') + 1)..];
        return code.Length > LongestCode || !code.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_') ? "UnknownError" : code;
    }

    private static string Bounded(string? message)
    {
        if (message is null) return "";

        // What follows repeats the request that was signed, its session token included.
        var canonical = message.IndexOf("The Canonical String", StringComparison.OrdinalIgnoreCase);
        return ForeignWords.Bounded(canonical < 0 ? message : message[..canonical]);
    }
}
