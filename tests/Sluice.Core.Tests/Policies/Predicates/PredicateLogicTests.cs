using System.Text;
using CsCheck;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Policies.Predicates;

/// <summary>The laws of a logic of three values.</summary>
public sealed class PredicateLogicTests
{
    private const int Iterations = 3_000;

    private static readonly Predicate Unknown = new Predicate.IsNull(new Operand.Column("no such column"));

    private static readonly Gen<Predicate> Truth =
        Gen.OneOf(Gen.Const((Predicate)new Predicate.Constant(true)), Gen.Const((Predicate)new Predicate.Constant(false)), Gen.Const(Unknown));

    [Fact]
    public void Joined_conditions_agree_with_a_truth_table() =>
        Asts.Over(Truth, 0).Sample(predicate => Evaluate(predicate, Rows.Order).ShouldBe(Naive(predicate)), iter: Iterations);

    [Fact]
    public void De_Morgan_holds_in_any_row() => Gen.Select(Asts.Sayable, Asts.Sayable, Rows.Any).Sample(
        (p, q, row) =>
        {
            Evaluate(new Predicate.Not(new Predicate.All([p, q])), row)
                .ShouldBe(Evaluate(new Predicate.Any([new Predicate.Not(p), new Predicate.Not(q)]), row));
            Evaluate(new Predicate.Not(new Predicate.Any([p, q])), row)
                .ShouldBe(Evaluate(new Predicate.All([new Predicate.Not(p), new Predicate.Not(q)]), row));
            Evaluate(new Predicate.Not(new Predicate.Not(p)), row).ShouldBe(Evaluate(p, row));
            Evaluate(new Predicate.Not(p), row).ShouldBe(!Evaluate(p, row));
        },
        iter: Iterations);

    [Fact]
    public void Order_and_repetition_of_terms_mean_nothing() => Gen.Select(Asts.Sayable, Asts.Sayable, Rows.Any).Sample(
        (p, q, row) =>
        {
            Evaluate(new Predicate.All([p, q]), row).ShouldBe(Evaluate(new Predicate.All([q, p, q]), row));
            Evaluate(new Predicate.Any([p, q]), row).ShouldBe(Evaluate(new Predicate.Any([q, p, q]), row));
            Evaluate(new Predicate.Any([p, new Predicate.All([p, q])]), row).ShouldBe(Evaluate(p, row));
        },
        iter: Iterations);

    [Fact]
    public void IN_and_BETWEEN_are_what_they_abbreviate() => Gen.Select(Asts.Value, Asts.Value, Asts.Value, Rows.Any).Sample(
        (value, one, two, row) =>
        {
            Evaluate(new Predicate.In(value, [one, two]), row).ShouldBe(Evaluate(
                new Predicate.Any([Compare(ComparisonOperator.Equal, value, one), Compare(ComparisonOperator.Equal, value, two)]), row));
            Evaluate(new Predicate.Between(value, one, two), row).ShouldBe(Evaluate(
                new Predicate.All([Compare(ComparisonOperator.GreaterOrEqual, value, one), Compare(ComparisonOperator.LessOrEqual, value, two)]), row));
        },
        iter: Iterations);

    [Fact]
    public void Two_values_are_less_equal_or_greater_or_they_can_not_be_compared() => Gen.Select(Asts.Value, Asts.Value, Rows.Any).Sample(
        (left, right, row) =>
        {
            // Tags that bind several columns may disagree; each column by itself may not.
            if (PredicateNames.Of(Compare(ComparisonOperator.Equal, left, right)).Tags.Count > 0) return;
            ComparisonOperator[] operators = [ComparisonOperator.Less, ComparisonOperator.Equal, ComparisonOperator.Greater];
            var values = operators.Select(o => Evaluate(Compare(o, left, right), row)).ToArray();
            if (values.Contains(null)) values.ShouldAllBe(value => value == null);
            else values.Count(value => value == true).ShouldBe(1);
            Evaluate(Compare(ComparisonOperator.NotEqual, left, right), row).ShouldBe(!values[1]);
            Evaluate(Compare(ComparisonOperator.Greater, right, left), row).ShouldBe(values[0]);
        },
        iter: Iterations);

    [Fact]
    public void Texts_sort_as_their_bytes_in_UTF8() => Gen.Select(Asts.AnyText, Gen.OneOf("\uE000", "\uFFFD", "🦫", "🦬", "a", ""), Gen.OneOf("\uFFFD", "🦫", "b", "")).Sample(
        (start, left, right) => Evaluate(Compare(ComparisonOperator.Less, new Operand.Text(start + left), new Operand.Text(start + right)), Rows.Order)
            .ShouldBe(Encoding.UTF8.GetBytes(start + left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(start + right)) < 0),
        iter: Iterations);

    [Fact]
    public void LIKE_agrees_with_a_naive_match()
    {
        var text = Gen.OneOf("a", "b", "%", "_", "🦫").Array[0, 8].Select(string.Concat);
        Gen.Select(text, text).Sample(
            (value, pattern) => Evaluate(new Predicate.Like(new Operand.Text(value), pattern), Rows.Order)
                .ShouldBe(Matches([.. value.EnumerateRunes()], [.. pattern.EnumerateRunes()])),
            iter: 10_000);

        static bool Matches(ReadOnlySpan<Rune> value, ReadOnlySpan<Rune> pattern)
        {
            if (pattern.IsEmpty) return value.IsEmpty;
            if (pattern[0].Value == '%') return Matches(value, pattern[1..]) || (!value.IsEmpty && Matches(value[1..], pattern));
            return !value.IsEmpty && (pattern[0].Value == '_' || pattern[0] == value[0]) && Matches(value[1..], pattern[1..]);
        }
    }

    private static bool? Evaluate(Predicate predicate, PredicateRow row) => PredicateEvaluator.Evaluate(predicate, row);

    private static Predicate Compare(ComparisonOperator comparison, Operand left, Operand right) => new Predicate.Comparison(comparison, left, right);

    /// <summary>False, unknown and true as 0, 1 and 2: AND is the least, OR the greatest.</summary>
    private static bool? Naive(Predicate predicate)
    {
        return Number(predicate) switch { 0 => false, 2 => true, _ => null };

        static int Number(Predicate p) => p switch
        {
            Predicate.Constant c => c.Value ? 2 : 0,
            Predicate.Not n => 2 - Number(n.Term),
            Predicate.All a => a.Terms.Select(Number).Append(2).Min(),
            Predicate.Any a => a.Terms.Select(Number).Append(0).Max(),
            _ => 1,
        };
    }
}
