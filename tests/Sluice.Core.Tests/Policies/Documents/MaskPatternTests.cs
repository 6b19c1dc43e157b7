using System.Text.RegularExpressions;
using CsCheck;
using Sluice.Core.Policies.Documents;

namespace Sluice.Core.Tests.Policies.Documents;

public sealed class MaskPatternTests
{
    [Theory]
    [InlineData("^[0-9]{3}-[0-9]{2}$", 0)]
    [InlineData(@"(.+)@([A-Za-z0-9-]+)\.com", 2)]
    [InlineData("(a|bc)*d?", 1)]
    [InlineData("((a)(b)){2,}", 3)]
    [InlineData("[^a-z_-]+", 0)]
    [InlineData(@"\(\[\{\|\}\]\)\*\+\?\.\^\$\\", 0)]
    [InlineData("é🦫+", 0)]
    [InlineData("abc|ab|a", 0)]
    public void What_means_the_same_everywhere_is_taken(string pattern, int groups)
    {
        MaskPattern.Check(pattern, out var found).ShouldBeNull();

        found.ShouldBe(groups);
        Should.NotThrow(() => new Regex(pattern, RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("a|", 3, "empty")]
    [InlineData("()", 2, "empty")]
    [InlineData("a|ab", 3, "longer alternative before 'a'")]
    [InlineData("a*?", 3, "lazy")]
    [InlineData("a++", 3, "possessive")]
    [InlineData("a{2}{3}", 5, "doubled")]
    [InlineData("*a", 1, "repeats nothing")]
    [InlineData("^*", 2, "anchor")]
    [InlineData("(?:a)", 1, "look-around")]
    [InlineData("(?<=a)b", 1, "look-around")]
    [InlineData(@"(a)\1", 4, "backreferences")]
    [InlineData(@"\d", 1, "[0-9]")]
    [InlineData(@"a\b", 2, "backslash stands before")]
    [InlineData("a\\", 2, "at the end")]
    [InlineData("(a", 1, "not closed")]
    [InlineData("a)", 2, "closes nothing")]
    [InlineData("[a", 1, "not closed")]
    [InlineData("[]a]", 2, "empty")]
    [InlineData("[[:alpha:]]", 2, "other platforms")]
    [InlineData("[z-a]", 2, "upwards")]
    [InlineData("[A-z]", 2, "one case")]
    [InlineData("[a&&b]", 3, "other platforms")]
    [InlineData(@"[\]]", 2, "other platforms")]
    [InlineData("[a-c-e]", 5, "'-' stands")]
    [InlineData("a{3,2}", 2, "repetitions")]
    [InlineData("a{256}", 2, "repetitions")]
    [InlineData("a{,2}", 2, "repetitions")]
    [InlineData("a{0}", 2, "repetitions")]
    [InlineData("}", 1, @"\}")]
    public void What_does_not_is_refused_where_it_stands(string pattern, int at, string told)
    {
        var problem = MaskPattern.Check(pattern, out _);

        problem.ShouldNotBeNull();
        problem.ShouldStartWith($"at character {at}: ");
        problem.ShouldContain(told);
    }

    [Theory]
    [InlineData(@"\1-\2", 2, null)]
    [InlineData(@"\\$1", 0, null)]
    [InlineData(@"x\3", 2, "at character 2: names group 3")]
    [InlineData(@"\0", 2, "at character 1: a backslash")]
    [InlineData("x\\", 2, "at character 2: a backslash")]
    public void A_replacement_names_groups_that_there_are(string replacement, int groups, string? told)
    {
        var problem = MaskPattern.CheckReplacement(replacement, groups);

        if (told is null) problem.ShouldBeNull();
        else problem.ShouldNotBeNull().ShouldStartWith(told);
    }

    [Fact]
    public void What_is_taken_is_an_expression_of_ours_with_as_many_groups()
    {
        var taken = 0;
        Gen.String[Gen.Char["ab01()[]{}|^$.*+?\\-,]"], 1, 12].Sample(
            pattern =>
            {
                if (MaskPattern.Check(pattern, out var groups) is not null) return;
                Interlocked.Increment(ref taken);
                new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1)).GetGroupNumbers().Length.ShouldBe(groups + 1);
            },
            iter: 50_000);
        taken.ShouldBeGreaterThan(500);
    }
}
