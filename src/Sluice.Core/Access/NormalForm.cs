using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Access;

/// <summary>The normal form of rules about people; see <see cref="AccessRule"/>.</summary>
internal static class NormalForm
{
    private static readonly Predicate.Constant True = new(true);
    private static readonly Predicate.Constant False = new(false);

    public static Predicate Of(Predicate predicate) => Of(predicate, isNegated: false);

    private static Predicate Of(Predicate predicate, bool isNegated) => predicate switch
    {
        Predicate.Constant constant => constant.Value != isNegated ? True : False,
        Predicate.Not not => Of(not.Term, !isNegated),
        Predicate.All all => Join(all.Terms.Select(t => Of(t, isNegated)), isAll: !isNegated),
        Predicate.Any any => Join(any.Terms.Select(t => Of(t, isNegated)), isAll: isNegated),
        Predicate.InGroups groups => Join(groups.Groups.Select(g => Leaf(new Predicate.InGroups([g]), isNegated)), isAll: !isNegated),
        Predicate.Comparison comparison => OfComparison(comparison, isNegated),
        Predicate.In among => OfIn(among, isNegated),
        Predicate.Like like => OfLeaf(like with { Value = OperandValue.Fold(like.Value) }, isNegated),
        Predicate.Between between => OfLeaf(
            new Predicate.Between(OperandValue.Fold(between.Value), OperandValue.Fold(between.Low), OperandValue.Fold(between.High)), isNegated),
        Predicate.IsNull isNull => OfLeaf(new Predicate.IsNull(OperandValue.Fold(isNull.Value)), isNegated),
        Predicate.AttributeContains contains => OfAttribute(contains.Name, OperandValue.FoldToText(contains.Value), isNegated),
        Predicate.GroupsContain contain => OfLeaf(new Predicate.GroupsContain(OperandValue.FoldToText(contain.Value)), isNegated),
        _ => OfLeaf(predicate, isNegated),
    };

    // Two operators are enough: the others are these with operands swapped, negated, or both, unknown staying unknown.
    private static Predicate OfComparison(Predicate.Comparison comparison, bool isNegated)
    {
        var (left, right) = (OperandValue.Fold(comparison.Left), OperandValue.Fold(comparison.Right));
        return comparison.Operator switch
        {
            ComparisonOperator.Equal => OfLeaf(Equal(left, right), isNegated),
            ComparisonOperator.NotEqual => OfLeaf(Equal(left, right), !isNegated),
            ComparisonOperator.Less => OfLeaf(Less(left, right), isNegated),
            ComparisonOperator.GreaterOrEqual => OfLeaf(Less(left, right), !isNegated),
            ComparisonOperator.Greater => OfLeaf(Less(right, left), isNegated),
            _ => OfLeaf(Less(right, left), !isNegated),
        };
    }

    private static Predicate.Comparison Equal(Operand left, Operand right) =>
        string.CompareOrdinal(RuleText.Of(left), RuleText.Of(right)) <= 0
            ? new(ComparisonOperator.Equal, left, right)
            : new(ComparisonOperator.Equal, right, left);

    private static Predicate.Comparison Less(Operand left, Operand right) => new(ComparisonOperator.Less, left, right);

    private static Predicate OfIn(Predicate.In among, bool isNegated)
    {
        var items = among.Items.Select(OperandValue.Fold).Select(static i => (Text: RuleText.Of(i), Item: i))
            .DistinctBy(static i => i.Text).OrderBy(static i => i.Text, StringComparer.Ordinal).Select(static i => i.Item).ToValueList();
        var value = OperandValue.Fold(among.Value);
        return items.Count == 1 ? OfLeaf(Equal(value, items[0]), isNegated) : OfLeaf(new Predicate.In(value, items), isNegated);
    }

    private static Predicate OfAttribute(string name, Operand value, bool isNegated) =>
        OfLeaf(value is Operand.Text text ? new Predicate.HasAttribute(name, text.Value) : new Predicate.AttributeContains(name, value), isNegated);

    private static Predicate OfLeaf(Predicate leaf, bool isNegated)
    {
        if (!PersonCondition.IsDecidable(leaf)) return False;
        if (PersonCondition.IsAboutNobody(leaf)) return PersonCondition.OfNobody(leaf) == !isNegated ? True : False;
        return Leaf(leaf, isNegated);
    }

    private static Predicate Leaf(Predicate leaf, bool isNegated) => isNegated ? new Predicate.Not(leaf) : leaf;

    private static Predicate Join(IEnumerable<Predicate> parts, bool isAll)
    {
        var terms = new SortedDictionary<string, Predicate>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (part is Predicate.Constant constant)
            {
                if (constant.Value != isAll) return constant;
                continue;
            }

            foreach (var term in TermsOf(part, isAll)) terms[RuleText.Of(term)] = term;
        }

        if (IsSettled(terms, isAll)) return isAll ? False : True;
        Absorb(terms, isAll);
        return terms.Count switch
        {
            0 => isAll ? True : False,
            1 => terms.Values.First(),
            _ => isAll ? new Predicate.All([.. terms.Values]) : new Predicate.Any([.. terms.Values]),
        };
    }

    private static ValueList<Predicate> TermsOf(Predicate term, bool isAll) => term switch
    {
        Predicate.All all when isAll => all.Terms,
        Predicate.Any any when !isAll => any.Terms,
        _ => [term],
    };

    // x AND NOT x is never true. x OR NOT x is true only where x can't be unknown.
    private static bool IsSettled(SortedDictionary<string, Predicate> terms, bool isAll) => terms.Values.OfType<Predicate.Not>()
        .Any(n => (isAll || !PersonCondition.CanBeUnknown(n.Term)) && terms.ContainsKey(RuleText.Of(n.Term)));

    // A OR (A AND B) = A, and A AND (A OR B) = A: a term goes when another's parts are all among its own.
    private static void Absorb(SortedDictionary<string, Predicate> terms, bool isAll)
    {
        var compound = terms.Where(static t => t.Value is Predicate.All or Predicate.Any).ToList();
        if (compound.Count == 0 || terms.Count == 1) return;
        var parts = compound.Select(t => TermsOf(t.Value, !isAll).Select(RuleText.Of).ToHashSet(StringComparer.Ordinal)).ToList();
        for (var i = 0; i < compound.Count; i++)
        {
            var isAbsorbed = parts[i].Any(terms.ContainsKey) || parts.Where((p, j) => j != i && p.Count < parts[i].Count && p.IsSubsetOf(parts[i])).Any();
            if (isAbsorbed) terms.Remove(compound[i].Key);
        }
    }
}
