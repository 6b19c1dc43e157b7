using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Puts what was seen of account groups into facts, and tells which of those that are asked for can't be had.</summary>
internal sealed class GroupFacts
{
    /// <summary>How a fact is that is asked for, left alone, and not so: it differs from what is asked for, and is nobody's to change.</summary>
    public const string Waits = "waits";

    private readonly OwnGroups _groups;
    private readonly DesiredReaders _desired;
    private readonly HashSet<string> _ours;
    private readonly Dictionary<string, string> _unavailable = new(StringComparer.Ordinal);

    /// <summary>Of what was seen.</summary>
    /// <param name="groups">It.</param>
    /// <param name="desired">What is asked for.</param>
    /// <param name="most">How many groups an account may have.</param>
    public GroupFacts(OwnGroups groups, DesiredReaders desired, int most)
    {
        (_groups, _desired) = (groups, desired);
        _ours = groups.Ours.Select(static g => g.Name).ToHashSet(StringComparer.Ordinal);
        var room = groups.InAccount is { } count ? most - count : long.MaxValue;
        foreach (var name in desired.Groups.Where(g => !_ours.Contains(g)))
        {
            if (groups.Others.Contains(name))
                _unavailable[name] = $"account group {name} does not carry the mark (externalId) of this instance of Sluice: it is neither used nor changed. Delete it, or let somebody else have that name no more";
            else if (room-- <= 0)
                _unavailable[name] = $"the account has {groups.InAccount} groups of {most}, so group {name} can't be made. Lower settings.groupBudget, or delete groups that nobody needs";
        }
    }

    /// <summary>Whether a grantee is a group of ours.</summary>
    public bool IsOurs(string name) => _ours.Contains(name);

    /// <summary>Whether a grantee is a group that is called like ours and isn't.</summary>
    public bool IsOther(string name) => _groups.Others.Contains(name);

    /// <summary>Whether somebody shall have something by groups alone of which none can be had: what they have by name is left to them.</summary>
    public bool IsOnlyByUnavailable(FactKey grant)
    {
        if (_unavailable.Count == 0) return false;
        var by = _desired.GroupsOf(grant.Object!, grant.Subject, grant.Detail).ToList();
        return by.Count > 0 && by.TrueForAll(_unavailable.ContainsKey);
    }

    /// <summary>Those that are to join a group, as somebody else's members, so that they are not added.</summary>
    public IReadOnlyList<ObservedFact> Awaited(string group, IReadOnlyDictionary<FactKey, ObservedFact> there) =>
        [.. _desired.MembersOf(group).Select(m => new FactKey(FactKind.Member, null, group, m)).Where(k => !there.ContainsKey(k)).Select(static k => new ObservedFact(k, Waits, FactOwner.Foreign))];

    /// <summary>The objects that are to be granted to groups that can't be had.</summary>
    public IEnumerable<Shortfall> Conflicts =>
        _unavailable.SelectMany(u => _desired.GrantsTo(u.Key).Where(static g => g.Object!.Depth == Places.Table).Select(static g => g.Object!).Distinct().Select(o => new Shortfall(o, u.Value)));

    /// <summary>The groups and who is in them. What is asked of one that can't be had is somebody else's, so that nothing is done about it.</summary>
    public IEnumerable<ObservedFact> Facts(Identities identities)
    {
        foreach (var group in _groups.Ours)
        {
            yield return Ours(new FactKey(FactKind.Audience, null, group.Name));
            var shall = _desired.MembersOf(group.Name).ToDictionary(static m => m, StringComparer.OrdinalIgnoreCase);
            foreach (var member in group.Members.Select(m => shall.GetValueOrDefault(m) ?? identities.Spell(m)).Distinct(StringComparer.Ordinal))
                yield return Ours(new FactKey(FactKind.Member, null, group.Name, member));
        }

        foreach (var name in _unavailable.Keys)
        {
            yield return Foreign(new FactKey(FactKind.Audience, null, name));
            foreach (var member in _desired.MembersOf(name)) yield return Foreign(new FactKey(FactKind.Member, null, name, member));
            foreach (var grant in _desired.GrantsTo(name).Where(static g => g.Object!.Depth < Places.Table)) yield return Foreign(grant);
        }

        static ObservedFact Ours(FactKey key) => new(key, "", FactOwner.Ours);
        static ObservedFact Foreign(FactKey key) => new(key, Waits, FactOwner.Foreign);
    }
}
