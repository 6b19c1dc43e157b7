using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Who may read what by policy, from what is desired.</summary>
internal sealed class Readers
{
    private static readonly IReadOnlySet<string> Nobody = new HashSet<string>();

    private readonly Dictionary<ObjectPath, List<(Privilege Privilege, string Role)>> _grants = [];
    private readonly Dictionary<string, HashSet<string>> _members = [];
    private readonly Dictionary<ObjectPath, IReadOnlySet<string>> _wholly = [];
    private readonly Dictionary<ObjectPath, int> _columns;
    private readonly AccessIntent _intent;

    public Readers(AccessIntent intent, DesiredState desired)
    {
        _intent = intent;
        // Nobody is a member of it.
        var owner = new NativeNames(intent.Prefix).ViewOwner;
        _columns = intent.Objects.ToDictionary(o => o.Object.Path, o => o.Object.Columns.Count);
        foreach (var fact in desired.Facts)
        {
            if (fact.Key.Kind == FactKind.Member) Of(_members, fact.Key.Subject).Add(fact.Key.Detail);
            if (fact.Key.Subject == owner) continue;
            if (fact.Key is not { Kind: FactKind.Grant, Object: { Depth: ObjectPath.MaxDepth - 1 } path }) continue;
            var privilege = Privilege.Parse(fact.Key.Detail);
            if (privilege.Name == Privilege.Select) Of(_grants, path).Add((privilege, fact.Key.Subject));
        }
    }

    /// <summary>Who may read every column of an object.</summary>
    public IReadOnlySet<string> Wholly(ObjectPath path)
    {
        if (_wholly.TryGetValue(path, out var known)) return known;
        IReadOnlySet<string>? all = null;
        foreach (var privilege in _grants.GetValueOrDefault(path, []).GroupBy(g => g.Privilege, g => g.Role))
        {
            var readers = privilege.SelectMany(role => _members.GetValueOrDefault(role, [])).ToHashSet(StringComparer.Ordinal);
            if (all is not null) readers.IntersectWith(all);
            all = readers;
        }

        // A column that nobody is granted has no fact, and yet nobody reads the whole.
        var columns = _grants.GetValueOrDefault(path, []).Select(g => g.Privilege.Column).OfType<string>().Distinct(StringComparer.Ordinal).Count();
        if (columns > 0 && columns < _columns.GetValueOrDefault(path)) all = Nobody;
        return _wholly[path] = all ?? Nobody;
    }

    /// <summary>Who may read any of an object.</summary>
    public IReadOnlySet<string> AtAll(ObjectPath path) =>
        _grants.GetValueOrDefault(path, []).SelectMany(g => _members.GetValueOrDefault(g.Role, [])).ToHashSet(StringComparer.Ordinal);

    /// <summary>Who may read a column of an object.</summary>
    public IReadOnlySet<string> Of(ObjectPath path, Privilege privilege) => privilege.Column is null
        ? Wholly(path)
        : _grants.GetValueOrDefault(path, []).Where(g => g.Privilege.Column is null || g.Privilege == privilege)
            .SelectMany(g => _members.GetValueOrDefault(g.Role, [])).ToHashSet(StringComparer.Ordinal);

    /// <summary>Who may read every row and column of an object.</summary>
    public IReadOnlySet<string> Unfiltered(IntendedObject item) => item.Access.RowRules.Count == 0
        ? Wholly(item.Object.Path)
        : Wholly(item.Object.Path)
            .Where(i => item.Access.RowRules.All(r => r.Exempt.Equals(AccessRule.Everybody) || _intent.MembersOf(r.Exempt).Contains(i, StringComparer.Ordinal)))
            .ToHashSet(StringComparer.Ordinal);

    private static TValue Of<TKey, TValue>(Dictionary<TKey, TValue> by, TKey key) where TKey : notnull where TValue : new()
    {
        if (!by.TryGetValue(key, out var value)) by[key] = value = new TValue();
        return value;
    }
}
