using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Catalog;
using Sluice.Server.Authentication;
using Sluice.Server.Http;

namespace Sluice.Server.Data;

/// <summary>/data/object, /data/settings and /data/crawl. Every route exists with the path in the URL and with <c>?objectPath=</c>.</summary>
internal static class ObjectEndpoints
{
    public static void MapObjects(this IEndpointRouteBuilder routes)
    {
        foreach (var below in (string[])["", "/{objectPath}"])
        {
            routes.MapGet("/data/object" + below, ReadAsync);
            routes.MapDelete("/data/object" + below, DeleteAsync);
            routes.MapPost("/data/object/search" + below, SearchAsync);
            routes.MapPut("/data/settings" + below, ChangeSettingsAsync);
            routes.MapPost("/data/crawl" + below, CrawlAsync);
        }
    }

    private static async Task ReadAsync(HttpContext context)
    {
        var path = RequestedObject.Required(context, new QueryReader(context.Request));
        var view = await UseCases(context).ReadAsync(path, context.Caller(), context.RequestAborted);
        EntityTag.Set(context, view.Revision);
        await Answer.WriteAsync(context, ObjectAnswer.Of(view), ApiJson.Answers.ObjectAnswer);
    }

    private static async Task SearchAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var parent = RequestedObject.Optional(context, query);
        query.Check();
        using var body = await RequestBody.ReadOptionalAsync(context);
        var views = await UseCases(context).SearchAsync(parent, body.Element, context.Caller(), context.RequestAborted);
        var listing = new Listing<FoundObjectAnswer>(views.Count, [.. views.Hits.Select(FoundObjectAnswer.Found)]);
        await Answer.WriteAsync(context, listing, ApiJson.Answers.ListingFoundObjectAnswer);
    }

    private static async Task ChangeSettingsAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var isDryRun = query.Switch("dryRun");
        var path = RequestedObject.Required(context, query);
        var revision = EntityTag.IfMatch(context);
        using var body = await RequestBody.ReadAsync(context);
        if (isDryRun)
        {
            var trial = await UseCases(context).TryChangeSettingsAsync(path, body.Element, revision, context.Caller(), context.RequestAborted);
            await Answer.WriteAsync(context, SettingsDryRunAnswer.Of(trial), ApiJson.Answers.SettingsDryRunAnswer);
            return;
        }

        var answer = await UseCases(context).ChangeSettingsAsync(path, body.Element, revision, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, SettingsChangedAnswer.Of(answer), ApiJson.Answers.SettingsChangedAnswer);
    }

    private static async Task CrawlAsync(HttpContext context)
    {
        var path = RequestedObject.Required(context, new QueryReader(context.Request));
        var revision = EntityTag.IfMatch(context);
        using var body = await RequestBody.ReadOptionalAsync(context);
        var accepted = await UseCases(context).CrawlAsync(path, body.Element, revision, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AcceptedAnswer.Of(accepted), ApiJson.Answers.AcceptedAnswer);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var leaving = new Leaving(query.Switch("cleanup"), query.Switch("restore"));
        if (leaving is { Restores: true, CleansUp: false }) query.Reject("restore", "is a part of the cleanup: say cleanup=true too");
        var path = RequestedObject.Required(context, query);
        var deleted = await UseCases(context).DeleteAsync(path, EntityTag.IfMatch(context), leaving, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, DeletedAnswer.Of(deleted), ApiJson.Answers.DeletedAnswer);
    }

    private static ICatalogUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<ICatalogUseCases>();
}
