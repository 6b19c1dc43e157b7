using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.Identity;

public sealed class ScimTests
{
    private const string Workspace = "/api/2.0/preview/scim/v2";
    private const string Account = "/api/2.0/account/scim/v2";

    [Fact]
    public async Task Me_names_the_caller_and_their_groups()
    {
        await using var bench = await Bench.StartAsync();
        var me = (await bench.Analyst.Get($"{Workspace}/Me")).ShouldSucceed().Json;
        me.GetProperty("userName").GetString().ShouldBe(SandboxCast.Analyst);
        me.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("display").GetString()).ShouldBe([SandboxCast.EmeaAnalysts]);
    }

    [Theory]
    [InlineData("Groups", "displayName eq \"analysts\"", "analysts")]
    [InlineData("Groups", "displayName sw \"analysts\"", "analysts|analysts-emea")]
    [InlineData("Groups", "displayName co \"engin\" or displayName eq \"analysts\"", "analysts|data-engineers")]
    [InlineData("Groups", "displayName co \"a\" and displayName ne \"analysts\"", "analysts-emea|data-engineers|metastore-admins|admins")]
    [InlineData("Users", "userName eq \"analyst@acme.example\"", "Ana Lyst")]
    [InlineData("ServicePrincipals", "applicationId eq \"5f1c1a6e-3b0e-4d59-9c57-8a2f5f3e0b11\"", "sluice-service")]
    public async Task Principals_are_filtered(string list, string filter, string expected)
    {
        await using var bench = await Bench.StartAsync();
        var json = (await bench.Admin.Get($"{Workspace}/{list}?filter={Uri.EscapeDataString(filter)}")).ShouldSucceed().Json;
        string.Join('|', json.GetProperty("Resources").EnumerateArray().Select(item => item.GetProperty("displayName").GetString())).ShouldBe(expected);
    }

    [Fact]
    public async Task Lists_are_paged_by_index()
    {
        await using var bench = await Bench.StartAsync();
        var page = (await bench.Admin.Get($"{Workspace}/Users?startIndex=2&count=2")).ShouldSucceed().Json;
        page.GetProperty("totalResults").GetInt32().ShouldBe(6);
        page.GetProperty("startIndex").GetInt32().ShouldBe(2);
        page.GetProperty("Resources").GetArrayLength().ShouldBe(2);
        (await bench.Admin.Get($"{Workspace}/Users?filter=nonsense")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Who_is_no_admin_reads_names_and_changes_nothing()
    {
        await using var bench = await Bench.StartAsync();
        var group = (await bench.Analyst.Get($"{Workspace}/Groups?filter={Uri.EscapeDataString("displayName eq \"analysts\"")}")).ShouldSucceed().Json.GetProperty("Resources")[0];
        group.TryGetProperty("members", out _).ShouldBeFalse();
        var refused = await bench.Analyst.Post($"{Account}/Groups", new { displayName = "mine" });
        refused.Status.ShouldBe(403);
        refused.Json.GetProperty("status").GetString().ShouldBe("403");
        (await bench.Analyst.Delete($"{Account}/Groups/{group.GetProperty("id").GetString()}")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_workspace_admin_manages_the_account_groups_they_made_and_no_other()
    {
        await using var bench = await Bench.StartAsync();
        var admin = bench.As(SandboxCast.WorkspaceAdministrator);
        var self = new { value = await IdOf(bench, "Users", SandboxCast.WorkspaceAdministrator) };
        var join = new { Operations = new[] { new { op = "add", path = "members", value = new[] { self } } } };
        var administrators = (await bench.Admin.Get($"{Account}/Groups?filter={Uri.EscapeDataString($"displayName eq \"{SandboxCast.MetastoreAdministrators}\"")}")).Json.GetProperty("Resources")[0].GetProperty("id").GetString();

        foreach (var root in new[] { Account, Workspace })
        {
            (await admin.Patch($"{root}/Groups/{administrators}", join)).Status.ShouldBe(403);
            (await admin.Delete($"{root}/Groups/{administrators}")).Status.ShouldBe(403);
        }

        (await admin.Get($"{RestClient.Catalog}/metastores/{bench.Sandbox.MetastoreId}/systemschemas")).Status.ShouldBe(403);
        var made = (await admin.Post($"{Account}/Groups", new { displayName = "mine" })).ShouldSucceed().Json.GetProperty("id").GetString();
        (await admin.Patch($"{Workspace}/Groups/{made}", join)).Status.ShouldBe(403);
        (await admin.Patch($"{Account}/Groups/{made}", join)).Status.ShouldBe(204);
        (await admin.Delete($"{Account}/Groups/{made}")).Status.ShouldBe(204);
        (await bench.As(SandboxCast.AccountAdministrator).Patch($"{Account}/Groups/{administrators}", join)).Status.ShouldBe(204);
        (await admin.Get($"{RestClient.Catalog}/metastores/{bench.Sandbox.MetastoreId}/systemschemas")).ShouldSucceed();
    }

    [Fact]
    public async Task Me_of_a_service_principal_is_a_user_named_by_its_application_id()
    {
        await using var bench = await Bench.StartAsync();
        var me = (await bench.Service.Get($"{Workspace}/Me")).ShouldSucceed().Json;
        me.GetProperty("userName").GetString().ShouldBe(SandboxCast.ServicePrincipal);
        me.TryGetProperty("applicationId", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task An_account_group_can_be_granted_to_and_a_workspace_group_cannot()
    {
        await using var bench = await Bench.StartAsync();
        var account = await bench.As(SandboxCast.AccountAdministrator).Post($"{Account}/Groups", new { displayName = "readers", members = new[] { new { value = await IdOf(bench, "Users", SandboxCast.Analyst) } } });
        account.Status.ShouldBe(201);
        (await bench.As(SandboxCast.WorkspaceAdministrator).Post($"{Workspace}/Groups", new { displayName = "locals" })).Status.ShouldBe(201);
        await bench.Engineer.Rows("GRANT USE SCHEMA, SELECT ON SCHEMA sales.products TO readers");
        (await bench.Engineer.Fails("GRANT SELECT ON SCHEMA sales.products TO locals")).Message.ShouldStartWith("[PRINCIPAL_DOES_NOT_EXIST]");
        (await bench.Analyst.Rows("SELECT count(*) FROM sales.products.prices")).ShouldHaveSingleItem().ShouldBe(["24"]);

        var id = account.Json.GetProperty("id").GetString();
        (await bench.Admin.Patch($"{Account}/Groups/{id}", new { Operations = new[] { new { op = "remove", path = $"members[value eq \"{await IdOf(bench, "Users", SandboxCast.Analyst)}\"]" } } })).Status.ShouldBe(204);
        await bench.Analyst.Fails("SELECT count(*) FROM sales.products.prices");
        (await bench.Admin.Delete($"{Account}/Groups/{id}")).Status.ShouldBe(204);
        (await bench.Admin.Get($"{Account}/Groups/{id}")).Status.ShouldBe(404);
        (await bench.Admin.Post($"{Account}/Groups", new { displayName = SandboxCast.Analysts })).Status.ShouldBe(409);
    }

    private static async Task<string> IdOf(Bench bench, string list, string name) =>
        (await bench.Admin.Get($"{Workspace}/{list}?filter={Uri.EscapeDataString($"userName eq \"{name}\"")}")).Json.GetProperty("Resources")[0].GetProperty("id").GetString()!;
}
