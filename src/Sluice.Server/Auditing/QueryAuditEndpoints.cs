using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.QueryAudit;
using Sluice.Server.Authentication;
using Sluice.Server.Data;
using Sluice.Server.Http;
using Sluice.Storage.QueryAudit;

namespace Sluice.Server.Auditing;

/// <summary>/api/v1/audit/queries: who queried what on the platforms.</summary>
internal static class QueryAuditEndpoints
{
    public static void MapQueryAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/audit/queries", SearchAsync);
        routes.MapGet("/api/v1/audit/queries/export", ExportAsync);
        routes.MapPost("/api/v1/connections/{connectionKey}/audit", ReadNowAsync);
    }

    private static async Task SearchAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var connection = query.Text("connection");
        var search = new QuerySearch
        {
            Person = query.Text("person"),
            Identity = query.Text("identity"),
            Object = AuditEndpoints.PathOf(query, "object"),
            From = query.Moment("from"),
            To = query.Moment("to"),
            Offset = query.Number("offset", 0, 0, int.MaxValue),
            Size = query.Number("size", AuditEndpoints.DefaultSize, 1, AuditEndpoints.LargestSize),
        };
        query.Check();
        var page = await UseCases(context).SearchAsync(search, connection, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new Listing<QueryEventAnswer>(page.Count, [.. page.Hits.Select(QueryEventAnswer.Of)]), ApiJson.Answers.ListingQueryEventAnswer);
    }

    private static async Task ExportAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var caller = context.Caller();
        caller.Require(Engine.Callers.Permission.Audit);
        var events = UseCases(context).Export(caller, context.RequestAborted);
        context.Response.ContentType = "application/x-ndjson";
        await AuditExport.WriteAsync(context.Response.Body, events.Select(QueryEventAnswer.Of), ApiJson.Answers.QueryEventAnswer, context.RequestAborted);
    }

    // Keys hold no character that URLs treat specially but the space, so the route's own value is exact.
    private static async Task ReadNowAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var accepted = await UseCases(context).ReadNowAsync((string)context.Request.RouteValues["connectionKey"]!, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AcceptedAnswer.Of(accepted), ApiJson.Answers.AcceptedAnswer);
    }

    private static IQueryAuditUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<IQueryAuditUseCases>();
}
