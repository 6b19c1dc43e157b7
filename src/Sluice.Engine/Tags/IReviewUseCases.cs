using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tags;

/// <summary>What somebody has to look at: tags that vanished on the platform, and what was newly discovered.</summary>
public interface IReviewUseCases
{
    /// <summary>The tags that vanished at and below an object, and go on protecting.</summary>
    Task<IReadOnlyList<VanishedTag>> VanishedAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken);

    /// <summary>Confirms that they are gone: they protect no more. How many.</summary>
    Task<int> ConfirmVanishedAsync(ObjectPath path, string? column, string? tag, Caller caller, CancellationToken cancellationToken);

    /// <summary>Takes <c>Discovered.New</c> away at and below an object, or from one column. From how many.</summary>
    Task<int> ClearDiscoveredAsync(ObjectPath path, string? column, Caller caller, CancellationToken cancellationToken);
}
