using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sluice.Sandbox.Snowflake.Identity;

/// <summary>A signed JSON Web Token, taken apart; nothing of it is believed before <see cref="IsSignedBy"/>.</summary>
internal sealed record Jwt(JsonObject Header, JsonObject Claims, byte[] Signed, byte[] Signature)
{
    /// <summary>In the year 5138: no token lives so long, and milliseconds passed it in 1973.</summary>
    private const double LatestSecond = 100_000_000_000;

    public static Jwt? TryParse(string? text)
    {
        var parts = text?.Split('.');
        if (parts is not { Length: 3 }) return null;
        try
        {
            return JsonNode.Parse(Base64Url.DecodeFromChars(parts[0])) is JsonObject header && JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])) is JsonObject claims
                ? new(header, claims, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]))
                : null;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            return null;
        }
    }

    public static string Sign(JsonObject header, JsonObject claims, RSA key)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public string? Algorithm => Text(Header, "alg");

    public string? KeyId => Text(Header, "kid");

    public bool IsSignedBy(RSA key) => Algorithm switch
    {
        "RS256" => key.VerifyData(Signed, Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "RS384" => key.VerifyData(Signed, Signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        "RS512" => key.VerifyData(Signed, Signature, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        "PS256" => key.VerifyData(Signed, Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => false,
    };

    public string? Claim(string name) => Text(Claims, name);

    /// <summary>A claim that is a text, a list in one text, or an array of texts.</summary>
    public IReadOnlyList<string> List(string name, char delimiter) => Claims[name] switch
    {
        JsonArray array => [.. array.Select(item => item?.ToString()).OfType<string>()],
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>().Split(delimiter, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        _ => [],
    };

    /// <summary>A moment in seconds, or in milliseconds, which the vendor's driver for Node.js sends and its server takes.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Claims[name] is not JsonValue value || value.GetValueKind() != JsonValueKind.Number || !value.TryGetValue<double>(out var number)) return null;
        var seconds = number > LatestSecond ? number / 1000 : number;
        return seconds is >= 0 and < LatestSecond ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;
    }

    private static string? Text(JsonObject json, string name) => json[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
