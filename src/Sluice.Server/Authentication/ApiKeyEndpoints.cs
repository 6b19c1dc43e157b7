using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Engine.People;
using Sluice.Server.Http;
using Sluice.Storage.Access;
using Sluice.Storage.People;

namespace Sluice.Server.Authentication;

/// <summary>/api/v1/api-keys: everyone keeps their own keys, USER_ADMIN those of services.</summary>
internal static class ApiKeyEndpoints
{
    /// <summary>Before a service's name in its holder id, so that no service can be named like a person.</summary>
    public const string ServicePrefix = "service:";

    /// <summary>Before an identity provider's name in the holder id of its SCIM tokens.</summary>
    public const string ScimPrefix = "scim:";

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
        var makerKey = context.CallerKey();
        var now = Time(context).GetUtcNow();
        var request = ApiKeyRequest.Read(body.Element, caller, makerKey, now);

        if (request.ScimSource is not null) RequireScim(caller);
        var key = ApiKey.New();
        var holder = request.ScimSource is { } scim ? ScimPrefix + scim : request.Service is { } named ? await HolderAsync(context, named, request.Permissions) : caller.Id;
        var stored = new StoredApiKey
        {
            Id = key.Id,
            Hash = key.Hash,
            Name = request.Name,
            HolderId = holder,
            Permissions = request.Permissions,
            SpeaksForHolder = request.ScimSource is null && MaySpeakFor(holder, caller),
            ScimSource = request.ScimSource,
            CreatedAt = now,
            CreatedBy = makerKey is null ? caller.Id : ApiKeyRevocation.MadeWith(makerKey.Id),
            ExpiresAt = request.ExpiresAt,
        };
        await Keys(context).AddAsync(stored, caller.AsActor(), context.RequestAborted);
        await RefuseIfRevokedMeanwhileAsync(context, makerKey, stored, now);
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
        var seen = keys.Where(k => MaySee(caller, k)).OrderBy(k => k.CreatedAt).ThenBy(k => k.Id, StringComparer.Ordinal).ToList();
        var page = seen.Skip(offset).Take(size).Select(ApiKeyAnswer.Of);
        await Answer.WriteAsync(context, new Listing<ApiKeyAnswer>(seen.Count, [.. page]), ApiJson.Answers.ListingApiKeyAnswer);
    }

    private static async Task RevokeAsync(HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var keepMade = query.Switch("keepMade");
        query.Check();
        var id = (string)context.Request.RouteValues["id"]!;
        var caller = context.Caller();
        var stored = await Keys(context).FindAsync(id, context.RequestAborted);
        if (stored is null || !MaySee(caller, stored)) throw new RequestRefusedException(ErrorCode.NotFound, "There is no such API key.");
        if (!MayRevoke(caller, context.CallerKey(), stored))
            throw new RequestRefusedException(ErrorCode.Forbidden, "This key allows more than the one you came with, which may revoke only itself and keys that allow no more.");
        await Revocation(context).RevokeAsync(id, keepMade, caller.AsActor(), Time(context).GetUtcNow(), context.RequestAborted);
        var revoked = await Keys(context).FindAsync(id, context.RequestAborted) ?? stored;
        await Answer.WriteAsync(context, ApiKeyAnswer.Of(revoked), ApiJson.Answers.ApiKeyAnswer);
    }

    // A key can't do more than its maker. Who keeps the keys of services is no owner of what the services own.
    private static bool MaySpeakFor(string holder, Caller maker) =>
        maker.HasAny(Permission.ApplicationAdmin) || (maker.SpeaksForHolder && maker.Id == holder);

    private static bool MaySee(Caller caller, StoredApiKey key) => IsOwn(caller, key) || MayKeep(caller, key);

    private static bool IsOwn(Caller caller, StoredApiKey key) => key.HolderId == caller.Id || (caller.PersonId is { } person && key.HolderId == person.ToString());

    // A registered user's id is a UUID; the holder of no other key is.
    private static bool MayKeep(Caller caller, StoredApiKey key) =>
        caller.HasAny(Permission.UserAdmin) && (key.ScimSource is not null || key.HolderId.StartsWith(ServicePrefix, StringComparison.Ordinal) || Guid.TryParse(key.HolderId, out _));

    // Whoever keeps people by it can say as whom they sign in, those with permissions too.
    private static void RequireScim(Caller caller)
    {
        caller.Require(Permission.UserAdmin);
        caller.Require(Permission.ApplicationAdmin);
    }

    // A registered user, or a service that is known by nothing but its keys.
    private static async Task<string> HolderAsync(HttpContext context, string named, IReadOnlyList<string> permissions)
    {
        var caller = context.Caller();
        var person = await context.RequestServices.GetRequiredService<ICallerPeople>().NamedAsync(named, context.RequestAborted);
        if (person is null || person.Id != caller.PersonId) caller.Require(Permission.UserAdmin);
        if (person is null) return ServicePrefix + named;
        if (person.Details.Kind == PersonKind.Person && person.Id != caller.PersonId)
            throw new RequestRefusedException(ErrorCode.Forbidden, $"'{person.Details.Username}' is a person: they make their own keys.");
        var problems = new ProblemList();
        foreach (var permission in permissions.Except(person.Permissions, StringComparer.Ordinal))
            problems.Add("$.permissions", $"{permission} is more than '{person.Details.Username}' may do");
        return problems.Any ? throw new RequestRefusedException(problems) : person.Id.ToString();
    }

    // A key of little worth that leaked must not lock its holder out of the others. A JWT is the holder themselves.
    private static bool MayRevoke(Caller caller, StoredApiKey? callerKey, StoredApiKey key) =>
        callerKey is null || callerKey.Id == key.Id || MayKeep(caller, key) || caller.Permissions.IsSupersetOf(key.Permissions);

    // A revocation that looked for made keys just before this one was added did not see it.
    private static async Task RefuseIfRevokedMeanwhileAsync(HttpContext context, StoredApiKey? makerKey, StoredApiKey made, DateTimeOffset now)
    {
        if (makerKey is null || await Keys(context).FindAsync(makerKey.Id, CancellationToken.None) is { RevokedAt: null }) return;
        await Revocation(context).RevokeAsync(made.Id, keepMade: false, Caller.System.AsActor(), now, CancellationToken.None);
        throw new RequestRefusedException(ErrorCode.Unauthenticated, "The key you came with was revoked meanwhile.");
    }

    private static IApiKeyStore Keys(HttpContext context) => context.RequestServices.GetRequiredService<IApiKeyStore>();

    private static ApiKeyRevocation Revocation(HttpContext context) => context.RequestServices.GetRequiredService<ApiKeyRevocation>();

    private static TimeProvider Time(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>();
}
