using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Limits of an account and of a metastore, met at the stand-in: what would go beyond is told before it is tried, and nobody loses or gains by it.</summary>
public sealed class LimitUnityTests
{
    private static readonly AccessRule Sales = People.Rule("Sales"), Privacy = People.Rule("Privacy");

    [Fact]
    public async Task A_table_whose_mask_needs_a_function_too_many_is_granted_to_nobody_and_the_others_are_enforced()
    {
        await using var unity = await EnforcedUnity.StartAsync([Ann], mayMakeGroups: true, new() { Quotas = new() { Functions = 1 } });
        unity.Sandbox.Change("CREATE SCHEMA cases.s");
        foreach (var table in (string[])["one", "two"])
        {
            unity.Sandbox.Change($"CREATE TABLE cases.s.{table} (email STRING)");
            unity.Sandbox.Change($"INSERT INTO cases.s.{table} VALUES ('clear')");
        }

        var intent = Intent([Person(Ann, "Sales")], Masked("one", new MaskFunction.Null()), Masked("two", new MaskFunction.Hash()));
        var plan = await unity.PlanAsync(intent);
        (await unity.ApplyAsync(intent, plan.Changes)).ShouldAllBe(static o => o.Error == null);

        plan.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("0 functions of 1");
        (await unity.PlanAsync(intent)).Changes.ShouldBeEmpty();
        var answers = new List<(IReadOnlyList<string?[]> Rows, string? Refusal)>();
        foreach (var table in (string[])["one", "two"]) answers.Add(await unity.ReadAsAsync(Ann, $"SELECT email FROM cases.s.{table}"));
        answers.Count(static a => a.Refusal is null).ShouldBe(1, "one of the two has its function");
        answers.Single(static a => a.Refusal is null).Rows.ShouldHaveSingleItem()[0].ShouldNotBe("clear");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_mask_whose_successor_or_what_that_calls_finds_no_room_stays_as_it_is(int limit)
    {
        await using var unity = await EnforcedUnity.StartAsync([Ann], mayMakeGroups: true, new() { Quotas = new() { Functions = limit } });
        foreach (var statement in (string[])
        [
            "CREATE SCHEMA cases.s", "CREATE TABLE cases.s.one (email STRING)", "INSERT INTO cases.s.one VALUES ('clear')",
            "CREATE CATALOG gov", "CREATE SCHEMA gov.masks", "CREATE FUNCTION gov.masks.loud(x STRING) RETURNS STRING RETURN upper(x)",
            $"GRANT USE CATALOG, USE SCHEMA, EXECUTE ON CATALOG gov TO `{unity.Sandbox.ClientId}`",
        ]) unity.Sandbox.Change(statement);
        await unity.EnforceAsync(Of(new MaskFunction.Constant("hidden")), "first");

        var then = Of(new MaskFunction.Custom([new("Databricks", "gov.masks.loud")], 0));
        var plan = await unity.PlanAsync(then);
        (await unity.ApplyAsync(then, plan.Changes)).ShouldAllBe(static o => o.Error == null);

        plan.Shortfalls.ShouldContain(s => s.Reason.Contains($"1 functions of {limit}", StringComparison.Ordinal));
        (await unity.PlanAsync(then)).Changes.ShouldBeEmpty();
        (await unity.ReadAsAsync(Ann, "SELECT email FROM cases.s.one")).Rows.ShouldHaveSingleItem().ShouldBe(["hidden"]);

        static AccessIntent Of(MaskFunction function) => Intent([Person(Ann, "Sales")], Masked("one", function)) with { OwnContainer = EnforcedUnity.Own, MaskFunctionSchemas = ["gov.masks"] };
    }

    [Fact]
    public async Task Where_the_account_has_no_room_for_a_group_people_keep_what_they_have_by_name()
    {
        await using var unity = await EnforcedUnity.StartAsync([Ann, Bob, Cat], mayMakeGroups: true, client: new DatabricksOptions { GroupsOfAccount = 1 });
        unity.Sandbox.Change("CREATE SCHEMA cases.s");
        unity.Sandbox.Change("CREATE TABLE cases.s.one (email STRING)");
        await unity.EnforceAsync(Readers(0, Ann, Bob), "by name");

        var plan = await unity.PlanAsync(Readers(1, Ann, Bob, Cat));
        (await unity.ApplyAsync(Readers(1, Ann, Bob, Cat), plan.Changes)).ShouldAllBe(static o => o.Error == null);

        plan.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("can't be made");
        foreach (var person in (string[])[Ann, Bob]) (await unity.ReadAsAsync(person, "SELECT * FROM cases.s.one")).Refusal.ShouldBeNull(person);
        (await unity.ReadAsAsync(Cat, "SELECT * FROM cases.s.one")).Refusal.ShouldNotBeNull("nobody new is granted it");
    }

    private static AccessIntent Readers(int budget, params string[] members) =>
        Intent([.. members.Select(static m => Person(m, "Sales"))], Object(Readable(Sales), new ObjectPath("unity", "cases", "s", "one"), columns: [new GovernedColumn("email", "string", [])])).Grouped(budget);

    private static IntendedObject Masked(string table, MaskFunction function) =>
        Object(Readable(Sales, masks: [Mask("email", Privacy, function)]), new ObjectPath("unity", "cases", "s", table), columns: [new GovernedColumn("email", "string", [])]);
}
