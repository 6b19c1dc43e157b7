using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Server.Http;
using Sluice.Storage.Access;

namespace Sluice.Server.Authentication;

/// <summary>The body of POST /api/v1/api-keys.</summary>
/// <param name="Name">For people.</param>
/// <param name="Permissions">What the key allows: at most what its maker may.</param>
/// <param name="ExpiresAt">When it ends, at the latest when its maker's own key does; null: never.</param>
/// <param name="Service">The service it is for; null: the maker.</param>
/// <param name="ScimSource">The identity provider whose SCIM token it is; null: it is none.</param>
internal sealed partial record ApiKeyRequest(string Name, IReadOnlyList<string> Permissions, DateTimeOffset? ExpiresAt, string? Service, string? ScimSource)
{
    private const int LongestName = 200;
    private const int LongestService = 100;

    private static readonly SearchValues<char> ServiceCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    // A person whom the issuer no longer lets in keeps the keys they made for so long at most.
    private static readonly TimeSpan LongestByToken = TimeSpan.FromDays(90);

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="maker">Who asks.</param>
    /// <param name="makerKey">The key they came with; null: a JWT.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="RequestRefusedException">With every problem.</exception>
    public static ApiKeyRequest Read(JsonElement body, Caller maker, StoredApiKey? makerKey, DateTimeOffset now)
    {
        var problems = new ProblemList();
        var payload = new PayloadObject(body, "$", problems);
        var name = payload.RequiredString("name");
        if (name?.Length > LongestName) payload.Reject("name", $"must have at most {LongestName} characters");
        if (name is not null && !PlainText.Is(name)) payload.Reject("name", "must not hold control characters");
        var permissions = ReadPermissions(payload, maker);
        var expiresAt = ReadExpiry(payload, makerKey, now);
        var service = payload.OptionalString("holder");
        if (service is not null && (service.Length > LongestService || service.AsSpan().ContainsAnyExcept(ServiceCharacters)))
            payload.Reject("holder", $"must be a user's id or the name of a service: at most {LongestService} ASCII letters, digits, '.', '_', '-'");
        var scim = payload.OptionalString("scimSource");
        if (scim is not null && (scim.Length > LongestService || scim.AsSpan().ContainsAnyExcept(ServiceCharacters)))
            payload.Reject("scimSource", $"must be the name of an identity provider: at most {LongestService} ASCII letters, digits, '.', '_', '-'");
        if (scim is not null && permissions.Count > 0) payload.Reject("permissions", "must be [] with scimSource: a SCIM token sets people and may nothing else");
        if (scim is not null && service is not null) payload.Reject("holder", "must not be given with scimSource");
        payload.RejectUnread();
        return problems.Any ? throw new RequestRefusedException(problems) : new ApiKeyRequest(name!, permissions, expiresAt, service, scim);
    }

    private static List<string> ReadPermissions(PayloadObject payload, Caller maker)
    {
        var asked = payload.OptionalStrings("permissions");
        if (asked is null && !payload.Has("permissions")) payload.Reject("permissions", "is required; [] makes a key that may do what its holder may as a data owner: read, change the settings of and crawl what they own");
        foreach (var permission in asked ?? [])
        {
            if (!Permission.All.Contains(permission)) payload.Reject("permissions", $"must be of {string.Join(", ", Permission.All)}");
            else if (!maker.HasAny(permission)) payload.Reject("permissions", $"{permission} is more than you may do yourself");
        }

        return [.. (asked ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    // No key outlives what it was made with: who held that for an hour would else hold its like for ever.
    private static DateTimeOffset? ReadExpiry(PayloadObject payload, StoredApiKey? makerKey, DateTimeOffset now)
    {
        var latest = makerKey is null ? now + LongestByToken : makerKey.ExpiresAt;
        if (payload.OptionalString("expiresAt") is not { } text)
        {
            if (latest is not null && !payload.Has("expiresAt")) payload.Reject("expiresAt", "is required: it " + Bound(latest.Value, makerKey));
            return null;
        }

        var at = default(DateTimeOffset);
        var isTime = Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out at);
        if (!isTime) payload.Reject("expiresAt", "must be a time with its zone, such as 2030-01-31T00:00:00Z");
        else if (at <= now) payload.Reject("expiresAt", "must lie in the future");
        else if (at > latest) payload.Reject("expiresAt", Bound(latest.Value, makerKey));
        return isTime ? at : null;
    }

    private static string Bound(DateTimeOffset latest, StoredApiKey? makerKey) =>
        string.Create(CultureInfo.InvariantCulture, $"must be at the latest {latest.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, ")
        + (makerKey is null ? $"for a key made with a token of the issuer lasts at most {LongestByToken.Days} days" : "for no key outlives the one it was made with");

    // A day alone, or a time of nobody knows which zone, could end a key hours before or after it was meant to.
    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,7})?(Z|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Rfc3339();
}
