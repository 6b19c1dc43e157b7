using Sluice.Core.Planning;

namespace Sluice.Platforms;

/// <summary>What a connection has done on its platform: for a script that takes it away.</summary>
/// <param name="Facts">What was made and is in force, and what protects objects besides (<see cref="ITellsStandingProtections"/>); of grants those alone that carry no mark on the platform.</param>
/// <param name="Removed">Grants of others that were taken away and are not back.</param>
public sealed record StandingAccess(IReadOnlyList<FactKey> Facts, IReadOnlyList<TakenGrant> Removed)
{
    /// <summary>Whether the platform could not be asked just now what protects objects besides what is in force.</summary>
    public bool IsUnseen { get; init; }

    /// <summary>Of a setup by which nothing was ever done.</summary>
    public static StandingAccess None { get; } = new([], []);
}

/// <summary>A grant that was taken away.</summary>
/// <param name="Key">The grant.</param>
/// <param name="Restore">What was kept of it; see <see cref="IPutsGrantsBack"/>.</param>
public sealed record TakenGrant(FactKey Key, string Restore);
