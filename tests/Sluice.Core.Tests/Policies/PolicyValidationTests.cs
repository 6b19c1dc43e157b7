using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;

namespace Sluice.Core.Tests.Policies;

public sealed class PolicyValidationTests
{
    private static readonly PolicyContext Context = new()
    {
        Groups = new HashSet<string> { "Analysts", "Audit" },
        Attributes = new HashSet<string> { "Region", "Clearance" },
        ObjectTags = new HashSet<string> { "Domain.Sales" },
        ColumnTags = new HashSet<string> { "PII.Email", "Country" },
        Columns = new HashSet<string> { "ssn", "AMOUNT", "country" },
        Connections = new HashSet<string> { "snowflake-prod" },
        HasObject = path => path.Depth == 0 || path.Names[1] == "SALES",
    };

    [Theory]
    [InlineData("""{"type": "entitlements", "entitlements": {"operator": "all", "groups": ["Analysts", "Audit"], "attributes": [{"name": "Region", "value": "anything"}]}}""")]
    [InlineData("""{"type": "entitlements", "advanced": "@isInGroups('Analysts') AND @hasAttribute('Region', 'EU') AND @hasAttribute('Region', 'US')"}""")]
    public void What_names_only_what_exists_has_no_problem(string actions) => Checked(Subscription(actions)).ShouldBeEmpty();

    [Theory]
    [InlineData(
        """{"type": "entitlements", "entitlements": {"groups": ["Analyst"]}}""",
        "Error $.actions.entitlements.groups[0]: 'Analyst' is not a known group; did you mean 'Analysts'?")]
    [InlineData(
        """{"type": "entitlements", "entitlements": {"attributes": [{"name": "region", "value": "EU"}]}}""",
        "Error $.actions.entitlements.attributes[0].name: 'region' is not a known attribute; did you mean 'Region'?")]
    [InlineData("""{"type": "entitlements", "advanced": "@isInGroups('Owls')"}""", "Error $.actions.advanced: 'Owls' is not a known group")]
    [InlineData("""{"type": "entitlements", "advanced": "@hasAttribute('Regio', 'x')"}""", "Error $.actions.advanced: 'Regio' is not a known attribute; did you mean 'Region'?")]
    [InlineData("""{"type": "entitlements", "advanced": "FALSE"}""", "Warning $.actions.advanced: can never be true, and so holds for nobody")]
    [InlineData("""{"type": "entitlements", "advanced": "TRUE"}""", "Warning $.actions.advanced: is always true, and so holds for everybody: 'type: anyone' says it plainly")]
    [InlineData(
        """{"type": "entitlements", "advanced": "@username = 'a' AND @username = 'b'"}""", "Warning $.actions.advanced: can never be true, and so holds for nobody")]
    public void What_a_subscription_names_is_held_against_what_exists(string actions, string told) => Checked(Subscription(actions)).ShouldBe([told]);

    [Theory]
    [InlineData("""[{"type": "tags", "tag": "Domain"}]""", "")]
    [InlineData("""[{"type": "tags", "tag": "Domain.Sale"}]""", "Warning $.circumstances[0].tag: 'Domain.Sale' is not a known tag of any object; did you mean 'Domain.Sales'?")]
    [InlineData("""[{"type": "columnTags", "columnTag": "PII"}]""", "")]
    [InlineData("""[{"type": "columnTags", "columnTag": "Domain.Sales"}]""", "Warning $.circumstances[0].columnTag: 'Domain.Sales' is not a known tag of any column")]
    [InlineData("""[{"type": "columnRegex", "regex": "^amount$"}]""", "Warning $.circumstances[0].regex: matches no column known so far")]
    [InlineData("""[{"type": "columnRegex", "regex": "^amount$", "caseInsensitive": true}]""", "")]
    [InlineData("""[{"type": "objectPath", "path": ["snowflake-prod", "SALES"]}]""", "")]
    [InlineData("""[{"type": "objectPath", "path": ["snowflake-prod", "HR"]}]""", "Warning $.circumstances[0].path: leads to no object known so far: snowflake-prod/HR")]
    [InlineData("""[{"type": "objectPath", "path": ["snowflake-prd"]}]""", "Warning $.circumstances[0].path[0]: 'snowflake-prd' is not a known connection; did you mean 'snowflake-prod'?")]
    [InlineData("""[{"type": "noTags"}, {"type": "tags", "tag": "Domain"}]""", "Warning $.circumstances: can't all hold for one object, and so the policy covers nothing")]
    public void Circumstances_are_held_against_what_exists(string circumstances, string told) =>
        Checked($$"""{"policyKey": "p", "type": "subscription", "circumstanceOperator": "all", "circumstances": {{circumstances}}, "actions": {"type": "anyone"} }""")
            .ShouldBe(told.Length == 0 ? [] : [told]);

