using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Connections;
using Sluice.Server.Authentication;
using Sluice.Server.Http;

namespace Sluice.Server.Data;

/// <summary>/data/connection, and the checks of a connection.</summary>
internal static class ConnectionEndpoints
{
    public static void MapConnections(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/data/connection", RegisterAsync);
        routes.MapGet("/data/connection/{connectionKey}", ReadAsync);
        routes.MapPut("/data/connection/{connectionKey}", UpdateAsync);
        routes.MapPost("/api/v1/connections/{connectionKey}/check", CheckAsync);
        routes.MapPost("/api/v1/connections/{connectionKey}/confirm-restore", ConfirmRestoreAsync);
    }

    private static async Task RegisterAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var isDryRun = query.Switch("dryRun");
        query.Check();
        using var body = await RequestBody.ReadAsync(context);
        if (isDryRun)
        {
            var report = await UseCases(context).TryAsync(body.Element, context.Caller(), context.RequestAborted);
            await Answer.WriteAsync(context, DryRunAnswer.Of(report), ApiJson.Answers.DryRunAnswer);
            return;
        }

        var accepted = await UseCases(context).RegisterAsync(body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AcceptedAnswer.Of(accepted), ApiJson.Answers.AcceptedAnswer);
    }

    private static async Task ReadAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var view = await UseCases(context).ReadAsync(KeyOf(context), context.Caller(), context.RequestAborted);
        EntityTag.Set(context, view.Stored.Revision);
        await Answer.WriteAsync(context, ConnectionAnswer.Of(view), ApiJson.Answers.ConnectionAnswer);
    }

    private static async Task UpdateAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var revision = EntityTag.IfMatch(context);
        using var body = await RequestBody.ReadAsync(context);
        var accepted = await UseCases(context).UpdateAsync(KeyOf(context), body.Element, revision, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AcceptedAnswer.Of(accepted), ApiJson.Answers.AcceptedAnswer);
    }

    private static async Task CheckAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var accepted = await UseCases(context).CheckAsync(KeyOf(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AcceptedAnswer.Of(accepted), ApiJson.Answers.AcceptedAnswer);
    }

    private static async Task ConfirmRestoreAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var restores = context.RequestServices.GetRequiredService<IRestoreUseCase>();
        var accepted = await restores.ConfirmAsync(KeyOf(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AcceptedAnswer.Of(accepted), ApiJson.Answers.AcceptedAnswer);
    }

    // Keys hold no character that URLs treat specially but the space, so the route's own value is exact.
    private static string KeyOf(HttpContext context) => (string)context.Request.RouteValues["connectionKey"]!;

    private static IConnectionUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<IConnectionUseCases>();
}
