using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Tags;
using Sluice.Server.Authentication;
using Sluice.Server.Data;
using Sluice.Server.Http;
using Sluice.Storage.Tags;

namespace Sluice.Server.Tags;

/// <summary>/api/v1/tags, and the tags of objects and columns.</summary>
internal static class TagEndpoints
{
    private const int DefaultSize = 50;
    private const int LargestSize = 1000;

    public static void MapTags(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/tags", ListAsync);
        routes.MapPost("/api/v1/tags", DefineAsync);
        routes.MapPost("/api/v1/tags/{name}/rename", RenameAsync);
        routes.MapDelete("/api/v1/tags/{name}", DeleteAsync);
        routes.MapPut("/api/v1/objects/{objectPath}/tags", AssignAsync);
        routes.MapPut("/api/v1/objects/{objectPath}/columns/{column}/tags", AssignAsync);
        routes.MapGet("/api/v1/objects/{objectPath}/vanished-tags", VanishedAsync);
        routes.MapDelete("/api/v1/objects/{objectPath}/vanished-tags", ConfirmVanishedAsync);
        routes.MapDelete("/api/v1/objects/{objectPath}/columns/{column}/vanished-tags", ConfirmVanishedAsync);
        routes.MapDelete("/api/v1/objects/{objectPath}/discovered-new", ClearDiscoveredAsync);
        routes.MapDelete("/api/v1/objects/{objectPath}/columns/{column}/discovered-new", ClearDiscoveredAsync);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var offset = query.Number("offset", 0, 0, int.MaxValue);
        var size = query.Number("size", DefaultSize, 1, LargestSize);
        query.Check();
        var tags = await UseCases(context).ListAsync(context.Caller(), context.RequestAborted);
        var page = tags.Skip(offset).Take(size).Select(TagDefinitionAnswer.Of);
        await Answer.WriteAsync(context, new Listing<TagDefinitionAnswer>(tags.Count, [.. page]), ApiJson.Answers.ListingTagDefinitionAnswer);
    }

    private static async Task DefineAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        var (tag, _) = await UseCases(context).DefineAsync(body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, TagDefinitionAnswer.Of(tag), ApiJson.Answers.TagDefinitionAnswer);
    }

    private static async Task RenameAsync(HttpContext context)
    {
        var dryRun = DryRun(context);
        using var body = await RequestBody.ReadAsync(context);
        var effect = await UseCases(context).RenameAsync(NameOf(context), body.Element, dryRun, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, TagEffectAnswer.Of(effect), ApiJson.Answers.TagEffectAnswer);
    }

    private static async Task DeleteAsync(HttpContext context)
    {
        var effect = await UseCases(context).DeleteAsync(NameOf(context), DryRun(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, TagEffectAnswer.Of(effect), ApiJson.Answers.TagEffectAnswer);
    }

    private static async Task AssignAsync(HttpContext context)
    {
        var path = RequestedObject.Required(context, new QueryReader(context.Request));
        using var body = await RequestBody.ReadAsync(context);
        var view = await UseCases(context).AssignAsync(
            path, Column(context), body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new AssignedTagsAnswer(view.Path.Names, view.Column, view.Tags), ApiJson.Answers.AssignedTagsAnswer);
    }

    private static async Task VanishedAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var path = RequestedObject.Required(context, query);
        var offset = query.Number("offset", 0, 0, int.MaxValue);
        var size = query.Number("size", DefaultSize, 1, LargestSize);
        query.Check();
        var tags = await Reviews(context).VanishedAsync(path, context.Caller(), context.RequestAborted);
        var page = tags.Skip(offset).Take(size).Select(static t => new VanishedTagAnswer(t.Path.Names, t.Column, t.Tag, t.VanishedAt));
        await Answer.WriteAsync(context, new Listing<VanishedTagAnswer>(tags.Count, [.. page]), ApiJson.Answers.ListingVanishedTagAnswer);
    }

    private static async Task ConfirmVanishedAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var path = RequestedObject.Required(context, query);
        var tag = query.Text("tag");
        query.Check();
        var count = await Reviews(context).ConfirmVanishedAsync(path, Column(context), tag, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new ReviewedAnswer(count), ApiJson.Answers.ReviewedAnswer);
    }

    private static async Task ClearDiscoveredAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var path = RequestedObject.Required(context, query);
        query.Check();
        var count = await Reviews(context).ClearDiscoveredAsync(path, Column(context), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, new ReviewedAnswer(count), ApiJson.Answers.ReviewedAnswer);
    }

    private static string? Column(HttpContext context) => context.Features.Get<ObjectPathFeature>()?.Column;

    private static IReviewUseCases Reviews(HttpContext context) => context.RequestServices.GetRequiredService<IReviewUseCases>();

    private static bool DryRun(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var dryRun = query.Switch("dryRun");
        query.Check();
        return dryRun;
    }

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static ITagUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<ITagUseCases>();
}

/// <summary>A tag.</summary>
internal sealed record TagDefinitionAnswer(string Name, string? Description, bool Defined, long Uses)
{
    public static TagDefinitionAnswer Of(StoredTag tag) => new(tag.Name, tag.Description, tag.IsDefined, tag.Uses);
}

/// <summary>What a rename or a deletion touches, or touched.</summary>
internal sealed record TagEffectAnswer(bool Done, IReadOnlyList<string> Tags, long Assignments, IReadOnlyList<string> Policies)
{
    public static TagEffectAnswer Of(TagEffect effect) => new(effect.IsDone, effect.Names, effect.Assignments, effect.Policies);
}

/// <summary>The tags that were given here to an object or a column.</summary>
internal sealed record AssignedTagsAnswer(
    IReadOnlyList<string> ObjectPath, [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] string? Column, IReadOnlyList<string> Tags);

/// <summary>A tag that a platform no longer has, and that goes on protecting.</summary>
internal sealed record VanishedTagAnswer(
    IReadOnlyList<string> ObjectPath, [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] string? Column, string Tag, DateTimeOffset VanishedAt);

/// <summary>How many marks were taken away.</summary>
internal sealed record ReviewedAnswer(int Count);
