using System.Text;
using CsCheck;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Policies.Predicates;

public sealed class PredicateTextTests
{
    private const int Iterations = 5_000;

    [Fact]
    public void What_is_written_reads_as_the_same_predicate() => Asts.Sayable.Sample(
        predicate =>
        {
            var text = PredicateText.Of(predicate);
            if (Encoding.UTF8.GetByteCount(text) > PredicateParser.MaxLength) return;
            var read = Parsed.Of(text);
            read.ShouldBe(predicate, text);
            PredicateText.Of(read).ShouldBe(text);
        },
        iter: Iterations);

    [Fact]
    public void Keywords_in_any_case_and_any_blanks_read_the_same() => Asts.Over(Spaced, 2).Sample(
        predicate =>
        {
            var text = PredicateText.Of(predicate);
            if (text.Length * 3 > PredicateParser.MaxLength) return;
            Parsed.Of(text.ToLowerInvariant()).ShouldBe(predicate);
            Parsed.Of(text.Replace(" ", "\r\n\t ", StringComparison.Ordinal)).ShouldBe(predicate);
            Parsed.Of($"(({text}))").ShouldBe(predicate);
        },
        iter: 1_000);

    [Fact]
    public void The_names_of_a_predicate_are_those_in_its_text() => Asts.Sayable.Sample(
        predicate =>
        {
            var text = PredicateText.Of(predicate);
            if (Encoding.UTF8.GetByteCount(text) > PredicateParser.MaxLength) return;
            PredicateParser.Parse(text, PredicateScope.Row, out _, out var mentions);
            PredicateNames.Of(predicate).ShouldBe(new PredicateNames(
                Named(PredicateNameKind.Group), Named(PredicateNameKind.Attribute), Named(PredicateNameKind.Tag), Named(PredicateNameKind.Column)));

            ValueList<string> Named(PredicateNameKind kind) =>
                mentions.Where(m => m.Kind == kind).Select(m => m.Name).Distinct().Order(StringComparer.Ordinal).ToValueList();
        },
        iter: 1_000);

    [Theory]
    [InlineData("a=1", "a = 1")]
    [InlineData("((a = 1) and ((b = 2)))", "a = 1 AND b = 2")]
    [InlineData("not a in (1,2)", "a NOT IN (1, 2)")]
    [InlineData("not a is null", "a IS NOT NULL")]
    [InlineData("not a not like 'x'", "NOT a NOT LIKE 'x'")]
    [InlineData("not (a = 1)", "NOT a = 1")]
    [InlineData("a = 1 or (b = 2 and (c = 3 or d = 4))", "a = 1 OR b = 2 AND (c = 3 OR d = 4)")]
    [InlineData("@COLUMNREFERENCE('a') = 007.10", "a = 7.1")]
    [InlineData("@columnReference('order') = 'it''s'", "order = 'it''s'")]
    [InlineData("\"or\" = -0.50", "\"or\" = -0.5")]
    [InlineData("lower( trim(a)) = @USERNAME", "LOWER(TRIM(a)) = @username")]
    public void Each_predicate_has_one_spelling(string written, string canonical)
    {
        PredicateText.Of(Parsed.Of(written)).ShouldBe(canonical);
        Parsed.Of(canonical).ShouldBe(Parsed.Of(written));
    }

    public static TheoryData<Predicate, string> Internal => new()
    {
        { new Predicate.IsSubscribed(SubscriptionKind.Manual), "<subscribed: manual>" },
        { new Predicate.IsNewerThan(new Operand.Column("created"), TimeSpan.FromDays(90)), "<created is newer than P90D>" },
        { new Predicate.IsInShare(new Operand.Column("id"), 10), "<10 % by id>" },
    };

    [Theory]
    [MemberData(nameof(Internal), DisableDiscoveryEnumeration = true)]
    public void What_only_rules_say_can_be_read_by_people_alone(Predicate predicate, string text)
    {
        PredicateText.Of(predicate).ShouldBe(text);
        PredicateText.Of(new Predicate.Not(predicate)).ShouldBe("NOT " + text);
        Parsed.Problems(text);
    }

    [Fact]
    public void Joined_none_and_joined_one_have_a_spelling_too()
    {
        PredicateText.Of(new Predicate.All([])).ShouldBe("TRUE");
        PredicateText.Of(new Predicate.Any([])).ShouldBe("FALSE");
        var either = Parsed.Of("a = 1 OR b = 2");
        PredicateText.Of(new Predicate.All([either])).ShouldBe("a = 1 OR b = 2");
        PredicateText.Of(new Predicate.All([new Predicate.Any([either]), new Predicate.All([])])).ShouldBe("(a = 1 OR b = 2) AND TRUE");
        PredicateText.Of(new Predicate.Not(new Predicate.All([either]))).ShouldBe("NOT (a = 1 OR b = 2)");
    }

    private static readonly Gen<Predicate> Spaced = Gen.OneOf("a = 1", "a NOT IN (b, 2)", "a BETWEEN 1 AND 2", "a IS NOT NULL", "TRUE", "@username LIKE 'x'", "LOWER(a) < 'b'")
        .Select(text => Parsed.Of(text));
}
