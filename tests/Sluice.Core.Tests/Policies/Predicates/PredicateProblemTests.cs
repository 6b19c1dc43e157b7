using Sluice.Core.Policies.Predicates;

namespace Sluice.Core.Tests.Policies.Predicates;

public sealed class PredicateProblemTests
{
    private const string Comparisons = "(=, <>, <, <=, >, >=, IN, LIKE, BETWEEN or IS)";

    [Theory]
    // What is no token.
    [InlineData("a = 'x", "1:5 the text that begins here has no closing '; one inside it is written twice")]
    [InlineData("\"a = 1", "1:1 the name that begins here has no closing \"; one inside it is written twice")]
    [InlineData("\"\" = 1", "1:1 this name is empty")]
    [InlineData("größe = 1", "1:1 a name with other characters than ASCII letters, digits and _ is written in double quotes")]
    [InlineData("`a` = 1", "1:1 a name with other characters than letters, digits and _ is written in double quotes")]
    [InlineData("a != 1", "1:3 unlike is written <>")]
    [InlineData("a == 1", "1:3 equal is written =")]
    [InlineData("a = 1 -- all", "1:7 comments are not part of the language")]
    [InlineData("a = 1 -- it's\nAND b = 1", "1:7 comments are not part of the language")]
    [InlineData("a = 1 /* all */", "1:7 comments are not part of the language")]
    [InlineData("a + 1 = 2", "1:3 there is no arithmetic and no joining of texts in the language")]
    [InlineData("a || 'x' = 'y'", "1:3 there is no arithmetic and no joining of texts in the language")]
    [InlineData("a = .5", "1:5 a number begins with a digit: 0.5")]
    [InlineData("t.a = 1", "1:2 a column is named alone: without the table in front of it")]
    [InlineData("a = 1; DROP TABLE t", "1:6 one condition is all: nothing ends or follows it")]
    [InlineData("@ = 1", "1:1 the name of a function follows @, such as @username")]
    [InlineData("a = 1 ~", "1:7 the character '~' has no meaning here")]
    [InlineData("a\u00A0= 1", "1:2 the character U+00A0 has no meaning here")]
    [InlineData("a = 🦫", "1:5 the character U+1F9AB has no meaning here")]
    [InlineData("a = 1e5", "1:5 is no number: one is digits, and a point with digits after it if need be, without an exponent")]
    [InlineData("a = 1.2.3", "1:5 is no number: one is digits, and a point with digits after it if need be, without an exponent")]
    [InlineData("a = 79228162514264337593543950336", "1:5 this number can't be kept exactly: write at most 28 digits")]
    [InlineData("a = 0.00000000000000000000000000001", "1:5 this number can't be kept exactly: write at most 28 digits")]
    // What is out of place.
    [InlineData("", "1:1 expected a value or a condition and found the end")]
    [InlineData(" \n ", "2:2 expected a value or a condition and found the end")]
    [InlineData("a =", "1:4 expected a value or a condition and found the end")]
    [InlineData("a = AND b = 1", "1:5 expected a value or a condition and found 'AND'")]
    [InlineData("a = 1 AND", "1:10 expected a value or a condition and found the end")]
    [InlineData("a = 1 ANDD b = 1", "1:7 expected AND or OR and found 'ANDD'; did you mean AND?")]
    [InlineData("a = 1 b = 1", "1:7 expected AND or OR and found 'b'")]
    [InlineData("a LIK 'x'", "1:3 expected a comparison " + Comparisons + " and found 'LIK'; did you mean LIKE?")]
    [InlineData("a 'x'", "1:3 expected a comparison " + Comparisons + " and found 'x'")]
    [InlineData("a NOT = 1", "1:3 expected a comparison " + Comparisons + " and found 'NOT'")]
    [InlineData("SELECT 1 FROM t", "1:8 expected a comparison " + Comparisons + " and found '1'")]
    [InlineData("(a = 1", "1:7 expected AND, OR or ) and found the end")]
    [InlineData("(a, b) IN (1)", "1:3 expected AND, OR or ) and found ','")]
    [InlineData("a = 1)", "1:6 this ) closes no (")]
    [InlineData("a = 1, b = 2", "1:6 expected AND, OR or the end and found ','")]
    [InlineData("a IN 1", "1:6 expected ( and the values after IN and found '1'")]
    [InlineData("a IN ()", "1:7 expected a value or a condition and found ')'")]
    [InlineData("a IN (1 2)", "1:9 expected , or ) and found '2'")]
    [InlineData("a IN (SELECT b FROM t)", "1:14 expected , or ) and found 'b'")]
    [InlineData("a LIKE b", "1:8 expected a pattern in single quotes after LIKE and found 'b'")]
    [InlineData("a BETWEEN 1 2", "1:13 expected AND and the upper end of BETWEEN and found '2'")]
    [InlineData("a IS 1", "1:6 expected NULL or NOT NULL and found '1'")]
    [InlineData("a IS NOT TRUE", "1:10 expected NULL and found 'TRUE'")]
    // What is of the wrong kind.
    [InlineData("active", "1:1 active is a value and no condition: compare it with another " + Comparisons)]
    [InlineData("a = 1 OR b", "1:10 b is a value and no condition: compare it with another " + Comparisons)]
    [InlineData("NOT 'x'", "1:5 'x' is a value and no condition: compare it with another " + Comparisons)]
    [InlineData("@username", "1:1 @username is a value and no condition: compare it with another " + Comparisons)]
    [InlineData("(a) AND TRUE", "1:1 a is a value and no condition: compare it with another " + Comparisons)]
    [InlineData("1 < a < 2", "1:1 this is a condition and no value: it can't be compared or handed to a function")]
    [InlineData("@isInGroups('A') = TRUE", "1:1 this is a condition and no value: it can't be compared or handed to a function")]
    [InlineData("LOWER(@isInGroups('A')) = 'x'", "1:7 this is a condition and no value: it can't be compared or handed to a function")]
    // NULL.
    [InlineData("a = NULL", "1:5 nothing is = NULL: use IS NULL")]
    [InlineData("NULL <> a", "1:1 nothing is <> NULL: use IS NOT NULL")]
    [InlineData("a < (NULL)", "1:5 nothing is < NULL: use IS NULL")]
    [InlineData("a NOT IN (1, NULL)", "1:14 IN never finds NULL: use IS NULL beside it")]
    [InlineData("NULL LIKE 'x'", "1:1 nothing is LIKE NULL: use IS NULL")]
    [InlineData("a BETWEEN NULL AND 1", "1:11 nothing is BETWEEN anything and NULL: use IS NULL")]
    [InlineData("@groupsContains(NULL)", "1:17 @groupsContains never finds NULL: use IS NULL")]
    // Functions.
    [InlineData("@isInGroup('A')", "1:1 '@isInGroup' is not a function of the language; did you mean @isInGroups?")]
    [InlineData("isInGroups('A')", "1:1 'isInGroups' is not a function of the language; did you mean @isInGroups?")]
    [InlineData("@lower(a) = 'x'", "1:1 '@lower' is not a function of the language; did you mean LOWER?")]
    [InlineData("@isUsingPurpose('p')", "1:1 @isUsingPurpose is not available yet; use a group or an attribute")]
    [InlineData("EXISTS (SELECT 1 FROM t) AND a = 1", "1:1 'EXISTS' is not a function of the language; there are @attributeValuesContains, "
        + "@columnReference, @columnTagged, @database, @groupsContains, @hasAttribute, @hasTagAsAttribute, @hasTagAsGroup, @hostname, @iam, @isInGroups, "
        + "@schema, @table, @username, ABS, COALESCE, LENGTH, LOWER, TRIM, UPPER")]
    [InlineData("@username() = 'x'", "1:10 @username is written without parentheses")]
    [InlineData("@isInGroups", "1:12 expected ( after @isInGroups, as in @isInGroups('A', 'B') and found the end")]
    [InlineData("@isInGroups()", "1:1 @isInGroups takes at least 1 argument: @isInGroups('A', 'B')")]
    [InlineData("@isInGroups('')", "1:13 the group's name is empty")]
    [InlineData("@isInGroups(Analysts)", "1:13 expected a text in single quotes, as in @isInGroups('A', 'B'), and found the name 'Analysts'")]
    [InlineData("@isInGroups(5)", "1:13 expected a text in single quotes, as in @isInGroups('A', 'B'), and found '5'")]
    [InlineData("@isInGroups('A' 'B')", "1:17 expected , or ) and found 'B'")]
    [InlineData("@isInGroups('A'", "1:16 expected , or ) and found the end")]
    [InlineData("@hasAttribute('n')", "1:1 @hasAttribute takes exactly 2 arguments: @hasAttribute('name', 'value')")]
    [InlineData("@hasAttribute('n', 'v', x = (1))", "1:1 @hasAttribute takes exactly 2 arguments: @hasAttribute('name', 'value')")]
    [InlineData("@columnTagged('') = 1", "1:15 the tag's name is empty")]
    [InlineData("@columnReference('') = 1", "1:18 the column's name is empty")]
    [InlineData("LOWER() = 'x'", "1:1 LOWER takes exactly 1 argument: LOWER(text)")]
    [InlineData("LOWER(a, b) = 'x'", "1:1 LOWER takes exactly 1 argument: LOWER(text)")]
    [InlineData("COALESCE() = 'x'", "1:1 COALESCE takes at least 1 argument: COALESCE(value, value)")]
    [InlineData("@hasTagAsGroup('columns')", "1:16 expected 'dataSource' or 'column' in @hasTagAsGroup('dataSource' or 'column') and found 'columns'; did you mean 'column'?")]
    public void What_is_no_predicate_says_where_and_what_was_expected(string text, string problem) => Parsed.Problems(text).ShouldBe([problem]);

