using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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
    public static void MapLineage(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/objects/{objectPath}/lineage", ReadAsync);

    private static async Task ReadAsync(HttpContext context)
    {
        var path = RequestedObject.Required(context, new QueryReader(context.Request));
        var edges = await context.RequestServices.GetRequiredService<ILineageUseCase>().EdgesAsync(path, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new Listing<LineageEdgeAnswer>(edges.Count, [.. edges.Select(LineageEdgeAnswer.Of)]), ApiJson.Answers.ListingLineageEdgeAnswer);
    }
}

/// <summary>That data went from one place to another.</summary>
internal sealed record LineageEdgeAnswer(TagOriginAnswer From, TagOriginAnswer To, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt)
{
    public static LineageEdgeAnswer Of(StoredEdge edge) => new(Of(edge.Edge.From), Of(edge.Edge.To), edge.FirstSeenAt, edge.LastSeenAt);

    private static TagOriginAnswer Of(LineagePoint point) => new(point.Object.Names, point.Column);
}
