using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>Who reads what by a set of facts. Objects with the same grants and protections are looked at once.</summary>
internal sealed class AccessPicture
{
    private static readonly Surface Bare = new([], []);

    private readonly ImpactScope _scope;
    private readonly Dictionary<string, HashSet<string>> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _audiences = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectPath, Surface> _objects = [];
    private readonly List<FactKey> _facts;

    public AccessPicture(IEnumerable<FactKey> facts, ImpactScope scope)
    {
        _scope = scope;
        _facts = [.. facts];
        foreach (var key in _facts)
        {
            if (key.Kind == FactKind.Audience) _audiences.Add(key.Subject);
            else if (key.Kind == FactKind.Member) MembersOf(key.Subject).Add(key.Detail);
            else if (key.Object is { } on && on.Depth == scope.ObjectDepth)
            {
                if (!_objects.TryGetValue(on, out var surface)) _objects[on] = surface = new Surface([], []);
                if (key.Kind == FactKind.Grant) surface.Grants.Add((key.Subject, key.Detail));
                else surface.Protections.Add($"{key.Kind} {key.Subject} {key.Detail}");
            }
        }
    }

    /// <summary>The same after changes.</summary>
    public AccessPicture After(IReadOnlyList<Change> changes)
    {
        var facts = _facts.ToHashSet();
        foreach (var change in changes)
        {
            if (change.Verb == ChangeVerb.Remove) facts.Remove(change.Key);
            else facts.Add(change.Key);
        }

        return new AccessPicture(facts, _scope);
    }

    public bool IsMember(string subject, string identity) => subject == identity || (_members.TryGetValue(subject, out var members) && members.Contains(identity));

    /// <summary>The identities that read an object with this surface, with what is granted to each.</summary>
    public Dictionary<string, HashSet<string>> Readers(Surface surface)
    {
        var readers = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (subject, detail) in surface.Grants)
        {
            if (_members.TryGetValue(subject, out var members))
            {
                foreach (var member in members) Add(member, detail);
            }
            else if (!_audiences.Contains(subject)) Add(subject, detail);
        }

        return readers;

        void Add(string identity, string detail)
        {
            if (!readers.TryGetValue(identity, out var details)) readers[identity] = details = new HashSet<string>(StringComparer.Ordinal);
            details.Add(detail);
        }
    }

    /// <summary>All objects of both pictures, those together that are alike in both.</summary>
    public static IEnumerable<Group> Alike(AccessPicture before, AccessPicture after)
    {
        var groups = new Dictionary<string, Group>(StringComparer.Ordinal);
        foreach (var on in before._objects.Keys.Concat(after._objects.Keys.Where(o => !before._objects.ContainsKey(o))))
        {
            var (was, becomes) = (before._objects.GetValueOrDefault(on, Bare), after._objects.GetValueOrDefault(on, Bare));
            var signature = $"{was.Signature}\n\n{becomes.Signature}";
            if (!groups.TryGetValue(signature, out var group)) groups[signature] = group = new Group(was, becomes, []);
            group.Objects.Add(on);
        }

        return groups.Values;
    }

    private HashSet<string> MembersOf(string audience)
    {
        if (!_members.TryGetValue(audience, out var members)) _members[audience] = members = new HashSet<string>(StringComparer.Ordinal);
        return members;
    }

    /// <summary>What is granted on an object, and what protects it.</summary>
    public sealed record Surface(HashSet<(string Subject, string Detail)> Grants, HashSet<string> Protections)
    {
        public string Signature => string.Join('\n', Grants.Select(static g => $"{g.Subject}\t{g.Detail}").Order(StringComparer.Ordinal))
            + "\n" + string.Join('\n', Protections.Order(StringComparer.Ordinal));
    }

    /// <summary>Objects with the same surface before, and the same after.</summary>
    public sealed record Group(Surface Before, Surface After, List<ObjectPath> Objects);
}
