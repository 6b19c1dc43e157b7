using System.Text.Json;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.OAuth;

/// <summary>Reads what an authority answered (RFC 6749, section 5.1; RFC 8414, section 2, and OpenID Connect Discovery, section 3).</summary>
internal sealed class AuthorityAnswers(AuthorityRefusal refusal)
{
    // RFC 6749 lets an authority leave the lifetime out; to believe in a short one costs no more than another request.
    private static readonly TimeSpan UnknownLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    /// <summary>The token of an answer.</summary>
    /// <exception cref="PlatformException">It holds none.</exception>
    public AccessToken Token(PlatformResponse response, DateTimeOffset asked)
    {
        using var document = Parse(response);
        var root = document.RootElement;
        if (AuthorityTexts.Text(root, "access_token") is not { Length: > 0 } token)
            throw refusal.Read(root, response) ?? refusal.NotAnAnswer("answered without an access_token", response);

        // It goes into a header: what is no visible ASCII could be a second one.
        if (token.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0) throw refusal.NotAnAnswer("answered with an access_token that can't be one", response);
        if (root.TryGetProperty("token_type", out var type) && !"Bearer".Equals(AuthorityTexts.Text(type), StringComparison.OrdinalIgnoreCase))
            throw refusal.NotAnAnswer("gave a token that is no bearer token", response);
        return new AccessToken(token, asked, Life(root) ?? UnknownLife);
    }

    /// <summary>The token endpoint of a discovery document.</summary>
    /// <exception cref="PlatformException">It is none.</exception>
    public TokenEndpoint Discovery(PlatformResponse response)
    {
        using var document = Parse(response);
        return Uri.TryCreate(AuthorityTexts.Text(document.RootElement, "token_endpoint"), UriKind.Absolute, out var endpoint)
            ? new TokenEndpoint(endpoint, TakesSecretInBodyOnly(document.RootElement))
            : throw refusal.NotAnAnswer("answered with a discovery document that names no token_endpoint", response);
    }

    private static bool TakesSecretInBodyOnly(JsonElement root)
    {
        if (!root.TryGetProperty("token_endpoint_auth_methods_supported", out var methods) || methods.ValueKind != JsonValueKind.Array) return false;
        var names = methods.EnumerateArray().Select(AuthorityTexts.Text).ToList();
        return names.Contains("client_secret_post") && !names.Contains("client_secret_basic");
    }

    private JsonDocument Parse(PlatformResponse response)
    {
        try
        {
            var document = JsonDocument.Parse(response.Body);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // Its text can quote the answer.
        }

        var isHtml = response.MediaType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true
            || response.Body.Span.TrimStart(" \t\r\n"u8) is [(byte)'<', ..];
        throw refusal.NotAnAnswer(isHtml ? "answered with a web page (HTML)" : "answered with something that is no JSON object", response);
    }

    // Some authorities write the number as a text.
    private static TimeSpan? Life(JsonElement root)
    {
        if (!root.TryGetProperty("expires_in", out var value)) return null;
        double seconds;
        if (value.ValueKind == JsonValueKind.Number) seconds = value.GetDouble();
        else if (!double.TryParse(AuthorityTexts.Text(value), out seconds)) return null;
        return seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, LongestLife.TotalSeconds)) : null;
    }
}
