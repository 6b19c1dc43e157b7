using System.Buffers.Text;
using System.Text.Json;

namespace Sluice.Platforms.OAuth;

/// <summary>Reads who a token is for from the claims of a JSON Web Token, for people.</summary>
internal static class TokenAddressee
{
    private const int MostAudiences = 5;

    public static string? Of(string token)
    {
        if (token.Split('.') is not [_, var claims, _] || !Base64Url.IsValid(claims)) return null;
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            var audience = Audience(document.RootElement);
            return AuthorityTexts.Text(document.RootElement, "iss") is { } issuer
                ? $"{audience}, issuer {ForeignWords.Bounded(issuer)}"
                : audience;
        }
        catch (JsonException)
        {
            // An opaque token that happens to have two dots.
            return null;
        }
    }

    private static string Audience(JsonElement claims)
    {
        if (AuthorityTexts.Text(claims, "aud") is { } one) return $"audience {ForeignWords.Bounded(one)}";
        if (!claims.TryGetProperty("aud", out var several) || several.ValueKind != JsonValueKind.Array) return "no audience";
        var names = several.EnumerateArray().Select(AuthorityTexts.Text).OfType<string>().Take(MostAudiences).Select(ForeignWords.Bounded).ToList();
        return names.Count == 0 ? "no audience" : $"audience {string.Join(", ", names)}";
    }
}
