using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// Finds the ways by which registered people get what no policy allows them, and who else reads. A way is told only of whom it gives more than policies do.
/// </summary>
internal sealed class Ways(AccessIntent intent, DesiredReaders readers, Identities identities, Membership membership)
{
    // Of one way into one object, so many people are named; of a group with more, the group is.
    private const int MostNamed = 50;

    private readonly HashSet<Residual> _found = [];
    private readonly HashSet<Residual> _unregistered = [];
    private readonly Dictionary<ObjectPath, IntendedObject> _asked = intent.Objects.ToDictionary(static o => o.Object.Path);

    /// <summary>The ways.</summary>
    public IReadOnlyList<Residual> Found => [.. _found];

    /// <summary>Who else reads.</summary>
    public IReadOnlyList<Residual> Unregistered => [.. _unregistered];

    /// <summary>Takes up what a principal has on some objects, all of them asked for.</summary>
    /// <param name="principal">Who.</param>
    /// <param name="reach">What it opens.</param>
    /// <param name="objects">Of which objects.</param>
    /// <param name="way">How, behind a subject: <c>has SELECT on schema sales.orders</c>.</param>
    public void Add(string principal, Reach reach, IEnumerable<ObjectPath> objects, string way)
    {
        if (reach == Reach.None || principal.Length == 0) return;
        foreach (var path in objects)
        {
            if (identities.Has(principal)) Tell(path, identities.Spell(principal), reach, way);
            else AddOther(path, principal, reach, way);
        }
    }

    private void AddOther(ObjectPath path, string principal, Reach reach, string way)
    {
        if (reach.HasFlag(Reach.Read)) _unregistered.Add(new Residual(path, principal, way));
        if (identities.IsSingle(principal)) return;
        if (principal == Principals.Everybody) TellOfAll(path, identities.All, reach, $"everybody is in group {principal}, which {way}");
        else if (membership.Of(principal) is { } members) TellOfMembers(path, principal, members, reach, way);
        else TellOfAll(path, identities.All, reach, $"group {principal} {way}; {membership.Unshown}");
    }

    private void TellOfMembers(ObjectPath path, string group, IReadOnlyList<string> members, Reach reach, string way)
    {
        var people = members.Where(identities.Has).Select(identities.Spell).Where(i => IsMore(path, i, reach)).ToList();
        if (people.Count > MostNamed) _found.Add(new Residual(path, "", $"group {group} {way}; {people.Count} registered people are members"));
        else foreach (var identity in people) _found.Add(new Residual(path, identity, $"member of group {group}, which {way}"));
    }

    private void TellOfAll(ObjectPath path, IEnumerable<string> people, Reach reach, string way)
    {
        if (people.Any(i => IsMore(path, i, reach))) _found.Add(new Residual(path, "", way));
    }

    private void Tell(ObjectPath path, string identity, Reach reach, string way)
    {
        if (IsMore(path, identity, reach)) _found.Add(new Residual(path, identity, way));
    }

    private bool IsMore(ObjectPath path, string identity, Reach reach)
    {
        var item = _asked[path];
        // Whoever manages a table takes its protections away, too.
        if (reach.HasFlag(Reach.Manage) && (item.Access.Masks.Count > 0 || item.Access.RowRules.Count > 0)) return true;
        return (reach.HasFlag(Reach.Read) && !readers.Has(path, identity, Privileges.Select))
            || (reach.HasFlag(Reach.Write) && Privileges.IsWritable(item.Object.Kind) && !readers.Has(path, identity, Privileges.Modify));
    }
}
