using Microsoft.AspNetCore.Http;
using Sluice.Core.Catalog;
using Sluice.Engine.Errors;
using Sluice.Server.Http;

namespace Sluice.Server.Data;

/// <summary>
/// Takes the object path out of the raw request target before anything else reads it. The web server's own path has <c>%2F</c> and
/// <c>%2E%2E</c> folded, and a table may be called <c>..</c> or <c>a/b</c>; so the names are read from the wire, and routing sees a
/// placeholder where they stood.
/// </summary>
internal sealed class ObjectPathMiddleware(RequestDelegate next)
{
    /// <summary>What routing sees in place of the names.</summary>
    public const string Placeholder = "-";

    // Search stands before object: a connection can't be called "search", which is reserved for this.
    private static readonly string[] Prefixes = ["/data/object/search", "/data/object", "/data/settings", "/data/crawl"];

    // Between these and what is asked of the object its names stand.
    private static readonly string[] InnerPrefixes = ["/api/v1/objects", "/api/v1/access/objects"];

    public Task InvokeAsync(HttpContext context)
    {
        var raw = RawTarget.PathOf(context);
        foreach (var prefix in Prefixes)
        {
            if (!IsAtOrBelow(raw, prefix)) continue;
            var names = raw.Length > prefix.Length ? raw[(prefix.Length + 1)..] : "";
            context.Request.Path = names.Length == 0 ? prefix : $"{prefix}/{Placeholder}";
            if (names.Length > 0) context.Features.Set(Read(names));
            return next(context);
        }

        foreach (var prefix in InnerPrefixes)
        {
            if (!raw.StartsWith(prefix + "/", StringComparison.OrdinalIgnoreCase)) continue;
            ReadInner(context, prefix, raw[(prefix.Length + 1)..].Split('/'));
            return next(context);
        }

        // Dot segments or escapes that only lead here once folded: another path than the one that was sent.
        if (Prefixes.Concat(InnerPrefixes).Any(p => IsAtOrBelow(context.Request.Path.Value ?? "", p)))
            throw new RequestRefusedException(ErrorCode.InvalidPath, "Write /data/… or /api/v1/… of the path plainly, without escapes or dot segments.");
        return next(context);
    }

    // A column's name is told from the object's by their number: no path is long enough to hold "columns" and one more name below a table.
    private static void ReadInner(HttpContext context, string prefix, string[] segments)
    {
        var isColumn = segments.Length - 1 > ObjectPath.MaxDepth && segments[^3] == "columns";
        var names = segments.Length < 2 ? segments : segments[..^(isColumn ? 3 : 1)];
        var feature = Read(string.Join('/', names));
        if (isColumn) feature = feature with { Column = Read(segments[^2]).Path.Name };
        context.Features.Set(feature);
        context.Request.Path = segments.Length < 2 ? $"{prefix}/{Placeholder}" : $"{prefix}/{Placeholder}{(isColumn ? $"/columns/{Placeholder}" : "")}/{segments[^1]}";
    }

    private static ObjectPathFeature Read(string names) =>
        ObjectPath.FromUrl(names, out var problem) is { } path
            ? new ObjectPathFeature(path)
            : throw new RequestRefusedException(ErrorCode.InvalidPath, $"The object path in the URL is not valid: {problem}.");

    private static bool IsAtOrBelow(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && (path.Length == prefix.Length || path[prefix.Length] == '/');
}

/// <summary>The object path of the URL, and the column's name where it goes on to one.</summary>
internal sealed record ObjectPathFeature(ObjectPath Path, string? Column = null);
