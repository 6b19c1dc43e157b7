using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Policies;
using Sluice.Engine.Access;
using Sluice.Server.Authentication;
using Sluice.Server.Data;
using Sluice.Server.Http;

namespace Sluice.Server.Access;

/// <summary>/api/v1/access: who may see what, and why.</summary>
internal static class AccessEndpoints
{
    private const int DefaultSize = 50;
    private const int LargestSize = 1000;

    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/access/explain", ExplainAsync);
        routes.MapPost("/api/v1/access/check", CheckAsync);
        routes.MapPost("/api/v1/access/simulate", SimulateAsync);
        routes.MapGet("/api/v1/access/objects/{objectPath}/people", PeopleAsync);
        routes.MapGet("/api/v1/access/people/{id}/objects", ObjectsAsync);
        routes.MapGet("/api/v1/access/history", HistoryAsync);
    }

    private static async Task ExplainAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        var explained = await UseCases(context).ExplainAsync(body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, ExplanationAnswer.Of(explained), ApiJson.Answers.ExplanationAnswer);
    }

    private static async Task CheckAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        var check = await UseCases(context).CheckAsync(body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new AccessCheckAnswer(check.IsAllowed, Spelling.Of(check.Way)), ApiJson.Answers.AccessCheckAnswer);
    }

    private static async Task SimulateAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        var simulation = await UseCases(context).SimulateAsync(body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, SimulationAnswer.Of(simulation), ApiJson.Answers.SimulationAnswer);
    }

    private static async Task PeopleAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var (offset, size) = Page(query);
        var access = query.Text("access");
        if (access is not (null or "READ" or "WRITE")) query.Reject("access", "must be READ or WRITE");
        var path = RequestedObject.Required(context, query);
        var kind = access == "WRITE" ? AccessKind.Write : AccessKind.Read;
        var people = await UseCases(context).PeopleAsync(path, kind, context.Caller(), context.RequestAborted);
        var page = people.Skip(offset).Take(size).Select(static p => new PersonWithAccessAnswer(p.PersonId, p.Username, Spelling.Of(p.Way), p.Identities));
        await Answer.WriteAsync(context, new Listing<PersonWithAccessAnswer>(people.Count, [.. page]), ApiJson.Answers.ListingPersonWithAccessAnswer);
    }

    private static async Task ObjectsAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var (offset, size) = Page(query);
        query.Check();
        var objects = await UseCases(context).ObjectsAsync((string)context.Request.RouteValues["id"]!, context.Caller(), context.RequestAborted);
        var page = objects.Skip(offset).Take(size).Select(static o => new ObjectWithAccessAnswer(o.Path.Names, Spelling.Of(o.Read), Spelling.Of(o.Write)));
        await Answer.WriteAsync(context, new Listing<ObjectWithAccessAnswer>(objects.Count, [.. page]), ApiJson.Answers.ListingObjectWithAccessAnswer);
    }

    private static async Task HistoryAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var (offset, size) = Page(query);
        var moment = query.Moment("at");
        var path = RequestedObject.Required(context, query);
        var at = moment ?? context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var access = await context.RequestServices.GetRequiredService<IAccessHistoryUseCase>().ReadersAsync(path, at, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AccessHistoryAnswer.Of(path.Names, at, access, offset, size), ApiJson.Answers.AccessHistoryAnswer);
    }

    private static (int Offset, int Size) Page(QueryReader query) => (query.Number("offset", 0, 0, int.MaxValue), query.Number("size", DefaultSize, 1, LargestSize));

    private static IAccessUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<IAccessUseCases>();
}
