using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Catalog;
using Sluice.Engine.Auditing;
using Sluice.Engine.QueryAudit;
using Sluice.Server.Authentication;
using Sluice.Server.Http;
using Sluice.Storage.Audit;

namespace Sluice.Server.Auditing;

/// <summary>/api/v1/audit.</summary>
internal static class AuditEndpoints
{
    internal const int DefaultSize = 50;
    internal const int LargestSize = 1000;

    private const string Queries = "queries";

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/audit", SearchAsync);
        routes.MapGet("/api/v1/audit/export", ExportAsync);
        routes.MapPost("/api/v1/audit/verify", VerifyAsync);
    }

    private static async Task SearchAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var stream = query.Text("stream");
        var search = new AuditQuery
        {
            Action = query.Text("action"),
            Actor = query.Text("actor"),
            Object = PathOf(query, "object"),
            Person = query.Text("person"),
            From = query.Moment("from"),
            To = query.Moment("to"),
            Offset = query.Number("offset", 0, 0, int.MaxValue),
            Size = query.Number("size", DefaultSize, 1, LargestSize),
        };
        var include = query.Text("include");
        if (include is not (null or Queries)) query.Reject("include", $"must be {Queries}");
        query.Check();
        if (include == Queries)
        {
            var both = await context.RequestServices.GetRequiredService<IQueryAuditUseCases>().TimelineAsync(search, stream, context.Caller(), context.RequestAborted);
            await Answer.WriteAsync(context, new Listing<AuditEventAnswer>(both.Count, [.. both.Hits.Select(AuditEventAnswer.Of)]), ApiJson.Answers.ListingAuditEventAnswer);
            return;
        }

        var page = await UseCases(context).SearchAsync(search, stream, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new Listing<AuditEventAnswer>(page.Count, [.. page.Hits.Select(AuditEventAnswer.Of)]), ApiJson.Answers.ListingAuditEventAnswer);
    }

    private static async Task ExportAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var rows = UseCases(context).Export(context.Caller(), context.RequestAborted);
        context.Response.ContentType = "application/x-ndjson";
        await AuditExport.WriteAsync(context.Response.Body, rows.Select(AuditEventAnswer.Of), ApiJson.Answers.AuditEventAnswer, context.RequestAborted);
    }

    private static async Task VerifyAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadOptionalAsync(context);
        var reports = await UseCases(context).VerifyAsync(body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AuditVerificationAnswer.Of(reports), ApiJson.Answers.AuditVerificationAnswer);
    }

    /// <summary>An object that a parameter names.</summary>
    internal static ObjectPath? PathOf(QueryReader query, string name)
    {
        if (query.Text(name) is not { } text) return null;
        var path = ObjectPath.FromJson(text, out var problem);
        if (path is null) query.Reject(name, problem!);
        return path;
    }

    private static IAuditUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<IAuditUseCases>();
}
