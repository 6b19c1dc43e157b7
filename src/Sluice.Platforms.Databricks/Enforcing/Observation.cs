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
    private readonly DesiredReaders _readers;
    private readonly IReadOnlySet<FactKey> _made;
    private readonly ILookup<FactKey, FactKey> _madeAnyCase;
    private readonly HashSet<FactKey> _respelled = [];
    private readonly Dictionary<string, string> _spelledThere = new(StringComparer.Ordinal);
    private readonly HashSet<ObjectPath> _missing = [];
    private readonly HashSet<ObjectPath> _taken = [];
    private readonly Dictionary<ObjectPath, string?> _objects;
    private readonly HashSet<ObjectPath> _above;
    private readonly ILookup<ObjectPath, ObjectPath> _below;
    private readonly Dictionary<FactKey, ObservedFact> _facts = [];
    private readonly Dictionary<ObjectPath, string> _unread = [];
    private readonly OwnFacts _own;
    private readonly GroupFacts _groups;

    public Observation(AccessIntent intent, Identities identities, DesiredReaders readers, string caller, Membership membership, OwnFacts own, GroupFacts groups)
    {
        (_own, _groups, _readers) = (own, groups, readers);
        _caller = caller;
        _identities = identities;
        _ways = new Ways(intent, readers, _identities, membership);
        _made = intent.OwnGrants;
        _madeAnyCase = _made.ToLookup(AnyCase);
        _objects = intent.Objects.ToDictionary(static o => o.Object.Path, static o => o.NativeId);
        var pairs = _objects.Keys.SelectMany(static o => new[] { (Above: Places.SchemaOf(o), Object: o), (Above: Places.CatalogOf(o), Object: o) }).ToList();
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

    /// <summary>How the platform spells principals, by how they are spelled here, where that differs: what is taken from another spelling may stay.</summary>
    public IReadOnlyDictionary<string, string> SpelledThere => _spelledThere;

    /// <summary>What was granted somewhere.</summary>
    public void Add(ObjectPath path, IReadOnlyList<PrivilegeAssignment> assignments)
    {
        foreach (var assignment in assignments.Where(a => !IsCaller(a.Principal)))
            foreach (var privilege in assignment.Privileges) Add(path, assignment.Principal, privilege);
    }

    /// <summary>A table or view of those asked for.</summary>
    public void Add(ObjectPath path, GovernedTable table)
    {
        if (!_objects.TryGetValue(path, out var id)) return;
        if (id is not null && table.Id is not null && id != table.Id) _taken.Add(path);
        AddOwner(path, table.Owner);
        _own.Add(path, table);
    }

    /// <summary>Who owns something.</summary>
    public void AddOwner(ObjectPath path, string? owner)
    {
        if (owner is not { Length: > 0 } || IsCaller(owner)) return;
        _ways.Add(owner, Reach.Read | Reach.Write | Reach.Manage, Reached(path), $"owns {Places.SecurableOf(path)}");
    }

    /// <summary>Something that is not there: nothing is granted on it.</summary>
    public void AddMissing(ObjectPath path)
    {
        _missing.Add(path);
        foreach (var reached in Reached(path)) _unread.TryAdd(reached, $"{Places.SecurableOf(path)} is not there: a crawl will tell");
    }

    /// <summary>Something that could not be read.</summary>
    public void AddUnread(ObjectPath path, string why)
    {
        foreach (var reached in Reached(path)) _unread.TryAdd(reached, $"what is granted on {Places.SecurableOf(path)} can't be read: {why}");
        foreach (var own in _made.Where(k => path.Equals(k.Object))) _facts.TryAdd(own, new ObservedFact(own, "", FactOwner.Ours));
    }

    /// <summary>What was seen.</summary>
    public ObservedState State()
    {
        List<Shortfall> conflicts = [.. _unread.Select(static u => new Shortfall(u.Key, u.Value)), .. _own.Conflicts, .. _groups.Conflicts];
        var groups = _groups.Facts(_identities).Where(f => !_facts.ContainsKey(f.Key)).ToDictionary(static f => f.Key);
        foreach (var (group, on) in ReadersOf(conflicts))
        {
            // Where nothing is added on an object, nobody new is to read it by joining a group.
            var waiting = _groups.Awaited(group, groups);
            foreach (var member in waiting) groups[member.Key] = member;
            if (waiting.Count > 0) conflicts.Add(new Shortfall(on, $"for that, nobody joins group {group}, which reads it: {waiting.Count} people wait"));
        }

        // What nobody may change is not granted: to a group in a person's place, to Sluice itself, and on a table that has another's name.
        var namesakes = _readers.Grants.Where(g => _identities.IsNamesake(g.Subject)).ToList();
        var toCaller = _readers.Grants.Where(g => IsCaller(g.Subject)).ToList();
        var isAnyAway = _taken.Count > 0 || _missing.Any(m => _objects.ContainsKey(m) || _above.Contains(m));
        var withheld = _readers.Grants.Where(g => !_facts.ContainsKey(g) && (_taken.Contains(g.Object!) || _identities.IsNamesake(g.Subject) || IsCaller(g.Subject)))
            .Select(static g => new ObservedFact(g, GroupFacts.Waits, FactOwner.Foreign));
        return new ObservedState([.. groups.Values, .. _facts.Values.Concat(_own.All).Select(f => IsLeft(f.Key, isAnyAway) ? f with { Owner = FactOwner.Foreign } : f), .. withheld], _ways.Found, conflicts, _ways.Unregistered)
        {
            KeptProtections = _own.Kept,
            ConflictsWithOlder = _own.ConflictsWithOlder,
            Shortfalls =
            [
                .. _taken.Select(static t => new Shortfall(t, "another table has this name by now: nothing is granted or taken away there, and what protects it stays. A crawl will tell")),
                .. namesakes.Where(static g => g.Object!.Depth == Places.Table).Select(static g => new Shortfall(
                    g.Object!, $"{g.Subject} is the name of a group: {Privileges.InWords(g.Detail)} is not granted to it, or all its members would have it. Let the group have another name, or the person another identity")),
                .. toCaller.Where(static g => g.Object!.Depth == Places.Table).Select(static g => new Shortfall(
                    g.Object!, $"{g.Subject} is whom Sluice works as here: {Privileges.InWords(g.Detail)} is neither granted to it nor taken from it. Give Sluice a service principal of its own")),
            ],
            Gone = [.. _made.Where(m => !_facts.ContainsKey(m) && !_respelled.Contains(m) && !_facts.ContainsKey(m with { Detail = Privileges.Astray(m.Detail) }) && !IsAwayForNow(m.Object!))],
        };
    }

    // Neither the readers nor the protections of a table that has another's name are those that are asked for. And while something is not where it is asked for,
    // what protects a table that nothing is asked of may protect just that.
    private bool IsLeft(FactKey key, bool isAnyAway) =>
        key.Object is { } on && (_taken.Contains(on) || (isAnyAway && key.Kind is (FactKind.Mask or FactKind.RowRule) && !_objects.ContainsKey(on)));

    // The groups of ours that read an object with a conflict, each with one of those.
    private List<(string Group, ObjectPath On)> ReadersOf(List<Shortfall> conflicts)
    {
        if (conflicts.Count == 0) return [];
        var conflicted = conflicts.Select(static c => c.Object).ToHashSet();
        return [.. _facts.Keys.Where(k => k.Object!.Depth == Places.Table && conflicted.Contains(k.Object) && _groups.IsOurs(k.Subject)).Select(static k => (k.Subject, k.Object!)).DistinctBy(static k => k.Subject)];
    }

    private void Add(ObjectPath path, string principal, string privilege)
    {
        var spelled = _identities.Spell(principal);
        var key = new FactKey(FactKind.Grant, path, spelled, privilege);
        var isMade = _made.Contains(key);
        if (!isMade && _madeAnyCase[AnyCase(key)].FirstOrDefault() is { Object: not null } made && !_groups.IsOurs(principal))
        {
            // It is the same grant in whatever spelling its holder is registered by now. Of who is registered no more the list has theirs, and the platform its own.
            if (_identities.Has(principal)) _respelled.Add(made);
            else key = made;
            isMade = true;
        }

        if (key.Subject != principal) _spelledThere[key.Subject] = principal;
        var reach = Privileges.ReachOf(privilege);
        if (_groups.IsOurs(principal)) _facts[key] = new ObservedFact(key, "", FactOwner.Ours);
        else if (isMade) AddMade(key);
        else if (path.Depth == Places.Table)
        {
            if (!_objects.ContainsKey(path) || reach == Reach.None) return;
            if (_identities.Has(principal))
                _facts[key] = _groups.IsOnlyByUnavailable(key) ? new ObservedFact(key, "", FactOwner.Foreign) : new ObservedFact(key, "", FactOwner.Registered, Restore: KeptGrant.Of(spelled, privilege));
            else _ways.Add(principal, reach, [path], $"has {Privileges.InWords(privilege)} on it");
        }
        else if (_above.Contains(path))
        {
            // Another's is seen so that it isn't granted again, and never taken away: it opens no data.
            if (privilege is Privileges.UseSchema or Privileges.UseCatalog && _identities.Has(principal)) _facts[key] = new ObservedFact(key, "", FactOwner.Foreign);
            _ways.Add(principal, reach, _below[path], $"has {Privileges.InWords(privilege)} on {Places.SecurableOf(path)}");
        }
    }

    // What Sluice itself has is never looked at, for it is never taken away.
    private bool IsCaller(string principal) => Identities.Comparer.Equals(principal, _caller);

    // What is asked for and not there may have another name, with the grants that were made: a crawl will tell.
    private bool IsAwayForNow(ObjectPath path) => (_objects.ContainsKey(path) || _above.Contains(path)) && (_taken.Contains(path) || _missing.Any(m => m.Covers(path)));

    private static FactKey AnyCase(FactKey key) => key with { Subject = key.Subject.ToUpperInvariant() };

    private void AddMade(FactKey key)
    {
        // What was granted to a group that is not ours any more goes, though the group of that name shall have it: members are let in by others.
        if (_groups.IsOther(key.Subject) || _identities.IsNamesake(key.Subject)) key = key with { Detail = Privileges.Astray(key.Detail) };
        _facts[key] = new ObservedFact(key, "", _groups.IsOnlyByUnavailable(key) ? FactOwner.Foreign : FactOwner.Ours);
    }

    private IEnumerable<ObjectPath> Reached(ObjectPath path) => _objects.ContainsKey(path) ? [path] : _below[path];
}
