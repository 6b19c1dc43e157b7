using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sluice.Server.Http;

/// <summary>The path of a request as it came over the wire.</summary>
internal static class RawTarget
{
    /// <summary>The path part of the raw target, undecoded and with its dot segments: in origin form, or cut out of the absolute form.</summary>
    public static string PathOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            if (authority < 0) return "";
            var slash = target.IndexOf('/', authority + 3);
            if (slash < 0) return "/";
            target = target[slash..];
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }
}
