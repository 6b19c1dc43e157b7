using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;

namespace Sluice.Core.Planning;

/// <summary>Compares what is desired with what was observed.</summary>
/// <remarks>
/// <code>
/// desired  observed            owner        sync      upsert-only   create-only
/// yes      no                               add       add           add
/// yes      the same            any          -         -             -
/// yes      other definition    ours         replace   replace       leave
/// yes      other definition    registered   replace   leave         leave
/// yes      other definition    foreign      leave     leave         leave
/// no       yes                 ours         remove    remove        leave
/// no       yes                 registered   remove    leave         leave
/// no       yes                 foreign      leave     leave         leave
/// </code>
/// A plan in <c>observe</c> says what <c>sync</c> would do; nobody applies it. On an object with a conflict nothing is added, nobody joins an
/// audience that reads it while a protection is lacking there, and what is ours still goes. One that stays in place of another keeps what it rests on; nobody becomes exempt from it, and what it asks about
/// people and has changed is told to no rule. In <c>create-only</c> what
/// would meet what is left is held back (<see cref="LeftBehind"/>); what is known of people is added to by what no rule in force asks.
/// </remarks>
public static class PlanBuilder
{
    /// <summary>The plan.</summary>
    /// <param name="desired">What shall be.</param>
    /// <param name="observed">What is.</param>
    /// <param name="mode">What may be done.</param>
    /// <param name="counting">Who counts for the impact; see <see cref="PlanImpact"/>.</param>
    /// <exception cref="ArgumentException">A fact was observed twice.</exception>
    public static Plan Build(DesiredState desired, ObservedState observed, EnforcementMode mode, ImpactScope counting)
    {
        IReadOnlyList<Shortfall> conflicts = mode == EnforcementMode.CreateOnly ? [.. observed.Conflicts, .. observed.ConflictsWithOlder] : observed.Conflicts;
        var conflicted = conflicts.Select(static c => c.Object).ToHashSet();
        var numbers = new FactNumbers();
        var present = new FactTable(observed.Facts, numbers);
        var drafts = new List<Change>();
        var left = new List<ObservedFact>();
        var asked = new ulong[Bits.Words(observed.Facts.Count)];
        var unprotected = new HashSet<ObjectPath>();
        var kept = new List<ObservedFact>();
        var knowledge = new KnowledgeSteps(desired, observed);
        foreach (var fact in desired.Facts)
        {
            var place = present.Find(numbers.Of(fact.Key));
            if (place < 0)
            {
                if (!IsHeldBy(conflicted, fact.Key)) drafts.Add(new Change(default, ChangeVerb.Add, fact.Key, fact.Definition, fact.Reason));
                else if (IsProtection(fact.Key)) unprotected.Add(fact.Key.Object!);
                continue;
            }

            Bits.Set(asked, place);
            if (fact.Definition.Length == 0 && !present.HasDefinition(place)) continue;
            var found = observed.Facts[place];
            if (found.Definition == fact.Definition) continue;
            if (IsHeldBy(conflicted, fact.Key) && IsProtection(fact.Key))
            {
                unprotected.Add(fact.Key.Object!);
                if (found.Owner == FactOwner.Ours) kept.Add(found);
            }

            if (MayChange(mode, found.Owner) && !IsHeldBy(conflicted, fact.Key))
                drafts.Add(new Change(default, ChangeVerb.Replace, fact.Key, fact.Definition, fact.Reason) { Restore = found.Restore, MadeBy = found.MadeBy });
            else
            {
                left.Add(found);
                if (found is { Key.Kind: FactKind.Entitlement, Owner: FactOwner.Ours } && knowledge.ToldBeside(found, fact) is { } told) drafts.Add(told);
            }
        }

        for (var place = 0; place < observed.Facts.Count; place++)
        {
            if (Bits.Has(asked, place)) continue;
            var found = observed.Facts[place];
            if (MayChange(mode, found.Owner))
                drafts.Add(new Change(default, ChangeVerb.Remove, found.Key, found.Definition, ReasonToRemove(found.Owner)) { Restore = found.Restore, MadeBy = found.MadeBy });
            else if (found.Owner != FactOwner.Foreign) left.Add(found);
        }

        drafts.RemoveAll(c => c is { Verb: ChangeVerb.Remove, Key.Kind: FactKind.Support } && kept.Exists(k => RestsOn(k, c.Key)));
        var joining = HoldBackJoining(drafts, unprotected, observed);
        var exempted = HoldBackExempting(drafts, kept);
        var untold = HoldBackTelling(drafts, kept, observed);
        var waiting = mode == EnforcementMode.CreateOnly ? LeftBehind.HoldBack(drafts, left, desired, observed) : [];
        var changes = PhaseOrder.Arrange([.. drafts.SelectMany(knowledge.Of)], desired, observed);
        return new Plan
        {
            Changes = changes,
            LeftAlone = left,
            Residuals = observed.Residuals,
            Shortfalls = [.. desired.Shortfalls, .. conflicts, .. observed.Shortfalls, .. joining, .. untold, .. exempted, .. waiting],
            UnregisteredReaders = FirstProtected(changes, observed),
            Impact = PlanImpact.Of(changes, present, numbers, counting),
        };
    }

    private static bool MayChange(EnforcementMode mode, FactOwner owner) => (mode, owner) switch
    {
        (EnforcementMode.Sync or EnforcementMode.Observe, FactOwner.Ours or FactOwner.Registered) => true,
        (EnforcementMode.UpsertOnly, FactOwner.Ours) => true,
        _ => false,
    };

