using System.Net;
using Sluice.Sandbox.Databricks.Identity;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>Who reads and writes what on Databricks, and whose grants are taken away there.</summary>
public sealed class DatabricksGrantTests
{
    private const string Orders = "orders/orders";
    private const string Customers = "customers/customers";
    private const string Ada = "ada@acme.example", Ben = "ben@acme.example", Cat = "cat@acme.example", Dan = "dan@acme.example";

    [Fact]
    public async Task From_a_policy_to_what_people_read()
    {
        await using var unity = await GovernedUnity.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = [Ada, Ben], ["Clerks"] = [Ben] });
        using var api = unity.Server.Api();
        await GovernedUnity.ModeAsync(api, "observe");
        await GovernedUnity.PutAsync(api, GovernedUnity.Reading("Analysts", [Orders]) + "\n---\n" + GovernedUnity.Reading("Clerks", [Orders], "WRITE"));

        var plan = await GovernedUnity.PlanAsync(api);
        plan.ToJsonString().ShouldContain("PATCH /api/2.1/unity-catalog/permissions/table/sales.orders.orders");
        (await unity.MayReadAsync(Ada, Orders)).ShouldBeFalse();
        await GovernedUnity.ModeAsync(api, "sync");
        await ReconciledAsync(api, GovernedUnity.Key);

        (await unity.MayReadAsync(Ada, Orders)).ShouldBeTrue();
        (await unity.MayReadAsync(Cat, Orders)).ShouldBeFalse();
        (await unity.MayReadAsync(Ada, Customers)).ShouldBeFalse();
        (await unity.GrantsAsync(Orders)).Where(g => GovernedUnity.People.Any(p => g.StartsWith(p, StringComparison.Ordinal))).ShouldBe([$"{Ada} SELECT", $"{Ben} MODIFY", $"{Ben} SELECT"]);

        // Somebody leaves, somebody joins.
        await GovernedUnity.MembersAsync(api, "Analysts", [Ben, Cat]);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.MayReadAsync(Ada, Orders)).ShouldBeFalse();
        (await unity.MayReadAsync(Cat, Orders)).ShouldBeTrue();

        // What is not active any more is as it was: nothing of ours is left, on the way neither.
        await GovernedUnity.ActivateAsync(api, GovernedUnity.Catalog, isActive: false);
        await ReconciledAsync(api, GovernedUnity.Key);
        foreach (var relation in (string[])["table_privileges", "schema_privileges", "catalog_privileges"])
        {
            var left = await unity.ReadAsync(SandboxCast.Administrator, $"SELECT grantee FROM system.information_schema.{relation} WHERE grantee IN ({string.Join(", ", GovernedUnity.People.Select(static p => $"'{p}'"))})");
            left.ShouldNotBeNull().ShouldBeEmpty(relation);
        }
    }

    [Fact]
    public async Task What_somebody_takes_from_people_by_hand_comes_back_and_what_they_give_goes()
    {
        await using var unity = await GovernedUnity.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = [Ada] });
        using var api = unity.Server.Api();
        await GovernedUnity.PutAsync(api, GovernedUnity.Reading("Analysts", [Orders]));
        await ReconciledAsync(api, GovernedUnity.Key);

        unity.Sandbox.Change($"REVOKE SELECT ON TABLE {GovernedUnity.Named(Orders)} FROM `{Ada}`");
        unity.Sandbox.Change($"GRANT SELECT ON TABLE {GovernedUnity.Named(Orders)} TO `{Dan}`");
        var drift = await GovernedUnity.PlanAsync(api);
        drift["changes"]!.AsArray().Count.ShouldBe(2, drift.ToJsonString());
        await GovernedUnity.LookAsync(api);
        await ReconciledAsync(api, GovernedUnity.Key);

        (await unity.MayReadAsync(Ada, Orders)).ShouldBeTrue();
        (await unity.GrantsAsync(Orders)).ShouldNotContain($"{Dan} SELECT");
    }

    // The documented rule of settings.isActive: who is registered loses what was granted to them directly; who isn't keeps everything.
    [Theory]
    [InlineData("protect")]
    [InlineData("pass")]
    public async Task An_active_table_without_a_policy_is_taken_from_registered_people_and_from_nobody_else(string unregistered)
    {
        await using var unity = await GovernedUnity.StartAsync(new Dictionary<string, string[]>(), active: "people");
        using var api = unity.Server.Api();
        await SucceedAsync(api.PutAsync($"/data/connection/{GovernedUnity.Key}", $$$"""{"settings": {"unregistered": "{{{unregistered}}}"}}"""));
        const string stranger = "stranger@acme.example";
        await unity.PeopleAsync(api, [SandboxCast.Analyst]);
        unity.Sandbox.Change($"GRANT SELECT ON TABLE {GovernedUnity.Named(Orders)} TO `{Ada}`");
        unity.Sandbox.Change($"GRANT SELECT ON TABLE {GovernedUnity.Named(Orders)} TO `{SandboxCast.Analysts}`");
        unity.Sandbox.Change($"GRANT SELECT ON TABLE {GovernedUnity.Named(Orders)} TO `{SandboxCast.Engineer}`");
        _ = stranger;
        (await unity.GrantsAsync(Orders)).ShouldContain($"{Ada} SELECT");
        var strangers = (await unity.GrantsAsync(Orders)).Where(g => !g.StartsWith(Ada, StringComparison.Ordinal)).ToList();

        await GovernedUnity.ActivateAsync(api, "sales/orders");
        await ReconciledAsync(api, GovernedUnity.Key);

        // Registered, and granted directly: removed, and kept to be put back.
        (await unity.GrantsAsync(Orders)).ShouldNotContain($"{Ada} SELECT");
        var removed = (await api.GetAsync($"/api/v1/removed-grants?connection={GovernedUnity.Key}")).Json;
        removed["hits"]!.AsArray().Select(static g => g!.ToJsonString()).ShouldContain(g => g.Contains(Ada, StringComparison.Ordinal));

        // Registered, and granted through a group: it stays, and is told.
        var plan = await GovernedUnity.PlanAsync(api);
        plan["residuals"]!.ToJsonString().ShouldContain(SandboxCast.Analysts);

        // Unregistered people and groups: untouched.
        (await unity.GrantsAsync(Orders)).ShouldBe(strangers);
        strangers.ShouldContain($"{SandboxCast.Engineer} SELECT");

        // Not active any more: the grant is offered, and put back when asked for.
        await GovernedUnity.ActivateAsync(api, "sales/orders", isActive: false);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.GrantsAsync(Orders)).ShouldBe(strangers);
        var id = removed["hits"]!.AsArray().Single(g => g!.ToJsonString().Contains(Ada, StringComparison.Ordinal))!["id"]!.GetValue<string>();
        var restored = await api.PostAsync("/api/v1/removed-grants/restore", $$"""{"ids": ["{{id}}"]}""");
        restored.Status.ShouldBe(HttpStatusCode.OK, restored.Text);
        await UntilAsync(async () => (await unity.GrantsAsync(Orders)).Contains($"{Ada} SELECT"));
    }
}
