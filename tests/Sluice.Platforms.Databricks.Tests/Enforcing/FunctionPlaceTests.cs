using System.Text.Json;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;
using AccessCompiler = Sluice.Platforms.Databricks.Enforcing.AccessCompiler;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Whether there is a place for a function that is asked for: in the schema at all, and at its name.</summary>
public sealed class FunctionPlaceTests : IAsyncLifetime
{
    private const string Quota = "/api/2.1/unity-catalog/resource-quotas/schema/sluice.functions/function-quota";

    private static readonly AccessIntent Masked = Intent([Person(Ann, "Sales")], Object(Readable(People.Rule("Sales"), masks: [Mask("email", People.Rule("Privacy"))])));
    private static readonly FactKey Function = AccessCompiler.Compile(Masked).Facts.Select(static f => f.Key).Single(static k => k.Kind == FactKind.Support && k.Subject.StartsWith("functions.", StringComparison.Ordinal));

    private FakeWorkspace _workspace = null!;
    private IPlatformSession _session = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.Store.Add("sales", new FakeSchema("orders", new FakeTable("lines", new("id", "bigint"), new("email", "string")))).Owner = FakeWorkspace.Principal;
        _ = new FakeGrants(_workspace, "table/sales.orders.lines", "schema/sales.orders", "catalog/sales");
        _workspace.OnStatement(static _ => FakeWorkspace.Succeeded([]));
        _session = _workspace.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _workspace.DisposeAsync();
    }

    // https://docs.databricks.com/api/uc-resource-quotas/v1/get-quota
    [Theory]
    [InlineData(9999, 10000, true)]
    [InlineData(10000, 10000, false)]
    public async Task A_function_that_its_schema_has_no_room_for_is_told_before_it_is_tried(int count, int limit, bool isMade)
    {
        _workspace.On("GET", Quota, $$$"""{"quota_info":{"quota_count":{{{count}}},"quota_limit":{{{limit}}}}}""");

        var plan = await PlanAsync(_session, Masked);

        plan.Changes.Any(static c => c.Key == Function).ShouldBe(isMade);
        plan.Changes.Any(static c => c.Key is { Kind: FactKind.Mask or FactKind.Grant, Object.Depth: 3 }).ShouldBe(isMade);
        if (isMade) plan.Shortfalls.ShouldBeEmpty();
        else plan.Shortfalls.ShouldHaveSingleItem().Reason.ShouldContain("10000 functions of 10000");
    }

    [Fact]
    public async Task Where_the_quota_is_not_shown_it_keeps_nothing_back()
    {
        _workspace.On("GET", Quota, """{"error_code":"PERMISSION_DENIED","message":"Only account admins can access resource quotas."}""", 403);

        (await PlanAsync(_session, Masked)).Changes.ShouldContain(static c => c.Key == Function);
    }

    [Fact]
    public async Task A_function_of_somebody_elses_in_its_place_is_left_as_it_is()
    {
        var name = Function.Subject["functions.".Length..];
        _workspace.On("GET", "/api/2.1/unity-catalog/functions", JsonSerializer.Serialize(new { functions = new[] { new { name, routine_definition = "c0" } } }));

        var plan = await PlanAsync(_session, Masked);

        plan.Changes.ShouldNotContain(static c => c.Key == Function);
        plan.Changes.ShouldNotContain(static c => c.Key.Object != null && c.Key.Object.Depth == 3);
        plan.Shortfalls.ShouldContain(static s => s.Reason.Contains("was not made by this instance of Sluice", StringComparison.Ordinal));
    }
}
