using System.Text.Json;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.UnityCatalog;

public sealed class PermissionTests
{
    private const string Orders = $"{RestClient.Catalog}/permissions/table/sales.orders.orders";

    [Fact]
    public async Task Grants_are_changed_together_and_answered()
    {
        await using var bench = await Bench.StartAsync();
        var answer = await bench.Service.Patch(Orders, new
        {
            changes = new object[]
            {
                new { principal = SandboxCast.Analysts, add = new[] { "MODIFY" }, remove = new[] { "SELECT" } },
                new { principal = SandboxCast.Engineer, add = new[] { "ALL_PRIVILEGES" } },
            },
        });
        Spell(answer.ShouldSucceed().Json).ShouldBe(["analysts: MODIFY", "engineer@acme.example: ALL_PRIVILEGES"]);
        Spell((await bench.Service.Get($"{Orders}?principal=analysts")).ShouldSucceed().Json).ShouldBe(["analysts: MODIFY"]);
    }

    [Fact]
    public async Task A_change_that_fails_in_part_changes_nothing()
    {
        await using var bench = await Bench.StartAsync();
        var answer = await bench.Service.Patch(Orders, new { changes = new object[] { new { principal = SandboxCast.Analysts, remove = new[] { "SELECT" } }, new { principal = "nobody", add = new[] { "SELECT" } } } });
        answer.ShouldFail(404, "PRINCIPAL_DOES_NOT_EXIST").Message.ShouldBe("Could not find principal with name nobody");
        Spell((await bench.Service.Get(Orders)).Json).ShouldBe(["analysts: SELECT"]);
    }

    [Fact]
    public async Task A_user_is_meant_in_any_case_and_a_group_in_its_own()
    {
        await using var bench = await Bench.StartAsync();
        var answer = await bench.Service.Patch(Orders, new { changes = new[] { new { principal = "Engineer@ACME.example", add = new[] { "SELECT" } } } });
        Spell(answer.ShouldSucceed().Json).ShouldBe(["analysts: SELECT", "engineer@acme.example: SELECT"]);
        (await bench.Service.Patch(Orders, new { changes = new[] { new { principal = "Analysts", add = new[] { "MODIFY" } } } })).ShouldFail(404, "PRINCIPAL_DOES_NOT_EXIST");
        Spell((await bench.Service.Patch(Orders, new { changes = new[] { new { principal = "ENGINEER@acme.example", remove = new[] { "SELECT" } } } })).ShouldSucceed().Json).ShouldBe(["analysts: SELECT"]);
    }

