using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Server.Authentication;
using Sluice.Server.Http;

namespace Sluice.Server.Plans;

/// <summary>/api/v1/plans: what would change on a platform, read before it does.</summary>
internal static class PlanEndpoints
{
    private const int DefaultSize = 50;
    private const int LargestSize = 1000;

    public static void MapPlans(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/plans", MakeAsync);
        routes.MapGet("/api/v1/plans", ListAsync);
        routes.MapGet("/api/v1/plans/{id}", ReadAsync);
        routes.MapPost("/api/v1/plans/{id}/apply", ApplyAsync);
        routes.MapPost("/api/v1/plans/{id}/confirm", ConfirmAsync);
    }

    private static async Task MakeAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        var view = await UseCases(context).MakeAsync(body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, PlanAnswer.Of(view), ApiJson.Answers.PlanAnswer);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var connectionKey = query.Text("connectionKey");
        var offset = query.Number("offset", 0, 0, int.MaxValue);
        var size = query.Number("size", DefaultSize, 1, LargestSize);
        if (connectionKey is null) query.Reject("connectionKey", "is required");
        query.Check();
        var plans = await UseCases(context).ListAsync(connectionKey!, context.Caller(), context.RequestAborted);
        var page = plans.Skip(offset).Take(size).Select(p => PlanSummaryAnswer.Of(p, connectionKey!));
        await Answer.WriteAsync(context, new Listing<PlanSummaryAnswer>(plans.Count, [.. page]), ApiJson.Answers.ListingPlanSummaryAnswer);
    }

    private static async Task ReadAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var view = await UseCases(context).ReadAsync(IdOf(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, PlanAnswer.Of(view), ApiJson.Answers.PlanAnswer);
    }

    private static async Task ApplyAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var accepted = await UseCases(context).ApplyAsync(IdOf(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new PlanAcceptedAnswer(accepted.PlanId, accepted.BulkId), ApiJson.Answers.PlanAcceptedAnswer);
    }

    private static async Task ConfirmAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var accepted = await UseCases(context).ConfirmAsync(IdOf(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new PlanAcceptedAnswer(accepted.PlanId, accepted.BulkId), ApiJson.Answers.PlanAcceptedAnswer);
    }

    private static Guid IdOf(HttpContext context) => Guid.TryParse((string)context.Request.RouteValues["id"]!, out var id)
        ? id
        : throw new RequestRefusedException(ErrorCode.NotFound, "There is no such plan: its id is a UUID.");

    private static IPlanUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<IPlanUseCases>();
}
