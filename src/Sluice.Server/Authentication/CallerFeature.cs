using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Engine.Callers;

namespace Sluice.Server.Authentication;

/// <summary>Carries the caller through a request.</summary>
internal sealed record CallerFeature(Caller Caller);

/// <summary>How endpoints ask for the caller.</summary>
internal static class CallerFeatures
{
    /// <summary>Who makes the request; the pipeline let nobody else here.</summary>
    public static Caller Caller(this HttpContext context) => context.Features.GetRequiredFeature<CallerFeature>().Caller;
}
