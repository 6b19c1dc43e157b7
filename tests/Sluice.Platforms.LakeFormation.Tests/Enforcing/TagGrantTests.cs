using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Sandbox.Aws;

namespace Sluice.Platforms.LakeFormation.Tests.Enforcing;

/// <summary>Grants by LF-Tags from the intent to what people read under their own keys, at the stand-in.</summary>
public sealed class TagGrantTests
{
    private static readonly AccessRule Sales = People.Rule("Sales");
    private static readonly AccessRule Privacy = People.Rule("Privacy");
    private static readonly AccessRule Finance = People.Rule("Finance");

    private static readonly string[] Tables =
    [
        "customers", "customer_addresses", "customers_emea", "customers_amer", "orders", "order_items", "order_events", "returns", "products", "price_lists",
    ];

    [Fact]
    public async Task Tables_and_masked_columns_carry_the_value_of_their_audience()
    {
        await using var lake = await StartAsync();
        var masked = EnforcedLake.Readable(Sales, EnforcedLake.Mask("email", Privacy), EnforcedLake.Mask("phone", AccessRule.Nobody));
        var intent = lake.Intent([.. Open(lake)[1..], lake.Object("sales/customers", masked)]);

        var plan = await lake.ReconcileAsync(intent);

        var all = lake.Object("sales/customers", masked).Object.Columns.Select(c => c.Name).ToArray();
        (await lake.ColumnsOfAsync("ann", "sales/customers")).ShouldBe(all.Except(["email", "phone"]));
        (await lake.ColumnsOfAsync("bob", "sales/customers")).ShouldBe(all.Except(["phone"]));
        (await lake.ColumnsOfAsync("cy", "sales/customers")).ShouldBeNull();
        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldNotBeNull().ShouldContain("order_id");
        plan.Changes.ShouldNotContain(c => c.Key.Kind == FactKind.Grant && c.Key.Object!.Depth == 2 && !c.Key.Subject.StartsWith("sluice_r1="), "no table is granted by name");
        plan.Changes.Where(c => c.Key.Kind == FactKind.Mask).Select(c => (c.Key.Subject, c.Key.Detail, IsNobody: c.Definition == "none"))
            .ShouldBe([("email", "sluice_r1", false), ("phone", "sluice_r1", true)], ignoreOrder: true);

        // One call a table and one for each value on its columns; 41 members and Sluice itself, and one with Sluice itself, in entries of twenty a call.
        lake.Sandbox.Requests.Of("lakeformation:AddLFTagsToResource").ShouldBe(Tables.Length + 2);
        lake.Sandbox.Requests.Of("lakeformation:CreateLFTag").ShouldBe(1);
    }

    [Fact]
    public async Task Who_joins_or_leaves_touches_no_table()
    {
        await using var lake = await StartAsync();
        await lake.ReconcileAsync(lake.Intent(Open(lake)));
        lake.Identities = [EnforcedLake.Person("ann"), .. lake.Identities.Where(i => i.Name != EnforcedLake.Arn("ann"))];

        var plan = await lake.ReconcileAsync(lake.Intent(Open(lake)));

        plan.Changes.ShouldHaveSingleItem().Key.ShouldSatisfyAllConditions(k => k.Kind.ShouldBe(FactKind.Member), k => k.Detail.ShouldBe(EnforcedLake.Arn("ann")));
        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldBeNull();
    }

    [Fact]
    public async Task A_table_under_another_rule_moves_to_its_value_within_the_key()
    {
        await using var lake = await StartAsync();
        lake.Identities = [.. lake.Identities.Where(i => i.Name != EnforcedLake.Arn("cy")), .. Enumerable.Range(0, 40).Select(i => EnforcedLake.Person($"f{i:00}", "Finance")), EnforcedLake.Person("cy", "Finance")];
        var items = Open(lake);
        var half = items.Take(5).Concat(items.Skip(5).Select(i => i with { Access = EnforcedLake.Readable(Finance) })).ToArray();
        await lake.ReconcileAsync(lake.Intent(half));
        var moved = half.Select((item, i) => i == 4 ? item with { Access = EnforcedLake.Readable(Finance) } : item).ToArray();

        await lake.ReconcileAsync(lake.Intent(moved));

        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldBeNull();
        (await lake.ColumnsOfAsync("cy", "sales/orders")).ShouldNotBeNull();
        lake.Sandbox.Requests.Of("lakeformation:AddLFTagsToResource").ShouldBe(Tables.Length + 1);
    }

    [Fact]
    public async Task A_table_that_leaves_a_key_is_first_nobodys()
    {
        await using var lake = await StartAsync();
        await lake.ReconcileAsync(lake.Intent(Open(lake)));
        var before = lake.Sandbox.Requests.Of("lakeformation:AddLFTagsToResource");
        lake.Identities = [.. lake.Identities.Take(3)];

        var plan = await lake.ReconcileAsync(lake.Intent(Open(lake)));

        plan.Changes.Count(c => c is { Verb: ChangeVerb.Add, Key.Object.Depth: 2 }).ShouldBe(Tables.Length * 2, "two members are cheaper by name");
        (lake.Sandbox.Requests.Of("lakeformation:AddLFTagsToResource") - before).ShouldBe(Tables.Length, "none on each table");
        lake.Sandbox.Requests.Of("lakeformation:RemoveLFTagsFromResource").ShouldBe(Tables.Length);
        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldNotBeNull();
    }

