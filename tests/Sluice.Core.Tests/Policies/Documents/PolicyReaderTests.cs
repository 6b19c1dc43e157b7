using System.Text;
using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;

namespace Sluice.Core.Tests.Policies.Documents;

public sealed class PolicyReaderTests
{
    [Fact]
    public void A_subscription_policy_is_read_in_full()
    {
        var policy = Documents.Read(
            """
            {"policyKey": "sales-eu", "name": "Sales", "type": "subscription", "staged": true, "circumstanceOperator": "all", "whenUnbound": "skip",
             "circumstances": [
               {"type": "tags", "tag": "Domain.Sales"}, {"type": "columnTags", "columnTag": "PII"}, {"type": "columnRegex", "regex": "^ssn$", "caseInsensitive": true},
               {"type": "noTags"}, {"type": "objectPath", "path": ["snowflake-prod", "SALES"]}],
             "actions": {"type": "entitlements", "mode": "required", "accessGrant": "WRITE",
               "entitlements": {"operator": "all", "groups": ["Analysts"], "attributes": [{"name": "Region", "value": "EU"}]}}}
            """);

        policy.ShouldBe(new SubscriptionPolicy
        {
            Key = "sales-eu",
            Name = "Sales",
            IsStaged = true,
            CircumstanceOperator = SetOperator.All,
            WhenUnbound = UnboundBehaviour.Skip,
            Circumstances =
            [
                new Circumstance.Tagged("Domain.Sales"), new Circumstance.ColumnTagged("PII"), new Circumstance.ColumnMatches("^ssn$", true),
                new Circumstance.NoTags(), new Circumstance.AtOrBelow(new ObjectPath("snowflake-prod", "SALES")),
            ],
            Kind = SubscriptionKind.Entitlements,
            Mode = SubscriptionMode.Required,
            Access = AccessKind.Write,
            Entitlements = new Entitlements(SetOperator.All, ["Analysts"], [new("Region", "EU")]),
        });
    }

    [Fact]
    public void The_rules_of_all_actions_are_one_policys()
    {
        var policy = Documents.Read(
            """
            {"policyKey": "mask-pii", "type": "data", "actions": [
              {"rules": [{"type": "Masking", "config": {"fields": [{"type": "columnTags", "columnTag": "PII"}], "maskingConfig": {"type": "Hash"}},
                          "exceptions": {"operator": "any", "groups": ["Privacy Office"]}}]},
              {"rules": [
                {"type": "Row Restriction By User Entitlements", "config": {"operator": "all", "matches": [
                  {"column": {"type": "columnTags", "columnTag": "Region"}, "attribute": "Region"}, {"column": {"type": "column", "column": "team"}, "groups": true}]}},
                {"type": "Time Restriction", "config": {"column": {"type": "column", "column": "at"}, "newerThan": "P90D"}},
                {"type": "Minimization", "config": {"percent": 10, "on": {"type": "columnRegex", "regex": "_id$"}}}]}]}
            """).ShouldBeOfType<DataPolicy>();

        policy.Name.ShouldBe("mask-pii");
        policy.Rules.ShouldBe(
        [
            new DataRule.Masking
            {
                Fields = [new ColumnSelector.Tagged("PII")], Function = new MaskFunction.Hash(), Exceptions = new Entitlements(SetOperator.Any, ["Privacy Office"], []),
            },
            new DataRule.RowsByEntitlements(
                SetOperator.All, [new EntitlementMatch(new ColumnSelector.Tagged("Region"), "Region"), new EntitlementMatch(new ColumnSelector.Named("team"), null)]),
            new DataRule.RowsByTime(new ColumnSelector.Named("at"), TimeSpan.FromDays(90)),
            new DataRule.RowsByShare(10, new ColumnSelector.Matching("_id$", false)),
        ]);
    }

    public static TheoryData<string, MaskFunction> MaskCases => new()
    {
        { """{"type": "Null"}""", new MaskFunction.Null() },
        { """{"type": "Constant", "constant": ""}""", new MaskFunction.Constant("") },
        { """{"type": "Hash"}""", new MaskFunction.Hash() },
        { """{"type": "Regex", "regex": "[0-9]+", "replacement": "x"}""", new MaskFunction.Regex("[0-9]+", "x", false, true) },
        { """{"type": "Regex", "regex": "(a)b", "replacement": "\\1", "caseInsensitive": true, "global": false}""", new MaskFunction.Regex("(a)b", @"\1", true, false) },
        { """{"type": "Rounding", "bucketSize": 2.5}""", new MaskFunction.RoundNumber(2.5m) },
        { """{"type": "Rounding", "bucketSize": 1e3}""", new MaskFunction.RoundNumber(1000) },
        { """{"type": "Rounding", "precision": "MONTH"}""", new MaskFunction.RoundTime(TimePrecision.Month) },
        {
            """{"type": "Custom", "functions": {"Snowflake": "MASKS.F", "Databricks": "main.masks.f"}, "rank": 3}""",
            new MaskFunction.Custom([new("Databricks", "main.masks.f"), new("Snowflake", "MASKS.F")], 3)
        },
    };