    // Who joins an audience reads what it reads: where a protection that is asked for can't be set, that would show them what it is to hide.
    private static List<Shortfall> HoldBackJoining(List<Change> drafts, HashSet<ObjectPath> unprotected, ObservedState observed)
    {
        if (unprotected.Count == 0) return [];
        var reading = observed.Facts.Select(static f => f.Key).Where(k => k is { Kind: FactKind.Grant, Object: { } on } && unprotected.Contains(on)).ToLookup(static k => k.Subject, static k => k.Object!);
        var held = drafts.Where(c => c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.Member } && reading.Contains(c.Key.Subject)).ToList();
        if (held.Count == 0) return [];
        drafts.RemoveAll(held.ToHashSet().Contains);
        return
        [
            .. held.GroupBy(static c => c.Key.Subject, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal)
                .Select(g => new Shortfall(reading[g.Key].First(), $"for that, nobody joins {g.Key}, which reads it: {g.Count()} people wait")),
        ];
    }

    // Who becomes exempt from a mask or row rule that stays where another is asked for may be one whom neither that one nor the former state leaves alone.
    private static List<Shortfall> HoldBackExempting(List<Change> drafts, List<ObservedFact> kept)
    {
        var held = drafts.Where(static c => c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.Exemption } && !c.Key.IsExemptionFromAll)
            .Select(c => (Change: c, On: kept.Find(k => k.Definition.Contains(c.Key.Detail, StringComparison.Ordinal))?.Key.Object))
            .Where(static h => h.On is not null).ToList();
        if (held.Count == 0) return [];
        drafts.RemoveAll(held.Select(static h => h.Change).ToHashSet().Contains);
        return
        [
            .. held.GroupBy(static h => h.On!).OrderBy(static g => g.Key.ToString(), StringComparer.Ordinal)
                .Select(static g => new Shortfall(g.Key, $"for that, nobody becomes exempt from what stands on it: {g.Select(static h => h.Change.Key.Subject).Distinct(StringComparer.Ordinal).Count()} people wait")),
        ];
    }

    // What such a mask or row rule asks about people, and what has another value by now, is told to no rule: neither the old value, which others may ask no more, nor the new one.
    private static List<Shortfall> HoldBackTelling(List<Change> drafts, List<ObservedFact> kept, ObservedState observed)
    {
        if (kept.Count == 0 || !drafts.Exists(IsTelling)) return [];
        var texts = kept.ConvertAll(static k => (On: k.Key.Object!, Text: new FoldedText(k.Definition)));
        var known = observed.Facts.Where(static f => f.Key.Kind == FactKind.Entitlement).ToDictionary(static f => f.Key, static f => f.Definition);
        var held = new List<(ObjectPath On, string Name)>();
        for (var i = drafts.Count - 1; i >= 0; i--)
        {
            if (!IsTelling(drafts[i])) continue;
            var was = KnownThings.Read(known.GetValueOrDefault(drafts[i].Key, "{}")) ?? new Dictionary<KnownThing, string>();
            var becomes = KnownThings.Read(drafts[i].Definition)!.ToDictionary();
            var before = held.Count;
            foreach (var (thing, _) in becomes.Where(t => was.GetValueOrDefault(t.Key) != t.Value).ToList())
            {
                if (texts.Find(t => t.Text.MayMention(thing.Name)).On is not { } on) continue;
                becomes.Remove(thing);
                held.Add((on, thing.Name));
            }

            if (held.Count == before) continue;
            if (becomes.Count == was.Count && becomes.All(t => was.GetValueOrDefault(t.Key) == t.Value)) drafts.RemoveAt(i);
            else drafts[i] = drafts[i] with { Definition = KnownThings.Print(becomes) };
        }

        return
        [
            .. held.GroupBy(static h => h.On).OrderBy(static g => g.Key.ToString(), StringComparer.Ordinal)
                .Select(static g => new Shortfall(
                    g.Key, $"for that, no rule is told what has changed of people and what stands on it asks ({string.Join(", ", g.Select(static h => h.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}): they are shown less until it is mended")),
        ];

        static bool IsTelling(Change change) => change is { Verb: ChangeVerb.Add or ChangeVerb.Replace, Key.Kind: FactKind.Entitlement } && KnownThings.Read(change.Definition) is not null;
    }

    // What it is called behind the place that it is in.
    private static bool RestsOn(ObservedFact protection, FactKey support) => protection.Definition.Contains(support.Subject[(support.Subject.LastIndexOf('.') + 1)..], StringComparison.Ordinal);

    private static bool IsProtection(FactKey key) => key is { Kind: FactKind.Mask or FactKind.RowRule, Object: not null };

    private static bool IsHeldBy(HashSet<ObjectPath> conflicted, FactKey key) => key.Object is { } on && conflicted.Contains(on);

    private static string ReasonToRemove(FactOwner owner) => owner == FactOwner.Ours
        ? "No policy asks for it any more."
        : "No policy allows it, and the person is registered: on active objects policies alone decide.";

    private static List<Residual> FirstProtected(IReadOnlyList<Change> changes, ObservedState observed)
    {
        if (observed.UnregisteredReaders.Count == 0) return [];
        var before = observed.Facts.Where(static f => f.Key.Kind is FactKind.RowRule or FactKind.Mask).Select(static f => f.Key.Object).ToHashSet();
        var now = changes.Where(static c => c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.RowRule or FactKind.Mask }).Select(static c => c.Key.Object).ToHashSet();
        now.ExceptWith(before);
        return [.. observed.UnregisteredReaders.Where(r => now.Contains(r.Object))];
    }
}
