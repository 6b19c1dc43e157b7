using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Server.Operations;
using Sluice.Server.Problems;
using Sluice.Server.Scim;
using Sluice.Storage.Access;

namespace Sluice.Server.Authentication;

/// <summary>Lets a request to an endpoint pass when its token is valid, or when the endpoint says that it needs none.</summary>
internal sealed class AuthenticationMiddleware(RequestDelegate next, CallerAuthenticator callers, FailedAuthentications failures, IMeterFactory meters)
{
    private const string Challenge = "Bearer realm=\"sluice\"";

    private readonly Counter<long> _failed = meters.Create("Sluice.Server").CreateCounter<long>(
        "sluice.authentication.failures", description: "Requests whose token was not valid.");

    public async Task InvokeAsync(HttpContext context)
    {
        // The framework's own answers (405, 404) are no route of ours and tell nothing.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || IsFree(context, endpoint.Metadata))
        {
            await next(context);
            return;
        }

        Authenticated found;
        if (!failures.TryEnter(context, out var turn))
        {
            await RefuseForNowAsync(context, FailedAuthentications.Pause);
            return;
        }

        using (turn)
        {
            found = await callers.AuthenticateAsync(context.Request.Headers.Authorization, context.RequestAborted);
        }

        if (found.Caller is { } caller)
        {
            context.Features.Set(new CallerFeature(caller, found.Key));
            RequireKind(found.Key, endpoint.Metadata);
            if (endpoint.Metadata.GetMetadata<MetricsAccess>() is not null) caller.Require(Permission.Metrics);
            await next(context);
        }
        else await RefuseAsync(context, found);
    }

    private static bool IsFree(HttpContext context, EndpointMetadataCollection metadata) =>
        metadata.GetMetadata<AnonymousAccess>() is not null
        || (metadata.GetMetadata<MetricsAccess>() is not null && ListenerRole.IsMetrics(context));

    // An identity provider's token opens its people and nothing else, and nothing else opens those.
    private static void RequireKind(StoredApiKey? key, EndpointMetadataCollection metadata)
    {
        var isScim = metadata.GetMetadata<ScimAccess>() is not null;
        if (isScim == key?.ScimSource is not null) return;
        throw new RequestRefusedException(ErrorCode.Forbidden, isScim ? "This needs a SCIM token." : "A SCIM token opens nothing but /scim/v2.");
    }

    private Task RefuseAsync(HttpContext context, Authenticated found)
    {
        if (found.IsUndecided)
            return ProblemAnswer.WriteAsync(context, ErrorCode.Unavailable, "The identity provider's keys can't be read at the moment.");
        if (found.IsMissing)
        {
            context.Response.Headers.WWWAuthenticate = Challenge;
            return ProblemAnswer.WriteAsync(context, ErrorCode.Unauthenticated, "Send an API key or a token: Authorization: Bearer <token>.");
        }

        _failed.Add(1);
        if (failures.Count(context) is { } wait) return RefuseForNowAsync(context, wait);
        context.Response.Headers.WWWAuthenticate = Challenge + ", error=\"invalid_token\"";
        return ProblemAnswer.WriteAsync(context, ErrorCode.Unauthenticated, "The token is not valid: unknown, expired or revoked.");
    }

    private static Task RefuseForNowAsync(HttpContext context, TimeSpan wait)
    {
        RetryAfter.Set(context, wait);
        return ProblemAnswer.WriteAsync(context, ErrorCode.TooManyRequests, "Too many failed authentications from this address.");
    }
}
