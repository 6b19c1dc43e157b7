using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Tags;

/// <summary>A tag that a platform no longer has, and that goes on protecting.</summary>
/// <param name="Path">On which object.</param>
/// <param name="Column">On which of its columns; null: on the object itself.</param>
/// <param name="Tag">Dotted.</param>
/// <param name="VanishedAt">When a crawl found it gone.</param>
public sealed record VanishedTag(ObjectPath Path, string? Column, string Tag, DateTimeOffset VanishedAt);

/// <summary>What waits for somebody's look: tags that vanished on the platform, and what was newly discovered.</summary>
public interface IObjectReviews
{
    /// <summary>The vanished tags at and below an object, by path, on columns that are still there.</summary>
    Task<IReadOnlyList<VanishedTag>> VanishedBelowAsync(StoredObject at, CancellationToken cancellationToken);

    /// <summary>Those of an object alone.</summary>
    Task<IReadOnlyList<VanishedTag>> VanishedAsync(StoredObject of, CancellationToken cancellationToken);

    /// <summary>Confirms that tags are gone, at and below an object: they protect no more.</summary>
    /// <param name="at">Where.</param>
    /// <param name="column">On this column of the object only; null: everywhere.</param>
    /// <param name="tag">This tag and those below it; null: all.</param>
    /// <param name="by">Who confirms.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many.</returns>
    Task<int> ConfirmVanishedAsync(StoredObject at, string? column, string? tag, Actor by, CancellationToken cancellationToken);

    /// <summary>Takes <c>Discovered.New</c> from an object and everything below it, columns included, or from one column.</summary>
    /// <returns>From how many objects and columns.</returns>
    Task<int> ClearDiscoveredAsync(StoredObject at, string? column, Actor by, CancellationToken cancellationToken);
}
