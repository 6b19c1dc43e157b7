using System.Text;
using Sluice.Core.Policies.Documents;

namespace Sluice.Core.Tests.Policies.Documents;

public sealed class PolicyJsonTests
{
    [Fact]
    public void Every_piece_knows_where_it_stands()
    {
        var root = Documents.Parsed("{\n  \"é🦫\": [1,\n    \"x\\ty\", \"z\"],}").Root.ShouldBeOfType<DocumentNode.Mapping>();
        var list = root.Members[0].Value.ShouldBeOfType<DocumentNode.Sequence>();

        (root.Line, root.Column).ShouldBe((1, 1));
        (root.Members[0].Line, root.Members[0].Column).ShouldBe((2, 3));
        (list.Line, list.Column).ShouldBe((2, 10));
        list.Items.Select(i => (i.Line, i.Column)).ShouldBe([(2, 11), (3, 5), (3, 13)]);
        list.Items.Select(i => ((DocumentNode.Scalar)i).TextColumn).ShouldBe([null, null, 14]);
    }

    [Theory]
    [InlineData("", "$: is not valid JSON from here on", 1, 1)]
    [InlineData("{\"a\": 1} x", "$: is not valid JSON from here on", 1, 10)]
    [InlineData("{\n // no\n}", "$: is not valid JSON from here on", 2, 2)]
    [InlineData("{\"a\": \"\\ud800\"}", "$: holds a text here that is not well-formed Unicode", 1, 7)]
    [InlineData("[]", "$: holds no policy", 1, 1)]
    public void What_is_no_JSON_is_a_problem_with_a_place(string json, string told, int line, int column)
    {
        var problems = new PolicyProblems();

        PolicyJson.Read(Encoding.UTF8.GetBytes(json), problems).ShouldBeEmpty();

        problems.Told().ShouldBe([told]);
        (problems.Single().Line, problems.Single().Column).ShouldBe((line, column));
    }

    [Fact]
    public void What_is_no_UTF8_too_large_or_too_deep_is_refused()
    {
        var problems = new PolicyProblems();

        PolicyJson.Read([0xC0, 0xAF], problems).ShouldBeEmpty();
        PolicyJson.Read(new byte[PolicyDocument.MaxBytes + 1], problems).ShouldBeEmpty();
        PolicyJson.Read(Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65)), problems).ShouldBeEmpty();

        problems.Told().ShouldBe(["$: is not UTF-8", "$: is larger than 1048576 bytes", "$: is nested deeper than 64 levels"]);
    }

    [Fact]
    public void A_member_twice_is_refused() =>
        Documents.Refused("""{"policyKey": "p", "policyKey": "q", "type": "subscription", "actions": {"type": "anyone"}}""").Single().ToString()
            .ShouldBe("line 1, column 20: $.policyKey: stands here twice");
}
