using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>
/// What a plan that takes nothing back must not add, for what stays of Sluice's own would meet it, and both together would show somebody what neither the state before nor the one that is asked
/// for does: who stays in an audience would read what joins it; who joins one would read what stays with it; who comes to an object would meet an older mask or row rule that stays on it; and who is
/// still exempt, or known by what is no longer so, would meet a new one. It is held back and told, and added once the mode lets go what stays.
/// </summary>
internal sealed class LeftBehind
{
    private readonly HashSet<string> _crowded;
    private readonly Dictionary<string, ObjectPath> _holding = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectPath, string> _older = [];
    private readonly List<(ObjectPath Object, FoldedText Text)> _texts = [];
    private readonly HashSet<string> _stale;
    private readonly ILookup<string, string> _staleOf;
    private readonly Dictionary<FactKey, string> _known;
    private readonly ILookup<ObjectPath, FoldedText> _asked;
    private readonly ILookup<string, ObjectPath> _readBy;
    private readonly Dictionary<string, ObjectPath?> _named = new(StringComparer.Ordinal);

    private LeftBehind(IReadOnlyList<ObservedFact> left, DesiredState desired, ObservedState observed)
    {
        var ours = left.Where(static f => f.Owner == FactOwner.Ours).ToList();
        _crowded = ours.Where(static f => f.Key.Kind == FactKind.Member).Select(static f => f.Key.Subject).ToHashSet(StringComparer.Ordinal);
        foreach (var grant in ours.Where(static f => f.Key is { Kind: FactKind.Grant, Object: not null })) _holding.TryAdd(grant.Key.Subject, grant.Key.Object!);
        var wanted = desired.Facts.Where(static f => IsProtection(f.Key)).ToDictionary(static f => f.Key, static f => f.Definition);
        foreach (var protection in ours.Where(static f => IsProtection(f.Key)))
        {
            _texts.Add((protection.Key.Object!, new FoldedText(protection.Definition)));
            // One that nobody asks for shows less than is asked; another in its place may show more.
            if (wanted.ContainsKey(protection.Key)) _older.TryAdd(protection.Key.Object!, protection.Key.Kind == FactKind.Mask ? $"the mask on column {protection.Key.Subject}" : "the row rule");
        }

        // Beside them stand others that stay as they are: who becomes exempt from one of those would meet the older one where nothing was shown.
        _texts.AddRange(observed.Facts
            .Where(f => IsProtection(f.Key) && _older.ContainsKey(f.Key.Object!) && wanted.TryGetValue(f.Key, out var same) && same == f.Definition)
            .Select(static f => (f.Key.Object!, new FoldedText(f.Definition))));
        var known = desired.Facts.Where(static f => f.Key.Kind == FactKind.Entitlement).ToDictionary(static f => f.Key, static f => f.Definition);
        _known = ours.Where(static f => f.Key.Kind == FactKind.Entitlement).ToDictionary(static f => f.Key, static f => f.Definition);
        _staleOf = ours.Where(static f => f.Key.Kind is FactKind.Exemption or FactKind.Entitlement)
            .SelectMany(f => NamesOf(f.Key, f.Definition, known.GetValueOrDefault(f.Key, "{}")).Select(name => (f.Key.Subject, Name: name)))
            .ToLookup(static s => s.Subject, static s => s.Name, StringComparer.Ordinal);
        _stale = _staleOf.SelectMany(static s => s).ToHashSet(StringComparer.Ordinal);
        _asked = wanted.ToLookup(static p => p.Key.Object!, static p => new FoldedText(p.Value));
        _readBy = desired.Facts.Select(static f => f.Key).Concat(observed.Facts.Select(static f => f.Key)).Where(static k => k is { Kind: FactKind.Grant, Object: not null })
            .Distinct().ToLookup(static k => k.Subject, static k => k.Object!, StringComparer.Ordinal);
    }

