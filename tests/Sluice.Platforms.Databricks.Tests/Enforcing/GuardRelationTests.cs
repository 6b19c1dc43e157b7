using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Where functions are attached is found by the columns that the documentation names and by those that were seen on workspaces.</summary>
public sealed class GuardRelationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_asked_for_no_more_is_taken_off_whichever_columns_the_information_schema_has(bool isDocumented)
    {
        await using var unity = await EnforcedUnity.StartAsync([Ann, Bob], options: new() { DocumentedGuardColumns = isDocumented });
        unity.Sandbox.Change("CREATE SCHEMA cases.s");
        unity.Sandbox.Change("CREATE TABLE cases.s.t (id INT, email STRING)");
        unity.Sandbox.Change("INSERT INTO cases.s.t VALUES (1, 'a@x'), (2, 'b@x')");
        foreach (var grant in (string[])["USE CATALOG ON CATALOG cases", "USE SCHEMA ON SCHEMA cases.s", "SELECT ON TABLE cases.s.t"]) unity.Sandbox.Change($"GRANT {grant} TO `{Bob}`");
        var rows = new RowRule(new Predicate.Comparison(ComparisonOperator.Less, new Operand.Column("id"), new Operand.Number(2)), AccessRule.Nobody, "r");
        await unity.EnforceAsync(
            Intent([Person(Ann, "Sales")], Object(
                Readable(People.Rule("Sales"), masks: [Mask("email", AccessRule.Nobody)], rows: [rows]), new ObjectPath("unity", "cases", "s", "t"),
                columns: [new GovernedColumn("id", "int", []), new GovernedColumn("email", "string", [])])),
            "enforced");
        (await SeenAsync(unity)).ShouldBe(["1 NULL"]);

        await unity.EnforceAsync(Intent([Person(Ann, "Sales")]), "nothing is asked for");

        (await SeenAsync(unity)).ShouldBe(["1 a@x", "2 b@x"]);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("a,b", "a|b")]
    [InlineData("`a, b`, 'EU', c", "a, b|'EU'|c")]
    public void Columns_are_read_from_a_list(string? given, string expected) => string.Join('|', GuardRelation.Listed(given)).ShouldBe(expected);

    private static async Task<List<string>> SeenAsync(EnforcedUnity unity)
    {
        var (rows, refusal) = await unity.ReadAsAsync(Bob, "SELECT id, email FROM cases.s.t ORDER BY id");
        refusal.ShouldBeNull();
        return [.. rows.Select(static r => string.Join(' ', r.Select(static v => v ?? "NULL")))];
    }
}
