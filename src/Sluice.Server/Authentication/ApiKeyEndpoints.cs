using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Server.Http;
using Sluice.Storage.Access;

namespace Sluice.Server.Authentication;

/// <summary>/api/v1/api-keys: everyone keeps their own keys, USER_ADMIN those of services.</summary>
internal static class ApiKeyEndpoints
{
    /// <summary>Before a service's name in its holder id, so that no service can be named like a person.</summary>
    public const string ServicePrefix = "service:";

    private const int DefaultSize = 50;
    private const int LargestSize = 1000;

    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/api-keys", MakeAsync);
        routes.MapGet("/api/v1/api-keys", ListAsync);
        routes.MapDelete("/api/v1/api-keys/{id}", RevokeAsync);
    }

    private static async Task MakeAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        using var body = await RequestBody.ReadAsync(context);
        var caller = context.Caller();
        var now = Time(context).GetUtcNow();
        var request = ApiKeyRequest.Read(body.Element, caller, now);
        if (request.Service is not null) caller.Require(Permission.UserAdmin);

        var key = ApiKey.New();
        var stored = new StoredApiKey
        {
            Id = key.Id,
            Hash = key.Hash,
            Name = request.Name,
            HolderId = request.Service is { } service ? ServicePrefix + service : caller.Id,
            Permissions = request.Permissions,
            CreatedAt = now,
            CreatedBy = caller.Id,
            ExpiresAt = request.ExpiresAt,
        };
        await Keys(context).AddAsync(stored, context.RequestAborted);
        await Answer.WriteAsync(context, new NewApiKeyAnswer(key.Text, ApiKeyAnswer.Of(stored)), ApiJson.Answers.NewApiKeyAnswer);
    }

    private static async Task ListAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var offset = query.Number("offset", 0, 0, int.MaxValue);
        var size = query.Number("size", DefaultSize, 1, LargestSize);
        query.Check();
        var caller = context.Caller();
        var keys = await Keys(context).ListAsync(caller.HasAny(Permission.UserAdmin) ? null : caller.Id, context.RequestAborted);
        var page = keys.OrderBy(k => k.CreatedAt).ThenBy(k => k.Id, StringComparer.Ordinal).Skip(offset).Take(size);
        await Answer.WriteAsync(context, new Listing<ApiKeyAnswer>(keys.Count, [.. page.Select(ApiKeyAnswer.Of)]), ApiJson.Answers.ListingApiKeyAnswer);
    }

    private static async Task RevokeAsync(HttpContext context)
    {
        new QueryReader(context.Request).Check();
        var id = (string)context.Request.RouteValues["id"]!;
        var caller = context.Caller();
        var stored = await Keys(context).FindAsync(id, context.RequestAborted);
        if (stored is null || (stored.HolderId != caller.Id && !caller.HasAny(Permission.UserAdmin)))
            throw new RequestRefusedException(ErrorCode.NotFound, "There is no such API key.");
        await Keys(context).RevokeAsync(id, Time(context).GetUtcNow(), context.RequestAborted);
        var revoked = await Keys(context).FindAsync(id, context.RequestAborted) ?? stored;
        await Answer.WriteAsync(context, ApiKeyAnswer.Of(revoked), ApiJson.Answers.ApiKeyAnswer);
    }

    private static IApiKeyStore Keys(HttpContext context) => context.RequestServices.GetRequiredService<IApiKeyStore>();

    private static TimeProvider Time(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>();
}
