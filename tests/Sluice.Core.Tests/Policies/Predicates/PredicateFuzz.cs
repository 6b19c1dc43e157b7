using System.Text;
using CsCheck;
using Sluice.Core.Policies.Predicates;
using Sluice.Core.Tests.Catalog;
using Sluice.Core.Tests.Fuzzing;

namespace Sluice.Core.Tests.Policies.Predicates;

/// <summary>Whatever arrives in the place of a predicate is one, or has problems that stand within it; never an exception.</summary>
public sealed class PredicateFuzz
{
    private static readonly string[] Tokens =
    [
        "(", ")", "((((((((", "))))))))", ",", "'", "''", "\"", "\"\"", "=", "<>", "!=", "<", "<=", ">=", "AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "NULL", "TRUE",
        " ", "\n", "\r\n", "\r", "\t", "--", "/*", "*/", ";", "@", "@isInGroups(", "@hasAttribute('n', ", "@columnTagged('t')", "@username", "@iam()", "LOWER(", "COALESCE(",
        "-", "-1", "1.5", "1e9", "79228162514264337593543950336", "a", "größe", "🦫", "\0", "\uFEFF", "\u00A0", "\u2028", "'x'", "NOT NOT NOT NOT ", "IS NOT NULL",
    ];

    [Fact]
    public void Spoiled_bytes_are_a_predicate_or_have_problems_within_them()
    {
        string[] corpus =
        [
            "@isInGroups('Analysts', 'Audit') AND @hasAttribute('Region', 'it''s')", "@columnReference('amount') < 10000 OR \"any \"\"name\"\"\" IS NOT NULL",
            "NOT (a BETWEEN -1 AND 2.50 OR LOWER(TRIM(b)) LIKE 'x%_') AND c NOT IN (1, 'zwei', TRUE)", "@attributeValuesContains('n', COALESCE(a, b, NULL))\r\nAND TRUE",
            "@hasTagAsAttribute('n', 'column') OR @hasTagAsGroup('dataSource') OR @groupsContains(@columnTagged('PII.Email'))",
            "@username = @iam OR @hostname = @database OR @schema = @table", new string('(', 64) + "a = 1" + new string(')', 64), new string('x', 16_384),
        ];
        var mutation = new ByteMutation([.. corpus.Select(Encoding.UTF8.GetBytes)], [.. Tokens.Select(Encoding.UTF8.GetBytes)]);
        Fuzz.Run(mutation.Next, bytes =>
        {
            ShouldHold(Encoding.UTF8.GetString(bytes));
            ShouldHold(Encoding.Latin1.GetString(bytes));
        });
    }

    [Fact]
    public void Any_text_is_a_predicate_or_has_problems_within_it()
    {
        Fuzz.Log($"{Fuzz.Budget.TotalSeconds} s; a failure prints its own seed");
        Gen.Frequency((6, Gen.OneOf(Tokens)), (2, Gen.Const(" ")), (1, Names.AnyText), (1, Names.WellFormed)).Array[0, 40].Select(string.Concat).Sample(
            ShouldHold, time: (int)Fuzz.Budget.TotalSeconds, writeLine: Fuzz.Log);
    }

    private static void ShouldHold(string text)
    {
        foreach (var scope in Enum.GetValues<PredicateScope>())
        {
            var predicate = PredicateParser.Parse(text, scope, out var problems, out var mentions);
            (predicate is null).ShouldBe(problems.Count > 0);
            problems.Count.ShouldBeLessThanOrEqualTo(SourceProblems.MaxListed);
            var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
            foreach (var (line, column) in problems.Select(p => (p.Line, p.Column)).Concat(mentions.Select(m => (m.Line, m.Column))))
            {
                line.ShouldBeInRange(1, lines.Length);
                // The end of a line may be the CR before its LF.
                column.ShouldBeInRange(1, lines[line - 1].Length + 2);
            }

            foreach (var problem in problems) problem.Message.ShouldNotBeNullOrWhiteSpace();
            if (predicate is null) continue;
            PredicateParser.Parse(PredicateText.Of(predicate), scope, out var again).ShouldBe(predicate, text);
            again.ShouldBeEmpty();
            if (scope == PredicateScope.Person) PredicateNames.Of(predicate).Columns.Concat(PredicateNames.Of(predicate).Tags).ShouldBeEmpty();
        }
    }
}
