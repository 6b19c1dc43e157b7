using System.Text.Json;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using Sluice.Sandbox.Databricks.Identity;
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
    public async Task Whom_others_let_in_is_put_out_again_and_whom_they_put_out_comes_back()
    {
        var intent = Of(1, [Ann, Bob, Cat]);
        await _unity.EnforceAsync(intent, "one group");
        var id = await IdOfAsync("Groups", $"displayName eq \"{Group}\"");
        await PatchAsync(id, new { op = "add", path = "members", value = new[] { new { value = await IdOfAsync("Users", $"userName eq \"{Dan}\"") } } });
        await PatchAsync(id, new { op = "remove", path = $"members[value eq \"{await IdOfAsync("Users", $"userName eq \"{Bob}\"")}\"]" });
        (await _unity.ReadAsAsync(Dan, Select)).Refusal.ShouldBeNull();

        await _unity.EnforceAsync(intent, "mended");

        (await _unity.ReadAsAsync(Dan, Select)).Refusal.ShouldNotBeNull();
        (await _unity.ReadAsAsync(Bob, Select)).Refusal.ShouldBeNull();
    }

    // Who is no admin any more makes no group, and still manages those it made: https://docs.databricks.com/admin/users-groups/groups.
    [Fact]
    public async Task Rights_that_are_lost_take_nothing_from_people_and_widen_nothing()
    {
        await _unity.EnforceAsync(Of(0, [Ann, Bob, Cat]), "by name");
        _unity.Sandbox.SetPrincipal(new() { Name = _unity.Sandbox.ClientId, Kind = SandboxPrincipalKind.ServicePrincipal });
        var grouped = Of(1, [Ann, Bob, Cat, Dan]);

        var refusal = await Record.ExceptionAsync(async () =>
        {
            var failed = (await _unity.ApplyAsync(grouped, (await _unity.PlanAsync(grouped)).Changes)).First(static o => o.Error is not null);
            throw new PlatformException(PlatformFailure.Refused, failed.Error!);
        });

        refusal.ShouldBeOfType<PlatformException>();
        foreach (var person in (string[])[Ann, Bob, Cat]) (await _unity.ReadAsAsync(person, Select)).Refusal.ShouldBeNull(person);
        (await _unity.ReadAsAsync(Dan, Select)).Refusal.ShouldNotBeNull();
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

    private async Task<string> IdOfAsync(string what, string filter) =>
        (await _unity.AdministerAsync(HttpMethod.Get, $"/api/2.0/account/scim/v2/{what}?filter={Uri.EscapeDataString(filter)}")).GetProperty("Resources")[0].GetProperty("id").GetString()!;

    private Task<JsonElement> PatchAsync(string group, object operation) =>
        _unity.AdministerAsync(HttpMethod.Patch, $"/api/2.0/account/scim/v2/Groups/{group}", new { schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations = (object[])[operation] });
}
