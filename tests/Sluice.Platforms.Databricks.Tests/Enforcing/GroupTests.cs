using Sluice.Core.Access;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Account groups on a workspace and an account that answer in the documented forms.</summary>
public sealed class GroupTests : IAsyncLifetime
{
    private const string Table = "table/sales.orders.lines", Schema = "schema/sales.orders", Catalog = "catalog/sales";
    private const string Dan = "dan@acme.example", Robot = "aaaaaaaa-bbbb-cccc-dddd-000000000001";

    private static readonly AccessRule Sales = People.Rule("Sales"), Privacy = People.Rule("Privacy");
    private static readonly string Group = $"SLUICE_{FakeWorkspace.Scope}_aud_{Sales.Id.Value}";
    private static readonly string Mark = new GroupMark(new InstanceMark(FakeWorkspace.Instance)).Of(Group);

    private FakeWorkspace _workspace = null!;
    private FakeGrants _grants = null!;
    private FakeAccount _account = null!;
    private IPlatformSession _session = null!;
    private HashSet<FactKey> _made = [];

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.Store.Add("sales", new FakeSchema("orders", new FakeTable("lines", new("id", "bigint"), new("email", "string")))).Owner = FakeWorkspace.Principal;
        _grants = new FakeGrants(_workspace, Table, Schema, Catalog).Grant(Catalog, FakeWorkspace.Principal, "MANAGE", "SELECT", "MODIFY", "USE_CATALOG", "USE_SCHEMA");
        _account = new FakeAccount(_workspace, Ann, Bob, Cat, Dan, Robot);
        _session = _workspace.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _workspace.DisposeAsync();
    }

    [Fact]
    public async Task An_audience_is_a_group_with_our_mark_and_the_next_plan_is_empty()
    {
        await EnforceAsync(Everybody(1));

        _account.Groups.ShouldHaveSingleItem().ExternalId.ShouldBe(Mark);
        _account.MembersOf(Group).ShouldBe([Robot, Ann, Bob, Cat], ignoreOrder: true);
        _grants.Of(Table).ShouldBe([$"{Group} SELECT"]);
        _grants.Of(Schema).ShouldBe([$"{Group} USE_SCHEMA"]);
        _account.Writes.Select(static w => w.Method).ShouldBe(["POST", "PATCH"], "all members of a group are one request");
    }

    [Fact]
    public async Task Whoever_moves_to_a_group_and_back_reads_at_every_moment_and_nobody_else_does()
    {
        string[] readers = [Robot, Ann, Bob, Cat];
        await EnforceAsync(Everybody(0));
        _grants.Of(Table).Length.ShouldBe(4);
        var moments = 0;
        _grants.OnChange = _account.OnChange = () =>
        {
            Readers().ShouldBe(readers, ignoreOrder: true);
            moments++;
        };

        foreach (var budget in (int[])[1, 0, 3, 1000, 0])
        {
            await EnforceAsync(Everybody(budget));
            _account.Groups.Count.ShouldBe(budget == 0 ? 0 : 1);
            _grants.Of(Table).Length.ShouldBe(budget == 0 ? 4 : 1);
        }

        moments.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Who_leaves_or_joins_the_audience_leaves_or_joins_the_group()
    {
        await EnforceAsync(Everybody(1));

        await EnforceAsync(Of(1, [Ann, Bob, Dan]));

        _account.MembersOf(Group).ShouldBe([Ann, Bob, Dan]);
        _grants.Of(Table).ShouldBe([$"{Group} SELECT"]);
    }

    [Fact]
    public async Task Whom_somebody_else_lets_in_goes_and_whom_somebody_else_takes_out_comes_back()
    {
        await EnforceAsync(Everybody(1));
        var group = _account.Groups.Single();
        var nested = _account.Add("Somebody else's");
        group.Members.Add(_account.IdOf(Dan));
        group.Members.Add(nested.Id);
        group.Members.Remove(_account.IdOf(Bob));

        var plan = await PlanAsync(Everybody(1));

        plan.Changes.Select(static c => $"{c.Verb} {c.Key.Detail}").Order(StringComparer.Ordinal).ShouldBe([$"Add {Bob}", $"Remove {Dan}", $"Remove {OwnGroups.Unnamed(nested.Id)}"]);
        await EnforceAsync(Everybody(1));
        _account.MembersOf(Group).ShouldBe([Robot, Ann, Bob, Cat], ignoreOrder: true);
        _account.Groups.Count.ShouldBe(2, "a group of others stays");
    }

    [Fact]
    public async Task A_grant_of_others_to_our_group_goes()
    {
        await EnforceAsync(Everybody(1));
        _grants.Grant(Schema, Group, "SELECT");

        (await PlanAsync(Everybody(1), EnforcementMode.UpsertOnly)).Changes.ShouldHaveSingleItem().Key.Detail.ShouldBe("SELECT");
        await EnforceAsync(Everybody(1));

        _grants.Of(Schema).ShouldBe([$"{Group} USE_SCHEMA"]);
    }

    [Fact]
    public async Task Our_own_groups_are_no_residual_and_take_no_look_at_the_workspaces_people()
    {
        await EnforceAsync(Everybody(1));

        var seen = await ObserveAsync(_session, Having(Everybody(1)));

        seen.Residuals.ShouldBeEmpty();
        seen.UnregisteredReaders.ShouldBeEmpty();
        _workspace.Count("/api/2.0/preview/scim/v2/Users").ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_may_read_by_a_group_has_no_residual_by_another_way()
    {
        _grants.Grant(Schema, Ann, "SELECT").Grant(Schema, Dan, "SELECT");

        (await PlanAsync(Of(1, [Ann, Bob], others: [Dan]))).Residuals.ShouldHaveSingleItem().Identity.ShouldBe(Dan);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another's")]
    public async Task A_group_of_that_name_without_our_mark_is_neither_touched_nor_granted_and_nobody_loses_by_it(string? mark)
    {
        await EnforceAsync(Everybody(0));
        _account.Add(Group, mark).Members.Add(_account.IdOf(Dan));

        var plan = await PlanAsync(Everybody(1));

        plan.Changes.ShouldBeEmpty();
        plan.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("does not carry the mark");
        _grants.Of(Table).Length.ShouldBe(4);
        _grants.Of(Table).ShouldNotContain(static g => g.StartsWith(Group, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_granted_to_a_group_that_has_lost_its_mark_is_taken_away()
    {
        await EnforceAsync(Everybody(1));
        _account.Groups.Single().ExternalId = null;
        _account.Groups.Single().Members.Add(_account.IdOf(Dan));

        var plan = await PlanAsync(Everybody(1));
        (await ApplyAsync(Everybody(1), plan)).ShouldAllBe(static o => o.Error == null);

        Readers().ShouldBeEmpty();
        _account.Groups.ShouldHaveSingleItem().Members.Count.ShouldBe(5);
        (await PlanAsync(Everybody(1))).Changes.ShouldBeEmpty();
        (await ObserveAsync(_session, Having(Everybody(1)))).Gone.Count.ShouldBe(3, "what was taken away comes off the list");
    }

    [Fact]
    public async Task Where_groups_can_be_listed_no_more_nothing_is_planned()
    {
        await EnforceAsync(Everybody(1));
        _account.Before = static asked => asked.Path.EndsWith("/Groups", StringComparison.Ordinal) ? FakeAccount.Refusal(403, "Only admins may.") : null;

        var error = await Should.ThrowAsync<PlatformException>(() => PlanAsync(Everybody(1)));
        error.Message.ShouldContain("can't be read: Databricks: Only admins may.");
        error.Message.ShouldContain("admin of this workspace");
        await Should.ThrowAsync<PlatformException>(() => PlanAsync(Everybody(0)));
    }

    // Who is no admin gets ids and display names: https://docs.databricks.com/dev-tools/api/latest/scim/index.html.
    [Fact]
    public async Task Where_marks_and_members_are_shown_no_more_nothing_is_planned()
    {
        await EnforceAsync(Everybody(1));
        _account.IsReserved = true;

        (await Should.ThrowAsync<PlatformException>(() => PlanAsync(Everybody(1)))).Message.ShouldContain("Neither marks nor members");
    }

    [Fact]
    public async Task Without_groups_no_right_to_them_is_needed()
    {
        _account.Before = static _ => FakeAccount.Refusal(403, "Only admins may.");

        await EnforceAsync(Everybody(0));

        _grants.Of(Table).Length.ShouldBe(4);
    }

    [Fact]
    public async Task A_group_that_nobody_asks_for_goes_even_if_nothing_was_granted_to_it()
    {
        _account.Add(Group, Mark);
        _account.Add($"SLUICE_{FakeWorkspace.Scope}_check", new GroupMark(new InstanceMark(FakeWorkspace.Instance)).Of($"SLUICE_{FakeWorkspace.Scope}_check"));
        _account.Add("SLUICE_another_aud_x", "another connection's");

        await EnforceAsync(Everybody(0));

        _account.Groups.ShouldHaveSingleItem().Name.ShouldBe("SLUICE_another_aud_x");
    }

    [Fact]
    public async Task Nothing_of_ours_is_left_of_a_connection_that_goes()
    {
        await EnforceAsync(Everybody(1));

        await EnforceAsync(Everybody(1) with { Objects = [] });

        _account.Groups.ShouldBeEmpty();
        foreach (var securable in (string[])[Table, Schema, Catalog]) _grants.Of(securable).ShouldNotContain(static g => g.StartsWith("SLUICE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_joins_a_group_that_reads_an_object_with_a_conflict()
    {
        await EnforceAsync(Everybody(1));
        _workspace.On("GET", "/api/2.1/unity-catalog/tables", """{"tables":[{"name":"lines","columns":[{"name":"email","mask":{"function_name":"theirs.f.mask"}}]}]}""");
        var masked = Of(1, [Ann, Dan], masks: [Mask("email", Privacy)]);

        var plan = await PlanAsync(masked);
        await ApplyAsync(masked, plan);

        plan.Shortfalls.Select(static s => s.Reason).ShouldContain(static r => r.Contains("nobody joins group", StringComparison.Ordinal));
        _account.MembersOf(Group).ShouldBe([Ann], "who leaves does so all the same");
    }

    [Fact]
    public async Task Where_a_group_cannot_be_made_what_people_have_by_name_is_left_to_them()
    {
        await EnforceAsync(Everybody(0));
        _account.Before = static asked => asked.Method == "POST" ? FakeAccount.Refusal(400, "No more groups.") : null;
        _grants.Unknown.Add(Group);

        var outcomes = await ApplyAsync(Everybody(1), await PlanAsync(Everybody(1)));

        Readers().ShouldBe([Robot, Ann, Bob, Cat], ignoreOrder: true);
        outcomes.First(static o => o.Error is not null).Error.ShouldNotBeNull().ShouldContain("No more groups.");
        _account.Before = static _ => null;
        _grants.Unknown.Clear();
        await EnforceAsync(Everybody(1));
        _grants.Of(Table).ShouldBe([$"{Group} SELECT"]);
    }

    [Fact]
    public async Task A_group_that_the_account_has_no_room_for_is_told_before_it_is_tried()
    {
        await EnforceAsync(Everybody(0));
        _account.Hidden = 5000;

        var plan = await PlanAsync(Everybody(1));

        plan.Changes.ShouldBeEmpty();
        plan.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("5000 groups of 5000");
        _grants.Of(Table).Length.ShouldBe(4);
    }

    [Fact]
    public async Task Somebody_whom_the_account_does_not_know_keeps_nobody_else_out()
    {
        var intent = Of(1, [Ann, Bob, "nobody@acme.example"]);

        var outcomes = await ApplyAsync(intent, await PlanAsync(intent));

        outcomes.Where(static o => o.Error is not null).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain("neither a user nor a service principal nobody@acme.example");
        _account.MembersOf(Group).ShouldBe([Ann, Bob]);
    }

    [Fact]
    public async Task A_throttled_account_is_waited_for()
    {
        var refusals = 2;
        _account.Before = asked => asked.Method == "PATCH" && refusals-- > 0
            ? new FakeWorkspace.Answer("""{"error_code":"REQUEST_LIMIT_EXCEEDED","message":"Too many requests"}""", 429, Headers: new() { ["Retry-After"] = "0" })
            : null;

        await EnforceAsync(Everybody(1));

        refusals.ShouldBeLessThan(0);
    }

    [Fact]
    public async Task An_answer_that_never_came_is_no_conflict()
    {
        _account.Before = asked =>
        {
            if (asked.Method != "POST" || _account.Groups.Count > 0) return null;
            _account.Add(Group, Mark);
            return FakeAccount.Refusal(409, "Group already exists.");
        };

        await EnforceAsync(Everybody(1));

        _account.Groups.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Many_members_are_several_requests()
    {
        await _session.DisposeAsync();
        _workspace.Options = _workspace.Options with { MembersPerChange = 2, PeopleAskedSingly = 1 };
        _session = _workspace.Open();

        await EnforceAsync(Everybody(1));

        _account.Writes.Count(static w => w.Method == "PATCH").ShouldBe(2);
        _account.MembersOf(Group).Length.ShouldBe(4);
    }

    [Fact]
    public void Changes_of_groups_are_told_as_the_requests_they_make()
    {
        var member = new Change(ChangePhase.Grant, ChangeVerb.Add, new FactKey(FactKind.Member, null, Group, Ann), "", "r");
        var audience = member with { Key = new FactKey(FactKind.Audience, null, Group) };

        ((Change[])[audience, audience with { Verb = ChangeVerb.Remove }, member, member with { Verb = ChangeVerb.Remove }]).SelectMany(static c => Payload.Platform().Describe(c)).ShouldBe(
        [
            $$"""POST /api/2.0/account/scim/v2/Groups {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"{{Group}}","externalId":"{{Mark}}"}""",
            $"DELETE /api/2.0/account/scim/v2/Groups/<{Group}>",
            $$"""PATCH /api/2.0/account/scim/v2/Groups/<{{Group}}> {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[{"value":"{{Ann}}"}]}]}""",
            $$"""PATCH /api/2.0/account/scim/v2/Groups/<{{Group}}> {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \u0022{{Ann}}\u0022]"}]}""",
        ]);
    }

    private static AccessIntent Everybody(int budget) => Of(budget, [Ann, Bob, Cat, Robot]);

    private static AccessIntent Of(int budget, string[] members, string[]? others = null, ColumnMask[]? masks = null) =>
        Intent([.. members.Select(static m => Person(m, "Sales")), .. (others ?? []).Select(static o => Person(o))], Object(Readable(Sales, masks: masks))).Grouped(budget);

    private AccessIntent Having(AccessIntent intent) => intent with { OwnGrants = _made };

    private Task<Plan> PlanAsync(AccessIntent intent, EnforcementMode mode = EnforcementMode.Sync) => Governed.PlanAsync(_session, Having(intent), mode);

    private async Task<List<ChangeOutcome>> ApplyAsync(AccessIntent intent, Plan plan)
    {
        _made = [.. _made, .. plan.Changes.Where(static c => c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.Grant }).Select(static c => c.Key)];
        var outcomes = await Governed.ApplyAsync(_session, intent, plan.Changes);
        _made.ExceptWith(outcomes.Where(static o => o is { Error: null, Change: { Verb: ChangeVerb.Remove, Key.Kind: FactKind.Grant } }).Select(static o => o.Change.Key));
        return outcomes;
    }

    private async Task EnforceAsync(AccessIntent intent)
    {
        (await ApplyAsync(intent, await PlanAsync(intent))).Where(static o => o.Error is not null).ShouldBeEmpty();
        (await PlanAsync(intent)).Changes.ShouldBeEmpty();
    }

    // Who reads the table by name, or as a member of a group.
    private string[] Readers() =>
        [.. _grants.Of(Table).Where(static g => g.EndsWith(" SELECT", StringComparison.Ordinal)).Select(static g => g[..^" SELECT".Length]).SelectMany(p => _account.Groups.Exists(g => g.Name == p) ? _account.MembersOf(p) : [p]).Distinct()];
}