    /// <summary>Takes from additions what has to wait.</summary>
    /// <param name="additions">What would be added.</param>
    /// <param name="left">What stays.</param>
    /// <param name="desired">What shall be.</param>
    /// <param name="observed">What is.</param>
    /// <returns>What waits and why, for people.</returns>
    public static IReadOnlyList<Shortfall> HoldBack(List<Change> additions, IReadOnlyList<ObservedFact> left, DesiredState desired, ObservedState observed)
    {
        if (!left.Any(static f => f.Owner == FactOwner.Ours)) return [];
        var behind = new LeftBehind(left, desired, observed);
        var told = new HashSet<Shortfall>();
        additions.RemoveAll(change =>
        {
            if (behind.WhyNot(change) is not { } why) return false;
            told.Add(why);
            return true;
        });
        return [.. told];
    }

    private Shortfall? WhyNot(Change change) => change.Key switch
    {
        { Kind: FactKind.Grant, Object: { } on } key => OfGrant(key.Subject, on),
        { Kind: FactKind.Member } key => OfMember(key.Subject, key.Detail),
        { IsExemptionFromAll: true } key => Staying() is { } on ? Held(on, $"nothing leaves {key.Subject} alone yet, who may have access that stays") : null,
        { Kind: FactKind.Exemption or FactKind.Entitlement } key when NamesOf(key, change.Definition, _known.GetValueOrDefault(key, "{}")).Select(Naming).FirstOrDefault(static on => on is not null) is { } on =>
            Held(on, $"what is new about {key.Subject} is not written, for a mask or row rule that asks about it stays, or stands beside one that stays"),
        _ => null,
    };

    private Shortfall? OfGrant(string grantee, ObjectPath on)
    {
        if (_crowded.Contains(grantee)) return Held(on, $"it is not granted to {grantee}, for people stay in it whom no policy asks for");
        if (_older.TryGetValue(on, out var older)) return Held(on, $"it is not granted to {grantee}, for {older} stays that it has now");
        return Stale(on, _stale) ? Held(on, $"it is not granted to {grantee}, for its masks or row rules ask what is still written about people and no longer so") : null;
    }

    private Shortfall? OfMember(string audience, string member)
    {
        if (_holding.TryGetValue(audience, out var held)) return Held(held, $"nobody joins {audience}, which keeps it");
        var stale = _staleOf[member].Concat(_stale.Where(static s => s == FactKey.FromAll)).ToHashSet(StringComparer.Ordinal);
        foreach (var on in _readBy[audience])
        {
            if (_older.TryGetValue(on, out var older)) return Held(on, $"nobody joins {audience}, which reads it, for {older} stays that it has now");
            if (stale.Count > 0 && Stale(on, stale)) return Held(on, $"{member} does not join {audience}, which reads it, for its masks or row rules ask what is still written about them and no longer so");
        }

        return null;
    }

    private bool Stale(ObjectPath on, HashSet<string> names) => names.Count > 0 && _asked[on].Any(text => names.Any(n => n == FactKey.FromAll || text.MayMention(n)));

    // What a protection's text mentions that asks for it: an audience, or the things that are known by one text and not by another.
    private static IEnumerable<string> NamesOf(FactKey key, string definition, string other)
    {
        if (key.Kind == FactKind.Exemption) return [key.Detail];
        if (KnownThings.Read(definition) is not { } things || KnownThings.Read(other) is not { } others) return [""];
        return things.Where(t => others.GetValueOrDefault(t.Key) != t.Value).Select(static t => t.Key.Name);
    }

    // An object on which something stays.
    private ObjectPath? Staying() => _holding.Values.Concat(_crowded.SelectMany(a => _readBy[a])).Concat(_texts.Select(static t => t.Object)).FirstOrDefault();

    // Where a protection that stays mentions a name, or one beside it.
    private ObjectPath? Naming(string name)
    {
        if (!_named.TryGetValue(name, out var on)) _named[name] = on = _texts.Find(t => t.Text.MayMention(name)).Object;
        return on;
    }

    private static Shortfall Held(ObjectPath on, string why) => new(on, $"held back, for mode create-only takes nothing away: {why}");

    private static bool IsProtection(FactKey key) => key is { Kind: FactKind.RowRule or FactKind.Mask, Object: not null };
}
