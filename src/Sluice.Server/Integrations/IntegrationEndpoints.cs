using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Integrations;
using Sluice.Server.Authentication;
using Sluice.Server.Http;

namespace Sluice.Server.Integrations;

/// <summary>/integrations: the native integrations of connections, and the scripts a person runs on a platform.</summary>
internal static class IntegrationEndpoints
{
    public static void MapIntegrations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/integrations", ListAsync);
        routes.MapGet("/integrations/{id:long}", ReadAsync);
        routes.MapGet("/integrations/{id:long}/status", ReadStatusAsync);
        routes.MapPost("/integrations/{id:long}/scripts/edit", WriteEditScriptAsync);
        routes.MapPost("/integrations/{id:long}/scripts/delete", WriteDeleteScriptAsync);
        routes.MapPost("/integrations/scripts/create", WriteSetupScriptAsync);
        routes.MapPost("/integrations/scripts/cleanup", WriteCleanupScriptAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var views = await UseCases(context).ListAsync(context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, [.. views.Select(IntegrationAnswer.Of)], ApiJson.Answers.IReadOnlyListIntegrationAnswer);
    }

    private static async Task ReadAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var view = await UseCases(context).ReadAsync(IdOf(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, IntegrationAnswer.Of(view), ApiJson.Answers.IntegrationAnswer);
    }

    private static async Task ReadStatusAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var view = await UseCases(context).ReadAsync(IdOf(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, IntegrationStatusAnswer.Of(view), ApiJson.Answers.IntegrationStatusAnswer);
    }

    private static async Task WriteEditScriptAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        await Answer.WriteTextAsync(context, await UseCases(context).WriteEditScriptAsync(IdOf(context), body.Element, context.Caller(), context.RequestAborted));
    }

    private static async Task WriteDeleteScriptAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadOptionalAsync(context);
        await Answer.WriteTextAsync(context, await UseCases(context).WriteDeleteScriptAsync(IdOf(context), body.Element, context.Caller(), context.RequestAborted));
    }

    private static async Task WriteSetupScriptAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        await Answer.WriteTextAsync(context, await UseCases(context).WriteSetupScriptAsync(body.Element, context.Caller(), context.RequestAborted));
    }

    private static async Task WriteCleanupScriptAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        await Answer.WriteTextAsync(context, await UseCases(context).WriteCleanupScriptAsync(body.Element, context.Caller(), context.RequestAborted));
    }

    private static long IdOf(HttpContext context) => long.Parse((string)context.Request.RouteValues["id"]!, System.Globalization.CultureInfo.InvariantCulture);

    private static IIntegrationUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<IIntegrationUseCases>();
}
