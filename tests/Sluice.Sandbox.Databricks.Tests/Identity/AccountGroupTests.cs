using System.Text.Json;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.Identity;

/// <summary>Account groups by the account's SCIM API at a workspace's host: https://api-docs.databricks.com/rest/latest/account-scim-api.html.</summary>
public sealed class AccountGroupTests
{
    private const string Workspace = "/api/2.0/preview/scim/v2";
    private const string Account = "/api/2.0/account/scim/v2";

    [Fact]
    public async Task A_group_is_made_read_listed_put_and_deleted()
    {
        await using var bench = await Bench.StartAsync();
        var analyst = await IdOf(bench, SandboxCast.Analyst);
        var made = await bench.Admin.Post($"{Account}/Groups", new { displayName = "readers", externalId = "idp-17", members = new[] { new { value = analyst } } });
        made.Status.ShouldBe(201);
        var id = made.Json.GetProperty("id").GetString();

        var group = (await bench.Admin.Get($"{Account}/Groups/{id}")).ShouldSucceed().Json;
        group.GetProperty("displayName").GetString().ShouldBe("readers");
        group.GetProperty("externalId").GetString().ShouldBe("idp-17");
        group.GetProperty("meta").GetProperty("resourceType").GetString().ShouldBe("Group");
        var member = group.GetProperty("members").EnumerateArray().ShouldHaveSingleItem();
        member.GetProperty("value").GetString().ShouldBe(analyst);
        member.GetProperty("$ref").GetString().ShouldBe($"Users/{analyst}");

        var listed = (await Filtered(bench, "displayName eq \"readers\"")).ShouldHaveSingleItem();
        listed.GetProperty("id").GetString().ShouldBe(id);
        listed.TryGetProperty("members", out _).ShouldBeFalse();
        (await Filtered(bench, "externalId eq \"idp-17\"")).Length.ShouldBe(1);

        (await bench.Admin.Send(HttpMethod.Put, $"{Account}/Groups/{id}", new { displayName = "readers" })).ShouldSucceed();
        var put = (await bench.Admin.Get($"{Account}/Groups/{id}")).Json;
        put.GetProperty("members").GetArrayLength().ShouldBe(0);
        put.TryGetProperty("externalId", out _).ShouldBeFalse();
        (await bench.Admin.Delete($"{Account}/Groups/{id}")).Status.ShouldBe(204);
        (await bench.Admin.Get($"{Account}/Groups/{id}")).Status.ShouldBe(404);
        (await bench.Admin.Delete($"{Account}/Groups/{id}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Lists_of_the_account_tell_members_where_an_account_relied_on_it()
    {
        await using var bench = await Bench.StartAsync(new() { ListsAccountGroupMembers = true });
        (await Filtered(bench, "displayName eq \"analysts\"")).ShouldHaveSingleItem().GetProperty("members").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Members_come_and_go_by_patch_in_every_spelling()
    {
        await using var bench = await Bench.StartAsync();
        var (analyst, engineer) = (await IdOf(bench, SandboxCast.Analyst), await IdOf(bench, SandboxCast.Engineer));
        var id = await Made(bench.Admin, "readers");
        await Patch(bench, id, 204, new { op = "add", path = "members", value = new[] { new { value = analyst } } });
        await Patch(bench, id, 204, new { op = "Add", value = new { members = new[] { new { value = analyst }, new { value = engineer } } } });
        (await MembersOf(bench, id)).ShouldBe([analyst, engineer]);
        await Patch(bench, id, 204, new { op = "remove", path = $"members[value eq \"{analyst}\"]" });
        (await MembersOf(bench, id)).ShouldBe([engineer]);
        await Patch(bench, id, 204, new { op = "remove", path = $"members[value eq \"{analyst}\"]" });
        await Patch(bench, id, 204, new { op = "replace", path = "members", value = new[] { new { value = analyst } } });
        (await MembersOf(bench, id)).ShouldBe([analyst]);
        await Patch(bench, id, 400, new { op = "add", path = "members", value = analyst });
        await Patch(bench, id, 404, new { op = "add", path = "members", value = new[] { new { value = engineer } } }, new { op = "add", path = "members", value = new[] { new { value = "7" } } });
        (await MembersOf(bench, id)).ShouldBe([analyst], "a request with one wrong operation does nothing");
        await Patch(bench, id, 204, new { op = "remove", path = "members" });
        (await MembersOf(bench, id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_makes_and_changes_account_groups()
    {
        await using var bench = await Bench.StartAsync();
        var admin = bench.As(SandboxCast.WorkspaceAdministrator);
        var groups = $"/api/2.0/accounts/{bench.Sandbox.AccountId}/scim/v2/Groups";
        (await bench.Engineer.Post($"{Account}/Groups", new { displayName = "mine" })).Status.ShouldBe(403);
        (await admin.Post(groups, new { displayName = "mine" })).Status.ShouldBe(403);
        (await bench.As(SandboxCast.AccountAdministrator).Post(groups, new { displayName = "ours" })).Status.ShouldBe(201);
        var id = await Made(admin, "mine");

        // Managers need be no admins.
        bench.Sandbox.SetPrincipal(new() { Name = "managed", Kind = SandboxPrincipalKind.Group, Managers = [SandboxCast.Engineers] });
        var managed = (await Filtered(bench, "displayName eq \"managed\"")).ShouldHaveSingleItem().GetProperty("id").GetString();
        var join = new { Operations = new[] { new { op = "add", path = "members", value = new[] { new { value = await IdOf(bench, SandboxCast.Engineer) } } } } };
        (await bench.Engineer.Patch($"{Account}/Groups/{managed}", join)).Status.ShouldBe(204);
        (await bench.Analyst.Patch($"{Account}/Groups/{managed}", join)).Status.ShouldBe(403);
        (await bench.Engineer.Patch($"{Account}/Groups/{id}", join)).Status.ShouldBe(403);
        (await bench.Engineer.Delete($"{Account}/Groups/{managed}")).Status.ShouldBe(204);
        var taken = await admin.Post($"{Account}/Groups", new { displayName = "mine" });
        taken.Status.ShouldBe(409);
        taken.Json.GetProperty("status").GetString().ShouldBe("409");
        taken.Json.GetProperty("schemas")[0].GetString().ShouldBe("urn:ietf:params:scim:api:messages:2.0:Error");
    }

    [Fact]
    public async Task A_new_group_is_granted_to_and_nested_and_the_workspace_agrees()
    {
        await using var bench = await Bench.StartAsync();
        var inner = await Made(bench.Admin, "inner", await IdOf(bench, SandboxCast.Analyst));
        await Made(bench.Admin, "outer", inner);
        await bench.Engineer.Rows("GRANT USE SCHEMA, SELECT ON SCHEMA sales.products TO outer");

        (await bench.Analyst.Rows("SELECT is_account_group_member('outer'), is_account_group_member('inner'), is_account_group_member('nobody')")).ShouldHaveSingleItem().ShouldBe(["true", "true", "false"]);
        (await bench.Analyst.Rows("SELECT count(*) FROM sales.products.prices")).ShouldHaveSingleItem().ShouldBe(["24"]);
        var me = (await bench.Analyst.Get($"{Workspace}/Me")).ShouldSucceed().Json.GetProperty("groups").EnumerateArray();
        me.Select(group => group.GetProperty("display").GetString()).ShouldBe([SandboxCast.EmeaAnalysts, "inner"]);
        (await bench.Admin.Get($"{Workspace}/Groups/{inner}")).ShouldSucceed().Json.GetProperty("displayName").GetString().ShouldBe("inner");
    }

    [Fact]
    public async Task A_group_that_is_made_anew_has_nothing_of_its_namesake()
    {
        await using var bench = await Bench.StartAsync();
        var analyst = await IdOf(bench, SandboxCast.Analyst);
        var old = await Made(bench.Admin, "readers", analyst);
        await bench.Engineer.Rows("GRANT USE SCHEMA, SELECT ON SCHEMA sales.products TO readers");
        (await bench.Admin.Delete($"{Account}/Groups/{old}")).Status.ShouldBe(204);
        await bench.Analyst.Fails("SELECT count(*) FROM sales.products.prices");
        (await Made(bench.Admin, "readers", analyst)).ShouldNotBe(old);
        await bench.Analyst.Fails("SELECT count(*) FROM sales.products.prices");

        // What is left is told, and taken away, by the id: https://docs.databricks.com/api/workspace/grants/update.
        const string Grants = $"{RestClient.Catalog}/permissions/schema/sales.products";
        var left = (await bench.Engineer.Get(Grants)).ShouldSucceed().Json.GetProperty("privilege_assignments").EnumerateArray().Single(entry => entry.GetProperty("principal_id").GetRawText() == old);
        left.GetProperty("principal").GetString().ShouldBe("");
        left.GetProperty("privileges").EnumerateArray().Select(privilege => privilege.GetString()).ShouldBe(["SELECT", "USE_SCHEMA"]);
        (await bench.Engineer.Patch(Grants, new { changes = new[] { new { principal_id = long.Parse(old), add = new[] { "SELECT" } } } })).ShouldFail(400, "INVALID_PARAMETER_VALUE");
        (await bench.Engineer.Patch(Grants, new { changes = new[] { new { principal_id = long.Parse(old), principal = "readers", remove = new[] { "SELECT" } } } })).ShouldFail(400, "INVALID_PARAMETER_VALUE");
        (await bench.Engineer.Patch(Grants, new { changes = new[] { new { principal_id = long.Parse(old), remove = new[] { "SELECT", "USE_SCHEMA" } } } })).ShouldSucceed();
        (await bench.Engineer.Get(Grants)).Body.ShouldNotContain(old);
    }

    [Fact]
    public async Task A_group_under_another_name_keeps_what_it_was_granted()
    {
        await using var bench = await Bench.StartAsync();
        var id = await Made(bench.Admin, "readers", await IdOf(bench, SandboxCast.Analyst));
        await bench.Engineer.Rows("GRANT USE SCHEMA, SELECT ON SCHEMA sales.products TO readers");
        await Patch(bench, id, 204, new { op = "replace", path = "displayName", value = "lectors" });

        (await bench.Analyst.Rows("SELECT count(*) FROM sales.products.prices")).ShouldHaveSingleItem().ShouldBe(["24"]);
        (await bench.Analyst.Rows("SELECT is_account_group_member('readers'), is_account_group_member('lectors')")).ShouldHaveSingleItem().ShouldBe(["false", "true"]);
        (await bench.Engineer.Rows("SHOW GRANTS ON SCHEMA sales.products")).Select(row => row[0]).ShouldContain("lectors");
        (await bench.Admin.Get($"{Account}/Groups/{id}")).Json.GetProperty("displayName").GetString().ShouldBe("lectors");
    }

    [Fact]
    public async Task An_account_holds_no_more_than_its_limits()
    {
        await using var bench = await Bench.StartAsync(new() { LargestGroupCount = 7, DeepestGroupNesting = 3, LargestMembershipCount = 2, MembersPerRequest = 2 });
        var (analyst, engineer) = (await IdOf(bench, SandboxCast.Analyst), await IdOf(bench, SandboxCast.Engineer));
        // analysts holds analysts-emea already.
        var analysts = (await Filtered(bench, "displayName eq \"analysts\"")).ShouldHaveSingleItem().GetProperty("id").GetString()!;
        var third = await Made(bench.Admin, "third", analysts);
        (await bench.Admin.Post($"{Account}/Groups", new { displayName = "fourth", members = new[] { new { value = third } } })).Status.ShouldBe(400);
        (await bench.Admin.Patch($"{Account}/Groups/{analysts}", new { Operations = new[] { new { op = "add", path = "members", value = new[] { new { value = third } } } } })).Status.ShouldBe(400);

        await Made(bench.Admin, "second", analyst);
        (await bench.Admin.Post($"{Account}/Groups", new { displayName = "one more", members = new[] { new { value = analyst } } })).Status.ShouldBe(400);
        (await bench.Admin.Post($"{Account}/Groups", new { displayName = "many", members = new[] { new { value = engineer }, new { value = engineer }, new { value = analysts } } })).Status.ShouldBe(400);
        await Made(bench.Admin, "last", engineer);
        (await bench.Admin.Post($"{Account}/Groups", new { displayName = "too many" })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_accounts_api_takes_two_patches_a_second_where_rates_are_on()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { LimitsAccountScim = true, Clock = clock });
        var id = await Made(bench.Admin, "readers");
        object[] nothing = [new { op = "remove", path = "externalId" }];
        await Patch(bench, id, 204, nothing);
        await Patch(bench, id, 204, nothing);
        await Patch(bench, id, 429, nothing);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Patch(bench, id, 204, nothing);
    }

    [Fact]
    public async Task A_fault_meets_one_operation_of_the_accounts_api()
    {
        await using var bench = await Bench.StartAsync(new() { Faults = [new DatabricksSandboxFault { Operation = "account.scim.groups.create", Kind = DatabricksSandboxFaultKind.Throttle, Times = 1 }] });
        var limited = await bench.Admin.Post($"{Account}/Groups", new { displayName = "readers" });
        limited.Status.ShouldBe(429);
        limited.Headers.RetryAfter.ShouldNotBeNull();
        (await bench.Admin.Post($"{Account}/Groups", new { displayName = "readers" })).Status.ShouldBe(201);
    }

    [Fact]
    public async Task A_filter_has_no_more_than_200_nodes()
    {
        await using var bench = await Bench.StartAsync();
        string Filter(int names) => Uri.EscapeDataString(string.Join(" or ", Enumerable.Range(0, names).Select(index => $"displayName eq \"g{index}\"")));
        (await bench.Admin.Get($"{Account}/Groups?filter={Filter(100)}")).ShouldSucceed();
        var refused = await bench.Admin.Get($"{Account}/Groups?filter={Filter(101)}");
        refused.Status.ShouldBe(400);
        refused.Json.GetProperty("detail").GetString()!.ShouldContain("INVALID_FILTER");
    }

    private static async Task<string> Made(RestClient client, string name, params string[] members)
    {
        var made = await client.Post($"{Account}/Groups", new { displayName = name, members = members.Select(id => new { value = id }) });
        made.Status.ShouldBe(201, made.Body);
        return made.Json.GetProperty("id").GetString()!;
    }

    private static async Task Patch(Bench bench, string id, int status, params object[] operations) =>
        (await bench.Admin.Patch($"{Account}/Groups/{id}", new { schemas = new[] { "urn:ietf:params:scim:api:messages:2.0:PatchOp" }, Operations = operations })).Status.ShouldBe(status);

    private static async Task<string?[]> MembersOf(Bench bench, string id) =>
        [.. (await bench.Admin.Get($"{Account}/Groups/{id}")).ShouldSucceed().Json.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("value").GetString())];

    private static async Task<JsonElement[]> Filtered(Bench bench, string filter) =>
        [.. (await bench.Admin.Get($"{Account}/Groups?filter={Uri.EscapeDataString(filter)}")).ShouldSucceed().Json.GetProperty("Resources").EnumerateArray()];

    private static async Task<string> IdOf(Bench bench, string name) =>
        (await bench.Admin.Get($"{Account}/Users?filter={Uri.EscapeDataString($"userName eq \"{name}\"")}")).Json.GetProperty("Resources")[0].GetProperty("id").GetString()!;
}
