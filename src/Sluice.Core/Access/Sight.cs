using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>What one person who reads an object sees of it: the masks and row rules they are not exempt from, with the person put into them.</summary>
internal sealed class Sight
{
    // Beyond so many different conditions on one column not every way they can meet is tried: whatever changes there counts as more and as less.
    private const int MostConditions = 8;

    private static readonly Predicate.Constant Always = new(true);
    private static readonly Predicate.Constant Never = new(false);

    private readonly Dictionary<string, List<(MaskFunction Function, Predicate Condition)>> _masks = new(StringComparer.Ordinal);
    private readonly List<Predicate> _rows = [];

    public Sight(ObjectAccess access, Person person, PeopleSnapshot names, Func<AccessRule, bool> isExempt)
    {
        var (masked, visible) = (new PartialEvaluation(person, names, unknownCounts: true), new PartialEvaluation(person, names, unknownCounts: false));
        foreach (var mask in access.Masks)
        {
            if (isExempt(mask.Exempt)) continue;
            var condition = mask.Condition is { } asked ? masked.Of(asked) : Always;
            if (condition.Equals(Never)) continue;
            if (!_masks.TryGetValue(mask.Column, out var on)) _masks.Add(mask.Column, on = []);
            on.Add((mask.Function, condition));
        }

        foreach (var rule in access.RowRules)
        {
            if (isExempt(rule.Exempt)) continue;
            // Two rules hide what one of both their conditions does.
            var predicate = visible.Of(rule.Predicate);
            _rows.AddRange((predicate is Predicate.All all ? all.Terms : [predicate]).Where(static p => !p.Equals(Always)));
        }
    }

    /// <summary>The columns that may show more than in another sight.</summary>
    public IEnumerable<string> ColumnsBeyond(Sight other) =>
        other._masks.Where(m => ShowsMore(_masks.GetValueOrDefault(m.Key) ?? [], m.Value)).Select(static m => m.Key);

    /// <summary>Whether rows may be seen that another sight hides.</summary>
    public bool HasRowsBeyond(Sight other) => other._rows.Exists(hides => !_rows.Exists(own => Implies(own, hides)));

    private static bool ShowsMore(List<(MaskFunction Function, Predicate Condition)> own, List<(MaskFunction Function, Predicate Condition)> other)
    {
        var conditions = own.Concat(other).Select(static m => m.Condition).Where(static c => !c.Equals(Always)).Distinct().ToList();
        if (conditions.Count > MostConditions) return !other.TrueForAll(own.Contains) || !own.TrueForAll(other.Contains);
        for (var way = 0; way < 1 << conditions.Count; way++)
        {
            var met = conditions.Where((_, i) => (way & (1 << i)) != 0).Append(Always).ToList();
            if (!IsAsStrict(Composed(own, met), Composed(other, met))) return true;
        }

        return false;
    }

    private static MaskFunction? Composed(List<(MaskFunction Function, Predicate Condition)> masks, List<Predicate> met) =>
        MaskComposition.Of(masks.Where(m => met.Contains(m.Condition)).Select(static m => m.Function));

    private static bool IsAsStrict(MaskFunction? own, MaskFunction? other) => other is null || (own is not null && own.Equals(MaskComposition.Of([own, other])));

    // Whether each row that the one shows is shown by the other, as far as their form tells.
    private static bool Implies(Predicate one, Predicate other)
    {
        if (one.Equals(other) || one.Equals(Never) || other.Equals(Always)) return true;
        if (one is Predicate.Any either) return either.Terms.All(t => Implies(t, other));
        if (other is Predicate.All both) return both.Terms.All(t => Implies(one, t));
        if (one is Predicate.All all && all.Terms.Any(t => Implies(t, other))) return true;
        if (other is Predicate.Any any && any.Terms.Any(t => Implies(one, t))) return true;
        return one is Predicate.In few && other is Predicate.In many && few.Value.Equals(many.Value) && few.Items.All(many.Items.Contains);
    }
}