    [Theory]
    [MemberData(nameof(MaskCases))]
    public void Masks_are_read(string config, MaskFunction function) =>
        Documents.Read(Documents.Mask(config)).ShouldBeOfType<DataPolicy>().Rules.Single().ShouldBeOfType<DataRule.Masking>().Function.ShouldBe(function);

    [Fact]
    public void Every_problem_is_told_at_once_each_where_it_stands()
    {
        var problems = Documents.Refused(
            """
            {"policyKey": "a b", "nam": "x", "staged": "yes",
             "type": "subscription", "certification": {}, "circumstances": [],
             "actions": {"type": "aproval",
               "mode": 5, "entitlements": {"groups": ["A", 7], "purposes": []}}}
            """);

        problems.Select(p => $"{p.Line}:{p.Column} {p.Path}: {p.Message}").ShouldBe(
        [
            "1:15 $.policyKey: may only hold ASCII letters, digits, '-', '_' and '.'",
            "1:44 $.staged: must be true or false, not a text",
            "2:64 $.circumstances: must hold at least one item",
            "3:22 $.actions.type: must be one of anyone, approval, entitlements, manual, not 'aproval'; did you mean 'approval'?",
            "4:12 $.actions.mode: must be a text, not a number; put it in quotes",
            "4:48 $.actions.entitlements.groups[1]: must be a text, not a number; put it in quotes",
            "4:52 $.actions.entitlements.purposes: is not available yet",
            "1:22 $.nam: is not a known member; did you mean 'name'?",
            "2:26 $.certification: is not available yet",
        ]);
    }

    [Theory]
    [InlineData("""{}""", "$.policyKey: is required|$.type: is required|$.actions: is required")]
    [InlineData("""[1]""", "$[0]: must be an object, not a number")]
    [InlineData("""{"policyKey": "p", "type": "data", "actions": {}}""", "$.actions: must be a list, not an object")]
    [InlineData("""{"policyKey": "p", "type": "data", "actions": null}""", "$.actions: is null: leave it out, give it a value, or put it in quotes where the word is meant")]
    [InlineData("""{"policyKey": "p", "type": "subscription", "circumstances": null, "actions": {"type": "anyone"}}""", "$.circumstances: is null: leave it out, give it a value, or put it in quotes where the word is meant")]
    [InlineData("""{"policyKey": "p", "type": "subscription", "actions": []}""", "$.actions: must be an object, not a list")]
    [InlineData("""{"policyKey": "p", "type": "subscription", "actions": {"type": "entitlements"}}""", "$.actions.entitlements: is required, or 'advanced' in its place")]
    [InlineData("""{"policyKey": "p", "type": "subscription", "actions": {"type": "approval"}}""", "$.actions.approvals: is required: who approves")]
    [InlineData(
        """{"policyKey": "p", "type": "subscription", "actions": {"type": "manual", "entitlements": {"groups": ["A"]}}}""",
        "$.actions.entitlements: goes with type entitlements only, not with manual")]
    [InlineData(
        """{"policyKey": "p", "type": "subscription", "actions": {"type": "entitlements", "entitlements": {"groups": ["A", "B"]}}}""",
        "$.actions.entitlements.operator: is required with more than one condition: any or all")]
    [InlineData(
        """{"policyKey": "p", "type": "subscription", "actions": {"type": "entitlements", "entitlements": {"operator": "any"}}}""",
        "$.actions.entitlements: names neither groups nor attributes, and so nobody: name one, or leave it out")]
    [InlineData(
        """{"policyKey": "p", "type": "subscription", "circumstances": [{"type": "tags", "tag": "A..B"}], "actions": {"type": "anyone"}}""",
        "$.circumstances[0].tag: has an empty part: a tag is names joined by single dots, as in PII.Email")]
    [InlineData(
        """{"policyKey": "p", "type": "subscription", "circumstances": [{"type": "columnRegex", "regex": "(a"}], "actions": {"type": "anyone"}}""",
        "$.circumstances[0].regex: is not a regular expression: insufficient closing parentheses at character 3")]
    [InlineData(
        """{"policyKey": "p", "type": "subscription", "circumstances": [{"type": "columnRegex", "regex": "(?=a)"}], "actions": {"type": "anyone"}}""",
        "$.circumstances[0].regex: can't be matched without backtracking: leave out look-around, backreferences, atomic groups and conditions, and repeat less")]
    [InlineData(
        """{"policyKey": "p", "type": "subscription", "circumstances": [{"type": "objectPath", "path": ["a", "b", "c", "d", "e"]}], "actions": {"type": "anyone"}}""",
        "$.circumstances[0].path: has 5 names; the deepest object has 4")]
    public void What_is_wrong_is_told(string json, string told)
    {
        var problems = new PolicyProblems();
        var document = PolicyJson.Read(Encoding.UTF8.GetBytes(json), problems).ShouldHaveSingleItem();

        PolicyReader.Read(document.Root, problems, document.Path).ShouldBeNull();

        problems.Told().ShouldBe(told.Split('|'));
    }

