using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using Sluice.Sandbox.Databricks.Identity;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>
/// What others granted, on a table with a mask and a row rule: the documented rule that a registered person's own grant goes and is kept, that what comes by a group stays and is told, and that
/// nobody else is touched; and what each of them sees, as <c>unregistered</c> says.
/// </summary>
public sealed class OthersGrantTests
{
    private const string Eve = "eve@acme.example", Fay = "fay@acme.example", Readers = "readers";
    private const string Select = "SELECT id, email FROM cases.s.t ORDER BY id";
    private const string Clear = "1 a@x, 2 b@x", Protected = "1 NULL", Refused = "refused";

    private static readonly ObjectPath Path = new("unity", "cases", "s", "t");
    private static readonly AccessRule Sales = People.Rule("Sales"), Privacy = People.Rule("Privacy");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_registered_persons_own_grant_goes_and_is_kept_a_groups_is_told_and_who_is_not_registered_is_untouched(bool protects)
    {
        await using var unity = await StartAsync();
        foreach (var who in (string[])[Bob, Cat, Eve, Fay]) (await SeenAsync(unity, who)).ShouldBe(Clear, who);
        var intent = Of(protects);

        var plan = await unity.PlanAsync(intent);
        var taken = plan.Changes.Where(static c => c.Verb == ChangeVerb.Remove).ShouldHaveSingleItem();
        (taken.Key, taken.Restore is null).ShouldBe((new FactKey(FactKind.Grant, Path, Bob, "SELECT"), false));
        plan.Residuals.ShouldContain(static r => r.Object.Equals(Path) && r.Path.Contains(Readers, StringComparison.Ordinal), "what comes by a group");
        plan.Residuals.ShouldAllBe(static r => r.Identity != Bob && r.Identity != Ann);
        plan.UnregisteredReaders.Where(static r => !r.Path.StartsWith("owns", StringComparison.Ordinal)).Select(static r => r.Identity).Distinct().ShouldBe([Eve, Readers], ignoreOrder: true);
        await unity.EnforceAsync(intent, "enforced");

        (await SeenAsync(unity, Ann)).ShouldBe(Protected, "by the policy");
        (await SeenAsync(unity, Bob)).ShouldBe(Refused, "their own grant is gone");
        (await SeenAsync(unity, Cat)).ShouldBe(Protected, "registered, by a group that is not Sluice's");
        (await SeenAsync(unity, Eve)).ShouldBe(protects ? Protected : Clear, "not registered, by their own grant");
        (await SeenAsync(unity, Fay)).ShouldBe(protects ? Protected : Clear, "not registered, by the group");
        (await GrantsAsync(unity)).ShouldBe([$"{Eve} SELECT", $"{Readers} SELECT", $"{Ann} SELECT"], ignoreOrder: true);

        // What was kept is put back as it was, and meets the mask.
        (await unity.ApplyAsync(intent, [unity.Platform.PutBack(taken.Key, taken.Restore!, null)])).ShouldHaveSingleItem().Error.ShouldBeNull();
        (await SeenAsync(unity, Bob)).ShouldBe(Protected);
    }

    [Fact]
    public async Task Who_is_spelled_in_another_case_than_Databricks_has_it_is_exempt_and_known_all_the_same()
    {
        await using var unity = await StartAsync();
        var intent = Of(protects: true) with { Identities = [Person(Cat.ToUpperInvariant(), "Privacy"), Person(Eve.ToUpperInvariant(), "Sales", "Audit"), Person(Bob.ToUpperInvariant())] };
        var rule = new RowRule(new Predicate.InGroups(["Audit"]), Privacy, "r");
        intent = intent with
        {
            MembersOf = People.Decide(intent.Identities),
            Objects = [Object(Readable(Sales, masks: [Mask("email", Privacy)], rows: [rule]), Path, columns: [new GovernedColumn("id", "int", []), new GovernedColumn("email", "string", [])])],
        };

        await unity.EnforceAsync(intent, "enforced");

        (await SeenAsync(unity, Cat)).ShouldBe(Clear, "exempt, by a group that is not Sluice's");
        (await SeenAsync(unity, Eve)).ShouldBe("1 NULL, 2 NULL", "in the group that the row rule asks for");
        (await SeenAsync(unity, Bob)).ShouldBe(Refused, "their own grant is gone");
        (await SeenAsync(unity, Fay)).ShouldBe("", "nobody");
    }