    [Theory]
    [InlineData("Region = 'EU'", "1:1 'Region' is a column, and a subscription rule decides about people before any row is read; a text is written in single quotes")]
    [InlineData("@username = \"me\"", "1:13 \"me\" is a column, and a subscription rule decides about people before any row is read; a text is written in single quotes")]
    [InlineData("@columnReference('a') = 1", "1:1 @columnReference reads a column, and a subscription rule decides about people before any row is read")]
    [InlineData("@columnTagged('a') = 1", "1:1 @columnTagged reads a column, and a subscription rule decides about people before any row is read")]
    [InlineData("@groupsContains('a')", "1:1 @groupsContains reads a column, and a subscription rule decides about people before any row is read")]
    [InlineData("@attributeValuesContains('a', 'b')", "1:1 @attributeValuesContains reads a column, and a subscription rule decides about people before any row is read")]
    public void A_subscription_rule_names_no_column(string text, string problem) => Parsed.Problems(text, PredicateScope.Person).ShouldBe([problem]);

    [Fact]
    public void Several_problems_are_told_at_once_in_their_order() =>
        Parsed.Problems("@isInGroup('A') AND a = NULL\nOR (b LIKE 5) AND c = 1 x\nOR @hasAttribute('n')").ShouldBe(
        [
            "1:1 '@isInGroup' is not a function of the language; did you mean @isInGroups?",
            "1:25 nothing is = NULL: use IS NULL",
            "2:12 expected a pattern in single quotes after LIKE and found '5'",
            "2:25 expected AND or OR and found 'x'",
            "3:4 @hasAttribute takes exactly 2 arguments: @hasAttribute('name', 'value')",
        ]);

    [Fact]
    public void No_more_than_the_first_problems_are_listed() =>
        Parsed.Problems(string.Join(" AND ", Enumerable.Repeat("a = NULL", 100))).Length.ShouldBe(SourceProblems.MaxListed);

    [Fact]
    public void What_no_platform_stores_is_told_where_it_stands()
    {
        Parsed.Problems("a = '\0'").ShouldBe(["1:6 the text holds a NUL character"]);
        Parsed.Problems("a = '\uD800'").ShouldBe(["1:6 the text is not well-formed Unicode"]);
        Parsed.Problems("a = '🦫' OR b = '\uDC00'").ShouldBe(["1:18 the text is not well-formed Unicode"]);
    }

    [Fact]
    public void A_long_text_is_shown_by_its_beginning()
    {
        Parsed.Problems($"a = 1 {new string('x', 100)}").ShouldBe([$"1:7 expected AND or OR and found '{new string('x', 40)}…'"]);
        Parsed.Problems($"a = 1 '{new string('x', 38)}🦫'").ShouldBe([$"1:7 expected AND or OR and found '{new string('x', 38)}…"]);
    }
}
