using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;

namespace Sluice.Server.Authentication;

/// <summary>The body of POST /api/v1/api-keys.</summary>
/// <param name="Name">For people.</param>
/// <param name="Permissions">What the key allows: at most what its maker may.</param>
/// <param name="ExpiresAt">When it ends; null: never.</param>
/// <param name="Service">The service it is for; null: the maker.</param>
internal sealed record ApiKeyRequest(string Name, IReadOnlyList<string> Permissions, DateTimeOffset? ExpiresAt, string? Service)
{
    private const int LongestName = 200;
    private const int LongestService = 100;

    private static readonly SearchValues<char> ServiceCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static ApiKeyRequest Read(JsonElement body, Caller maker, DateTimeOffset now)
    {
        var problems = new ProblemList();
        var payload = new PayloadObject(body, "$", problems);
        var name = payload.RequiredString("name");
        if (name?.Length > LongestName) payload.Reject("name", $"must have at most {LongestName} characters");
        var permissions = ReadPermissions(payload, maker);
        var expiresAt = ReadExpiry(payload, now);
        var service = payload.OptionalString("holder");
        if (service is not null && (service.Length > LongestService || service.AsSpan().ContainsAnyExcept(ServiceCharacters)))
            payload.Reject("holder", $"must be the name of a service: at most {LongestService} ASCII letters, digits, '.', '_', '-'");
        payload.RejectUnread();
        return problems.Any ? throw new RequestRefusedException(problems) : new ApiKeyRequest(name!, permissions, expiresAt, service);
    }

    private static List<string> ReadPermissions(PayloadObject payload, Caller maker)
    {
        var asked = payload.OptionalStrings("permissions");
        if (asked is null && !payload.Has("permissions")) payload.Reject("permissions", "is required; [] makes a key that only reads what its holder owns");
        foreach (var permission in asked ?? [])
        {
            if (!Permission.All.Contains(permission)) payload.Reject("permissions", $"must be of {string.Join(", ", Permission.All)}");
            else if (!maker.HasAny(permission)) payload.Reject("permissions", $"{permission} is more than you may do yourself");
        }

        return [.. (asked ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static DateTimeOffset? ReadExpiry(PayloadObject payload, DateTimeOffset now)
    {
        if (payload.OptionalString("expiresAt") is not { } text) return null;
        var isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at);
        if (!isTime) payload.Reject("expiresAt", "must be a time such as 2030-01-31T00:00:00Z");
        else if (at <= now) payload.Reject("expiresAt", "must lie in the future");
        return isTime ? at : null;
    }
}
