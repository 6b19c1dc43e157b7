using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Account groups on the stand-in, read as the people in them.</summary>
public sealed class GroupUnityTests : IAsyncLifetime
{
    private const string Dan = "dan@acme.example", Select = "SELECT id FROM cases.s.t";

    private static readonly ObjectPath Path = new("unity", "cases", "s", "t");
    private static readonly AccessRule Sales = People.Rule("Sales"), Privacy = People.Rule("Privacy");
    private static readonly string Group = $"SLUICE_{FakeWorkspace.Scope}_aud_{Sales.Id.Value}";

    private EnforcedUnity _unity = null!;

    public async ValueTask InitializeAsync()
    {
        _unity = await EnforcedUnity.StartAsync([Ann, Bob, Cat, Dan], mayMakeGroups: true);
        _unity.Sandbox.Change("CREATE SCHEMA cases.s");
        _unity.Sandbox.Change("CREATE TABLE cases.s.t (id INT, email STRING)");
        _unity.Sandbox.Change("INSERT INTO cases.s.t VALUES (1, 'ann@acme.example')");
    }

    public ValueTask DisposeAsync() => _unity.DisposeAsync();

    [Fact]
    public async Task Members_read_by_their_group_and_others_do_not()
    {
        await _unity.EnforceAsync(Of(1, [Ann, Bob, Cat]), "one group");

        (await GroupsAsync()).ShouldBe([Group]);
        foreach (var person in (string[])[Ann, Bob, Cat]) (await _unity.ReadAsAsync(person, Select)).Refusal.ShouldBeNull(person);
        (await _unity.ReadAsAsync(Dan, Select)).Refusal.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_budget_that_goes_up_and_down_takes_nothing_from_who_may_read_and_gives_nothing_to_who_may_not()
    {
        await _unity.EnforceAsync(Of(0, [Ann, Bob, Cat]), "by name");
        var reads = 0;
        _unity.OnOutcome = async outcome =>
        {
            foreach (var person in (string[])[Ann, Bob, Cat]) (await _unity.ReadAsAsync(person, Select)).Refusal.ShouldBeNull($"{person} after {outcome.Change}");
            (await _unity.ReadAsAsync(Dan, Select)).Refusal.ShouldNotBeNull($"after {outcome.Change}");
            reads++;
        };

        foreach (var budget in (int[])[1, 0, 1000, 3, 0])
        {
            await _unity.EnforceAsync(Of(budget, [Ann, Bob, Cat]), $"{budget} groups");
            (await GroupsAsync()).Count.ShouldBe(budget == 0 ? 0 : 1);
        }

        reads.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task Who_joins_while_a_mask_comes_never_sees_a_clear_value()
    {
        await _unity.EnforceAsync(Of(1, [Ann, Bob, Cat]), "clear");
        _unity.OnOutcome = async outcome =>
        {
            var (rows, refusal) = await _unity.ReadAsAsync(Dan, "SELECT email FROM cases.s.t");
            if (refusal is null) rows.ShouldHaveSingleItem()[0].ShouldBeNull($"after {outcome.Change}");
        };

        await _unity.EnforceAsync(Of(1, [Ann, Bob, Cat, Dan], [Mask("email", Privacy)]), "masked");

        (await _unity.ReadAsAsync(Dan, Select)).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_of_ours_is_left_of_a_connection_that_goes()
    {
        var intent = Of(1, [Ann, Bob, Cat], [Mask("email", Privacy)]);
        await _unity.EnforceAsync(intent, "one group");

        await _unity.EnforceAsync(intent with { Objects = [] }, "gone");

        (await GroupsAsync()).ShouldBeEmpty();
        foreach (var person in (string[])[Ann, Bob, Cat]) (await _unity.ReadAsAsync(person, Select)).Refusal.ShouldNotBeNull(person);
    }

    private static AccessIntent Of(int budget, string[] members, ColumnMask[]? masks = null) =>
        Intent([.. members.Select(static m => Person(m, "Sales"))], Object(Readable(Sales, masks: masks), Path, columns: [new GovernedColumn("id", "int", []), new GovernedColumn("email", "string", [])])).Grouped(budget);

    private async Task<List<string?>> GroupsAsync() =>
        [.. (await _unity.AdministerAsync(HttpMethod.Get, "/api/2.0/account/scim/v2/Groups?filter=displayName%20sw%20%22SLUICE%22")).GetProperty("Resources").EnumerateArray().Select(static g => g.GetProperty("displayName").GetString())];
}
