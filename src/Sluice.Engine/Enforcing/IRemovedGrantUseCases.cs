using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Storage.Plans;

namespace Sluice.Engine.Enforcing;

/// <summary>A grant of somebody else's that was taken away, and whether it can be put back from here.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="CanBePutBack">Whether its connection is there; else what puts it back has to be run by a person.</param>
public sealed record RemovedGrantView(RemovedGrant Grant, bool CanBePutBack);

/// <summary>Grants of others that were taken away: listed, and put back.</summary>
public interface IRemovedGrantUseCases
{
    /// <summary>Those of a connection, and of connections of its key that were deleted, that were not put back; oldest first.</summary>
    /// <param name="connectionKey">The connection.</param>
    /// <param name="below">Only those on this object and below; null: all.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<RemovedGrantView>> ListAsync(string connectionKey, ObjectPath? below, Caller caller, CancellationToken cancellationToken);

    /// <summary>Puts those of one connection back (<c>{ids}</c>), by a plan. What would be taken away again is refused.</summary>
    Task<PlanAccepted> RestoreAsync(JsonElement body, Caller caller, CancellationToken cancellationToken);
}
