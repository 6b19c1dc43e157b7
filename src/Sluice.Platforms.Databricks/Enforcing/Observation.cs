using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Puts what was seen in order: facts, ways that stay open, and what could not be read.</summary>
internal sealed class Observation
{
    private readonly string _caller;
    private readonly Identities _identities;
    private readonly Ways _ways;
    private readonly IReadOnlySet<FactKey> _made;
    private readonly HashSet<ObjectPath> _objects;
    private readonly HashSet<ObjectPath> _above;
    private readonly ILookup<ObjectPath, ObjectPath> _below;
    private readonly Dictionary<FactKey, ObservedFact> _facts = [];
    private readonly Dictionary<ObjectPath, string> _unread = [];
    private readonly OwnFacts _own;

    public Observation(AccessIntent intent, DesiredState desired, string caller, Membership membership, OwnFacts own)
    {
        _own = own;
        _caller = caller;
        _identities = new Identities(intent);
        _ways = new Ways(intent, desired, _identities, membership);
        _made = intent.OwnGrants;
        _objects = [.. intent.Objects.Select(static o => o.Object.Path)];
        var pairs = _objects.SelectMany(static o => new[] { (Above: Places.SchemaOf(o), Object: o), (Above: Places.CatalogOf(o), Object: o) }).ToList();
        _below = pairs.ToLookup(static p => p.Above, static p => p.Object);
        _above = [.. pairs.Select(static p => p.Above)];
    }

    /// <summary>What has to be looked at.</summary>
    public static IReadOnlyList<ObjectPath> PlacesOf(AccessIntent intent) =>
    [
        .. intent.Objects.SelectMany(static o => new[] { o.Object.Path, Places.SchemaOf(o.Object.Path), Places.CatalogOf(o.Object.Path) })
            .Concat(intent.OwnGrants.Where(static k => k.Object is not null).Select(static k => k.Object!))
            .Distinct(),
    ];

    /// <summary>What was granted somewhere.</summary>
    public void Add(ObjectPath path, IReadOnlyList<PrivilegeAssignment> assignments)
    {
        foreach (var assignment in assignments.Where(a => a.Principal != _caller))
            foreach (var privilege in assignment.Privileges) Add(path, assignment.Principal, privilege);
    }

    /// <summary>A table or view of those asked for.</summary>
    public void Add(ObjectPath path, GovernedTable table)
    {
        if (!_objects.Contains(path)) return;
        AddOwner(path, table.Owner);
        _own.Add(path, table);
    }

    /// <summary>Who owns something.</summary>
    public void AddOwner(ObjectPath path, string? owner)
    {
        if (owner is not { Length: > 0 } || owner == _caller) return;
        _ways.Add(owner, Reach.Read | Reach.Write | Reach.Manage, Reached(path), $"owns {Places.SecurableOf(path)}");
    }

    /// <summary>Something that is not there: nothing is granted on it.</summary>
    public void AddMissing(ObjectPath path)
    {
        foreach (var reached in Reached(path)) _unread.TryAdd(reached, $"{Places.SecurableOf(path)} is not there: a crawl will tell");
    }

    /// <summary>Something that could not be read.</summary>
    public void AddUnread(ObjectPath path, string why)
    {
        foreach (var reached in Reached(path)) _unread.TryAdd(reached, $"what is granted on {Places.SecurableOf(path)} can't be read: {why}");
        foreach (var own in _made.Where(k => path.Equals(k.Object))) _facts.TryAdd(own, new ObservedFact(own, "", FactOwner.Ours));
    }

    /// <summary>What was seen.</summary>
    public ObservedState State() => new(
        [.. _facts.Values, .. _own.All], _ways.Found, [.. _unread.Select(static u => new Shortfall(u.Key, u.Value)), .. _own.Conflicts], _ways.Unregistered)
    {
        Gone = [.. _made.Where(m => !_facts.ContainsKey(m))],
    };

    private void Add(ObjectPath path, string principal, string privilege)
    {
        var spelled = _identities.Spell(principal);
        var key = new FactKey(FactKind.Grant, path, spelled, privilege);
        var reach = Privileges.ReachOf(privilege);
        if (_made.Contains(key)) _facts[key] = new ObservedFact(key, "", FactOwner.Ours);
        else if (path.Depth == Places.Table)
        {
            if (!_objects.Contains(path) || reach == Reach.None) return;
            if (_identities.Has(principal)) _facts[key] = new ObservedFact(key, "", FactOwner.Registered, Restore: KeptGrant.Of(spelled, privilege));
            else _ways.Add(principal, reach, [path], $"has {Privileges.InWords(privilege)} on it");
        }
        else if (_above.Contains(path))
        {
            // Another's is seen so that it isn't granted again, and never taken away: it opens no data.
            if (privilege is Privileges.UseSchema or Privileges.UseCatalog && _identities.Has(principal)) _facts[key] = new ObservedFact(key, "", FactOwner.Foreign);
            _ways.Add(principal, reach, _below[path], $"has {Privileges.InWords(privilege)} on {Places.SecurableOf(path)}");
        }
    }

    private IEnumerable<ObjectPath> Reached(ObjectPath path) => _objects.Contains(path) ? [path] : _below[path];
}
