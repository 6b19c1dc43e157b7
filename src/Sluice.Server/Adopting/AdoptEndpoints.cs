using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Adopting;
using Sluice.Server.Authentication;
using Sluice.Server.Http;

namespace Sluice.Server.Adopting;

/// <summary>/api/v1/adopt: policies drafted from what is granted already.</summary>
internal static class AdoptEndpoints
{
    public static void MapAdopt(this IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/adopt", DraftAsync);

    private static async Task DraftAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        var adoption = await context.RequestServices.GetRequiredService<IAdoptUseCase>().DraftAsync(body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AdoptionAnswer.Of(adoption), ApiJson.Answers.AdoptionAnswer);
    }
}
