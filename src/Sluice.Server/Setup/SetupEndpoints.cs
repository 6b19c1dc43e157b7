using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Setup;
using Sluice.Server.Authentication;
using Sluice.Server.Http;

namespace Sluice.Server.Setup;

/// <summary>What a person needs to put into AWS.</summary>
internal static class SetupEndpoints
{
    public static void MapSetup(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/aws/identity", ReadAwsIdentityAsync);

    private static async Task ReadAwsIdentityAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var useCase = context.RequestServices.GetRequiredService<IAwsIdentityUseCase>();
        var identity = await useCase.ReadAsync(context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AwsIdentityAnswer.Of(identity), ApiJson.Answers.AwsIdentityAnswer);
    }
}