    [Theory]
    [InlineData("@columnReference('amount') > 5", "")]
    [InlineData("@columnReference('amont') > 5", "Warning predicate: 'amont' is not a known column; did you mean 'AMOUNT'?")]
    [InlineData("@columnTagged('Countri') = 'DE'", "Warning predicate: 'Countri' is not a known tag of any column; did you mean 'Country'?")]
    [InlineData("1 = 2", "Warning predicate: can never be true, and so hides every row")]
    [InlineData("ssn = 'a' AND ssn = 'b'", "Warning predicate: can never be true, and so hides every row")]
    [InlineData("ssn = 'a' AND NOT (ssn = 'a')", "Warning predicate: can never be true, and so hides every row")]
    [InlineData("ssn IS NULL AND ssn LIKE 'a%'", "Warning predicate: can never be true, and so hides every row")]
    [InlineData("NOT (ssn <> 'a' OR TRUE)", "Warning predicate: can never be true, and so hides every row")]
    [InlineData("AMOUNT BETWEEN 5 AND 1", "Warning predicate: can never be true, and so hides every row")]
    [InlineData("1 < 2 OR ssn = 'a'", "Warning predicate: is true for every row, and so hides none")]
    [InlineData("ssn = 'a' OR ssn = 'b'", "")]
    [InlineData("ssn = 'a' OR NOT (ssn = 'a')", "")]
    public void Row_predicates_that_hide_all_or_nothing_are_warned_of(string predicate, string told) =>
        Checked(Documents.Documents.Rule("Row Restriction by Custom Where Clause", $$"""{"predicate": "{{predicate}}"}"""))
            .ShouldBe(told.Length == 0 ? [] : [told.Replace("Warning ", "Warning $.actions[0].rules[0].config.", StringComparison.Ordinal)]);

    [Fact]
    public void A_mask_that_covers_nothing_is_warned_of() =>
        Checked(Documents.Documents.Rule("Masking", """{"fields": [{"type": "column", "column": "snn"}], "maskingConfig": {"type": "Null"}, "conditionalPredicate": "FALSE"}""")).ShouldBe(
        [
            "Warning $.actions[0].rules[0].config.fields[0].column: 'snn' is not a known column; did you mean 'ssn'?",
            "Warning $.actions[0].rules[0].config.fields: selects no column of any object known so far, and so masks nothing",
            "Warning $.actions[0].rules[0].config.conditionalPredicate: is false for every row, and so masks nothing",
        ]);

    [Fact]
    public void A_problem_of_a_policy_that_was_read_stands_where_its_document_says()
    {
        const string Json =
            """
            {"policyKey": "p", "type": "data", "actions": [
              {"rules": [{"type": "Masking", "config": {"fields": [{"type": "column", "column": "ssn"}], "maskingConfig": {"type": "Hash"}}}]},
              {"rules": [{"type": "Masking", "config": {"fields": [{"type": "column", "column": "ssn"}], "maskingConfig": {"type": "Hash"}},
                          "exceptions": {"groups": ["Adit"]}}]}]}
            """;
        var problems = new PolicyProblems();

        PolicyValidation.Check(Documents.Documents.Read(Json), Context, problems, Documents.Documents.Parsed(Json));

        problems.Single().ToString().ShouldBe("line 4, column 41: $.actions[1].rules[0].exceptions.groups[0]: 'Adit' is not a known group; did you mean 'Audit'?");
    }

    private static string Subscription(string actions) => $$"""{"policyKey": "p", "type": "subscription", "actions": {{actions}}}""";

    private static string[] Checked(string json)
    {
        var problems = new PolicyProblems();
        PolicyValidation.Check(Documents.Documents.Read(json), Context, problems, Documents.Documents.Parsed(json));
        return [.. problems.Select(p => $"{p.Severity} {p.Path}: {p.Message}")];
    }
}
