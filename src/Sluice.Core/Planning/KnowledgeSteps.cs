using Sluice.Core.Catalog;

namespace Sluice.Core.Planning;

/// <summary>
/// Takes a change of what is known of a person apart: what no rule in force asks yet is told before the rules that ask it come, and what no rule will ask any more is kept until those that do
/// are gone. What remains, which rules that stay ask, changes with them.
/// </summary>
internal sealed class KnowledgeSteps(DesiredState desired, ObservedState observed)
{
    private readonly Lazy<Dictionary<FactKey, string>> _known = new(() => observed.Facts.Where(static f => f.Key.Kind == FactKind.Entitlement).ToDictionary(static f => f.Key, static f => f.Definition));
    private readonly Lazy<AskedThings> _before = new(() => new AskedThings(observed.Facts.Select(static f => (f.Key, f.Definition)), observed.KeptProtections));
    private readonly Lazy<AskedThings> _after = new(() => new AskedThings(desired.Facts.Select(static f => (f.Key, f.Definition)), observed.KeptProtections));

    /// <summary>Of what shall be known what no rule in force asks yet, told beside what stays as it is; null where there is no such thing.</summary>
    public Change? ToldBeside(ObservedFact stays, DesiredFact asked)
    {
        if (KnownThings.Read(stays.Definition) is not { } was || KnownThings.Read(asked.Definition) is not { } becomes) return null;
        var early = EarlyOf(stays.Key, was, becomes);
        return early.Count == 0 ? null : new Change(ChangePhase.Prepare, ChangeVerb.Replace, stays.Key, KnownThings.Print([.. was, .. early]), asked.Reason);
    }

    /// <summary>What is done in its place, each in its phase; any other change as it is.</summary>
    public IEnumerable<Change> Of(Change draft)
    {
        if (draft.Key.Kind != FactKind.Entitlement) return [draft];
        var isRemoved = draft.Verb == ChangeVerb.Remove;
        var was = KnownThings.Read(draft.Verb == ChangeVerb.Add ? "{}" : _known.Value.GetValueOrDefault(draft.Key, ""));
        var becomes = KnownThings.Read(isRemoved ? "{}" : draft.Definition);
        if (was is null || becomes is null) return [draft with { Phase = ChangePhase.Know }];

        var early = EarlyOf(draft.Key, was, becomes);
        var late = was.Where(t => !becomes.ContainsKey(t.Key) && !_after.Value.Contains(draft.Key, t.Key)).ToList();
        // Whoever is nobody any more is forgotten at once, where rules go on asking about them.
        if (isRemoved && late.Count < was.Count) late = [];
        Dictionary<KnownThing, string> told = new([.. was, .. early]), kept = new([.. becomes, .. late]);
        var isRelearned = told.Count != kept.Count || told.Any(t => kept.GetValueOrDefault(t.Key) != t.Value);

        List<(ChangePhase Phase, Dictionary<KnownThing, string> Known)> steps = [];
        if (early.Count > 0) steps.Add((ChangePhase.Prepare, told));
        if (isRelearned || (early.Count == 0 && late.Count == 0)) steps.Add((ChangePhase.Know, kept));
        if (late.Count > 0) steps.Add((ChangePhase.Clean, []));
        return steps.Select((step, i) => i == steps.Count - 1
            ? draft with { Phase = step.Phase, Verb = isRemoved || i == 0 ? draft.Verb : ChangeVerb.Replace }
            : draft with { Phase = step.Phase, Verb = draft.Verb == ChangeVerb.Add && i == 0 ? ChangeVerb.Add : ChangeVerb.Replace, Definition = KnownThings.Print(step.Known) });
    }

    private List<KeyValuePair<KnownThing, string>> EarlyOf(FactKey of, IReadOnlyDictionary<KnownThing, string> was, IReadOnlyDictionary<KnownThing, string> becomes) =>
        [.. becomes.Where(t => !was.ContainsKey(t.Key) && !_before.Value.Contains(of, t.Key))];

    /// <summary>What rules in force may ask about people: what is known of somebody, and what their texts mention.</summary>
    private sealed class AskedThings
    {
        private readonly HashSet<(ObjectPath? On, KnownThing Thing)> _known = [];
        private readonly HashSet<ObjectPath?> _told = [];
        private readonly HashSet<string> _definitions;
        private readonly List<FoldedText> _texts;
        private readonly Dictionary<string, bool> _mentioned = new(StringComparer.Ordinal);

        public AskedThings(IEnumerable<(FactKey Key, string Definition)> facts, IReadOnlyList<string> kept)
        {
            _definitions = new HashSet<string>(kept, StringComparer.Ordinal);
            foreach (var (key, definition) in facts)
            {
                if (key.Kind is FactKind.RowRule or FactKind.Mask) _definitions.Add(definition);
                if (key.Kind != FactKind.Entitlement) continue;
                _told.Add(key.Object);
                if (KnownThings.Read(definition) is { } things) _known.UnionWith(things.Keys.Select(t => (key.Object, t)));
            }

            _texts = _definitions.Select(static d => new FoldedText(d)).ToList();
        }

        public bool Contains(FactKey of, KnownThing thing) => _known.Contains((of.Object, thing)) || (AsksAnything(of) && IsMentioned(thing.Name));

        // Else a column of that name is all that a text mentions.
        private bool AsksAnything(FactKey of) => _told.Contains(of.Object) || _definitions.Any(d => d.Contains(of.Detail, StringComparison.Ordinal));

        private bool IsMentioned(string name)
        {
            if (!_mentioned.TryGetValue(name, out var isMentioned)) _mentioned[name] = isMentioned = _texts.Exists(t => t.MayMention(name));
            return isMentioned;
        }
    }
}
