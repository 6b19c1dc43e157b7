using System.Text.Json;
using Sluice.Core.Audit;
using Sluice.Engine.Callers;
using Sluice.Storage.Audit;

namespace Sluice.Engine.Auditing;

/// <summary>Reads the audit trail. All of it needs AUDIT.</summary>
public interface IAuditUseCases
{
    /// <summary>A page, newest first.</summary>
    /// <param name="query">What to look for.</param>
    /// <param name="stream">In place of the query's: <c>administration</c>, a connection's key, or the id of one that may be gone.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<AuditPage> SearchAsync(AuditQuery query, string? stream, Caller caller, CancellationToken cancellationToken);

    /// <summary>Every row: stream by stream, each in order.</summary>
    IAsyncEnumerable<AuditRow> Export(Caller caller, CancellationToken cancellationToken);

    /// <summary>Checks every stream.</summary>
    /// <param name="body">Undefined, or an object that may hold <c>checkpoints</c>: a list of what was kept elsewhere.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<AuditReport>> VerifyAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);
}
