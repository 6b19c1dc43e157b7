using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Catalog;
using Sluice.Engine.Enforcing;
using Sluice.Server.Authentication;
using Sluice.Server.Http;

namespace Sluice.Server.Plans;

/// <summary>/api/v1/removed-grants: grants of others that Sluice took away, and their return.</summary>
internal static class RemovedGrantEndpoints
{
    private const int DefaultSize = 50;
    private const int LargestSize = 1000;

    public static void MapRemovedGrants(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/removed-grants", ListAsync);
        routes.MapPost("/api/v1/removed-grants/restore", RestoreAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var connection = query.Text("connection");
        var text = query.Text("objectPath");
        var offset = query.Number("offset", 0, 0, int.MaxValue);
        var size = query.Number("size", DefaultSize, 1, LargestSize);
        if (connection is null) query.Reject("connection", "is required");
        string? problem = null;
        var below = text is null ? null : ObjectPath.FromJson(text, out problem);
        if (problem is not null) query.Reject("objectPath", problem);
        if (below is not null && connection is not null && !string.Equals(below.ConnectionKey, connection, StringComparison.OrdinalIgnoreCase))
            query.Reject("objectPath", $"must begin with the connection '{connection}'");
        query.Check();
        var grants = await UseCases(context).ListAsync(connection!, below, context.Caller(), context.RequestAborted);
        var page = grants.Skip(offset).Take(size).Select(RemovedGrantAnswer.Of);
        await Answer.WriteAsync(context, new Listing<RemovedGrantAnswer>(grants.Count, [.. page]), ApiJson.Answers.ListingRemovedGrantAnswer);
    }

    private static async Task RestoreAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        var accepted = await UseCases(context).RestoreAsync(body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new PlanAcceptedAnswer(accepted.PlanId, accepted.BulkId), ApiJson.Answers.PlanAcceptedAnswer);
    }

    private static IRemovedGrantUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<IRemovedGrantUseCases>();
}
