using Sluice.Core.People;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Puts a person into a predicate about rows: what is left is about columns alone, and decides each row as the whole does for this person.</summary>
/// <param name="person">The person.</param>
/// <param name="people">Which names are known.</param>
/// <param name="unknownCounts">What unknown counts as: false in a row rule, true in the condition of a mask.</param>
internal sealed class PartialEvaluation(Person person, PeopleSnapshot people, bool unknownCounts)
{
    public Predicate Of(Predicate predicate) => Put(predicate, unknownCounts);

    // Below a negation unknown counts as the opposite, and so comes to the same above it.
    private Predicate Put(Predicate predicate, bool unknown) => predicate switch
    {
        Predicate.Constant => predicate,
        Predicate.All all => Folding.All(all.Terms.Select(t => Put(t, unknown))),
        Predicate.Any any => Folding.Any(any.Terms.Select(t => Put(t, unknown))),
        Predicate.Not not => Folding.Not(Put(not.Term, !unknown)),
        _ => PutLeaf(predicate, unknown),
    };

    private Predicate PutLeaf(Predicate leaf, bool unknown)
    {
        if (PersonCondition.IsDecidable(leaf)) return new Predicate.Constant(PersonCondition.Of(leaf, person, people, Subscriptions.None) ?? unknown);
        return leaf switch
        {
            Predicate.AttributeContains contains when !people.KnownAttributes.Contains(contains.Name) => new Predicate.Constant(unknown),
            Predicate.AttributeContains contains => Among(contains.Value, person.Attributes.Where(a => a.Name == contains.Name).Select(static a => a.Value), unknown),
            Predicate.GroupsContain contain => Among(contain.Value, person.Groups, unknown),
            Predicate.Comparison comparison => Open(new Predicate.Comparison(comparison.Operator, Put(comparison.Left), Put(comparison.Right)), unknown),
            Predicate.In among => Open(new Predicate.In(Put(among.Value), among.Items.Select(Put).ToValueList()), unknown),
            Predicate.Between between => new Predicate.Between(Put(between.Value), Put(between.Low), Put(between.High)),
            Predicate.Like like => like with { Value = Put(like.Value) },
            Predicate.IsNull isNull => new Predicate.IsNull(Put(isNull.Value)),
            _ => leaf,
        };
    }

    private static Predicate Open(Predicate leaf, bool unknown) =>
        leaf is Predicate.Comparison { Left: Operand.Null } or Predicate.Comparison { Right: Operand.Null } or Predicate.In { Value: Operand.Null }
            ? new Predicate.Constant(unknown)
            : leaf;

    // Of no values: false, but unknown where the column is NULL.
    private Predicate Among(Operand value, IEnumerable<string> values, bool unknown)
    {
        var items = values.Order(StringComparer.Ordinal).Select(static Operand (v) => new Operand.Text(v)).ToValueList();
        if (items.Count > 0) return new Predicate.In(Put(value), items);
        return unknown ? new Predicate.IsNull(Put(value)) : new Predicate.Constant(false);
    }

    private Operand Put(Operand operand) => operand switch
    {
        Operand.Property => OperandValue.IsDecidable(operand)
            ? OperandValue.Of(operand, person) is string text ? new Operand.Text(text) : new Operand.Null()
            : operand,
        Operand.Call call => OperandValue.Fold(new Operand.Call(call.Function, call.Arguments.Select(Put).ToValueList())),
        _ => operand,
    };
}
