using Sluice.Core.Catalog;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;

namespace Sluice.Core.Adopting;

/// <summary>
/// Drafts subscription policies from grants. Objects with the same people are one policy: over a group where exactly its members have the access, else one of
/// type manual. What can't be said without giving somebody more is left out and told, never widened.
/// </summary>
public sealed class AccessAdoption
{
    private readonly string _connectionKey;
    private readonly Dictionary<string, IdentityHolders> _identities;
    private readonly ILookup<string, IdentityHolders> _ofPerson;
    private readonly Dictionary<string, string> _usernames;
    private readonly Dictionary<string, string> _groups;
    private readonly List<LeftOver> _leftOvers = [];

    private AccessAdoption(string connectionKey, IReadOnlyList<IdentityHolders> identities, PeopleSnapshot people)
    {
        _connectionKey = connectionKey;
        var usable = identities.Where(static i => i.Holders.Count > 0 && i.Holders.All(static h => h.IsEnabled)).ToList();
        _identities = usable.ToDictionary(static i => i.Name, StringComparer.Ordinal);
        _ofPerson = usable.SelectMany(static i => i.Holders.Select(h => (h.Id, Identity: i))).ToLookup(static p => p.Id, static p => p.Identity, StringComparer.Ordinal);
        _usernames = usable.SelectMany(static i => i.Holders).DistinctBy(static h => h.Id).ToDictionary(static h => h.Id, static h => h.Username, StringComparer.Ordinal);
        _groups = GroupsByMembers(people);
    }

    /// <summary>The drafts.</summary>
    /// <param name="connectionKey">The connection, whose name they carry.</param>
    /// <param name="held">What people have.</param>
    /// <param name="identities">Everybody's identities there.</param>
    /// <param name="people">Everybody, with their groups.</param>
    public static Adoption Of(string connectionKey, IEnumerable<HeldAccess> held, IReadOnlyList<IdentityHolders> identities, PeopleSnapshot people)
    {
        var adoption = new AccessAdoption(connectionKey, identities, people);
        var policies = new List<Policy>();
        var subscriptions = new List<SubscriptionsToGive>();
        foreach (var group in adoption.ByPeople(held))
        {
            var policy = adoption.Draft(group);
            policies.Add(policy);
            if (policy.Kind == SubscriptionKind.Manual)
                subscriptions.Add(new SubscriptionsToGive(policy.Key, policy.Access, [.. group.People.Select(p => adoption._usernames[p]).Order(StringComparer.Ordinal)], [.. group.Objects]));
        }

        return new Adoption(
            [.. policies.OrderBy(static p => p.Key, StringComparer.Ordinal)], [.. subscriptions.OrderBy(static s => s.PolicyKey, StringComparer.Ordinal)], adoption._leftOvers);
    }

    private IReadOnlyList<Alike> ByPeople(IEnumerable<HeldAccess> held)
    {
        var alike = new Dictionary<string, Alike>(StringComparer.Ordinal);
        foreach (var on in held.GroupBy(static h => (h.Object, h.Access)).OrderBy(static g => new FactKey(FactKind.Grant, g.Key.Object, "", g.Key.Access.ToString()), FactKeyOrder.Instance))
        {
            var people = PeopleOf(on.Key.Object, on.Key.Access, [.. on.Select(static h => h.Identity)]);
            if (people.Count == 0) continue;
            var signature = $"{on.Key.Access}\n{string.Join('\n', people)}";
            if (!alike.TryGetValue(signature, out var group)) alike[signature] = group = new Alike(on.Key.Access, people, signature, []);
            group.Objects.Add(on.Key.Object);
        }

        return [.. alike.Values];
    }

    // A rule is about people, and somebody with two identities has what it gives by both: where only one of them has it, it is left out.
    private IReadOnlyList<string> PeopleOf(ObjectPath on, AccessKind access, HashSet<string> identities)
    {
        foreach (var identity in identities.Where(i => !_identities.ContainsKey(i)).Order(StringComparer.Ordinal).ToList())
            Leave(on, access, identity, identities, "it is used by somebody who is disabled, or by nobody: policies give them nothing");
        while (true)
        {
            var people = identities.SelectMany(i => _identities[i].Holders.Select(static h => h.Id)).ToHashSet(StringComparer.Ordinal);
            var more = people.SelectMany(p => _ofPerson[p]).Where(i => !identities.Contains(i.Name) && i.Holders.All(h => people.Contains(h.Id)))
                .OrderBy(static i => i.Name, StringComparer.Ordinal).FirstOrDefault();
            if (more is null) return [.. people.Order(StringComparer.Ordinal)];
            var shared = more.Holders.Select(static h => h.Id).Order(StringComparer.Ordinal).First();
            foreach (var identity in _ofPerson[shared].Select(static i => i.Name).Where(identities.Contains).Order(StringComparer.Ordinal).ToList())
                Leave(on, access, identity, identities, $"{_usernames[shared]} uses {more.Name} too, which does not have it and would get it");
        }
    }

    private void Leave(ObjectPath on, AccessKind access, string identity, HashSet<string> identities, string why)
    {
        identities.Remove(identity);
        _leftOvers.Add(new LeftOver(on, identity, $"{PolicySpelling.Grants.Of(access)} by a grant of its own", why));
    }

    private SubscriptionPolicy Draft(Alike alike)
    {
        var access = PolicySpelling.Grants.Of(alike.Access);
        var group = _groups.GetValueOrDefault(string.Join('\n', alike.People));
        var name = $"{access} for {(group is null ? $"{alike.People.Count} people by hand" : $"group {group}")}, taken over from {_connectionKey}";
        return new SubscriptionPolicy
        {
            Key = DraftKey.Of(_connectionKey, access, alike.Signature),
            Name = name.Length > PolicyLimits.Name ? name[..PolicyLimits.Name] : name,
            IsStaged = true,
            Circumstances = [.. alike.Objects.Select(static Circumstance (o) => new Circumstance.AtOrBelow(o))],
            Kind = group is null ? SubscriptionKind.Manual : SubscriptionKind.Entitlements,
            Entitlements = group is null ? null : new Entitlements(SetOperator.All, [group], []),
            Access = alike.Access,
        };
    }

    // By everybody that decisions would count: who has no identity here may get one tomorrow. Of several names the one with its source is always right.
    private static Dictionary<string, string> GroupsByMembers(PeopleSnapshot people)
    {
        var members = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var person in people.People.Where(static p => p.IsEnabled).OrderBy(static p => p.Id, StringComparer.Ordinal))
        {
            foreach (var group in person.Groups.Where(people.KnownGroups.Contains))
            {
                if (!members.TryGetValue(group, out var list)) members[group] = list = [];
                list.Add(person.Id);
            }
        }

        var byMembers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (group, list) in members.OrderByDescending(static m => m.Key.Contains(SourcedNames.Separator)).ThenBy(static m => m.Key, StringComparer.Ordinal))
            byMembers.TryAdd(string.Join('\n', list), group);
        return byMembers;
    }

    private sealed record Alike(AccessKind Access, IReadOnlyList<string> People, string Signature, List<ObjectPath> Objects);
}
