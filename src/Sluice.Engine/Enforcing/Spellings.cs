using Sluice.Core.Planning;

namespace Sluice.Engine.Enforcing;

/// <summary>Identities where a platform takes several spellings for one: it is shared by all who hold any of them, and so gets what all of them may.</summary>
internal static class Spellings
{
    /// <summary>One identity for each, by the spelling that comes first.</summary>
    /// <param name="identities">As they were registered.</param>
    /// <param name="same">Tells whether two spellings are one identity.</param>
    public static IReadOnlyList<IdentityHolders> Merge(IReadOnlyList<IdentityHolders> identities, IEqualityComparer<string> same)
    {
        var bySpelling = identities.GroupBy(static i => i.Name, same).ToList();
        return bySpelling.Count == identities.Count
            ? identities
            : [.. bySpelling.Select(static s => s.MinBy(static i => i.Name, StringComparer.Ordinal)! with { Holders = [.. s.SelectMany(static i => i.Holders).DistinctBy(static p => p.Id)] })];
    }
}
