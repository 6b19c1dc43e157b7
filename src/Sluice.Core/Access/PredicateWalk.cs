using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>All parts of a predicate, the whole included.</summary>
internal static class PredicateWalk
{
    public static IEnumerable<Predicate> Parts(Predicate predicate) => predicate switch
    {
        Predicate.All all => all.Terms.SelectMany(Parts).Prepend(predicate),
        Predicate.Any any => any.Terms.SelectMany(Parts).Prepend(predicate),
        Predicate.Not not => Parts(not.Term).Prepend(predicate),
        _ => [predicate],
    };

    public static IEnumerable<Predicate> Leaves(Predicate predicate) =>
        Parts(predicate).Where(static p => p is not (Predicate.All or Predicate.Any or Predicate.Not or Predicate.Constant));

    public static IEnumerable<Operand> Operands(Predicate predicate) => Leaves(predicate).SelectMany(OfLeaf).SelectMany(Parts);

    private static IEnumerable<Operand> OfLeaf(Predicate leaf) => leaf switch
    {
        Predicate.Comparison comparison => [comparison.Left, comparison.Right],
        Predicate.In among => [among.Value, .. among.Items],
        Predicate.Like like => [like.Value],
        Predicate.Between between => [between.Value, between.Low, between.High],
        Predicate.IsNull isNull => [isNull.Value],
        Predicate.AttributeContains contains => [contains.Value],
        Predicate.GroupsContain contain => [contain.Value],
        Predicate.IsNewerThan newer => [newer.Value],
        Predicate.IsInShare share => [share.Value],
        _ => [],
    };

    private static IEnumerable<Operand> Parts(Operand operand) => operand is Operand.Call call ? call.Arguments.SelectMany(Parts).Prepend(operand) : [operand];
}
