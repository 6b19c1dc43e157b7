using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Policies.Predicates;

public sealed class PredicateParserTests
{
    private static readonly Operand A = new Operand.Column("a"), B = new Operand.Column("b"), One = new Operand.Number(1);
    private static readonly Predicate A1 = new Predicate.Comparison(ComparisonOperator.Equal, A, One);
    private static readonly Predicate B1 = new Predicate.Comparison(ComparisonOperator.Equal, B, One);
    private static readonly Predicate True = new Predicate.Constant(true);

    public static TheoryData<string, Predicate> Grammar => new()
    {
        { "TRUE", True },
        { "false", new Predicate.Constant(false) },
        { "(((True)))", True },
        { "a = 1", A1 },
        { "(a) = (1)", A1 },
        { "a<>1", new Predicate.Comparison(ComparisonOperator.NotEqual, A, One) },
        { "a<1", new Predicate.Comparison(ComparisonOperator.Less, A, One) },
        { "a<=1", new Predicate.Comparison(ComparisonOperator.LessOrEqual, A, One) },
        { "a>1", new Predicate.Comparison(ComparisonOperator.Greater, A, One) },
        { "a>=1", new Predicate.Comparison(ComparisonOperator.GreaterOrEqual, A, One) },
        { "a = TRUE", new Predicate.Comparison(ComparisonOperator.Equal, A, new Operand.Boolean(true)) },
        { "TRUE = a", new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Boolean(true), A) },
        { "NOT TRUE = a", new Predicate.Not(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Boolean(true), A)) },
        { "a = 1 AND b = 1", new Predicate.All([A1, B1]) },
        { "a = 1 AND b = 1 AND TRUE", new Predicate.All([A1, B1, True]) },
        { "(a = 1 AND b = 1) AND TRUE", new Predicate.All([new Predicate.All([A1, B1]), True]) },
        { "a = 1 OR b = 1 AND TRUE", new Predicate.Any([A1, new Predicate.All([B1, True])]) },
        { "(a = 1 OR b = 1) AND TRUE", new Predicate.All([new Predicate.Any([A1, B1]), True]) },
        { "NOT a = 1 AND b = 1", new Predicate.All([new Predicate.Not(A1), B1]) },
        { "NOT (a = 1 AND b = 1)", new Predicate.Not(new Predicate.All([A1, B1])) },
        { "nOt NoT a = 1", new Predicate.Not(new Predicate.Not(A1)) },
        { "a IN (1)", new Predicate.In(A, [One]) },
        { "a in (1, 'x', b)", new Predicate.In(A, [One, new Operand.Text("x"), B]) },
        { "a NOT IN (1)", new Predicate.Not(new Predicate.In(A, [One])) },
        { "NOT a IN (1)", new Predicate.Not(new Predicate.In(A, [One])) },
        { "a LIKE 'x%'", new Predicate.Like(A, "x%") },
        { "a NOT LIKE 'x%'", new Predicate.Not(new Predicate.Like(A, "x%")) },
        { "a BETWEEN -1 AND b AND b = 1", new Predicate.All([new Predicate.Between(A, new Operand.Number(-1), B), B1]) },
        { "a NOT BETWEEN 1 AND 1", new Predicate.Not(new Predicate.Between(A, One, One)) },
        { "a IS NULL", new Predicate.IsNull(A) },
        { "a is not null", new Predicate.Not(new Predicate.IsNull(A)) },
        { "a = 'it''s'", new Predicate.Comparison(ComparisonOperator.Equal, A, new Operand.Text("it's")) },
        { "a = ''", new Predicate.Comparison(ComparisonOperator.Equal, A, new Operand.Text("")) },
        { "a = '\\\n--🦫'", new Predicate.Comparison(ComparisonOperator.Equal, A, new Operand.Text("\\\n--🦫")) },
        { "a = -1.50", new Predicate.Comparison(ComparisonOperator.Equal, A, new Operand.Number(-1.5m)) },
        { "a = -0.0", new Predicate.Comparison(ComparisonOperator.Equal, A, new Operand.Number(0)) },
        { "a = 79228162514264337593543950335", new Predicate.Comparison(ComparisonOperator.Equal, A, new Operand.Number(decimal.MaxValue)) },
        { "\"a\" = 1", A1 },
        { "\"any \"\"name\"\"\" IS NULL", new Predicate.IsNull(new Operand.Column("any \"name\"")) },
        { "\"and\" IS NULL", new Predicate.IsNull(new Operand.Column("and")) },
        { "lower IS NULL", new Predicate.IsNull(new Operand.Column("lower")) },
        { "_x9 IS NULL", new Predicate.IsNull(new Operand.Column("_x9")) },
        { "@columnReference('any \"name\"') IS NULL", new Predicate.IsNull(new Operand.Column("any \"name\"")) },
        { "@columnTagged('PII.Email') IS NULL", new Predicate.IsNull(new Operand.TaggedColumn("PII.Email")) },
        { "@isInGroups('A', 'B')", new Predicate.InGroups(["A", "B"]) },
        { "@ISINGROUPS('A')", new Predicate.InGroups(["A"]) },
        { "@hasAttribute('n', '')", new Predicate.HasAttribute("n", "") },
        { "@attributeValuesContains('n', a)", new Predicate.AttributeContains("n", A) },
        { "@groupsContains(lower(a))", new Predicate.GroupsContain(new Operand.Call(ScalarFunction.Lower, [A])) },
        { "@hasTagAsAttribute('n', 'dataSource')", new Predicate.TagIsAttribute("n", TagPlace.DataSource) },
        { "@hasTagAsGroup('column')", new Predicate.TagIsGroup(TagPlace.Column) },
        { "COALESCE(a, b, NULL) = ABS(1)", new Predicate.Comparison(
            ComparisonOperator.Equal, new Operand.Call(ScalarFunction.Coalesce, [A, B, new Operand.Null()]), new Operand.Call(ScalarFunction.Abs, [One])) },
        { "@username = @iam", new Predicate.Comparison(
            ComparisonOperator.Equal, new Operand.Property(PropertyKind.Username), new Operand.Property(PropertyKind.Iam)) },
        { "@hostname IN (@database, @schema, @table)", new Predicate.In(
            new Operand.Property(PropertyKind.Hostname),
            [new Operand.Property(PropertyKind.Database), new Operand.Property(PropertyKind.Schema), new Operand.Property(PropertyKind.Table)]) },
    };

    [Theory]
    [MemberData(nameof(Grammar), DisableDiscoveryEnumeration = true)]
    public void The_language_reads_as_its_grammar_says(string text, Predicate expected) => Parsed.Of(text).ShouldBe(expected);

    [Theory]
    [InlineData("@isInGroups('Analysts') AND @hasAttribute('Region', 'EU')")]
    [InlineData("@username LIKE 'svc-%' OR @iam IS NULL")]
    [InlineData("@hasTagAsAttribute('Clearance', 'column') AND NOT @hasTagAsGroup('dataSource')")]
    [InlineData("@database = 'SALES' AND LOWER(@table) <> 'x'")]
    [InlineData("TRUE")]
    public void A_subscription_rule_says_what_needs_no_row(string text) =>
        Parsed.Of(text, PredicateScope.Person).ShouldBe(Parsed.Of(text, PredicateScope.Row));

    [Fact]
    public void As_deep_as_allowed_is_read_and_one_deeper_is_told()
    {
        Parsed.Of(Nested(PredicateParser.MaxDepth));
        Parsed.Problems(Nested(PredicateParser.MaxDepth + 1)).ShouldBe(["1:65 nested deeper than 64 levels"]);
        Parsed.Problems(Nested(8_000)).ShouldBe(["1:65 nested deeper than 64 levels"]);
        Parsed.Of(string.Concat(Enumerable.Repeat("NOT ", PredicateParser.MaxDepth)) + "TRUE");
        Parsed.Problems(string.Concat(Enumerable.Repeat("NOT ", 3_000)) + "TRUE").ShouldBe(["1:257 nested deeper than 64 levels"]);
        Parsed.Problems(string.Concat(Enumerable.Repeat("LOWER(", 2_000)) + "a").ShouldBe(["1:385 nested deeper than 64 levels"]);
        Parsed.Of(string.Join(" AND ", Enumerable.Repeat("a = 1", 1_000))).ShouldBeOfType<Predicate.All>().Terms.Count.ShouldBe(1_000);

        static string Nested(int depth) => new string('(', depth) + "TRUE" + new string(')', depth);
    }

    [Fact]
    public void As_long_as_allowed_is_read_and_one_byte_more_is_told()
    {
        Parsed.Of(Long(PredicateParser.MaxLength));
        const string tooLong = "1:1 the predicate is longer than 16 KiB; split it, or name a group instead of its members";
        Parsed.Problems(Long(PredicateParser.MaxLength + 1)).ShouldBe([tooLong]);
        Parsed.Problems("a = '" + new string('é', 8_190) + "'").ShouldBe([tooLong]);
        Parsed.Problems(new string('(', 10_000_000)).ShouldBe([tooLong]);

        static string Long(int length) => "a = '" + new string('x', length - 6) + "'";
    }

    [Fact]
    public void What_would_be_too_long_in_its_canonical_spelling_is_told()
    {
        var text = string.Join(" OR ", Enumerable.Repeat("a<1", 2_300));
        text.Length.ShouldBeLessThan(PredicateParser.MaxLength);
        Parsed.Problems(text).ShouldBe(
            ["1:1 the predicate is longer than 16 KiB in its canonical spelling; split it, or name a group instead of its members"]);
    }

    [Fact]
    public void Names_are_told_with_where_they_stand()
    {
        var text = "@isInGroups('A',\r\n  'it''s')\n OR @attributeValuesContains('Region', \"c d\")\rAND @columnTagged('PII') = amount";
        PredicateParser.Parse(text, PredicateScope.Row, out _, out var mentions).ShouldNotBeNull();
        mentions.ShouldBe(
        [
            new(PredicateNameKind.Group, "A", 1, 13),
            new(PredicateNameKind.Group, "it's", 2, 3),
            new(PredicateNameKind.Attribute, "Region", 3, 30),
            new(PredicateNameKind.Column, "c d", 3, 40),
            new(PredicateNameKind.Tag, "PII", 4, 19),
            new(PredicateNameKind.Column, "amount", 4, 28),
        ]);
    }

    [Fact]
    public void Names_are_gathered_once_each_and_sorted()
    {
        var names = PredicateNames.Of(Parsed.Of(
            "@isInGroups('B', 'A') AND NOT (@isInGroups('B') OR @hasAttribute('x', 'v') AND @hasTagAsAttribute('y', 'column')) "
            + "AND @attributeValuesContains('x', c) AND @groupsContains(@columnTagged('T')) AND COALESCE(d, LOWER(c)) IN (e, 'f') "
            + "AND g BETWEEN h AND i AND j LIKE 'k' AND l IS NULL"));
        names.ShouldBe(new PredicateNames(["A", "B"], ["x", "y"], ["T"], ["c", "d", "e", "g", "h", "i", "j", "l"]));
        PredicateNames.Of(new Predicate.All([
            new Predicate.IsNewerThan(new Operand.Column("t"), TimeSpan.FromDays(1)), new Predicate.IsInShare(new Operand.TaggedColumn("id"), 1)]))
            .ShouldBe(new PredicateNames([], [], ["id"], ["t"]));
    }
}
