using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Catalog;
using Sluice.Core.DataLineage;
using Sluice.Engine.QueryAudit;
using Sluice.Server.Authentication;
using Sluice.Server.Data;
using Sluice.Server.Http;
using Sluice.Storage.DataLineage;

namespace Sluice.Server.Auditing;

/// <summary>/api/v1/objects/{path}/lineage: where data came from and went to.</summary>
internal static class LineageEndpoints
{
    private const string Path = "/api/v1/objects/{objectPath}/lineage";

    public static void MapLineage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ReadAsync);
        routes.MapDelete(Path, RemoveAsync);
    }

    private static async Task ReadAsync(HttpContext context)
    {
        var path = RequestedObject.Required(context, new QueryReader(context.Request));
        var edges = await context.RequestServices.GetRequiredService<ILineageUseCase>().EdgesAsync(path, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new Listing<LineageEdgeAnswer>(edges.Count, [.. edges.Select(LineageEdgeAnswer.Of)]), ApiJson.Answers.ListingLineageEdgeAnswer);
    }

    private static async Task RemoveAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var (from, fromColumn, column) = (From(query), query.Text("fromColumn"), query.Text("column"));
        var to = RequestedObject.Required(context, query);
        var count = await context.RequestServices.GetRequiredService<ILineageUseCase>()
            .RemoveAsync(to, new EdgeSelection(from!, fromColumn, column), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new RemovedEdgesAnswer(count), ApiJson.Answers.RemovedEdgesAnswer);
    }

    private static ObjectPath? From(QueryReader query)
    {
        if (query.Text("from") is not { } json)
        {
            query.Reject("from", "is required: the object that the data came from, as [\"connectionKey\", \"…\"]");
            return null;
        }

        if (ObjectPath.FromJson(json, out var problem) is { } path) return path;
        query.Reject("from", problem!);
        return null;
    }
}

/// <summary>How many edges were taken away.</summary>
internal sealed record RemovedEdgesAnswer(int Count);

/// <summary>That data went from one place to another.</summary>
internal sealed record LineageEdgeAnswer(TagOriginAnswer From, TagOriginAnswer To, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt)
{
    public static LineageEdgeAnswer Of(StoredEdge edge) => new(Of(edge.Edge.From), Of(edge.Edge.To), edge.FirstSeenAt, edge.LastSeenAt);

    private static TagOriginAnswer Of(LineagePoint point) => new(point.Object.Names, point.Column);
}
