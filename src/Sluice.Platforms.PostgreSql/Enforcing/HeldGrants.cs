using Sluice.Core.Adopting;
using Sluice.Core.Planning;
using Sluice.Core.Policies;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Grants to people as what a subscription would give them: SELECT on the whole table, or INSERT, UPDATE and DELETE.</summary>
internal static class HeldGrants
{
    /// <summary>What the grants come to.</summary>
    public static (IReadOnlyList<HeldAccess> Held, IReadOnlyList<LeftOver> LeftOvers) Of(IReadOnlyList<ObservedFact> grants)
    {
        var (held, left) = (new List<HeldAccess>(), new List<LeftOver>());
        foreach (var own in grants.GroupBy(g => (Object: g.Key.Object!, g.Key.Subject)))
        {
            var privileges = own.Select(g => Privilege.Parse(g.Key.Detail)).ToList();
            var whole = privileges.Where(p => p.Column is null).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
            if (whole.Contains(Privilege.Select)) held.Add(new HeldAccess(own.Key.Object, AccessKind.Read, own.Key.Subject));
            if (Privilege.Writing.All(whole.Contains)) held.Add(new HeldAccess(own.Key.Object, AccessKind.Write, own.Key.Subject));
            else if (whole.Overlaps(Privilege.Writing))
                Leave(own.Key, string.Join(", ", Privilege.Writing.Where(whole.Contains)), $"a subscription to write is all of {string.Join(", ", Privilege.Writing)}, which would be more");
            foreach (var privilege in privileges.Where(p => p.Column is not null && !whole.Contains(p.Name)))
                Leave(own.Key, privilege.ToString(), "a grant on single columns: subscribe to the table, and mask the other columns");
            foreach (var other in whole.Where(p => p != Privilege.Select && !Privilege.Writing.Contains(p, StringComparer.Ordinal)).Order(StringComparer.Ordinal))
                Leave(own.Key, other, "no policy gives this privilege; on an active object of a connection in mode sync it goes");
            foreach (var grant in own.Where(g => g.Definition == KeptGrants.GrantableDefinition).OrderBy(g => g.Key.Detail, StringComparer.Ordinal))
                Leave(own.Key, $"{grant.Key.Detail} {KeptGrants.GrantableDefinition}", "what policies give can't be passed on");
        }

        return (held, left);

        void Leave((Core.Catalog.ObjectPath Object, string Subject) own, string text, string why) => left.Add(new LeftOver(own.Object, own.Subject, text, why));
    }
}
