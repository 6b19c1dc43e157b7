using System.Text.Json;
using Sluice.Engine.Callers;

namespace Sluice.Engine.Connections;

/// <summary>What a caller can do with connections. Every method checks permissions itself and refuses by <see cref="Errors.RequestRefusedException"/>.</summary>
public interface IConnectionUseCases
{
    /// <summary>POST /data/connection: validates everything, logs in, runs the checks, stores connection, secrets and first crawl at once, or nothing.</summary>
    Task<Accepted> RegisterAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>POST /data/connection?dryRun=true: the same without storing.</summary>
    Task<DryRunReport> TryAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);

    /// <summary>GET /data/connection/{connectionKey}.</summary>
    Task<ConnectionView> ReadAsync(string connectionKey, Caller caller, CancellationToken cancellationToken);

    /// <summary>PUT /data/connection/{connectionKey}: members that are left out stay as they are.</summary>
    /// <param name="connectionKey">Which.</param>
    /// <param name="body">Any of <c>connection</c>, <c>nativeIntegration</c>, <c>settings</c>, <c>options</c>; a <c>connectionKey</c> must be the same.</param>
    /// <param name="ifRevision">The revisions of If-Match, or null.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Stops waiting; what was stored stays.</param>
    Task<Accepted> UpdateAsync(string connectionKey, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken);

    /// <summary>POST /api/v1/connections/{connectionKey}/check: makes the checks again, in the background.</summary>
    Task<Accepted> CheckAsync(string connectionKey, Caller caller, CancellationToken cancellationToken);
}
