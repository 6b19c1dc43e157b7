using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Testing.Naive;

namespace Sluice.Testing.Cases;

/// <summary>
/// Predicates that mean the same in every dialect and here: no order of texts, which collations decide, numbers within 28 digits, no division, patterns in
/// ASCII without a backslash.
/// </summary>
internal sealed class PredicateCases(Dice dice, CaseOptions options)
{
    /// <summary>Without columns: what subscription rules take.</summary>
    internal Predicate OfPerson(int depth = 2) => depth > 0 && dice.Chance(45) ? Joined(depth, OfPerson) : PersonAtom();

    /// <summary>With columns of these names, by name or by tag, and with none of them now and then.</summary>
    internal Predicate OfRow(IReadOnlyList<string> columns, int depth = 2)
    {
        if (depth > 0 && dice.Chance(45)) return Joined(depth, d => OfRow(columns, d));
        return dice.Chance(20) ? PersonAtom() : RowAtom(columns);
    }

    private Predicate Joined(int depth, Func<int, Predicate> term) => dice.Between(1, 5) switch
    {
        1 => new Predicate.Not(term(depth - 1)),
        2 or 3 => new Predicate.All(dice.Times(2, 3, _ => term(depth - 1)).ToValueList()),
        _ => new Predicate.Any(dice.Times(2, 3, _ => term(depth - 1)).ToValueList()),
    };

    private Predicate PersonAtom()
    {
        var (name, values) = dice.From(Vocabulary.Attributes);
        return dice.Between(1, 20) switch
        {
            <= 7 => new Predicate.InGroups(dice.Some(Vocabulary.Groups, 1, dice.Chance(25) ? 2 : 1)),
            <= 12 => new Predicate.HasAttribute(name, dice.From(values)),
            13 => new Predicate.TagIsAttribute(dice.OneOf("Domain", "Clearance"), dice.OneOf(TagPlace.DataSource, TagPlace.Column)),
            14 => new Predicate.TagIsGroup(dice.OneOf(TagPlace.DataSource, TagPlace.Column)),
            15 => IsOneOf(PropertyKind.Username, dice.Some(Vocabulary.Usernames, 1, 3)),
            16 => IsOneOf(PropertyKind.Iam, [dice.OneOf("okta", "entra", "local")]),
            17 => IsOneOf(dice.OneOf(PropertyKind.Database, PropertyKind.Hostname), ["HR", "db.example.com"]),
            18 => IsOneOf(PropertyKind.Schema, Spelled(dice.Some(Vocabulary.Schemas, 1, 2))),
            19 => IsOneOf(PropertyKind.Table, Spelled(dice.Some(Vocabulary.Tables, 1, 4))),
            _ => dice.OneOf<Predicate>(
                new Predicate.InGroups([Vocabulary.UnknownGroup]), new Predicate.HasAttribute(Vocabulary.UnknownAttribute, "1"), new Predicate.Constant(true),
                new Predicate.Constant(false), new Predicate.IsNull(new Operand.Property(PropertyKind.Iam))),
        };
    }

    private ValueList<string> Spelled(ValueList<string> names) => names.Select(options.ObjectName).ToValueList();

    private static Predicate IsOneOf(PropertyKind property, ValueList<string> values) => values.Count == 1
        ? new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Property(property), new Operand.Text(values[0]))
        : new Predicate.In(new Operand.Property(property), values.Select(Operand (v) => new Operand.Text(v)).ToValueList());

    private Predicate RowAtom(IReadOnlyList<string> columns)
    {
        if (dice.Chance(4))
        {
            return new Predicate.IsNull(dice.OneOf<Operand>(new Operand.Column(Vocabulary.MissingColumn), new Operand.TaggedColumn(Vocabulary.MissingTag)));
        }

        if (dice.Chance(35))
        {
            var (tag, kind) = dice.From(Vocabulary.TypedTags);
            return About(new Operand.TaggedColumn(tag), kind);
        }

        var name = dice.From(columns);
        return About(new Operand.Column(name), Vocabulary.Columns.Single(c => c.Name == name).Kind);
    }

    private Predicate About(Operand value, ColumnKind kind)
    {
        if (dice.Chance(12)) return new Predicate.IsNull(value);
        return kind switch
        {
            ColumnKind.Text => AboutText(value),
            ColumnKind.Integer => dice.Chance(25) ? new Predicate.AttributeContains("Code", value) : AboutNumber(value),
            ColumnKind.Numeric => AboutNumber(value),
            ColumnKind.Date when options.ComparesDates => AboutDate(value),
            ColumnKind.Boolean => new Predicate.Comparison(Equality(), value, new Operand.Boolean(dice.Chance(50))),
            _ => new Predicate.Not(new Predicate.IsNull(value)),
        };
    }

    private Predicate AboutText(Operand value) => dice.Between(1, 10) switch
    {
        1 or 2 => new Predicate.AttributeContains(dice.Chance(95) ? "Region" : Vocabulary.UnknownAttribute, value),
        3 => new Predicate.GroupsContain(value),
        4 => new Predicate.Like(value, dice.OneOf("E%", "%a%", "_S", "%@%", "___-__-____", "%", "")),
        5 => new Predicate.In(value, dice.Some(["EU", "US", "DE", "O'Brien", "漢字", ""], 1, 3).Select(Operand (v) => new Operand.Text(v)).ToValueList()),
        6 => Equal(new Operand.Call(dice.OneOf(ScalarFunction.Lower, ScalarFunction.Upper), [value]), new Operand.Text(dice.OneOf("eu", "EU"))),
        7 => Equal(new Operand.Call(ScalarFunction.Coalesce, [value, new Operand.Text("EU")]), new Operand.Text("EU")),
        8 => AboutNumber(new Operand.Call(ScalarFunction.Length, [value])),
        9 => Equal(new Operand.Call(ScalarFunction.Trim, [value]), dice.OneOf<Operand>(new Operand.Text("x"), new Operand.Property(PropertyKind.Username))),
        _ => new Predicate.Comparison(Equality(), value, new Operand.Text(dice.OneOf("EU", "US", "DE", ""))),
    };

    private Predicate AboutNumber(Operand value) => dice.Between(1, 8) switch
    {
        1 or 2 => new Predicate.Between(value, Number(-10, 1), Number(1, 10000)),
        3 => new Predicate.In(value, [Number(0, 2), Number(2, 42), Number(42, 42)]),
        4 => new Predicate.Comparison(dice.From(Enum.GetValues<ComparisonOperator>()), new Operand.Call(ScalarFunction.Abs, [value]), Number(0, 100)),
        _ => new Predicate.Comparison(dice.From(Enum.GetValues<ComparisonOperator>()), value, Number(-10, 10000)),
    };

    private Operand.Number Number(int low, int high) => new(dice.Chance(30) ? dice.OneOf(0m, 9999.99m, 10000m, 0.5m) : dice.Between(low, high));

    private Predicate AboutDate(Operand value) => dice.Chance(40)
        ? new Predicate.Between(value, Date("1999-12-31", "2024-02-29"), Date("2025-06-01", "2026-06-14"))
        : new Predicate.Comparison(dice.From(Enum.GetValues<ComparisonOperator>()), value, Date("2024-02-29", "2026-01-01"));

    private Operand.Text Date(string one, string other) => new(dice.OneOf(one, other));

    private ComparisonOperator Equality() => dice.Chance(70) ? ComparisonOperator.Equal : ComparisonOperator.NotEqual;

    private static Predicate.Comparison Equal(Operand left, Operand right) => new(ComparisonOperator.Equal, left, right);
}
