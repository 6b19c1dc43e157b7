using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Who has what by the grants that shall be, be it by name or by a group.</summary>
internal sealed class DesiredReaders
{
    private readonly HashSet<FactKey> _grants = [];
    private readonly Dictionary<string, HashSet<string>> _members = new(StringComparer.Ordinal);
    private readonly ILookup<(ObjectPath Object, string Privilege), string> _groups;
    private readonly ILookup<string, FactKey> _granted;

    /// <summary>By what shall be so.</summary>
    public DesiredReaders(DesiredState desired)
    {
        foreach (var fact in desired.Facts)
        {
            if (fact.Key.Kind == FactKind.Grant) _grants.Add(fact.Key);
            else if (fact.Key.Kind == FactKind.Audience) _members.TryAdd(fact.Key.Subject, new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        }

        foreach (var fact in desired.Facts)
            if (fact.Key.Kind == FactKind.Member) _members[fact.Key.Subject].Add(fact.Key.Detail);
        List<FactKey> toGroups = _members.Count == 0 ? [] : [.. _grants.Where(g => _members.ContainsKey(g.Subject))];
        _groups = toGroups.ToLookup(static g => (g.Object!, g.Detail), static g => g.Subject);
        _granted = toGroups.ToLookup(static g => g.Subject, StringComparer.Ordinal);
    }

    /// <summary>The names of the groups that shall be, in order.</summary>
    public IEnumerable<string> Groups => _members.Keys.Order(StringComparer.Ordinal);

    /// <summary>All grants that shall be.</summary>
    public IEnumerable<FactKey> Grants => _grants;

    /// <summary>Whether somebody shall have a privilege on something.</summary>
    public bool Has(ObjectPath path, string identity, string privilege) =>
        _grants.Contains(new FactKey(FactKind.Grant, path, identity, privilege)) || GroupsOf(path, identity, privilege).Any();

    /// <summary>The groups by which somebody shall have a privilege on something.</summary>
    public IEnumerable<string> GroupsOf(ObjectPath path, string identity, string privilege) => _groups[(path, privilege)].Where(g => _members[g].Contains(identity));

    /// <summary>Those that shall be members of a group; of one that shall not be, nobody.</summary>
    public IReadOnlySet<string> MembersOf(string group) => _members.TryGetValue(group, out var members) ? members : new HashSet<string>();

    /// <summary>What shall be granted to a group.</summary>
    public IEnumerable<FactKey> GrantsTo(string group) => _granted[group];
}