    [Theory]
    [InlineData("{\"changes\":[{\"principal\":\"analysts\",\"add\":[\"USE CATALOG\"]}]}", "INVALID_PARAMETER_VALUE")]
    [InlineData("{\"changes\":[{\"principal\":\"analysts\",\"add\":[\"USE_CATALOG\"]}]}", "INVALID_PARAMETER_VALUE")]
    [InlineData("{\"changes\":[{\"add\":[\"SELECT\"]}]}", "INVALID_PARAMETER_VALUE")]
    [InlineData("{\"changes\":{}}", "INVALID_PARAMETER_VALUE")]
    [InlineData("{", "MALFORMED_REQUEST")]
    public async Task A_bad_change_is_the_callers_error(string body, string code)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Service.Patch(Orders, body)).ShouldFail(400, code);
    }

    [Fact]
    public async Task Only_who_manages_changes_grants_and_sees_them_all()
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Patch(Orders, new { changes = new[] { new { principal = SandboxCast.Engineer, add = new[] { "SELECT" } } } })).ShouldSucceed();
        (await bench.Analyst.Patch(Orders, new { changes = new[] { new { principal = SandboxCast.Analyst, add = new[] { "MODIFY" } } } })).ShouldFail(403, "PERMISSION_DENIED").Message.ShouldBe("User does not have MANAGE on Table 'sales.orders.orders'.");
        Spell((await bench.Analyst.Get(Orders)).ShouldSucceed().Json).ShouldBe(["analysts: SELECT"]);
        Spell((await bench.Service.Get(Orders)).ShouldSucceed().Json).ShouldBe(["analysts: SELECT", "engineer@acme.example: SELECT"]);
        (await bench.Analyst.Get($"{RestClient.Catalog}/permissions/table/people.payroll.salaries")).ShouldFail(403, "PERMISSION_DENIED");
    }

    [Fact]
    public async Task Effective_grants_say_where_they_come_from()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("GRANT SELECT ON CATALOG sales TO analysts");
        var json = (await bench.Engineer.Get($"{RestClient.Catalog}/effective-permissions/table/sales.orders.orders?principal=analysts")).ShouldSucceed().Json;
        var held = json.GetProperty("privilege_assignments")[0].GetProperty("privileges").EnumerateArray().ToArray();
        held.Length.ShouldBe(2);
        held[0].TryGetProperty("inherited_from_type", out _).ShouldBeFalse();
        held[1].GetProperty("inherited_from_type").GetString().ShouldBe("CATALOG");
        held[1].GetProperty("inherited_from_name").GetString().ShouldBe("sales");
    }

    [Fact]
    public async Task Grants_are_paged_by_whole_principals()
    {
        var groups = Enumerable.Range(0, 160).Select(index => new SandboxPrincipal { Name = $"g{index:D3}", Kind = SandboxPrincipalKind.Group }).ToArray();
        await using var bench = await Bench.StartAsync(new() { Principals = groups });
        (await bench.Admin.Patch(Orders, new { changes = groups.Select(group => new { principal = group.Name, add = new[] { "SELECT", "MODIFY" } }).ToArray(), omit_permissions_in_response = true })).ShouldSucceed();
        var (items, pages) = await bench.Admin.All($"{Orders}?max_results=150", "privilege_assignments");
        items.Count.ShouldBe(161);
        pages.ShouldBe(3);
        (await bench.Admin.Get($"{Orders}?max_results=100")).ShouldFail(400, "INVALID_PARAMETER_VALUE");
    }

    [Fact]
    public async Task Changes_at_once_all_hold()
    {
        var groups = Enumerable.Range(0, 40).Select(index => new SandboxPrincipal { Name = $"g{index:D2}", Kind = SandboxPrincipalKind.Group }).ToArray();
        await using var bench = await Bench.StartAsync(new() { Principals = groups });
        var answers = await Task.WhenAll(groups.Select((group, index) => bench.Service.Patch(Orders, new { changes = new object[] { new { principal = group.Name, add = new[] { "SELECT" } }, new { principal = groups[(index + 1) % 40].Name, add = new[] { "MODIFY" } } } })));
        answers.ShouldAllBe(answer => answer.Status == 200);
        Spell((await bench.Service.Get(Orders)).Json).Count(line => line.EndsWith(": MODIFY, SELECT", StringComparison.Ordinal)).ShouldBe(40);
        answers = await Task.WhenAll(groups.Select(group => bench.Service.Patch(Orders, new { changes = new[] { new { principal = group.Name, remove = new[] { "SELECT", "MODIFY" } } } })));
        answers.ShouldAllBe(answer => answer.Status == 200);
        Spell((await bench.Service.Get(Orders)).Json).ShouldBe(["analysts: SELECT"]);
    }

    [Theory]
    [InlineData("function/sales.orders.net_price", "SELECT", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("function/sales.orders.nothing", "EXECUTE", 404, "ROUTINE_DOES_NOT_EXIST")]
    [InlineData("table/sales.orders.nothing", "SELECT", 404, "TABLE_DOES_NOT_EXIST")]
    [InlineData("schema/sales.nothing", "SELECT", 404, "SCHEMA_DOES_NOT_EXIST")]
    [InlineData("table/sales.orders.open_orders", "MODIFY", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("nonsense/sales", "SELECT", 400, "INVALID_PARAMETER_VALUE")]
    public async Task A_privilege_fits_what_it_is_granted_on(string securable, string privilege, int status, string code)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Service.Patch($"{RestClient.Catalog}/permissions/{securable}", new { changes = new[] { new { principal = SandboxCast.Analysts, add = new[] { privilege } } } })).ShouldFail(status, code);
    }

    [Fact]
    public async Task System_tables_open_for_who_is_granted_by_both_admins()
    {
        await using var bench = await Bench.StartAsync();
        object Change(string privilege) => new { changes = new[] { new { principal = SandboxCast.ServicePrincipal, add = new[] { privilege } } } };
        (await bench.As(SandboxCast.MetastoreAdministrator).Patch($"{RestClient.Catalog}/permissions/schema/system.access", Change("USE_SCHEMA"))).ShouldFail(403, "PERMISSION_DENIED");
        (await bench.Admin.Patch($"{RestClient.Catalog}/permissions/catalog/system", Change("USE_CATALOG"))).ShouldSucceed();
        (await bench.Admin.Patch($"{RestClient.Catalog}/permissions/schema/system.access", Change("USE_SCHEMA"))).ShouldSucceed();
        await bench.Service.Fails("SELECT * FROM system.access.audit");
        (await bench.Admin.Patch($"{RestClient.Catalog}/permissions/table/system.access.audit", Change("SELECT"))).ShouldSucceed();
        bench.Sandbox.Change("INSERT INTO system.access.audit (event_id, action_name, event_time) VALUES ('1', 'getTable', TIMESTAMP '2026-05-04 12:00:00')");
        (await bench.Service.Rows("SELECT event_id, action_name FROM system.access.audit WHERE event_time > TIMESTAMP '2026-01-01'")).ShouldHaveSingleItem().ShouldBe(["1", "getTable"]);
    }

    private static string[] Spell(JsonElement json) =>
        [.. json.GetProperty("privilege_assignments").EnumerateArray().Select(item => $"{item.GetProperty("principal").GetString()}: {string.Join(", ", item.GetProperty("privileges").EnumerateArray().Select(privilege => privilege.GetString()))}")];
}
