using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.UnityCatalog;

public sealed class TagTests
{
    private const string Tags = $"{RestClient.Catalog}/entity-tag-assignments";

    [Theory]
    [InlineData("catalogs", "sales")]
    [InlineData("schemas", "sales.orders")]
    [InlineData("tables", "sales.products.prices")]
    [InlineData("columns", "sales.products.prices.price")]
    [InlineData("columns", "web-analytics.größen_und_maße.naïve-café.plat du jour")]
    public async Task Tags_are_set_changed_read_and_removed(string type, string name)
    {
        await using var bench = await Bench.StartAsync();
        var path = $"{Tags}/{type}/{Uri.EscapeDataString(name)}/tags";
        (await bench.Service.Post(Tags, new { entity_type = type, entity_name = name, tag_key = "review", tag_value = "open" })).ShouldSucceed();
        (await bench.Service.Post(Tags, new { entity_type = type, entity_name = name, tag_key = "review" })).ShouldFail(409, "ALREADY_EXISTS");
        (await bench.Service.Get($"{path}/review")).ShouldSucceed().Json.GetProperty("tag_value").GetString().ShouldBe("open");
        (await bench.Service.Patch($"{path}/review?update_mask=tag_value", new { tag_value = "done" })).ShouldSucceed();
        (await bench.Service.All($"{path}?max_results=0", "tag_assignments")).Items.Single(tag => tag.GetProperty("tag_key").GetString() == "review").GetProperty("tag_value").GetString().ShouldBe("done");
        (await bench.Service.Delete($"{path}/review")).ShouldSucceed();
        (await bench.Service.Get($"{path}/review")).ShouldFail(404, "RESOURCE_DOES_NOT_EXIST");
    }

    [Theory]
    [InlineData("catalogs", "sales")]
    [InlineData("columns", "sales.products.prices.price")]
    public async Task A_tag_set_or_changed_says_who_did_so_and_when(string type, string name)
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(new() { Clock = clock });
        var made = (await bench.Service.Post(Tags, new { entity_type = type, entity_name = name, tag_key = "review", tag_value = "open" })).ShouldSucceed().Json;
        made.GetProperty("update_time").GetString().ShouldBe("2026-05-04T12:00:00.000Z");
        made.GetProperty("updated_by").GetString().ShouldBe(SandboxCast.ServicePrincipal);

        clock.Advance(TimeSpan.FromHours(1));
        var changed = (await bench.Engineer.Patch($"{Tags}/{type}/{name}/tags/review?update_mask=tag_value", new { tag_value = "done" })).ShouldSucceed().Json;

        changed.GetProperty("update_time").GetString().ShouldBe("2026-05-04T13:00:00.000Z");
        changed.GetProperty("updated_by").GetString().ShouldBe(SandboxCast.Engineer);
    }

    [Fact]
    public async Task Who_may_tag_and_nothing_else_sees_the_tags()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("GRANT APPLY TAG ON TABLE sales.orders.order_lines TO analysts");
        (await bench.Analyst.Get($"{Tags}/tables/sales.orders.order_lines/tags")).ShouldSucceed();
        (await bench.Analyst.Get($"{RestClient.Catalog}/tables/sales.orders.order_lines")).ShouldFail(403, "PERMISSION_DENIED");
    }

    [Fact]
    public async Task Tagging_needs_apply_tag()
    {
        await using var bench = await Bench.StartAsync();
        object Tag() => new { entity_type = "tables", entity_name = "sales.orders.orders", tag_key = "a", tag_value = "b" };
        (await bench.Analyst.Post(Tags, Tag())).ShouldFail(403, "PERMISSION_DENIED").Message.ShouldContain("APPLY TAG");
        (await bench.As(SandboxCast.MetastoreAdministrator).Post(Tags, Tag())).ShouldFail(403, "PERMISSION_DENIED");
        (await bench.As(SandboxCast.MetastoreAdministrator).Fails("ALTER TABLE sales.orders.orders SET TAGS ('a' = 'b')")).SqlState.ShouldBe("42501");
        await bench.Engineer.Rows("GRANT APPLY TAG ON TABLE sales.orders.orders TO analysts");
        (await bench.Analyst.Post(Tags, Tag())).ShouldSucceed();
    }

    [Theory]
    [InlineData("volumes", "a.b.c", 400, "INVALID_PARAMETER_VALUE")]
    [InlineData("columns", "sales.orders.orders.nothing", 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData("tables", "sales.orders.nothing", 404, "TABLE_DOES_NOT_EXIST")]
    public async Task What_is_not_there_is_not_tagged(string type, string name, int status, string code)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Service.Post(Tags, new { entity_type = type, entity_name = name, tag_key = "a" })).ShouldFail(status, code);
    }
}
