using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using static Sluice.Core.Tests.Naive.Scene;

namespace Sluice.Core.Tests.Naive;

/// <summary>What policies.md says about what people see, a sentence and what it makes of one cell or one row.</summary>
public sealed class DataSentenceTests
{
    private static readonly MaskFunction Null = new MaskFunction.Null();
    private static readonly MaskFunction Hash = new MaskFunction.Hash();
    private static readonly MaskFunction Stars = new MaskFunction.Constant("***");
    private static readonly MaskFunction Digits = new MaskFunction.Regex("[0-9]", "#", IgnoresCase: false, IsGlobal: true);
    private static readonly MaskFunction Letters = new MaskFunction.Regex("[a-z]", "#", IgnoresCase: false, IsGlobal: true);
    private static readonly Predicate Unknown = new Predicate.Comparison(ComparisonOperator.Equal, Column("region"), new Operand.Null());
    private static readonly Predicate Error = Is(Column("region"), 1);
    private static readonly Predicate Missing = Is(Column("nowhere"), 1);

    private static readonly (string Sentence, Scene Scene, string Column, MaskFunction? Mask)[] Masked =
    [
        ("no rule, no mask", new(), "ssn", null),
        ("a rule that covers the column", new(Rules(MaskTag("PII", Hash))), "ssn", Hash),
        ("and no other", new(Rules(MaskTag("PII", Hash))), "region", null),
        ("fields: any of them selects", new(Rules(new DataRule.Masking { Fields = [new ColumnSelector.Named("x"), new ColumnSelector.Matching("^s", false)], Function = Hash })), "ssn", Hash),
        ("staged", new(Rules(MaskTag("PII", Hash)) with { IsStaged = true }), "ssn", null),
        ("circumstances don't hold", new(Rules(MaskTag("PII", Hash)) with { Circumstances = [new Circumstance.NoTags()] }), "ssn", null),
        ("an exempt person", new(Rules(MaskTag("PII", Hash) with { Exceptions = Except("A") })) { Person = In("A") }, "ssn", null),
        ("a person who isn't", new(Rules(MaskTag("PII", Hash) with { Exceptions = Except("A") })) { Person = In("B") }, "ssn", Hash),
        ("an unknown group exempts nobody", new(Rules(MaskTag("PII", Hash) with { Exceptions = Except("Ghosts") })) { Person = In("Ghosts") }, "ssn", Hash),
        ("a disabled person is exempt from nothing", new(Rules(MaskTag("PII", Hash) with { Exceptions = Except("A") })) { Person = In("A") with { IsEnabled = false } }, "ssn", Hash),
        ("a condition that is true", new(Rules(Mask("ssn", Hash, Is(Column("region"), "EU")))), "ssn", Hash),
        ("a condition that is false", new(Rules(Mask("ssn", Hash, Is(Column("region"), "US")))), "ssn", null),
        ("a condition that is unknown", new(Rules(Mask("ssn", Hash, Unknown))), "ssn", Hash),
        ("a condition that is an error", new(Rules(Mask("ssn", Hash, Error))), "ssn", Hash),
        ("an error beside what is false", new(Rules(Mask("ssn", Hash, new Predicate.All([new Predicate.Constant(false), Error])))), "ssn", Hash),
        ("conditional masks mask always where a column is missing", new(Rules(Mask("ssn", Hash, Missing))), "ssn", Hash),
        ("or a tag", new(Rules(Mask("ssn", Hash, Is(Tagged("Nothing"), "x")))), "ssn", Hash),
        ("even where the rest is false", new(Rules(Mask("ssn", Hash, new Predicate.All([new Predicate.Constant(false), Missing])))), "ssn", Hash),
        ("skip: not applied", new(Rules(Mask("ssn", Hash, Missing)) with { WhenUnbound = UnboundBehaviour.Skip }), "ssn", null),
        ("several columns with the tag: true for one", Other("US", Rules(Mask("ssn", Hash, Is(Tagged("Region"), "US")))), "ssn", Hash),
        ("several columns with the tag: false for each", new(Rules(Mask("ssn", Hash, Is(Tagged("Region"), "US")))), "ssn", null),

        ("the strictest decides: Null > Constant", new(Rules(Mask("ssn", Stars), Mask("ssn", Null))), "ssn", Null),
        ("Constant > Hash", new(Rules(Mask("ssn", Hash), Mask("ssn", Stars))), "ssn", Stars),
        ("Hash > Regex", new(Rules(Mask("ssn", Digits)), Rules(Mask("ssn", Hash))), "ssn", Hash),
        ("Regex > Custom", new(Rules(Mask("ssn", Digits)), Rules(Mask("ssn", Custom("f", 9)))), "ssn", Digits),
        ("Constant > Rounding", new(Rules(Mask("amount", new MaskFunction.RoundNumber(10)), Mask("amount", new MaskFunction.Constant("0")))), "amount", new MaskFunction.Constant("0")),
        ("Rounding > Custom", new(Rules(Mask("amount", new MaskFunction.RoundNumber(10)), Mask("amount", Custom("f", 9)))), "amount", new MaskFunction.RoundNumber(10)),
        ("Custom by declared rank", new(Rules(Mask("ssn", Custom("f", 1)), Mask("ssn", Custom("g", 2)))), "ssn", Custom("g", 2)),
        ("of one rank, different functions", new(Rules(Mask("ssn", Custom("f", 1)), Mask("ssn", Custom("g", 1)))), "ssn", Null),
        ("two of one kind that are equal", new(Rules(Mask("ssn", Digits)), Rules(Mask("ssn", Digits))), "ssn", Digits),
        ("two of one kind with other parameters", new(Rules(Mask("ssn", Digits)), Rules(Mask("ssn", Letters))), "ssn", Null),
        ("and a stricter kind added to them doesn't lower the cell", new(Rules(Mask("ssn", Digits), Mask("ssn", Letters), Mask("ssn", Hash))), "ssn", Null),
        ("Rounding: the coarser if it is a multiple", new(Rules(Mask("amount", new MaskFunction.RoundNumber(10)), Mask("amount", new MaskFunction.RoundNumber(30)))), "amount", new MaskFunction.RoundNumber(30)),
        ("else Null", new(Rules(Mask("amount", new MaskFunction.RoundNumber(10)), Mask("amount", new MaskFunction.RoundNumber(15)))), "amount", Null),
        ("and what is a multiple of both doesn't lower the cell", new(Rules(Mask("amount", new MaskFunction.RoundNumber(10)), Mask("amount", new MaskFunction.RoundNumber(15)), Mask("amount", new MaskFunction.RoundNumber(30)))), "amount", Null),
        ("dates: the coarser", new(Rules(Mask("born", new MaskFunction.RoundTime(TimePrecision.Year)), Mask("born", new MaskFunction.RoundTime(TimePrecision.Month)))), "born", new MaskFunction.RoundTime(TimePrecision.Year)),
        ("only masks whose condition isn't false compose", new(Rules(Mask("ssn", Hash), Mask("ssn", Null, new Predicate.Constant(false)))), "ssn", Hash),

        ("can't apply to the type: Hash of a boolean", new(Rules(Mask("is_open", Hash))), "is_open", Null),
        ("Hash of a number with a fraction", new(Rules(Mask("amount", Hash))), "amount", Null),
        ("Hash of an integer", new(Rules(Mask("id", Hash))), "id", Hash),
        ("Regex of a number", new(Rules(Mask("id", Digits))), "id", Null),
        ("a number's rounding of a date", new(Rules(Mask("born", new MaskFunction.RoundNumber(10)))), "born", Null),
        ("a date's rounding of a number", new(Rules(Mask("amount", new MaskFunction.RoundTime(TimePrecision.Month)))), "amount", Null),
        ("a date rounded to an hour would stay as it is", new(Rules(Mask("born", new MaskFunction.RoundTime(TimePrecision.Hour)))), "born", Null),
        ("an integer rounded to a fraction", new(Rules(Mask("id", new MaskFunction.RoundNumber(0.5m)))), "id", Null),
        ("a constant that is no value of the type", new(Rules(Mask("id", Stars))), "id", Null),
        ("a constant that is one", new(Rules(Mask("id", new MaskFunction.Constant("-1")))), "id", new MaskFunction.Constant("-1")),
    ];

