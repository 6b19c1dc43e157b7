using System.Text;
using Sluice.Core.Policies.Documents;
using Sluice.Core.Tests.Fuzzing;

namespace Sluice.Core.Tests.Policies.Documents;

/// <summary>Whatever arrives as a policy is read or a list of problems, never an exception; what is read can be written and read again.</summary>
public sealed class PolicyFuzz
{
    private static readonly string[] Corpus =
    [
        """
        {"policyKey": "sales-eu", "name": "Sales", "type": "subscription", "staged": true, "circumstanceOperator": "all", "whenUnbound": "skip",
         "circumstances": [{"type": "tags", "tag": "Domain.Sales"}, {"type": "columnRegex", "regex": "^ssn$", "caseInsensitive": true},
           {"type": "noTags"}, {"type": "objectPath", "path": ["snowflake-prod", "SALES"]}],
         "actions": {"type": "entitlements", "mode": "required", "accessGrant": "WRITE", "advanced": "@isInGroups('A') AND @hasAttribute('n', 'v')"}}
        """,
        """
        [{"policyKey": "a", "type": "subscription", "actions": {"type": "approval", "approvals": [{"requiredPermission": "OWNER", "specificApproverRequired": false}]}},
         {"policyKey": "mask-pii", "type": "data", "actions": [{"rules": [
          {"type": "Masking", "config": {"fields": [{"type": "columnTags", "columnTag": "PII"}], "maskingConfig": {"type": "Regex", "regex": "(a|b)+[0-9]{3}", "replacement": "\\1"},
            "conditionalPredicate": "@columnTagged('Country') = 'DE'"}, "exceptions": {"operator": "any", "groups": ["Privacy"], "attributes": [{"name": "C", "value": "PII"}]}},
          {"type": "Minimization", "config": {"percent": 10, "on": {"type": "column", "column": "id"}}},
          {"type": "Time Restriction", "config": {"column": {"type": "column", "column": "at"}, "newerThan": "P90D"}},
          {"type": "Masking", "config": {"fields": [{"type": "column", "column": "x"}], "maskingConfig": {"type": "Rounding", "bucketSize": 2.5}}},
          {"type": "Masking", "config": {"fields": [{"type": "column", "column": "x"}], "maskingConfig": {"type": "Custom", "functions": {"Snowflake": "A.B"}, "rank": 1}}}]}]}]
        """,
    ];

    private static readonly string[] Tokens =
    [
        "\\ud800", "\\u0000", "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e999", "1.5", "99999999999999999999999999999999999999", "\"type\":", "\"purposes\":1,",
        "[[[[[[[[[[[[[[[[[[[[", "{\"a\":", "\"P1Y\"", "\"PT0.5S\"", "/*", "\uFEFF", "\0", "é", "🦫", "(?", "(a{9999}){9999}", "[a-", "\\\\1", "@isInGroups(", "'", "\n",
    ];

    [Fact]
    public void Spoiled_bytes_are_read_or_refused()
    {
        var mutation = new ByteMutation([.. Corpus.Select(Encoding.UTF8.GetBytes)], [.. Tokens.Select(Encoding.UTF8.GetBytes), [0xFF], [0xED, 0xA0, 0x80]]);
        Fuzz.Run(mutation.Next, bytes =>
        {
            var problems = new PolicyProblems();
            var documents = PolicyJson.Read(bytes, problems);
            (documents.Count == 0).ShouldBe(problems.HasErrors);
            foreach (var document in documents)
            {
                var before = problems.ErrorCount;
                var policy = PolicyReader.Read(document.Root, problems, document.Path);
                (policy is null).ShouldBe(problems.ErrorCount > before);
                if (policy is not null) PolicyReader.Read(PolicyWriter.Write(policy), []).ShouldBe(policy);
                PolicyJson.Write(document.Root).ShouldNotBeEmpty();
            }

            foreach (var problem in problems) Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(problem.ToString())).ShouldBe(problem.ToString());
        });
    }
}
