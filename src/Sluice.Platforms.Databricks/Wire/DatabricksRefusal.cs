using System.Text.Json;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks.Wire;

/// <summary>
/// Tells what a workspace refused. Only an answer in one of Databricks' forms is quoted (<c>error_code</c> and <c>message</c>; <c>error</c> of API
/// 1.2; <c>detail</c> of SCIM); anything else is a stranger's and told by its status alone.
/// </summary>
internal static class DatabricksRefusal
{
    private const int LongestCode = 100;

    /// <summary>Null when the answer is what was asked for.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="secrets">What must not be quoted.</param>
    public static PlatformException? Read(PlatformResponse response, KeptSecrets secrets)
    {
        if (response.IsSuccess) return null;
        if (ErrorOf(response.Body) is not { } error) return StatusRefusal.Read(response);
        var words = secrets.AreIn(error.Message) ? "" : ForeignWords.Bounded(error.Message);
        var shown = (error.Code, words) switch
        {
            (null, "") => $"it refused with the status {(int)response.Status}.",
            (null, _) => words,
            (_, "") => error.Code,
            _ => $"{error.Code}: {words}",
        };
        return new PlatformException(DatabricksErrors.Failure(error.Code, error.Message, response.Status, error.IsOfGateway), $"Databricks: {shown}")
        {
            Code = error.Code, Status = response.Status,
        };
    }

    private static (string? Code, string? Message, bool IsOfGateway)? ErrorOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var root = answer.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            var message = Text(root, "message") ?? Text(root, "error") ?? Text(root, "detail");
            var code = Code(root);
            return code is null && message is null ? null : (code, message, IsNumber(root));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsNumber(JsonElement root) =>
        root.TryGetProperty("error_code", out var code)
        && (code.ValueKind == JsonValueKind.Number || (code.ValueKind == JsonValueKind.String && code.GetString() is { Length: > 0 } text && text.All(char.IsAsciiDigit)));

    // Mostly a word; of a wrong token it is the number 403, which says no more than the status.
    private static string? Code(JsonElement root) =>
        Text(root, "error_code") is { Length: > 0 and <= LongestCode } code && code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_')
            && !char.IsAsciiDigit(code[0])
            ? code
            : null;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
