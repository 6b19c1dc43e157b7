using System.Text;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;
using Sluice.Engine.Policies;

namespace Sluice.Engine.Tests.Policies;

public sealed class PolicyYamlTests
{
    private const string Anyone = "policyKey: p\ntype: subscription\nactions: {type: anyone}\n";

    [Theory]
    [InlineData("NO", ScalarKind.Text, "NO")]
    [InlineData("yes", ScalarKind.Text, "yes")]
    [InlineData("'true'", ScalarKind.Text, "true")]
    [InlineData("\"1\"", ScalarKind.Text, "1")]
    [InlineData("True", ScalarKind.Boolean, "true")]
    [InlineData("FALSE", ScalarKind.Boolean, "false")]
    [InlineData("~", ScalarKind.Null, "null")]
    [InlineData("", ScalarKind.Null, "null")]
    [InlineData("Null", ScalarKind.Null, "null")]
    [InlineData("1e3", ScalarKind.Number, "1e3")]
    [InlineData("+05.50", ScalarKind.Number, "5.50")]
    [InlineData("-.5", ScalarKind.Number, "-0.5")]
    [InlineData("1.", ScalarKind.Number, "1")]
    [InlineData("0x1F", ScalarKind.Number, "31")]
    [InlineData("0xFF", ScalarKind.Number, "255")]
    [InlineData("0o17", ScalarKind.Number, "15")]
    [InlineData("1_000", ScalarKind.Text, "1_000")]
    [InlineData("12:30", ScalarKind.Text, "12:30")]
    [InlineData("2026-01-01", ScalarKind.Text, "2026-01-01")]
    [InlineData("a b", ScalarKind.Text, "a b")]
    public void Plain_scalars_resolve_by_the_core_schema(string yaml, ScalarKind kind, string text)
    {
        var scalar = Member(Read($"a: {yaml}\n").ShouldHaveSingleItem().Root).ShouldBeOfType<DocumentNode.Scalar>();

        (scalar.Kind, scalar.Text).ShouldBe((kind, text));
    }

    [Theory]
    [InlineData("a: &x 1\n", "line 1, column 4: $: anchors are not read")]
    [InlineData("- &x a\n- *x\n", "line 1, column 3: $: anchors are not read|line 2, column 3: $: aliases are not read")]
    [InlineData("a: !!str 1\n", "line 1, column 4: $: tags are not read")]
    [InlineData("a:\n  <<: {b: 1}\n", "line 2, column 3: $: merge keys are not read")]
    [InlineData("? [a]\n: 1\n", "line 1, column 3: $: the name of a member must be a text")]
    [InlineData("a: .inf\n", "line 1, column 4: $: '.inf' is no number that can be used here; put it in quotes where it is a text")]
    [InlineData("# nothing\n", "line 1, column 1: $: holds no policy")]
    [InlineData("---\n---\n", "line 1, column 1: $: holds no policy")]
    public void What_JSON_could_not_say_is_refused(string yaml, string told)
    {
        var problems = new PolicyProblems();

        PolicyYaml.Read(Encoding.UTF8.GetBytes(yaml), problems).ShouldBeEmpty();

        problems.Select(p => p.ToString()).ShouldBe(told.Split('|'));
    }

    [Fact]
    public void What_is_no_YAML_is_a_problem_with_a_place()
    {
        var problems = new PolicyProblems();

        PolicyYaml.Read("a: b: c"u8, problems).ShouldBeEmpty();

        var problem = problems.ShouldHaveSingleItem();
        (problem.Line, problem.Column).ShouldBe((1, 5));
        problem.Message.ShouldStartWith("is not valid YAML: ");
    }

    [Fact]
    public void What_is_no_UTF8_too_large_or_too_deep_is_refused()
    {
        var problems = new PolicyProblems();

        PolicyYaml.Read([0xC0, 0xAF], problems).ShouldBeEmpty();
        PolicyYaml.Read(new byte[PolicyDocument.MaxBytes + 1], problems).ShouldBeEmpty();
        PolicyYaml.Read(Encoding.UTF8.GetBytes(new string('[', 100_000)), problems).ShouldBeEmpty();

        problems.Select(p => p.Message).ShouldBe(["is not UTF-8", "is larger than 1048576 bytes", "is not valid YAML: it is nested deeper than 64 levels"]);
    }

    [Fact]
    public void A_member_twice_is_refused()
    {
        var problems = new PolicyProblems();

        PolicyReader.ReadAll(PolicyYaml.Read(Encoding.UTF8.GetBytes($"{Anyone}type: data\n"), problems), problems).ShouldBe([null]);

        problems.Single().ToString().ShouldBe("line 4, column 1: $.type: stands here twice");
    }

    [Fact]
    public void A_text_holds_several_documents()
    {
        var documents = Read($"{Anyone}---\n{Anyone.Replace("p\n", "q\n", StringComparison.Ordinal)}");

        documents.Select(d => d.Path).ShouldBe(["$[0]", "$[1]"]);
        var problems = new PolicyProblems();
        PolicyReader.ReadAll(documents, problems).Select(p => p!.Key).ShouldBe(["p", "q"]);
    }

    [Theory]
    [InlineData("\"@isInGroups('A') AND\"", 4, 34)]
    [InlineData("username", 4, 13)]
    [InlineData("'@isInGroups(''A'') AND'", 4, 13)]
    [InlineData("|\n    @isInGroups('A') AND\n", 4, 13)]
    public void A_predicates_problem_stands_where_the_text_does(string predicate, int line, int column)
    {
        var problems = new PolicyProblems();
        var yaml = $"policyKey: p\ntype: subscription\nactions:\n  advanced: {predicate}\n  type: entitlements\n";

        PolicyReader.ReadAll(PolicyYaml.Read(Encoding.UTF8.GetBytes(yaml), problems), problems);

        (problems.First().Line, problems.First().Column).ShouldBe((line, column));
    }

    [Fact]
    public void What_is_written_names_its_schema_and_is_what_a_person_would_write()
    {
        var policy = new SubscriptionPolicy
        {
            Key = "sales-eu",
            Name = "Sales: EU",
            Kind = SubscriptionKind.Entitlements,
            Circumstances = [new Circumstance.Tagged("Domain.Sales"), new Circumstance.NoTags()],
            Entitlements = new Entitlements(SetOperator.All, ["Analysts", "NO", "1"], [new("Region", "a\nb")]),
        };

        PolicyYaml.Write(PolicyWriter.Write(policy), PolicyWriter.Write(policy with { Circumstances = null, Entitlements = null, Kind = SubscriptionKind.Anyone })).ShouldBe(
            """
            # yaml-language-server: $schema=/schemas/policy.json
            policyKey: sales-eu
            name: "Sales: EU"
            type: subscription
            circumstances:
              - type: tags
                tag: Domain.Sales
              - type: noTags
            actions:
              type: entitlements
              entitlements:
                operator: all
                groups:
                  - Analysts
                  - "NO"
                  - "1"
                attributes:
                  - name: Region
                    value: "a\nb"
            ---
            policyKey: sales-eu
            name: "Sales: EU"
            type: subscription
            actions:
              type: anyone

            """, StringCompareShould.IgnoreLineEndings);
    }

    private static DocumentNode Member(DocumentNode root) => root.ShouldBeOfType<DocumentNode.Mapping>().Members.ShouldHaveSingleItem().Value;

    private static IReadOnlyList<PolicyDocument> Read(string yaml)
    {
        var problems = new PolicyProblems();
        var documents = PolicyYaml.Read(Encoding.UTF8.GetBytes(yaml), problems);
        problems.ShouldBeEmpty();
        return documents;
    }
}
