using Microsoft.AspNetCore.Http;
using Sluice.Core.Catalog;
using Sluice.Server.Http;

namespace Sluice.Server.Data;

/// <summary>Which object a request is about: by its path in the URL, or by <c>?objectPath=["…"]</c>.</summary>
internal static class RequestedObject
{
    private const string Parameter = "objectPath";

    /// <summary>The object; a request that names none is refused by the query's check.</summary>
    public static ObjectPath Required(HttpContext context, QueryReader query)
    {
        var path = Optional(context, query);
        if (path is null && !query.Problems.Any) query.Reject(Parameter, "is required: in the URL, or as ?objectPath=[\"connectionKey\", \"…\"]");
        query.Check();
        return path!;
    }

    /// <summary>The object, or null when the request names none.</summary>
    public static ObjectPath? Optional(HttpContext context, QueryReader query)
    {
        var fromUrl = context.Features.Get<ObjectPathFeature>()?.Path;
        if (query.Text(Parameter) is not { } json) return fromUrl;
        if (fromUrl is not null) query.Reject(Parameter, "is given in the URL and in the query: give one");
        else if (ObjectPath.FromJson(json, out var problem) is { } path) return path;
        else query.Reject(Parameter, problem!);
        return null;
    }
}
