namespace Sluice.Core.Planning;

/// <summary>Puts changes into phases so that at no moment anybody sees what neither the old nor the new state lets them see.</summary>
/// <remarks>
/// Access comes before access goes, so that nobody who is in both states is interrupted. That is safe unless two changes meet in one audience: one person
/// leaves it while an object joins it, and between the two the person would read the object. Such an audience <i>crosses</i>: its revokes go first, its
/// grants come last. So does one with a member about whom rules in force learn something new, for before that the person may not have the new access, and
/// after it not the old; and one that reads an object whose mask or row rule is replaced: who joins it meets the new one alone, and who leaves it the old one. Where a
/// mask leaves a column to an audience, whether its members read the table or not, and such a mask comes, goes or changes, those who leave the audience do so before
/// everything else, and those who join it after everything else. An audience that is used by nothing yet shows nobody anything, and so its members come first; one that
/// nothing will use shows them what it did, and they go last: who is exempt from a mask keeps the column while the mask comes or goes.
/// Who is left alone by every protection is known by a role perhaps, so that nobody can say what else changes for them. Where protections are in force, such an exemption comes after
/// everything else, and goes before it.
/// </remarks>
internal static class PhaseOrder
{
    public static IReadOnlyList<Change> Arrange(List<Change> drafts, DesiredState desired, ObservedState observed)
    {
        var before = NamesInForce(observed.Facts.Select(static f => (f.Key, f.Definition)), observed.KeptProtections);
        var after = NamesInForce(desired.Facts.Select(static f => (f.Key, f.Definition)), observed.KeptProtections);
        var crossing = Crossing(drafts, c => IsRelearned(c, before, after), desired, observed);
        var named = NamedByMasks(drafts, observed);
        var unused = Unused(named, observed.Facts.Select(static f => (f.Key, f.Definition)));
        named.ExceptWith(unused);
        var retired = Unused(named, desired.Facts.Select(static f => (f.Key, f.Definition)));
        named.ExceptWith(retired);
        return
        [
            .. drafts
                .Select(c => c with { Phase = PhaseOf(c, crossing, (unused, named, retired), before, after) })
                .OrderBy(static c => c.Phase).ThenBy(static c => c.Key, FactKeyOrder.Instance),
        ];
    }

    private static ChangePhase PhaseOf(
        Change change, HashSet<string> crossing, (HashSet<string> First, HashSet<string> Crossing, HashSet<string> Last) named, Func<string, bool> before, Func<string, bool> after)
    {
        var isAdded = change.Verb == ChangeVerb.Add;
        if (change.Key.Kind is FactKind.Support or FactKind.Audience) return change.Verb == ChangeVerb.Remove ? ChangePhase.Clean : ChangePhase.Prepare;
        if (change.Key.Kind == FactKind.Entitlement) return change.Phase;
        if (change.Key.IsExemptionFromAll) return (isAdded ? before : after)(FactKey.FromAll) == isAdded ? ChangePhase.Clean : ChangePhase.Prepare;
        if (change.Verb == ChangeVerb.Replace || IsRelearned(change, before, after)) return ChangePhase.Know;
        return change.Key.Kind switch
        {
            FactKind.RowRule or FactKind.Mask => isAdded ? ChangePhase.Protect : ChangePhase.Unprotect,
            FactKind.Exemption => isAdded ? ChangePhase.Prepare : ChangePhase.Clean,
            FactKind.Member when named.First.Contains(change.Key.Subject) => ChangePhase.Prepare,
            FactKind.Member when named.Last.Contains(change.Key.Subject) => ChangePhase.Clean,
            FactKind.Member when named.Crossing.Contains(change.Key.Subject) => isAdded ? ChangePhase.Clean : ChangePhase.Prepare,
            _ when crossing.Contains(change.Key.Subject) => isAdded ? ChangePhase.LateGrant : ChangePhase.EarlyRevoke,
            _ => isAdded ? ChangePhase.Grant : ChangePhase.Revoke,
        };
    }

    // What no rule reads yet can be there before the rule is; what no rule will read can stay until the rule is gone.
    private static bool IsRelearned(Change change, Func<string, bool> before, Func<string, bool> after) => change.Key.Kind switch
    {
        FactKind.Entitlement => change.Phase == ChangePhase.Know,
        FactKind.Exemption when !change.Key.IsExemptionFromAll => change.Verb switch { ChangeVerb.Add => before(change.Key.Detail), ChangeVerb.Remove => after(change.Key.Detail), _ => true },
        _ => false,
    };

