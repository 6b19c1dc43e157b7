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

/// <summary>/api/v1/groups, and who is in them.</summary>
internal static class GroupEndpoints
{
    private const string Members = "/api/v1/groups/{id}/members";

    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/groups", ListAsync);
        routes.MapPost("/api/v1/groups", AddAsync);
        routes.MapGet("/api/v1/groups/{id}", ReadAsync);
        routes.MapPut("/api/v1/groups/{id}", RenameAsync);
        routes.MapDelete("/api/v1/groups/{id}", DeleteAsync);
        routes.MapGet(Members, ReadMembersAsync);
        routes.MapPut(Members, ReplaceMembersAsync);
        routes.MapPost(Members, AddMemberAsync);
        routes.MapDelete(Members, RemoveMemberAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var asked = new GroupQuery(
            query.Text("name"), query.Text("source"), query.Number("offset", 0, 0, int.MaxValue),
            query.Number("size", UserEndpoints.DefaultSize, 1, UserEndpoints.LargestSize));
        query.Check();
        var page = await UseCases(context).ListAsync(asked, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new Listing<GroupAnswer>(page.Count, [.. page.Hits.Select(GroupAnswer.Of)]), ApiJson.Answers.ListingGroupAnswer);
    }

    private static async Task AddAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        await WriteAsync(context, await UseCases(context).AddAsync(body.Element, context.Caller(), context.RequestAborted));
    }

    private static async Task ReadAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        await WriteAsync(context, await UseCases(context).ReadAsync(UserEndpoints.IdOf(context), context.Caller(), context.RequestAborted));
    }

    private static async Task RenameAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var revision = EntityTag.IfMatch(context);
        using var body = await RequestBody.ReadAsync(context);
        await WriteAsync(context, await UseCases(context).RenameAsync(UserEndpoints.IdOf(context), body.Element, revision, context.Caller(), context.RequestAborted));
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var deleted = await UseCases(context).DeleteAsync(UserEndpoints.IdOf(context), EntityTag.IfMatch(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, GroupAnswer.Of(deleted), ApiJson.Answers.GroupAnswer);
    }

    private static async Task ReadMembersAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        await WriteAsync(context, await UseCases(context).ReadMembersAsync(UserEndpoints.IdOf(context), context.Caller(), context.RequestAborted));
    }

    private static async Task ReplaceMembersAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var revision = EntityTag.IfMatch(context);
        using var body = await RequestBody.ReadAsync(context);
        await WriteAsync(context, await UseCases(context).ReplaceMembersAsync(UserEndpoints.IdOf(context), body.Element, revision, context.Caller(), context.RequestAborted));
    }

    private static async Task AddMemberAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var revision = EntityTag.IfMatch(context);
        using var body = await RequestBody.ReadAsync(context);
        await WriteAsync(context, await UseCases(context).AddMemberAsync(UserEndpoints.IdOf(context), body.Element, revision, context.Caller(), context.RequestAborted));
    }

    private static async Task RemoveMemberAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var user = query.Text("user");
        var group = query.Text("group");
        // Whoever may not, hears that first.
        context.Caller().Require(Engine.Callers.Permission.UserAdmin);
        if (user is null == group is null) query.Reject("user", "either user or group must be given");
        query.Check();
        var revision = EntityTag.IfMatch(context);
        await WriteAsync(context, await UseCases(context).RemoveMemberAsync(UserEndpoints.IdOf(context), user, group, revision, context.Caller(), context.RequestAborted));
    }

    private static Task WriteAsync(HttpContext context, StoredGroup group)
    {
        EntityTag.Set(context, group.Revision);
        return Answer.WriteAsync(context, GroupAnswer.Of(group), ApiJson.Answers.GroupAnswer);
    }

    private static Task WriteAsync(HttpContext context, GroupMembers members)
    {
        EntityTag.Set(context, members.Revision);
        return Answer.WriteAsync(context, MemberAnswer.Of(members.Members), ApiJson.Answers.ListingMemberAnswer);
    }

    private static GroupUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<GroupUseCases>();
}
