using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Storage.History;

namespace Sluice.Engine.Access;

/// <summary>Who could read an object at a time, by what Sluice had granted then.</summary>
public interface IAccessHistoryUseCase
{
    /// <summary>Tells. Needs AUDIT or GOVERNANCE.</summary>
    /// <param name="path">The object, by the path it had then; its connection may be gone.</param>
    /// <param name="at">When.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<HistoricAccess> ReadersAsync(ObjectPath path, DateTimeOffset at, Caller caller, CancellationToken cancellationToken);
}
