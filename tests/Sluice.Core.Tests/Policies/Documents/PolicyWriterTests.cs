using System.Text;
using CsCheck;
using Sluice.Core.Policies.Documents;

namespace Sluice.Core.Tests.Policies.Documents;

public sealed class PolicyWriterTests
{
    [Fact]
    public void What_is_written_is_read_as_the_same_policy() => Policies.Any.Sample(
        policy =>
        {
            var problems = new PolicyProblems();
            var read = PolicyReader.Read(PolicyWriter.Write(policy), problems);
            problems.Told().ShouldBeEmpty();
            read.ShouldBe(policy);
        },
        iter: 2_000);

    [Fact]
    public void What_is_written_as_JSON_is_read_as_the_same_policy() => Policies.Any.Sample(
        policy =>
        {
            var problems = new PolicyProblems();
            var documents = PolicyJson.Read(Encoding.UTF8.GetBytes(PolicyJson.Write(PolicyWriter.Write(policy))), problems);
            var read = PolicyReader.ReadAll(documents, problems);
            problems.Told().ShouldBeEmpty();
            read.ShouldHaveSingleItem().ShouldBe(policy);
        },
        iter: 1_000);

    [Fact]
    public void Written_twice_is_written_alike() => Policies.Any.Sample(
        policy => PolicyWriter.Write(PolicyReader.Read(PolicyWriter.Write(policy), [])!).ShouldBe(PolicyWriter.Write(policy)), iter: 500);

    [Fact]
    public void Defaults_are_left_out()
    {
        var written = PolicyWriter.Write(Documents.Read(
            """
            {"policyKey": "p", "name": "P", "type": "subscription", "staged": false, "circumstanceOperator": "any", "whenUnbound": "protect",
             "actions": {"type": "anyone", "mode": "shared", "accessGrant": "READ"}}
            """));

        written.ShouldBeOfType<DocumentNode.Mapping>().Members.Select(m => m.Name).ShouldBe(["policyKey", "name", "type", "actions"]);
    }
}