    [Fact]
    public async Task Masks_come_and_go_with_their_columns()
    {
        await using var lake = await StartAsync();
        var items = Open(lake);
        IntendedObject[] masked = [items[0] with { Access = EnforcedLake.Readable(Sales, EnforcedLake.Mask("email", Privacy), EnforcedLake.Mask("phone", Privacy)) }, .. items[1..]];
        await lake.ReconcileAsync(lake.Intent(items));

        var plan = await lake.ReconcileAsync(lake.Intent(masked));
        plan.Changes.Where(c => c.Key.Kind == FactKind.Mask).ShouldAllBe(c => c.Phase == ChangePhase.Protect);
        (await lake.ColumnsOfAsync("ann", "sales/customers")).ShouldNotBeNull().ShouldNotContain("email");
        (await lake.ColumnsOfAsync("bob", "sales/customers")).ShouldNotBeNull().ShouldContain("email");

        await lake.ReconcileAsync(lake.Intent(items));
        (await lake.ColumnsOfAsync("ann", "sales/customers")).ShouldNotBeNull().ShouldContain("email");
        lake.Sandbox.Requests.Of("lakeformation:RemoveLFTagsFromResource").ShouldBe(1, "both columns in one call");
    }

    [Fact]
    public async Task What_others_did_to_what_is_ours_is_put_right()
    {
        await using var lake = await StartAsync();
        var intent = lake.Intent(Open(lake));
        await lake.ReconcileAsync(intent);
        var audience = lake.Platform.Compile(intent).Facts.Single(f => f.Key.Kind == FactKind.Audience).Key.Subject.Split('=');
        var tag = $$"""[{"TagKey":"{{audience[0]}}","TagValues":["{{audience[1]}}"]}]""";
        var policy = $$$"""{"LFTagPolicy":{"ResourceType":"TABLE","Expression":{{{tag}}}}}""";
        await lake.Lake.AdministrateAsync("RemoveLFTagsFromResource", $$$"""{"Resource":{"Table":{"DatabaseName":"sales","Name":"orders"}},"LFTags":{{{tag}}}}""");
        await lake.Lake.AdministrateAsync("AddLFTagsToResource", $$$"""{"Resource":{"Table":{"DatabaseName":"sales","Name":"partners"}},"LFTags":{{{tag}}}}""");
        await lake.Lake.GrantAsync(EnforcedLake.Arn("cy"), policy, """["SELECT"]""", """["SELECT"]""");

        await lake.ReconcileAsync(intent);

        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldNotBeNull();
        (await lake.ColumnsOfAsync("ann", "sales/partners")).ShouldBeNull();
        (await lake.ColumnsOfAsync("cy", "sales/orders")).ShouldBeNull();
    }

    [Fact]
    public async Task Tag_expressions_of_others_are_ways_that_stay_open()
    {
        await using var lake = await StartAsync();
        await lake.Lake.GrantAsync(
            EnforcedLake.Arn("cy"),
            """{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"sluice_governed","TagValues":["true"]}]}}""",
            """["SELECT"]""");

        var plan = await lake.PlanAsync(lake.Intent(Open(lake)));

        plan.Residuals.Where(r => r.Identity == EnforcedLake.Arn("cy")).Select(r => r.Object.Name).ShouldBe(Tables, ignoreOrder: true);
        plan.Residuals.ShouldContain(r => r.Path == "SELECT on tables with sluice_governed=true");
    }

    [Fact]
    public async Task Everything_goes_when_nothing_is_asked_for_and_a_run_cut_short_is_finished_by_the_next()
    {
        await using var lake = await StartAsync();
        var items = Open(lake);
        items[0] = items[0] with { Access = EnforcedLake.Readable(Sales, EnforcedLake.Mask("email", Privacy)) };
        var intent = lake.Intent(items);
        var plan = await lake.PlanAsync(intent);
        foreach (var phase in plan.Changes.Select(c => c.Phase).Distinct().ToList())
        {
            await lake.ApplyAsync(intent, plan with { Changes = [.. plan.Changes.Where(c => c.Phase <= phase)] });
            (await lake.ColumnsOfAsync("ann", "sales/customers") ?? []).ShouldNotContain("email");
        }

        await lake.ReconcileAsync(intent);
        await lake.ReconcileAsync(lake.Intent());

        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldBeNull();
        var left = await ((IObservesAccess)lake.Session).ObserveAsync(lake.Intent(), TestContext.Current.CancellationToken);
        left.Facts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Writers_have_keys_of_their_own()
    {
        await using var lake = await StartAsync();
        var intent = lake.Intent([.. Open(lake).Select(i => i with { Access = i.Access with { Write = Sales } })]);

        var plan = await lake.ReconcileAsync(intent);

        plan.Changes.Where(c => c.Key.Kind == FactKind.Audience).Select(c => c.Key.Subject.Split('=')[0]).ShouldBe(["sluice_r1", "sluice_w1"], ignoreOrder: true);
        plan.Changes.ShouldContain(c => c.Key.Kind == FactKind.Member && c.Definition == "INSERT, DELETE");
    }

    private static IntendedObject[] Open(EnforcedLake lake) => [.. Tables.Select(t => lake.Object($"sales/{t}", EnforcedLake.Readable(Sales)))];

    private static async Task<EnforcedLake> StartAsync()
    {
        var lake = await EnforcedLake.StartAsync(ServiceGrants.Super, "ann", "bob", "cy");
        IdentityHoldersOf(lake);
        return lake;
    }

    private static void IdentityHoldersOf(EnforcedLake lake) => lake.Identities =
    [
        EnforcedLake.Person("ann", "Sales"), EnforcedLake.Person("bob", "Sales", "Privacy"), EnforcedLake.Person("cy"),
        .. Enumerable.Range(0, 40).Select(i => EnforcedLake.Person($"p{i:00}", "Sales")),
    ];
}