    private static readonly (string Sentence, Scene Scene, bool IsVisible)[] Rowed =
    [
        ("no rule", new(), true),
        ("true", new(Rules(Rows(Is(Column("region"), "EU")))), true),
        ("false", new(Rules(Rows(Is(Column("region"), "US")))), false),
        ("NULL counts as false", new(Rules(Rows(Unknown))), false),
        ("and so does its negation", new(Rules(Rows(new Predicate.Not(Unknown)))), false),
        ("an error never counts as true", new(Rules(Rows(new Predicate.Any([new Predicate.Constant(true), Error])))), false),
        ("nor does the IS NULL of one", new(Rules(Rows(new Predicate.IsNull(new Operand.Call(ScalarFunction.Lower, [Column("id")]))))), false),
        ("every rule", new(Rules(Rows(Is(Column("region"), "EU")), Rows(Is(Column("id"), 8)))), false),
        ("from which the person isn't exempt", new(Rules(Rows(Is(Column("id"), 8)) with { Exceptions = Except("A") })) { Person = In("A") }, true),
        ("exempt from one of two", new(Rules(Rows(Is(Column("id"), 8)) with { Exceptions = Except("A") }, Rows(Is(Column("id"), 9)))) { Person = In("A") }, false),
        ("staged", new(Rules(Rows(Is(Column("id"), 8))) with { IsStaged = true }), true),
        ("circumstances don't hold", new(Rules(Rows(Is(Column("id"), 8))) with { Circumstances = [new Circumstance.NoTags()] }), true),
        ("a person's predicate in a row rule", new(Rules(Rows(new Predicate.Any([Is(Column("id"), 8), new Predicate.InGroups(["A"])])))) { Person = In("A") }, true),
        ("unbound: the non-exempt are denied", new(Rules(Rows(new Predicate.Any([new Predicate.Constant(true), Missing])))), false),
        ("unbound: the exempt are not", new(Rules(Rows(Missing) with { Exceptions = Except("A") })) { Person = In("A") }, true),
        ("unbound by a tag", new(Rules(Rows(Is(Tagged("Nothing"), "x")))), false),
        ("unbound, skip: not applied", new(Rules(Rows(Missing)) with { WhenUnbound = UnboundBehaviour.Skip }), true),
        ("several columns with the tag: the rule holds for each", Other("US", Rules(Rows(Is(Tagged("Region"), "EU")))), false),
        ("for each: the whole rule", Other("US", Rules(Rows(new Predicate.Any([Is(Tagged("Region"), "EU"), Is(Tagged("Region"), "US")])))), true),

        ("by entitlements: among the person's values", new(ByAttribute("home")) { Person = Named("ann", null, ("Region", "EU")) }, true),
        ("by entitlements: not among them", new(ByAttribute("home")) { Person = Named("ann", null, ("Region", "US")) }, false),
        ("by entitlements: NULL is among none", Row(2, null, ByAttribute("ssn")) with { Person = Named("ann", null, ("Region", "EU")) }, false),
        ("by entitlements: among their groups", Row(0, "A", Rules(new DataRule.RowsByEntitlements(SetOperator.All, [new(new ColumnSelector.Named("region"), null)]))) with { Person = In("A") }, true),
        ("by entitlements: several columns, each", Other("US", ByTag()) with { Person = Named("ann", null, ("Region", "EU")) }, false),
        ("by entitlements: several columns, each of them is", Other("US", ByTag()) with { Person = Named("ann", null, ("Region", "EU"), ("Region", "US")) }, true),
        ("by entitlements: any", new(Both(SetOperator.Any)) { Person = Named("ann", null, ("Region", "EU")) }, true),
        ("by entitlements: all", new(Both(SetOperator.All)) { Person = Named("ann", null, ("Region", "EU")) }, false),
        ("by entitlements: one column missing", new(Rules(new DataRule.RowsByEntitlements(SetOperator.Any, [new(new ColumnSelector.Named("region"), "Region"), new(new ColumnSelector.Named("nowhere"), "Region")]))) { Person = Named("ann", null, ("Region", "EU")) }, false),
        ("by entitlements: a number as text", new(ByAttribute("id")) { Person = Named("ann", null, ("Region", "7")) }, true),

        ("newer than", new(Rules(new DataRule.RowsByTime(new ColumnSelector.Named("born"), TimeSpan.FromDays(90)))), true),
        ("older", new(Rules(new DataRule.RowsByTime(new ColumnSelector.Named("born"), TimeSpan.FromDays(14)))), false),
        ("NULL is not newer", Row(5, null, Rules(new DataRule.RowsByTime(new ColumnSelector.Named("born"), TimeSpan.FromDays(90)))), false),
        ("the age of a text is an error", new(Rules(new DataRule.RowsByTime(new ColumnSelector.Named("ssn"), TimeSpan.FromDays(90)))), false),
        ("minimisation: all", new(Rules(new DataRule.RowsByShare(100, new ColumnSelector.Named("id")))), true),
        ("minimisation: none", new(Rules(new DataRule.RowsByShare(0, new ColumnSelector.Named("id")))), false),
        // SHA-256 of "7" begins with 7902699b: 0.4727 of the whole.
        ("minimisation: within the share", new(Rules(new DataRule.RowsByShare(48, new ColumnSelector.Named("id")))), true),
        ("minimisation: beyond the share", new(Rules(new DataRule.RowsByShare(47, new ColumnSelector.Named("id")))), false),
        ("minimisation: NULL is in no share", Row(4, null, Rules(new DataRule.RowsByShare(100, new ColumnSelector.Named("id")))), false),

        ("LIKE", new(Rules(Rows(new Predicate.Like(Column("ssn"), "___-%-6789")))), true),
        ("LIKE is case-sensitive", new(Rules(Rows(new Predicate.Like(Column("region"), "e%")))), false),
        ("IN", new(Rules(Rows(new Predicate.In(Column("region"), [new Operand.Text("US"), new Operand.Text("EU")])))), true),
        ("NOT IN with a NULL is unknown", new(Rules(Rows(new Predicate.Not(new Predicate.In(Column("region"), [new Operand.Text("US"), new Operand.Null()]))))), false),
        ("BETWEEN, both ends", new(Rules(Rows(new Predicate.Between(Column("id"), new Operand.Number(7), new Operand.Number(7))))), true),
        ("BETWEEN of a date", new(Rules(Rows(new Predicate.Between(Column("born"), new Operand.Text("2026-06-01"), new Operand.Text("2026-06-02"))))), true),
        ("unknown OR true", new(Rules(Rows(new Predicate.Any([Unknown, new Predicate.Constant(true)])))), true),
    ];

