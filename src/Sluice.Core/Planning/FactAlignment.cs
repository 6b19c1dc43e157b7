using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>
/// Holds the facts that were in force by our doing against what a platform shows. What is shown as ours and was not known came to be; what was known and is
/// not shown any more has gone, whoever took it, unless it lies where nobody looked.
/// </summary>
public sealed class FactAlignment
{
    private readonly HashSet<Guid> _shown;
    private readonly ObservedState _observed;
    private readonly IReadOnlyList<ObservedFact> _ours;
    private readonly HashSet<ObjectPath> _asked;
    private readonly IReadOnlyList<ObjectPath> _unread;
    private readonly HashSet<string> _audiences;

    /// <summary>Of what was observed.</summary>
    /// <param name="observed">What the platform shows.</param>
    /// <param name="asked">The objects that were asked for: what is nobody's mark is seen on these alone.</param>
    public FactAlignment(ObservedState observed, IEnumerable<ObjectPath> asked)
    {
        _observed = observed;
        _ours = [.. observed.Facts.Where(static f => f.Owner == FactOwner.Ours && IsKept(f.Key.Kind))];
        _shown = [.. observed.Facts.Where(static f => IsKept(f.Key.Kind)).Select(static f => FactId.Of(f.Key))];
        _asked = [.. asked];
        _unread = [.. observed.Conflicts.Select(static c => c.Object)];
        _audiences = observed.Facts.Where(static f => f.Key.Kind == FactKind.Audience).Select(static f => f.Key.Subject).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether history keeps facts of a kind: who reads what, and what protects it. What rules know of people is not told.</summary>
    public static bool IsKept(FactKind kind) => kind is FactKind.Audience or FactKind.Member or FactKind.Grant or FactKind.RowRule or FactKind.Mask;

    /// <summary>What is in force and was not known.</summary>
    public IEnumerable<FactTurn> Begun(IReadOnlySet<Guid> known)
    {
        foreach (var fact in _ours)
            if (!known.Contains(FactId.Of(fact.Key))) yield return new FactTurn(fact.Key, true);
    }

    /// <summary>What was known and is not shown, by <see cref="FactId"/>; it has gone where <see cref="HasGone"/> says so.</summary>
    public IReadOnlyList<Guid> Unseen(IReadOnlySet<Guid> known) => [.. known.Where(k => !_shown.Contains(k))];

    /// <summary>What of changes was made; each of them once.</summary>
    public IReadOnlyList<(Change Change, ChangeSight Sight)> SightOf(IReadOnlyCollection<Change> changes)
    {
        var asked = changes.Select(static c => c.Key).ToHashSet();
        var shown = _observed.Facts.Where(f => asked.Contains(f.Key)).ToDictionary(static f => f.Key, static f => f.Definition);
        return
        [
            .. changes.Select(c => (c, (c.Verb, shown.TryGetValue(c.Key, out var definition)) switch
            {
                (ChangeVerb.Remove, true) => ChangeSight.NotMade,
                (_, true) => definition == c.Definition ? ChangeSight.Made : ChangeSight.NotMade,
                (var verb, false) => !HasGone(c.Key) ? ChangeSight.NotSeen : verb == ChangeVerb.Remove ? ChangeSight.Made : ChangeSight.NotMade,
            })),
        ];
    }

    /// <summary>Whether a fact that is not shown is no more.</summary>
    public bool HasGone(FactKey key)
    {
        if (key.Object is not { } on) return true;
        if (_unread.Any(u => u.Covers(on) || on.Covers(u))) return false;
        return key.Kind != FactKind.Grant || _audiences.Contains(key.Subject) || _asked.Contains(on) || _asked.Any(on.Covers);
    }
}
