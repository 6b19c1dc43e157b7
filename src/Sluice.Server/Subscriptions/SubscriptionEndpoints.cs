using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Errors;
using Sluice.Engine.Subscriptions;
using Sluice.Server.Authentication;
using Sluice.Server.Data;
using Sluice.Server.Http;
using Sluice.Storage.Subscriptions;

namespace Sluice.Server.Subscriptions;

/// <summary>Access of single people: by hand, or by a request that somebody approves.</summary>
internal static class SubscriptionEndpoints
{
    private const int DefaultSize = 50;
    private const int LargestSize = 1000;

    public static void MapSubscriptions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/objects/{objectPath}/subscriptions", ListAsync);
        routes.MapPost("/api/v1/objects/{objectPath}/subscriptions", GiveAsync);
        routes.MapDelete("/api/v1/subscriptions/{id}", TakeAsync);
        routes.MapPost("/api/v1/requests", RequestAsync);
        routes.MapGet("/api/v1/requests", RequestsAsync);
        routes.MapPost("/api/v1/requests/{id}/approve", context => DecideAsync(context, AccessRequestState.Approved));
        routes.MapPost("/api/v1/requests/{id}/deny", context => DecideAsync(context, AccessRequestState.Denied));
        routes.MapPost("/api/v1/requests/{id}/withdraw", context => DecideAsync(context, AccessRequestState.Withdrawn));
    }

    private static async Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var (offset, size) = Page(query);
        var path = RequestedObject.Required(context, query);
        var subscriptions = await UseCases(context).ListAsync(path, context.Caller(), context.RequestAborted);
        var page = subscriptions.Skip(offset).Take(size).Select(SubscriptionAnswer.Of);
        await Answer.WriteAsync(context, new Listing<SubscriptionAnswer>(subscriptions.Count, [.. page]), ApiJson.Answers.ListingSubscriptionAnswer);
    }

    private static async Task GiveAsync(HttpContext context)
    {
        var path = RequestedObject.Required(context, new QueryReader(context.Request));
        using var body = await RequestBody.ReadAsync(context);
        var given = await UseCases(context).GiveAsync(path, body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, SubscriptionAnswer.Of(given), ApiJson.Answers.SubscriptionAnswer);
    }

    private static async Task TakeAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var taken = await UseCases(context).TakeAsync(IdOf(context, "subscription"), context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, SubscriptionAnswer.Of(taken), ApiJson.Answers.SubscriptionAnswer);
    }

    private static async Task RequestAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        var request = await UseCases(context).RequestAsync(body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AccessRequestAnswer.Of(request), ApiJson.Answers.AccessRequestAnswer);
    }

    private static async Task RequestsAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var (offset, size) = Page(query);
        AccessRequestState? state = null;
        if (query.Text("state") is { } text)
        {
            if (Enum.TryParse<AccessRequestState>(text, ignoreCase: true, out var known) && Enum.IsDefined(known) && !char.IsAsciiDigit(text[0])) state = known;
            else query.Reject("state", "must be one of pending, approved, denied, withdrawn");
        }

        query.Check();
        var requests = await UseCases(context).RequestsAsync(state, context.Caller(), context.RequestAborted);
        var page = requests.Skip(offset).Take(size).Select(AccessRequestAnswer.Of);
        await Answer.WriteAsync(context, new Listing<AccessRequestAnswer>(requests.Count, [.. page]), ApiJson.Answers.ListingAccessRequestAnswer);
    }

    private static async Task DecideAsync(HttpContext context, AccessRequestState state)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadOptionalAsync(context);
        var decided = await UseCases(context).DecideAsync(IdOf(context, "request"), state, body.Element, context.Caller(), context.RequestAborted);
        await Answer.WriteAsync(context, AccessRequestAnswer.Of(decided), ApiJson.Answers.AccessRequestAnswer);
    }

    private static (int Offset, int Size) Page(QueryReader query) => (query.Number("offset", 0, 0, int.MaxValue), query.Number("size", DefaultSize, 1, LargestSize));

    private static Guid IdOf(HttpContext context, string what) => Guid.TryParse((string)context.Request.RouteValues["id"]!, out var id)
        ? id
        : throw new RequestRefusedException(ErrorCode.NotFound, $"There is no such {what}: its id is a UUID.");

    private static ISubscriptionUseCases UseCases(HttpContext context) => context.RequestServices.GetRequiredService<ISubscriptionUseCases>();
}
