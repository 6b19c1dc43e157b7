using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sluice.Engine.Errors;

namespace Sluice.Server.Data;

/// <summary>Revisions as ETag and If-Match.</summary>
internal static class EntityTag
{
    public static void Set(HttpContext context, long revision) => context.Response.Headers.ETag = $"\"{revision}\"";

    /// <summary>The revision of If-Match; null when there is none or it is <c>*</c>.</summary>
    /// <exception cref="RequestRefusedException">It holds no revision of ours, so it can't be the current one.</exception>
    public static long? IfMatch(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0) return null;
        if (header.Count == 1 && header[0] == "*") return null;
        if (EntityTagHeaderValue.TryParseStrictList([.. header.Select(h => h ?? "")], out var tags) && tags is [{ IsWeak: false } tag]
            && long.TryParse(tag.Tag.AsSpan().Trim('"'), out var revision))
        {
            return revision;
        }

        throw new RequestRefusedException(ErrorCode.RevisionChanged, "If-Match must be the one ETag that reading it gave.");
    }
}
