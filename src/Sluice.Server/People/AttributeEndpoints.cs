using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.People;
using Sluice.Server.Authentication;
using Sluice.Server.Data;
using Sluice.Server.Http;

namespace Sluice.Server.People;

/// <summary>/api/v1/users/{id}/attributes.</summary>
internal static class AttributeEndpoints
{
    private const string Path = "/api/v1/users/{id}/attributes";

    public static void MapAttributes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ReadAsync);
        routes.MapPut(Path, ReplaceAsync);
        routes.MapPost(Path, AddAsync);
        routes.MapDelete(Path, RemoveAsync);
    }

    private static async Task ReadAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        await WriteAsync(context, await UseCases(context).ReadAsync(UserEndpoints.IdOf(context), context.Caller(), context.RequestAborted));
    }

    private static async Task ReplaceAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var revision = EntityTag.IfMatch(context);
        using var body = await RequestBody.ReadAsync(context);
        await WriteAsync(context, await UseCases(context).ReplaceAsync(UserEndpoints.IdOf(context), body.Element, revision, context.Caller(), context.RequestAborted));
    }

    private static async Task AddAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var revision = EntityTag.IfMatch(context);
        using var body = await RequestBody.ReadAsync(context);
        await WriteAsync(context, await UseCases(context).AddAsync(UserEndpoints.IdOf(context), body.Element, revision, context.Caller(), context.RequestAborted));
    }

    private static async Task RemoveAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var name = query.Text("name");
        var value = query.Text("value");
        // Whoever may not, hears that first.
        context.Caller().Require(Engine.Callers.Permission.UserAdmin);
        if (name is null) query.Reject("name", "is required");
        query.Check();
        var revision = EntityTag.IfMatch(context);
        await WriteAsync(context, await UseCases(context).RemoveAsync(UserEndpoints.IdOf(context), name!, value, revision, context.Caller(), context.RequestAborted));
    }

    private static Task WriteAsync(HttpContext context, UserAttributes found)
    {
        EntityTag.Set(context, found.Revision);
        return Answer.WriteAsync(context, AttributeAnswer.Of(found.Attributes), ApiJson.Answers.ListingAttributeAnswer);
    }

    private static AttributeUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<AttributeUseCases>();
}