    // A grantee that is a person stands for an audience with that one member.
    private static HashSet<string> Crossing(List<Change> drafts, Func<Change, bool> isRelearned, DesiredState desired, ObservedState observed)
    {
        var replaced = drafts
            .Where(static c => c is { Verb: ChangeVerb.Replace, Key: { Kind: FactKind.RowRule or FactKind.Mask, Object: not null } })
            .Select(static c => c.Key.Object).ToHashSet();
        var relearned = drafts.Where(isRelearned).Select(static c => c.Key.Subject).ToHashSet(StringComparer.Ordinal);
        var deltas = new Dictionary<string, Deltas>(StringComparer.Ordinal);
        foreach (var change in drafts)
        {
            if (change.Key.Kind is not (FactKind.Member or FactKind.Grant)) continue;
            var delta = deltas.GetValueOrDefault(change.Key.Subject) | DeltaOf(change);
            if (replaced.Contains(change.Key.Object) || relearned.Contains(change.Key.Subject)) delta |= Deltas.Relearned;
            deltas[change.Key.Subject] = delta;
        }

        if (replaced.Count > 0)
        {
            foreach (var key in desired.Facts.Select(static f => f.Key).Concat(observed.Facts.Select(static f => f.Key)))
            {
                if (key.Kind == FactKind.Grant && replaced.Contains(key.Object) && deltas.TryGetValue(key.Subject, out var delta) && (delta & Deltas.Members) != 0)
                    deltas[key.Subject] = delta | Deltas.Relearned;
            }
        }

        if (relearned.Count > 0)
        {
            foreach (var key in desired.Facts.Select(static f => f.Key).Concat(observed.Facts.Select(static f => f.Key)))
                if (key.Kind == FactKind.Member && relearned.Contains(key.Detail) && deltas.TryGetValue(key.Subject, out var delta)) deltas[key.Subject] = delta | Deltas.Relearned;
        }

        return deltas.Where(static d => Crosses(d.Value)).Select(static d => d.Key).ToHashSet(StringComparer.Ordinal);
    }

    // The audiences whose members change, and which masks that come, go or change name in their definitions.
    private static HashSet<string> NamedByMasks(List<Change> drafts, ObservedState observed)
    {
        var masks = drafts.Where(static c => c.Key.Kind == FactKind.Mask).ToDictionary(static c => c.Key, static c => c.Definition);
        if (masks.Count == 0) return [];
        var texts = masks.Values.Concat(observed.Facts.Where(f => masks.ContainsKey(f.Key)).Select(static f => f.Definition)).ToHashSet(StringComparer.Ordinal);
        return drafts
            .Where(c => c.Key.Kind == FactKind.Member).Select(static c => c.Key.Subject).Distinct(StringComparer.Ordinal)
            .Where(audience => IsNamed(audience, texts))
            .ToHashSet(StringComparer.Ordinal);
    }

    // Those of them that nothing is granted, and no mask or row rule names.
    private static HashSet<string> Unused(HashSet<string> audiences, IEnumerable<(FactKey Key, string Definition)> facts)
    {
        if (audiences.Count == 0) return [];
        var granted = new HashSet<string>(StringComparer.Ordinal);
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, definition) in facts)
        {
            if (key.Kind == FactKind.Grant) granted.Add(key.Subject);
            else if (key.Kind is FactKind.Mask or FactKind.RowRule) texts.Add(definition);
        }

        return audiences.Where(a => !granted.Contains(a) && !IsNamed(a, texts)).ToHashSet(StringComparer.Ordinal);
    }

    private static bool IsNamed(string audience, HashSet<string> texts) =>
        texts.Any(t => t.Length > 0 && (audience.Contains(t, StringComparison.Ordinal) || t.Contains(audience, StringComparison.Ordinal)));

    private static Deltas DeltaOf(Change change) => (change.Key.Kind, change.Verb) switch
    {
        (_, ChangeVerb.Replace) => Deltas.ObjectJoins | Deltas.ObjectLeaves,
        (FactKind.Member, ChangeVerb.Add) => Deltas.MemberJoins,
        (FactKind.Member, _) => Deltas.MemberLeaves,
        (_, ChangeVerb.Add) => Deltas.ObjectJoins,
        _ => Deltas.ObjectLeaves,
    };

    private static bool Crosses(Deltas delta) =>
        delta.HasFlag(Deltas.Relearned)
        || delta.HasFlag(Deltas.MemberLeaves | Deltas.ObjectJoins)
        || delta.HasFlag(Deltas.MemberJoins | Deltas.ObjectLeaves);

    // Whether a protection may read the id of exempt people: somebody is said to be of them, or a protection's text mentions it, or any is there to be exempt from. Plans that change no exemption never ask.
    private static Func<string, bool> NamesInForce(IEnumerable<(FactKey Key, string Definition)> facts, IReadOnlyList<string> kept)
    {
        (HashSet<string> Known, HashSet<string> Texts)? read = null;
        // Few names, of many changes.
        var answers = new Dictionary<string, bool>(StringComparer.Ordinal);
        return name =>
        {
            var (known, texts) = read ??= Read(facts, kept);
            if (!answers.TryGetValue(name, out var answer)) answers[name] = answer = name == FactKey.FromAll ? texts.Count > 0 : known.Contains(name) || texts.Any(t => t.Contains(name, StringComparison.Ordinal));
            return answer;
        };
    }

    private static (HashSet<string> Known, HashSet<string> Texts) Read(IEnumerable<(FactKey Key, string Definition)> facts, IReadOnlyList<string> kept)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var texts = new HashSet<string>(kept, StringComparer.Ordinal);
        foreach (var (key, definition) in facts)
        {
            if (key.Kind == FactKind.Exemption) known.Add(key.Detail);
            else if (key.Kind is FactKind.RowRule or FactKind.Mask)
            {
                texts.Add(key.Detail);
                texts.Add(definition);
            }
        }

        return (known, texts);
    }

    [Flags]
    private enum Deltas
    {
        None = 0,
        MemberJoins = 1,
        MemberLeaves = 2,
        ObjectJoins = 4,
        ObjectLeaves = 8,
        Relearned = 16,
        Members = MemberJoins | MemberLeaves,
    }
}
