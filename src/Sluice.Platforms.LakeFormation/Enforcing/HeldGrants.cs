using Sluice.Core.Adopting;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>Named grants as what a subscription would give: SELECT on the whole table, or INSERT and DELETE.</summary>
internal static class HeldGrants
{
    private const LakePermissions Writing = LakePermissions.Insert | LakePermissions.Delete;

    // Who reads a table sees that it is there.
    private const LakePermissions Said = LakePermissions.Select | LakePermissions.Describe | Writing;

    /// <summary>What the grants come to.</summary>
    public static (IReadOnlyList<HeldAccess> Held, IReadOnlyList<LeftOver> LeftOvers) Of(IReadOnlyList<ObservedFact> grants)
    {
        var (held, left) = (new List<HeldAccess>(), new List<LeftOver>());
        foreach (var own in grants.GroupBy(g => (Object: g.Key.Object!, g.Key.Subject)))
        {
            var privileges = own.Select(g => Privilege.Parse(g.Key.Detail)).ToList();
            var whole = privileges.Where(p => p.Columns.Count == 0).Aggregate(LakePermissions.None, (all, p) => all | p.Permission);
            var effective = whole.HasFlag(LakePermissions.All) ? whole | Said : whole;
            if (effective.HasFlag(LakePermissions.Select)) held.Add(new HeldAccess(own.Key.Object, AccessKind.Read, own.Key.Subject));
            if (effective.HasFlag(Writing)) held.Add(new HeldAccess(own.Key.Object, AccessKind.Write, own.Key.Subject));
            else if ((effective & Writing) != LakePermissions.None)
                Leave(own.Key, (effective & Writing).Describe(), $"a subscription to write is {Writing.Describe()}, which would be more");
            foreach (var some in privileges.Where(p => p.Columns.Count > 0 && !effective.HasFlag(LakePermissions.Select)))
                Leave(own.Key, some.ToString(), "a grant without some columns: subscribe to the table, and mask those columns for all but who is exempt");
            if ((whole & ~Said) is var others && others != LakePermissions.None)
                Leave(own.Key, others.Describe(), "no policy gives these permissions; on an active object of a connection in mode sync they go");
            if (own.Any(g => g.Definition != GrantForm.Plain)) Leave(own.Key, "the grant option", "what policies give can't be passed on");
        }

        return (held, left);

        void Leave((ObjectPath Object, string Subject) own, string text, string why) => left.Add(new LeftOver(own.Object, own.Subject, text, why));
    }
}
