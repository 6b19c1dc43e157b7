using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.People;
using Sluice.Server.Authentication;
using Sluice.Server.Data;
using Sluice.Server.Http;
using Sluice.Storage.People;

namespace Sluice.Server.People;

/// <summary>/api/v1/users, and what a user may do in Sluice.</summary>
internal static class UserEndpoints
{
    public const int DefaultSize = 50;
    public const int LargestSize = 1000;

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/users", ListAsync);
        routes.MapPost("/api/v1/users", AddAsync);
        routes.MapPost("/api/v1/users/import", ImportAsync);
        routes.MapGet("/api/v1/users/{id}", ReadAsync);
        routes.MapPut("/api/v1/users/{id}", UpdateAsync);
        routes.MapDelete("/api/v1/users/{id}", DeleteAsync);
        routes.MapGet("/api/v1/users/{id}/permissions", ReadPermissionsAsync);
        routes.MapPut("/api/v1/users/{id}/permissions", ReplacePermissionsAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var filter = new UserFilter(
            query.Text("username"), query.Text("group"), query.Text("attribute"), query.Number("offset", 0, 0, int.MaxValue),
            query.Number("size", DefaultSize, 1, LargestSize));
        query.Check();
        var page = await Users(context).ListAsync(filter, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new Listing<UserAnswer>(page.Count, [.. page.Hits.Select(UserAnswer.Of)]), ApiJson.Answers.ListingUserAnswer);
    }

    private static async Task AddAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        await WriteAsync(context, await Users(context).AddAsync(body.Element, context.Caller(), context.RequestAborted));
    }

    private static async Task ImportAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var isDryRun = query.Switch("dryRun");
        query.Check();
        using var body = await RequestBody.ReadAsync(context);
        var counts = await context.RequestServices.GetRequiredService<ImportUseCase>().ImportAsync(body.Element, isDryRun, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new ImportAnswer(isDryRun, counts.Added, counts.Changed, counts.Unchanged), ApiJson.Answers.ImportAnswer);
    }

    private static async Task ReadAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        await WriteAsync(context, await Users(context).ReadAsync(IdOf(context), context.Caller(), context.RequestAborted));
    }

    private static async Task UpdateAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var revision = EntityTag.IfMatch(context);
        using var body = await RequestBody.ReadAsync(context);
        await WriteAsync(context, await Users(context).UpdateAsync(IdOf(context), body.Element, revision, context.Caller(), context.RequestAborted));
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var deleted = await Users(context).DeleteAsync(IdOf(context), EntityTag.IfMatch(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, UserAnswer.Of(deleted), ApiJson.Answers.UserAnswer);
    }

    private static async Task ReadPermissionsAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        await WritePermissionsAsync(context, await Permissions(context).ReadAsync(IdOf(context), context.Caller(), context.RequestAborted));
    }

    private static async Task ReplacePermissionsAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var revision = EntityTag.IfMatch(context);
        using var body = await RequestBody.ReadAsync(context);
        await WritePermissionsAsync(context, await Permissions(context).ReplaceAsync(IdOf(context), body.Element, revision, context.Caller(), context.RequestAborted));
    }

    private static Task WriteAsync(HttpContext context, StoredPerson person)
    {
        EntityTag.Set(context, person.Revision);
        return Answer.WriteAsync(context, UserAnswer.Of(person), ApiJson.Answers.UserAnswer);
    }

    private static Task WritePermissionsAsync(HttpContext context, StoredPerson person)
    {
        EntityTag.Set(context, person.Revision);
        return Answer.WriteAsync(context, new PermissionsAnswer(person.Permissions), ApiJson.Answers.PermissionsAnswer);
    }

    internal static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static UserUseCases Users(HttpContext context) => context.RequestServices.GetRequiredService<UserUseCases>();

    private static PermissionUseCases Permissions(HttpContext context) => context.RequestServices.GetRequiredService<PermissionUseCases>();
}