    public static TheoryData<string> MaskSentences => [.. Masked.Select(t => t.Sentence)];

    public static TheoryData<string> RowSentences => [.. Rowed.Select(t => t.Sentence)];

    [Theory]
    [MemberData(nameof(MaskSentences))]
    public void A_cell_is_masked_as_the_design_says(string sentence)
    {
        var (_, scene, column, mask) = Masked.Single(t => t.Sentence == sentence);

        scene.MaskOf(column).ShouldBe(mask);
    }

    [Theory]
    [MemberData(nameof(RowSentences))]
    public void A_row_is_visible_as_the_design_says(string sentence)
    {
        var (_, scene, isVisible) = Rowed.Single(t => t.Sentence == sentence);

        scene.SeesRow.ShouldBe(isVisible);
    }

    private static MaskFunction.Custom Custom(string function, int rank) => new([new("Snowflake", function)], rank);

    private static Scene Row(int column, object? value, params Policy[] policies)
    {
        var scene = new Scene(policies);
        return scene with { Row = [.. scene.Row[..column], value, .. scene.Row[(column + 1)..]] };
    }

    /// <summary>The other of the two columns that are tagged Region holds this.</summary>
    private static Scene Other(string home, params Policy[] policies) => Row(1, home, policies);

    private static DataPolicy ByAttribute(string column) =>
        Rules(new DataRule.RowsByEntitlements(SetOperator.All, [new(new ColumnSelector.Named(column), "Region")]));

    private static DataPolicy ByTag() => Rules(new DataRule.RowsByEntitlements(SetOperator.Any, [new(new ColumnSelector.Tagged("Region"), "Region")]));

    private static DataPolicy Both(SetOperator joined) => Rules(new DataRule.RowsByEntitlements(
        joined, [new(new ColumnSelector.Named("region"), "Region"), new(new ColumnSelector.Named("ssn"), "Region")]));
}
