using Sluice.Core.Access;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using Sluice.Sandbox.Databricks.Identity;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Groups that are called as people and service principals are, on the stand-in.</summary>
public sealed class NamesakeTests
{
    private const string Team = "team@acme.example", Robots = "aaaaaaaa-bbbb-cccc-dddd-000000000009", Eve = "eve@acme.example";
    private const string Select = "SELECT id FROM cases.s.t";

    private static readonly Core.Catalog.ObjectPath Path = new("unity", "cases", "s", "t");
    private static readonly AccessRule Sales = People.Rule("Sales");

    [Theory]
    [InlineData(Team, true)]
    [InlineData(Team, false)]
    [InlineData(Robots, true)]
    [InlineData(Robots, false)]
    public async Task Nothing_is_granted_to_a_group_that_is_called_like_somebody_registered(string group, bool mayMakeGroups)
    {
        await using var unity = await StartAsync(mayMakeGroups, group);
        var intent = Intent([Person(Ann, "Sales"), Person(group, "Sales")], Object(Readable(Sales), Path));

        await unity.EnforceAsync(intent, "enforced");

        (await unity.ReadAsAsync(Ann, Select)).Refusal.ShouldBeNull();
        (await unity.ReadAsAsync(Eve, Select)).Refusal.ShouldNotBeNull("she is a member of the group");
        (await unity.PlanAsync(intent)).Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain($"{group} is the name of a group");
    }

    [Fact]
    public async Task What_others_granted_to_such_a_group_is_not_taken_away_and_its_members_are_told()
    {
        await using var unity = await StartAsync(mayMakeGroups: true, Team);
        unity.Sandbox.Change($"GRANT USE CATALOG ON CATALOG cases TO `{Team}`", $"GRANT USE SCHEMA ON SCHEMA cases.s TO `{Team}`", $"GRANT SELECT ON TABLE cases.s.t TO `{Team}`");
        var intent = Intent([Person(Ann, "Sales"), Person(Team), Person(Eve)], Object(Readable(Sales), Path));

        await unity.EnforceAsync(intent, "enforced");

        var seen = await unity.ObserveAsync(intent);
        (await unity.ReadAsAsync(Eve, Select)).Refusal.ShouldBeNull();
        seen.Residuals.Select(static r => $"{r.Identity}: {r.Path}").ShouldContain($"{Eve}: member of group {Team}, which has SELECT on it");
        seen.UnregisteredReaders.Select(static r => r.Identity).ShouldContain(Team);
    }

    [Fact]
    public async Task What_was_granted_to_a_name_before_a_group_had_it_goes()
    {
        await using var unity = await StartAsync(mayMakeGroups: true);
        unity.Sandbox.SetPrincipal(new() { Name = Team });
        var intent = Intent([Person(Ann, "Sales"), Person(Team, "Sales")], Object(Readable(Sales), Path));
        await unity.EnforceAsync(intent, "a person");

        unity.Sandbox.SetPrincipal(new() { Name = Team, Kind = SandboxPrincipalKind.Group, Members = [Eve] });
        (await unity.ReadAsAsync(Eve, Select)).Refusal.ShouldBeNull();
        await unity.EnforceAsync(intent, "a group");

        (await unity.ReadAsAsync(Eve, Select)).Refusal.ShouldNotBeNull();
        (await unity.ReadAsAsync(Ann, Select)).Refusal.ShouldBeNull();
    }

    // Who is no admin of the account is shown the workspace's groups alone.
    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task The_workspaces_list_of_groups_is_enough_and_without_it_nothing_is_planned(int status)
    {
        await using var workspace = await FakeWorkspace.StartAsync();
        workspace.Store.Add("sales", new FakeSchema("orders", new FakeTable("lines", new("id", "bigint"), new("email", "string")))).Owner = FakeWorkspace.Principal;
        var grants = new FakeGrants(workspace, "table/sales.orders.lines", "schema/sales.orders", "catalog/sales").Grant("table/sales.orders.lines", Team, "SELECT");
        workspace.On("GET", "/api/2.0/account/scim/v2/Groups", _ => FakeAccount.Refusal(status, "Only admins may."));
        workspace.On("GET", "/api/2.0/preview/scim/v2/Groups", $$"""{"totalResults":1,"startIndex":1,"itemsPerPage":1,"Resources":[{"id":"10","displayName":"{{Team}}"}]}""");
        await using var session = workspace.Open();
        var intent = Intent([Person(Ann, "Sales"), Person(Team)], Object(Readable(Sales)));

        var plan = await PlanAsync(session, intent);
        (await ApplyAsync(session, intent, plan.Changes)).ShouldAllBe(static o => o.Error == null);
        grants.Of("table/sales.orders.lines").ShouldBe([$"{Ann} SELECT", $"{Team} SELECT"]);

        workspace.On("GET", "/api/2.0/preview/scim/v2/Groups", _ => FakeAccount.Refusal(status, "Only users may."));
        await Should.ThrowAsync<PlatformException>(() => PlanAsync(session, intent));
    }

    private static async Task<EnforcedUnity> StartAsync(bool mayMakeGroups, string? group = null)
    {
        var unity = await EnforcedUnity.StartAsync([Ann, Eve], mayMakeGroups);
        if (group is not null) unity.Sandbox.SetPrincipal(new() { Name = group, Kind = SandboxPrincipalKind.Group, Members = [Eve] });
        unity.Sandbox.Change("CREATE SCHEMA cases.s", "CREATE TABLE cases.s.t (id BIGINT, email STRING)", "INSERT INTO cases.s.t VALUES (1, 'a@x'), (2, 'b@x')");
        return unity;
    }
}