    [Theory]
    [InlineData(EnforcementMode.CreateOnly, true)]
    [InlineData(EnforcementMode.UpsertOnly, true)]
    [InlineData(EnforcementMode.UpsertOnly, false)]
    public async Task Modes_that_take_nothing_from_others_leave_it_and_list_it(EnforcementMode mode, bool protects)
    {
        await using var unity = await StartAsync();
        var intent = Of(protects);

        var plan = await unity.PlanAsync(intent, mode);
        (await unity.ApplyAsync(intent, plan.Changes)).Where(static o => o.Error is not null).ShouldBeEmpty();

        plan.LeftAlone.ShouldHaveSingleItem().Key.ShouldBe(new FactKey(FactKind.Grant, Path, Bob, "SELECT"));
        foreach (var who in (string[])[Ann, Bob, Cat]) (await SeenAsync(unity, who)).ShouldBe(Protected, who);
        foreach (var who in (string[])[Eve, Fay]) (await SeenAsync(unity, who)).ShouldBe(protects ? Protected : Clear, who);
        (await unity.PlanAsync(intent, mode)).Changes.ShouldBeEmpty();
    }

    private static async Task<EnforcedUnity> StartAsync()
    {
        var unity = await EnforcedUnity.StartAsync([Ann, Bob, Cat, Eve, Fay]);
        unity.Sandbox.SetPrincipal(new SandboxPrincipal { Name = Readers, Kind = SandboxPrincipalKind.Group, Members = [Cat, Fay] });
        unity.Sandbox.Change("CREATE SCHEMA cases.s");
        unity.Sandbox.Change("CREATE TABLE cases.s.t (id INT, email STRING)");
        unity.Sandbox.Change("INSERT INTO cases.s.t VALUES (1, 'a@x'), (2, 'b@x')");
        foreach (var who in (string[])[Bob, Eve, Readers])
        {
            unity.Sandbox.Change($"GRANT USE CATALOG ON CATALOG cases TO `{who}`");
            unity.Sandbox.Change($"GRANT USE SCHEMA ON SCHEMA cases.s TO `{who}`");
            unity.Sandbox.Change($"GRANT SELECT ON TABLE cases.s.t TO `{who}`");
        }

        return unity;
    }

    // Ann may read, Bob and Cat are registered and may not; Eve and Fay are nobody.
    private static AccessIntent Of(bool protects) => Intent(
        [Person(Ann, "Sales"), Person(Bob), Person(Cat)],
        Object(
            Readable(Sales, masks: [Mask("email", Privacy)], rows: [new RowRule(new Predicate.Comparison(ComparisonOperator.Less, new Operand.Column("id"), new Operand.Number(2)), Privacy, "r")]),
            Path, columns: [new GovernedColumn("id", "int", []), new GovernedColumn("email", "string", [])])) with { ProtectsUnregistered = protects };

    private static async Task<string> SeenAsync(EnforcedUnity unity, string who)
    {
        var (rows, refusal) = await unity.ReadAsAsync(who, Select);
        return refusal is null ? string.Join(", ", rows.Select(static r => string.Join(' ', r.Select(static v => v ?? "NULL")))) : Refused;
    }

    private static async Task<List<string>> GrantsAsync(EnforcedUnity unity) =>
    [
        .. (await unity.AdministerAsync(HttpMethod.Get, "/api/2.1/unity-catalog/permissions/table/cases.s.t")).GetProperty("privilege_assignments").EnumerateArray()
            .SelectMany(static a => a.GetProperty("privileges").EnumerateArray().Select(p => $"{a.GetProperty("principal").GetString()} {p.GetString()}")),
    ];
}
