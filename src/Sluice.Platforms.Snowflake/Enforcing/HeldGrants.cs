using Sluice.Core.Adopting;
using Sluice.Core.Planning;
using Sluice.Core.Policies;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Grants straight to users as what a subscription would give them: SELECT, or INSERT, UPDATE, DELETE and TRUNCATE.</summary>
internal static class HeldGrants
{
    /// <summary>What the grants come to.</summary>
    public static (IReadOnlyList<HeldAccess> Held, IReadOnlyList<LeftOver> LeftOvers) Of(IReadOnlyList<ObservedFact> grants)
    {
        var (held, left) = (new List<HeldAccess>(), new List<LeftOver>());
        foreach (var own in grants.GroupBy(static g => (Object: g.Key.Object!, g.Key.Subject)))
        {
            var (path, user) = own.Key;
            var names = own.Select(static g => Privilege.Parse(g.Key.Detail).Name).ToHashSet(StringComparer.Ordinal);
            if (names.Contains(Privilege.Select)) held.Add(new HeldAccess(path, AccessKind.Read, user));
            if (Privilege.Writing.All(names.Contains)) held.Add(new HeldAccess(path, AccessKind.Write, user));
            else if (names.Overlaps(Privilege.Writing))
                left.Add(new LeftOver(path, user, string.Join(", ", Privilege.Writing.Where(names.Contains)), $"a subscription to write is all of {string.Join(", ", Privilege.Writing)}, which would be more"));
            foreach (var grant in own.Where(static g => g.Definition == KeptGrant.DefinitionOf(isGrantable: true)).OrderBy(static g => g.Key.Detail, StringComparer.Ordinal))
                left.Add(new LeftOver(path, user, $"{Privilege.Parse(grant.Key.Detail).Name} {grant.Definition}", "what policies give can't be passed on"));
        }

        return (held, left);
    }
}
