using Sluice.Core.Adopting;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms;

/// <summary>A platform whose grants can be taken over by policies: the pure half.</summary>
public interface ITellsHeldAccess
{
    /// <summary>What grants on objects come to in our terms, and what of them no policy can say.</summary>
    /// <param name="grants">Facts of kind grant on objects, to registered people.</param>
    (IReadOnlyList<HeldAccess> Held, IReadOnlyList<LeftOver> LeftOvers) HeldBy(IReadOnlyList<ObservedFact> grants);
}

/// <summary>A session that sees masks and row rules of others.</summary>
public interface IReadsForeignRules
{
    /// <summary>Those on these objects.</summary>
    Task<IReadOnlyList<ForeignRule>> ForeignRulesAsync(string prefix, IReadOnlyList<ObjectPath> objects, CancellationToken cancellationToken);
}
