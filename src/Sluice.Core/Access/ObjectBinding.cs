using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Puts an object into predicates: its properties, tags and columns in place of what names them, constants folded.</summary>
internal sealed class ObjectBinding(GovernedObject target)
{
    // A tag on many columns, and several such tags in one condition, multiply. Beyond this nobody could read the rule any more; it counts as unbound.
    private const int MostInstances = 1_000;

    /// <summary>The predicate of a subscription: nothing of the object is left in it. One that names a column is for nobody.</summary>
    public Predicate BindToPeople(Predicate predicate) =>
        PredicateWalk.Operands(predicate).Any(static o => o is Operand.Column or Operand.TaggedColumn)
            ? new Predicate.Constant(false)
            : Substitution(null).Put(predicate);

    /// <summary>The predicate of a row rule, which has to hold for each column with a tag that it names; null where a tag or column is missing.</summary>
    public Predicate? BindRows(Predicate predicate) => Bind(predicate, isAll: true);

    /// <summary>
    /// The condition of a mask; null where a tag or column is missing. Of several columns with a tag that it names, each masks: the value is masked where the
    /// condition is true for any.
    /// </summary>
    public Predicate? BindCondition(Predicate predicate) => Bind(predicate, isAll: false);

    /// <summary>
    /// Whether a row rule is null for another reason than a missing tag: so many columns carry those it names that it isn't put on them. What is skipped where
    /// something is missing still holds there.
    /// </summary>
    public bool AreRowsTooWide(Predicate predicate) => IsTooWide(Parts(predicate, isAll: true));

    /// <summary>The same of the condition of a mask.</summary>
    public bool IsConditionTooWide(Predicate predicate) => IsTooWide(Parts(predicate, isAll: false));

    /// <summary>The columns that are meant; null where there is none.</summary>
    public List<GovernedColumn>? Columns(ColumnSelector selector) => ColumnMatch.In(target.Columns, selector) is { Count: > 0 } columns ? columns : null;

    private Predicate? Bind(Predicate predicate, bool isAll)
    {
        var instances = new List<Predicate>();
        foreach (var part in Parts(predicate, isAll))
        {
            if (Assignments(part) is not { } assignments) return null;
            foreach (var assignment in assignments)
            {
                var substitution = Substitution(assignment);
                instances.Add(substitution.Put(part));
                if (substitution.IsUnbound) return null;
            }
        }

        return isAll ? Folding.All(instances) : Folding.Any(instances);
    }

    private static ValueList<Predicate> Parts(Predicate predicate, bool isAll) => predicate switch
    {
        Predicate.All all when isAll => all.Terms,
        Predicate.Any any when !isAll => any.Terms,
        _ => [predicate],
    };

    private bool IsTooWide(ValueList<Predicate> parts) => parts.Any(p => TaggedColumns(p) is { } tagged && Ways(tagged) > MostInstances);

    // Every way to choose one column for each tag that the predicate names.
    private List<Dictionary<string, string>>? Assignments(Predicate predicate)
    {
        if (TaggedColumns(predicate) is not { } tagged || Ways(tagged) > MostInstances) return null;
        var ways = new List<Dictionary<string, string>> { new(StringComparer.Ordinal) };
        foreach (var (tag, columns) in tagged)
            ways = [.. ways.SelectMany(w => columns.Select(c => new Dictionary<string, string>(w, StringComparer.Ordinal) { [tag] = c.Name }))];
        return ways;
    }

    private static double Ways(List<(string Tag, List<GovernedColumn> Columns)> tagged) => tagged.Aggregate(1.0, static (ways, t) => ways * t.Columns.Count);

    // Null where a tag is on no column.
    private List<(string Tag, List<GovernedColumn> Columns)>? TaggedColumns(Predicate predicate)
    {
        var tagged = new List<(string, List<GovernedColumn>)>();
        foreach (var tag in PredicateWalk.Operands(predicate).OfType<Operand.TaggedColumn>().Select(static t => t.Tag).Distinct(StringComparer.Ordinal))
        {
            if (Columns(new ColumnSelector.Tagged(tag)) is not { } columns) return null;
            tagged.Add((tag, columns));
        }

        return tagged;
    }

    private Substitution Substitution(Dictionary<string, string>? columnsOfTags) => new(target, columnsOfTags);
}
