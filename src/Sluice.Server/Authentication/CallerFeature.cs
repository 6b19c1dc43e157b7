using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Engine.Callers;
using Sluice.Storage.Access;

namespace Sluice.Server.Authentication;

/// <summary>Carries the caller through a request, and the API key they came with; null: a JWT.</summary>
internal sealed record CallerFeature(Caller Caller, StoredApiKey? Key);

/// <summary>How endpoints ask for the caller.</summary>
internal static class CallerFeatures
{
    /// <summary>Who makes the request; the pipeline let nobody else here.</summary>
    public static Caller Caller(this HttpContext context) => context.Features.GetRequiredFeature<CallerFeature>().Caller;

    /// <summary>The API key the request came with; null: a JWT.</summary>
    public static StoredApiKey? CallerKey(this HttpContext context) => context.Features.GetRequiredFeature<CallerFeature>().Key;
}
