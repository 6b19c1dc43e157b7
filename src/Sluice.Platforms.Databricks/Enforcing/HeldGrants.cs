using Sluice.Core.Adopting;
using Sluice.Core.Planning;
using Sluice.Core.Policies;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Grants on tables as what a subscription would give: SELECT to read, MODIFY to write.</summary>
internal static class HeldGrants
{
    /// <summary>What the grants come to.</summary>
    public static (IReadOnlyList<HeldAccess> Held, IReadOnlyList<LeftOver> LeftOvers) Of(IReadOnlyList<ObservedFact> grants)
    {
        var (held, left) = (new List<HeldAccess>(), new List<LeftOver>());
        foreach (var own in grants.GroupBy(static g => (Object: g.Key.Object!, g.Key.Subject)))
        {
            var reach = own.Aggregate(Reach.None, static (all, g) => all | Privileges.ReachOf(g.Key.Detail));
            if (reach.HasFlag(Reach.Read)) held.Add(new HeldAccess(own.Key.Object, AccessKind.Read, own.Key.Subject));
            if (reach.HasFlag(Reach.Write)) held.Add(new HeldAccess(own.Key.Object, AccessKind.Write, own.Key.Subject));
            foreach (var grant in own.Where(static g => g.Key.Detail is not (Privileges.Select or Privileges.Modify)))
            {
                left.Add(new LeftOver(
                    own.Key.Object,
                    own.Key.Subject,
                    Privileges.InWords(grant.Key.Detail),
                    "policies give SELECT and MODIFY, and no more; on an active object of a connection in mode sync it goes"));
            }
        }

        return (held, left);
    }
}
