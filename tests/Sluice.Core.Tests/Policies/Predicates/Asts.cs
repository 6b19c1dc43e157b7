using CsCheck;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Core.Tests.Catalog;

namespace Sluice.Core.Tests.Policies.Predicates;

/// <summary>Predicates as the parser could have made them.</summary>
internal static class Asts
{
    internal static readonly Gen<string> AnyText = Gen.OneOf(Gen.Const(""), Gen.OneOf("%", "_", "''", "A", "PII.Email", "EU"), Names.WellFormed);

    internal static readonly Gen<string> ColumnName =
        Gen.OneOf(Gen.OneOf("a", "b", "_c", "AND", "null", "True", "lower", "isInGroups", "9a", "a b", "\"\"", "é"), Names.WellFormed);

    private static readonly Gen<ScalarFunction> OneArgument =
        Gen.OneOf(ScalarFunction.Lower, ScalarFunction.Upper, ScalarFunction.Trim, ScalarFunction.Length, ScalarFunction.Abs);

    private static readonly Gen<Operand> Simple = Gen.OneOf(
        AnyText.Select(text => (Operand)new Operand.Text(text)),
        Gen.OneOf(Gen.Decimal, Gen.Int[-9, 9].Select(i => (decimal)i), Gen.OneOf(decimal.MaxValue, decimal.MinValue, 1.50m, -0.0m, 0.0000000000000000000000000001m))
            .Select(number => (Operand)new Operand.Number(number)),
        Gen.Bool.Select(value => (Operand)new Operand.Boolean(value)),
        ColumnName.Select(name => (Operand)new Operand.Column(name)),
        Names.WellFormed.Select(tag => (Operand)new Operand.TaggedColumn(tag)),
        Gen.Enum<PropertyKind>().Select(kind => (Operand)new Operand.Property(kind)));

    internal static readonly Gen<Operand> Value = Gen.Recursive<Operand>((depth, self) => depth > 3
        ? Simple
        : Gen.Frequency(
            (6, Simple),
            (1, Gen.Select(OneArgument, OrNull(self), (function, argument) => (Operand)new Operand.Call(function, [argument]))),
            (1, OrNull(self).Array[1, 3].Select(arguments => (Operand)new Operand.Call(ScalarFunction.Coalesce, arguments.ToValueList())))));

    private static readonly Gen<TagPlace> Place = Gen.Enum<TagPlace>();

    private static readonly Gen<Predicate> Leaf = Gen.OneOf(
        Gen.Bool.Select(value => (Predicate)new Predicate.Constant(value)),
        Gen.Select(Gen.Enum<ComparisonOperator>(), Value, Value, (o, l, r) => (Predicate)new Predicate.Comparison(o, l, r)),
        Gen.Select(Value, Value.Array[1, 4], (value, items) => (Predicate)new Predicate.In(value, items.ToValueList())),
        Gen.Select(Value, AnyText, (value, pattern) => (Predicate)new Predicate.Like(value, pattern)),
        Gen.Select(Value, Value, Value, (value, low, high) => (Predicate)new Predicate.Between(value, low, high)),
        OrNull(Value).Select(value => (Predicate)new Predicate.IsNull(value)),
        Names.WellFormed.Array[1, 3].Select(groups => (Predicate)new Predicate.InGroups(groups.ToValueList())),
        Gen.Select(Names.WellFormed, AnyText, (name, value) => (Predicate)new Predicate.HasAttribute(name, value)),
        Gen.Select(Names.WellFormed, Value, (name, value) => (Predicate)new Predicate.AttributeContains(name, value)),
        Value.Select(value => (Predicate)new Predicate.GroupsContain(value)),
        Gen.Select(Names.WellFormed, Place, (name, place) => (Predicate)new Predicate.TagIsAttribute(name, place)),
        Place.Select(place => (Predicate)new Predicate.TagIsGroup(place)));

    /// <summary>Anything the language can say.</summary>
    internal static readonly Gen<Predicate> Sayable = Over(Leaf, 2);

    /// <summary>Conditions joined in every way over given ones.</summary>
    internal static Gen<Predicate> Over(Gen<Predicate> leaf, int fewest) => Gen.Recursive<Predicate>((depth, self) => depth > 4
        ? leaf
        : Gen.Frequency(
            (3, leaf),
            (1, self.Select(term => (Predicate)new Predicate.Not(term))),
            (1, self.Array[fewest, 4].Select(terms => (Predicate)new Predicate.All(terms.ToValueList()))),
            (1, self.Array[fewest, 4].Select(terms => (Predicate)new Predicate.Any(terms.ToValueList())))));

    private static Gen<Operand> OrNull(Gen<Operand> value) => Gen.Frequency((6, value), (1, Gen.Const((Operand)new Operand.Null())));
}
