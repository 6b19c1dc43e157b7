using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sluice.Engine.Errors;

namespace Sluice.Server.Data;

/// <summary>Revisions as ETag and If-Match.</summary>
internal static class EntityTag
{
    public static void Set(HttpContext context, long revision) => context.Response.Headers.ETag = $"\"{revision}\"";

    /// <summary>The revisions of If-Match, one of which must be current; null when there is none or it is <c>*</c>.</summary>
    /// <exception cref="RequestRefusedException">It holds no revision of ours, so none can be current.</exception>
    public static IReadOnlyList<long>? IfMatch(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0 || (header.Count == 1 && header[0] == "*")) return null;
        if (EntityTagHeaderValue.TryParseStrictList([.. header.Select(h => h ?? "")], out var tags)
            && tags.Select(RevisionOf).OfType<long>().ToList() is { Count: > 0 } revisions)
        {
            return revisions;
        }

        throw new RequestRefusedException(ErrorCode.RevisionChanged, "If-Match must be the ETag that reading it gave, or a list with it.");
    }

    // RFC 9110, section 13.1.1: a weak tag never matches. Nor does one that is none of ours.
    private static long? RevisionOf(EntityTagHeaderValue tag) =>
        !tag.IsWeak && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}
