using System.Text.Json;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>A small answer of the account, read whole: <c>{"data", "code", "message", "success"}</c>.</summary>
internal sealed record Envelope(bool Success, string? Code, string? Message, JsonElement Data)
{
    /// <summary>Reads one and gives the answer's memory back.</summary>
    /// <exception cref="PlatformException">The answer has another form.</exception>
    public static Envelope Read(PlatformResponse response, string operation)
    {
        using (response)
        {
            try
            {
                using var document = JsonDocument.Parse(response.Body);
                var root = document.RootElement;
                return new Envelope(
                    root.GetProperty("success").GetBoolean(), Text(root, "code"), Text(root, "message"),
                    root.TryGetProperty("data", out var data) ? data.Clone() : default);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                // Their texts can quote the answer, and it may be a stranger's.
                throw NotSnowflake(operation);
            }
        }
    }

    /// <summary>A text of the data; null where there is none.</summary>
    public string? DataText(string name) => Data.ValueKind == JsonValueKind.Object ? Text(Data, name) : null;

    /// <summary>A number of seconds of the data, or what holds without one.</summary>
    public TimeSpan Seconds(string name, TimeSpan otherwise) =>
        Data.ValueKind == JsonValueKind.Object && Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var seconds) && seconds is > 0 and < int.MaxValue
            ? TimeSpan.FromSeconds(seconds)
            : otherwise;

    /// <summary>Whoever answered is not Snowflake.</summary>
    public static PlatformException NotSnowflake(string operation) => new(
        PlatformFailure.Refused, $"The host did not answer {operation} as Snowflake does; is it the account's host and port?");

    private static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;
}
