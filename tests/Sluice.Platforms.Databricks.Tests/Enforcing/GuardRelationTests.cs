using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Where functions are attached is read whichever columns the information schema has for it.</summary>
public sealed class GuardRelationTests
{
    private static readonly ObjectPath Path = new("unity", "cases", "s", "t");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_masks_and_filters_a_table_that_is_not_asked_for_is_seen_and_taken_away(bool isDocumented)
    {
        await using var unity = await EnforcedUnity.StartAsync([Ann, Bob], options: new() { DocumentedGuardColumns = isDocumented });
        unity.Sandbox.Change("CREATE SCHEMA cases.s");
        unity.Sandbox.Change("CREATE TABLE cases.s.t (id BIGINT, email STRING, region STRING)");
        unity.Sandbox.Change("CREATE FUNCTION cases.s.others(a STRING) RETURNS STRING RETURN '-'");
        unity.Sandbox.Change("CREATE TABLE cases.s.u (email STRING)");
        unity.Sandbox.Change("ALTER TABLE cases.s.u ALTER COLUMN email SET MASK cases.s.others");
        var rows = new RowRule(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("region"), new Operand.Text("EU")), People.Rule("Audit"), "rows");
        GovernedColumn[] columns = [new("id", "bigint", []), new("email", "string", []), new("region", "string", [])];
        await unity.EnforceAsync(Intent([Person(Ann, "Sales")], Object(Readable(People.Rule("Sales"), masks: [Mask("email", People.Rule("Privacy"))], rows: [rows]), Path, ObjectKind.Table, columns)), "protected");

        (await ((ITellsStandingProtections)unity.Session).StandingProtectionsAsync(Token))
            .ShouldBe([new FactKey(FactKind.Mask, Path, "email"), new FactKey(FactKind.RowRule, Path, RuleFacts.FilterSubject)], ignoreOrder: true);

        await unity.EnforceAsync(Intent([Person(Ann, "Sales")]), "asked for no more");

        (await ((ITellsStandingProtections)unity.Session).StandingProtectionsAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Functions_that_are_named_in_a_way_that_is_not_known_are_nobodys_and_so_nothing_is_told()
    {
        await using var workspace = await FakeWorkspace.StartAsync();
        workspace.On("GET", "/api/2.1/unity-catalog/functions", $$"""{"functions": [{"name": "f", "routine_definition": "c0", "comment": "{{new InstanceMark(FakeWorkspace.Instance).Comment}}"}]}""");
        workspace.OnStatement(static sql => FakeWorkspace.Succeeded(sql.Contains("column_masks", StringComparison.Ordinal) ? [["sales", "orders", "lines", "email", "mask_1", null]] : []));
        await using var session = workspace.Open();

        var refused = await Should.ThrowAsync<PlatformException>(() => ((ITellsStandingProtections)session).StandingProtectionsAsync(Token));

        refused.Failure.ShouldBe(PlatformFailure.Refused);
        refused.Message.ShouldContain("column_masks");
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("country", "country")]
    [InlineData("a,b", "a|b")]
    [InlineData("a, b", "a|b")]
    [InlineData("""
        "a, b", "c"
        """, "a, b|c")]
    [InlineData("`a,b`,c", "a,b|c")]
    public void What_a_function_is_given_is_read_as_it_is_listed(string? given, string expected) =>
        string.Join('|', GuardRelation.Listed(given)).ShouldBe(expected);
}
