using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>Joins predicates and folds constants, unknown staying unknown: what is left means the same in every row and for every person.</summary>
internal static class Folding
{
    private static readonly Predicate.Constant True = new(true);
    private static readonly Predicate.Constant False = new(false);

    public static Predicate All(IEnumerable<Predicate> terms) => Join(terms, isAll: true);

    public static Predicate Any(IEnumerable<Predicate> terms) => Join(terms, isAll: false);

    public static Predicate Not(Predicate term) => term switch
    {
        Predicate.Constant constant => constant.Value ? False : True,
        Predicate.Not not => not.Term,
        _ => new Predicate.Not(term),
    };

    /// <summary>A condition between literals is a constant; one that is unknown stays as it is, for there is no constant for it.</summary>
    public static Predicate Leaf(Predicate leaf) =>
        PersonCondition.IsDecidable(leaf) && PersonCondition.IsAboutNobody(leaf) && PersonCondition.OfNobody(leaf) is { } value ? value ? True : False : leaf;

    private static Predicate Join(IEnumerable<Predicate> terms, bool isAll)
    {
        var kept = new List<Predicate>();
        foreach (var term in terms)
        {
            if (term is Predicate.Constant constant)
            {
                if (constant.Value != isAll) return constant;
            }
            else if (isAll && term is Predicate.All all) kept.AddRange(all.Terms);
            else if (!isAll && term is Predicate.Any any) kept.AddRange(any.Terms);
            else kept.Add(term);
        }

        var distinct = kept.Distinct().ToValueList();
        return distinct.Count switch
        {
            0 => isAll ? True : False,
            1 => distinct[0],
            _ => isAll ? new Predicate.All(distinct) : new Predicate.Any(distinct),
        };
    }
}