    [Theory]
    [InlineData("""{"type": "Rounding"}""", "bucketSize: is required for numbers, or 'precision' for dates and times")]
    [InlineData("""{"type": "Rounding", "bucketSize": 0}""", "bucketSize: must be greater than 0")]
    [InlineData("""{"type": "Rounding", "bucketSize": 1, "precision": "DAY"}""", "precision: stands beside 'bucketSize': keep one of them")]
    [InlineData("""{"type": "Rounding", "bucketSize": 1e99}""", "bucketSize: has too many digits")]
    [InlineData("""{"type": "Constant", "constant": 5}""", "constant: must be a text, not a number; put it in quotes")]
    [InlineData("""{"type": "Regex", "regex": "a+?", "replacement": "x"}""", "regex: at character 3: lazy, possessive and doubled quantifiers differ between platforms")]
    [InlineData("""{"type": "Regex", "regex": "(a)", "replacement": "x\\2"}""", "replacement: at character 2: names group 2, and the pattern has 1")]
    [InlineData(
        """{"type": "Custom", "functions": {"Snowflake": "f(); DROP TABLE x"}}""",
        "functions.Snowflake: must be the name of a function with its database and schema, as in governance.masks.shorten: it must be names joined by dots, each of ASCII letters, digits and '_' and not beginning with a digit, or else in double quotes")]
    [InlineData("""{"type": "Custom", "functions": {}}""", "functions: must name a function for at least one of Glue, Databricks, Snowflake, PostgreSQL")]
    [InlineData("""{"type": "Hash", "salt": "x"}""", "salt: is not a known member; known here: type")]
    public void A_mask_that_is_none_is_refused(string config, string told) =>
        Documents.Refused(Documents.Mask(config)).Told().ShouldBe([$"$.actions[0].rules[0].config.maskingConfig.{told}"]);

    [Theory]
    [InlineData("Time Restriction", """{"column": {"type": "column", "column": "at"}, "newerThan": "P1M"}""", "newerThan: must not count in years or months, whose length varies: write days, as in P30D")]
    [InlineData("Minimization", """{"percent": 100, "on": {"type": "column", "column": "id"}}""", "percent: must be a whole number from 1 to 99")]
    [InlineData("Row Restriction By User Entitlements", """{"matches": [{"column": {"type": "column", "column": "a"}}]}""", "matches[0].attribute: is required, or 'groups: true' in its place")]
    [InlineData("Row Restriction By User Entitlements", """{"matches": [{"column": {"type": "column", "column": "a"}, "groups": false}]}""", "matches[0].groups: can only be true: name an 'attribute' in its place")]
    [InlineData("Row Restriction by Custom Where Clause", """{}""", "predicate: is required")]
    public void A_rule_that_is_none_is_refused(string type, string config, string told) =>
        Documents.Refused(Documents.Rule(type, config)).Told().ShouldBe([$"$.actions[0].rules[0].config.{told}"]);

    [Fact]
    public void A_predicates_problem_is_shown_in_the_document_where_the_text_stands_as_it_is()
    {
        var plain = Documents.Refused("""{"policyKey": "p", "type": "subscription", "actions": {"type": "entitlements", "advanced": "@isInGroups('A') AND"}}""").Single();
        var escaped = Documents.Refused("""{"policyKey": "p", "type": "subscription", "actions": {"type": "entitlements", "advanced": "@isInGroups('A')\nAND"}}""").Single();

        plain.Path.ShouldBe("$.actions.advanced");
        (plain.Line, plain.Column).ShouldBe((1, 113));
        (escaped.Line, escaped.Column).ShouldBe((1, 92));
        escaped.Message.ShouldEndWith("(line 2, column 4 of the predicate)");
    }

    [Fact]
    public void A_key_stands_in_a_text_once()
    {
        var problems = new PolicyProblems();
        const string One = """{"policyKey": "p", "type": "subscription", "actions": {"type": "anyone"}}""";

        var policies = PolicyReader.ReadAll(PolicyJson.Read(Encoding.UTF8.GetBytes($"[{One},\n{One}]"), problems), problems);

        policies[0].ShouldNotBeNull();
        policies[1].ShouldBeNull();
        problems.Single().ToString().ShouldBe("line 2, column 15: $[1].policyKey: 'p' is the key of an earlier policy of this text");
    }

    [Fact]
    public void Only_so_many_problems_are_listed_and_all_are_counted()
    {
        var members = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"m{i}\": 1"));

        var problems = Documents.Refused($$"""{"policyKey": "p", "type": "subscription", "actions": {"type": "anyone"}, {{members}}}""");

        problems.Count.ShouldBe(201);
        problems.HasErrors.ShouldBeTrue();
    }
}
