namespace Sluice.Core.Policies.Predicates;

/// <summary>What a predicate can come to.</summary>
[Flags]
internal enum Outcomes
{
    None = 0,
    True = 1,
    False = 2,
    Unknown = 4,
    Any = True | False | Unknown,
}

/// <summary>
/// What a predicate can come to, by simple means: constants, a term and its negation, one value that would have to be two. Everything else may be anything.
/// A person has several values of an attribute and several groups, so those never contradict each other.
/// </summary>
internal static class Truth
{
    /// <summary>At least what it really can come to.</summary>
    public static Outcomes Of(Predicate predicate) => predicate switch
    {
        Predicate.Constant p => OfConstant(p.Value),
        Predicate.Not p => Negated(Of(p.Term)),
        Predicate.All p => OfAll(p),
        Predicate.Any p => Negated(OfAll(new Predicate.All(p.Terms.Select(t => (Predicate)new Predicate.Not(t)).ToValueList()))),
        Predicate.Comparison p => OfComparison(p),
        Predicate.Between p when IsNull(p.Value) || (IsNull(p.Low) && IsNull(p.High)) => Outcomes.Unknown,
        Predicate.Between { Low: Operand.Number low, High: Operand.Number high } when low.Value > high.Value => Outcomes.False | Outcomes.Unknown,
        Predicate.In p when IsNull(p.Value) => Outcomes.Unknown,
        Predicate.In p when p.Items.All(IsNull) => Outcomes.Unknown,
        Predicate.Like p when IsNull(p.Value) => Outcomes.Unknown,
        Predicate.IsNull p when IsLiteral(p.Value) => OfConstant(IsNull(p.Value)),
        Predicate.IsNull => Outcomes.True | Outcomes.False,
        _ => Outcomes.Any,
    };

    private static Outcomes OfConstant(bool value) => value ? Outcomes.True : Outcomes.False;

    private static Outcomes Negated(Outcomes outcomes) =>
        (outcomes & Outcomes.Unknown)
        | (outcomes.HasFlag(Outcomes.True) ? Outcomes.False : Outcomes.None)
        | (outcomes.HasFlag(Outcomes.False) ? Outcomes.True : Outcomes.None);

    private static Outcomes OfAll(Predicate.All all)
    {
        var terms = Flat(all).ToList();
        var outcomes = Outcomes.True;
        foreach (var term in terms) outcomes = Both(outcomes, Of(term));
        if (outcomes.HasFlag(Outcomes.True) && Contradict(terms)) outcomes = outcomes & ~Outcomes.True;
        return outcomes;
    }

    private static Outcomes Both(Outcomes a, Outcomes b)
    {
        var both = Outcomes.None;
        if (a.HasFlag(Outcomes.True) && b.HasFlag(Outcomes.True)) both |= Outcomes.True;
        if (a.HasFlag(Outcomes.False) || b.HasFlag(Outcomes.False)) both |= Outcomes.False;
        // Unknown where one is and the other is not false.
        if ((a.HasFlag(Outcomes.Unknown) && (b & (Outcomes.True | Outcomes.Unknown)) != 0) || (b.HasFlag(Outcomes.Unknown) && (a & (Outcomes.True | Outcomes.Unknown)) != 0))
            both |= Outcomes.Unknown;
        return both;
    }

    private static IEnumerable<Predicate> Flat(Predicate predicate) => predicate switch
    {
        Predicate.All p => p.Terms.SelectMany(Flat),
        Predicate.Not { Term: Predicate.Any any } => any.Terms.SelectMany(t => Flat(new Predicate.Not(t))),
        Predicate.Not { Term: Predicate.Not { Term: var term } } => Flat(term),
        _ => [predicate],
    };

    // Whether no row and no person makes all of these true.
    private static bool Contradict(List<Predicate> terms)
    {
        var known = terms.ToHashSet();
        if (terms.Exists(t => t is Predicate.Not not && known.Contains(not.Term))) return true;
        var equalTo = new Dictionary<Operand, Operand>();
        var nulls = terms.OfType<Predicate.IsNull>().Select(n => n.Value).ToHashSet();
        foreach (var term in terms)
        {
            if (ComparedBy(term) is { } compared && nulls.Contains(compared)) return true;
            if (term is not Predicate.Comparison { Operator: ComparisonOperator.Equal } equal || Sided(equal) is not var (value, literal)) continue;
            if (equalTo.TryGetValue(value, out var other) && other.GetType() == literal.GetType() && !other.Equals(literal)) return true;
            equalTo[value] = literal;
        }

        return false;
    }

    // The value that can't be NULL where the term is true.
    private static Operand? ComparedBy(Predicate term) => term switch
    {
        Predicate.Comparison p => Sided(p)?.Value,
        Predicate.In p => p.Value,
        Predicate.Like p => p.Value,
        Predicate.Between p => p.Value,
        _ => null,
    };

    private static (Operand Value, Operand Literal)? Sided(Predicate.Comparison comparison)
    {
        if (IsSingle(comparison.Left) && IsLiteral(comparison.Right)) return (comparison.Left, comparison.Right);
        return IsSingle(comparison.Right) && IsLiteral(comparison.Left) ? (comparison.Right, comparison.Left) : null;
    }

    private static Outcomes OfComparison(Predicate.Comparison comparison) => (comparison.Left, comparison.Right) switch
    {
        (Operand.Null, _) or (_, Operand.Null) => Outcomes.Unknown,
        (Operand.Number a, Operand.Number b) => OfConstant(Holds(comparison.Operator, a.Value.CompareTo(b.Value))),
        (Operand.Boolean a, Operand.Boolean b) => OfConstant(Holds(comparison.Operator, a.Value.CompareTo(b.Value))),
        // Only equality: in what order texts come is the platform's.
        (Operand.Text a, Operand.Text b) when comparison.Operator is ComparisonOperator.Equal or ComparisonOperator.NotEqual =>
            OfConstant(Holds(comparison.Operator, string.CompareOrdinal(a.Value, b.Value))),
        _ => Outcomes.Any,
    };

    private static bool Holds(ComparisonOperator compared, int order) => compared switch
    {
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.NotEqual => order != 0,
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Greater => order > 0,
        _ => order >= 0,
    };

    private static bool IsNull(Operand operand) => operand is Operand.Null;

    private static bool IsLiteral(Operand operand) => operand is Operand.Text or Operand.Number or Operand.Boolean or Operand.Null;

    private static bool IsSingle(Operand operand) => operand is Operand.Column or Operand.Property;
}
