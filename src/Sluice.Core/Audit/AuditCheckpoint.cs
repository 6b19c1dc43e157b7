using System.Globalization;
using System.Text.Json;

namespace Sluice.Core.Audit;

/// <summary>
/// What a stream was at a time, signed. Kept away from the machine, it tells a tail that was cut and an older backup that was put back, which the chain alone
/// can't.
/// </summary>
/// <param name="Stream">The stream.</param>
/// <param name="Sequence">Its last row then.</param>
/// <param name="Mac">That row's MAC.</param>
/// <param name="Count">How many rows it had then.</param>
/// <param name="Time">When.</param>
/// <param name="KeyId">The key it is signed with.</param>
/// <param name="Signature">HMAC-SHA-256 over all of it.</param>
public sealed record AuditCheckpoint(AuditStream Stream, long Sequence, byte[] Mac, long Count, DateTimeOffset Time, string KeyId, byte[] Signature)
{
    /// <summary>As one line of JSON.</summary>
    public string ToJson() => AuditDetails.Of(
        ("stream", Stream.Name), ("sequence", Sequence), ("mac", Convert.ToHexStringLower(Mac)), ("count", Count),
        ("time", Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)), ("keyId", KeyId), ("signature", Convert.ToHexStringLower(Signature)));

    /// <summary>From the line that was written of it; null when it is none. Whether it is genuine, only the key can tell.</summary>
    public static AuditCheckpoint? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="Read(string)"/>
    public static AuditCheckpoint? Read(JsonElement json)
    {
        try
        {
            return new AuditCheckpoint(
                new AuditStream(json.GetProperty("stream").GetString() ?? throw new FormatException("A checkpoint names its stream.")),
                json.GetProperty("sequence").GetInt64(),
                Convert.FromHexString(json.GetProperty("mac").GetString()!),
                json.GetProperty("count").GetInt64(),
                DateTimeOffset.ParseExact(json.GetProperty("time").GetString()!, "O", CultureInfo.InvariantCulture),
                json.GetProperty("keyId").GetString() ?? throw new FormatException("A checkpoint names its key."),
                Convert.FromHexString(json.GetProperty("signature").GetString()!));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
