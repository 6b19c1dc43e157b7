using Sluice.Core.Planning;

namespace Sluice.Platforms;

/// <summary>A session that sees what protects objects for Sluice, also where no plan keeps it any more: on a column that was renamed, or a table that was moved.</summary>
public interface ITellsStandingProtections
{
    /// <summary>The masks and row filters that stand now.</summary>
    /// <returns>Facts of the kinds mask and row rule.</returns>
    Task<IReadOnlyList<FactKey>> StandingProtectionsAsync(CancellationToken cancellationToken);
}
