using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sluice.Server.Operations;

/// <summary>Marks the connections of the metrics listener, so that a request knows by which door it came.</summary>
internal sealed class ListenerRole
{
    private static readonly ListenerRole Metrics = new();

    public static void MarkAsMetrics(ListenOptions listener) => listener.Use(next => connection =>
    {
        connection.Features.Set(Metrics);
        return next(connection);
    });

    public static bool IsMetrics(HttpContext context) => context.Features.Get<ListenerRole>() is not null;
}
