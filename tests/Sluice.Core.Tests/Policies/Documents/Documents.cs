using System.Text;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;

namespace Sluice.Core.Tests.Policies.Documents;

/// <summary>Policies from JSON texts.</summary>
internal static class Documents
{
    internal static PolicyDocument Parsed(string json)
    {
        var problems = new PolicyProblems();
        var documents = PolicyJson.Read(Encoding.UTF8.GetBytes(json), problems);
        problems.Told().ShouldBeEmpty();
        return documents.ShouldHaveSingleItem();
    }

    internal static Policy Read(string json)
    {
        var problems = new PolicyProblems();
        var policy = PolicyReader.Read(Parsed(json).Root, problems);
        problems.Told().ShouldBeEmpty();
        return policy.ShouldNotBeNull();
    }

    /// <summary>The problems of a document that is not read.</summary>
    internal static PolicyProblems Refused(string json)
    {
        var problems = new PolicyProblems();
        PolicyReader.Read(Parsed(json).Root, problems).ShouldBeNull();
        problems.HasErrors.ShouldBeTrue();
        return problems;
    }

    internal static string[] Told(this PolicyProblems problems) => [.. problems.Select(p => $"{p.Path}: {p.Message}")];

    /// <summary>A data policy of one rule.</summary>
    internal static string Rule(string type, string config, string exceptions = "") =>
        $$"""{"policyKey": "p", "type": "data", "actions": [{"rules": [{"type": "{{type}}", "config": {{config}}{{exceptions}}}]}]}""";

    /// <summary>A data policy that masks <c>ssn</c>.</summary>
    internal static string Mask(string maskingConfig) =>
        Rule("Masking", $$"""{"fields": [{"type": "column", "column": "ssn"}], "maskingConfig": {{maskingConfig}}}""");
}
