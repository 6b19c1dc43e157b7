using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Faults;

namespace Sluice.Platforms.LakeFormation.Tests.Enforcing;

/// <summary>Named grants from the intent to what people read under their own keys, at the stand-in.</summary>
public sealed class NamedGrantTests
{
    private static readonly AccessRule Sales = People.Rule("Sales");
    private static readonly AccessRule Privacy = People.Rule("Privacy");

    [Fact]
    public async Task Members_read_the_table_and_nobody_else_does()
    {
        await using var lake = await StartAsync();
        var intent = lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(Sales)));

        await lake.ReconcileAsync(intent);

        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldNotBeNull().ShouldContain("order_id");
        (await lake.ColumnsOfAsync("cy", "sales/orders")).ShouldBeNull();
    }

    [Fact]
    public async Task A_masked_column_is_left_out_for_who_is_not_exempt_from_every_mask_on_it()
    {
        await using var lake = await StartAsync();
        var access = EnforcedLake.Readable(Sales, EnforcedLake.Mask("Email", Privacy), EnforcedLake.Mask("phone", Privacy), EnforcedLake.Mask("phone", AccessRule.Nobody));
        var intent = lake.Intent(lake.Object("sales/customers", access));

        var plan = await lake.ReconcileAsync(intent);

        var all = lake.Object("sales/customers", access).Object.Columns.Select(c => c.Name).ToArray();
        (await lake.ColumnsOfAsync("ann", "sales/customers")).ShouldBe(all.Except(["email", "phone"]));
        (await lake.ColumnsOfAsync("bob", "sales/customers")).ShouldBe(all.Except(["phone"]), "bob is exempt from all masks on email and from one of two on phone");
        plan.Changes.Select(c => c.Key.Detail).ShouldContain("""SELECT except ["email","phone"]""");
        plan.Shortfalls.ShouldContain(s => s.Reason.Contains("not granted the columns email, phone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mask_that_comes_and_goes_changes_the_grant_and_never_the_access_in_between()
    {
        await using var lake = await StartAsync();
        var open = lake.Intent(lake.Object("sales/customers", EnforcedLake.Readable(Sales)));
        var masked = lake.Intent(lake.Object("sales/customers", EnforcedLake.Readable(Sales, EnforcedLake.Mask("email", Privacy))));
        await lake.ReconcileAsync(open);

        await lake.ReconcileAsync(masked);
        (await lake.ColumnsOfAsync("ann", "sales/customers")).ShouldNotBeNull().ShouldNotContain("email");

        await lake.ReconcileAsync(open);
        (await lake.ColumnsOfAsync("ann", "sales/customers")).ShouldNotBeNull().ShouldContain("email");
    }

    [Fact]
    public async Task Row_rules_narrow_the_audience_to_who_is_exempt_from_each_and_say_so()
    {
        await using var lake = await StartAsync();
        var access = EnforcedLake.Readable(Sales) with { Write = Sales, RowRules = [new RowRule(new Predicate.Constant(true), Privacy, "rows")] };
        var item = lake.Object("sales/orders", access) with { DirectReaders = [EnforcedLake.Arn("cy")], DirectWriters = [EnforcedLake.Arn("cy")] };

        var plan = await lake.ReconcileAsync(lake.Intent(item));

        (await lake.ColumnsOfAsync("bob", "sales/orders")).ShouldNotBeNull();
        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldBeNull();
        (await lake.ColumnsOfAsync("cy", "sales/orders")).ShouldBeNull("a subscription of one's own exempts from no row rule");
        plan.Changes.Where(c => c.Key.Detail == "INSERT").Select(c => c.Key.Subject).ShouldBe([EnforcedLake.Arn("bob")], "who writes what has some value learns what rows there are");
        plan.Shortfalls.ShouldContain(s => s.Reason.StartsWith("cannot enforce the row rules of rows", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Subscriptions_of_ones_own_and_writers_are_granted_by_name()
    {
        await using var lake = await StartAsync();
        var item = lake.Object("sales/orders", EnforcedLake.Readable(AccessRule.Nobody) with { Write = Sales }) with
        {
            DirectReaders = [EnforcedLake.Arn("cy")], DirectWriters = [EnforcedLake.Arn("cy")],
        };

        var plan = await lake.ReconcileAsync(lake.Intent(item));

        (await lake.ColumnsOfAsync("cy", "sales/orders")).ShouldNotBeNull();
        plan.Changes.Where(c => c.Key.Object!.Depth == 2).Select(c => $"{c.Key.Subject.Split('/')[1]} {c.Key.Detail}").Order(StringComparer.Ordinal)
            .ShouldBe(["ann DELETE", "ann INSERT", "bob DELETE", "bob INSERT", "cy DELETE", "cy INSERT", "cy SELECT"]);
    }

    [Fact]
    public async Task Who_leaves_loses_the_grant_and_what_puts_it_back_is_kept()
    {
        await using var lake = await StartAsync();
        var item = lake.Object("sales/orders", EnforcedLake.Readable(Sales));
        await lake.ReconcileAsync(lake.Intent(item));
        lake.Identities = [EnforcedLake.Person("ann"), EnforcedLake.Person("bob", "Sales"), EnforcedLake.Person("cy")];

        var plan = await lake.ReconcileAsync(lake.Intent(item));

        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldBeNull();
        (await lake.ColumnsOfAsync("bob", "sales/orders")).ShouldNotBeNull();
        plan.Changes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            c => c.Verb.ShouldBe(ChangeVerb.Remove),
            c => c.MadeBy.ShouldBe(EnforcedLake.Arn("sluice-service")),
            c => c.Restore.ShouldBe(
                """{"Principal":{"DataLakePrincipalIdentifier":"arn:aws:iam::123456789012:user/ann"},"Resource":{"Table":{"CatalogId":"123456789012","DatabaseName":"sales","Name":"orders"}},"Permissions":["SELECT"]}"""));
    }

    [Fact]
    public async Task What_others_granted_to_registered_people_goes_and_what_strangers_have_stays()
    {
        await using var lake = await StartAsync();
        var item = lake.Object("sales/orders", EnforcedLake.Readable(Sales));
        const string Orders = """{"Table":{"DatabaseName":"sales","Name":"orders"}}""";
        await lake.Lake.GrantAsync(EnforcedLake.Arn("cy"), Orders, """["SELECT","INSERT"]""", """["SELECT"]""");
        await lake.Lake.GrantAsync(EnforcedLake.Arn("cy"), """{"TableWithColumns":{"DatabaseName":"sales","Name":"orders","ColumnNames":["order_id"]}}""", """["SELECT"]""");
        await lake.Lake.GrantAsync(EnforcedLake.Arn("ann"), Orders, """["SELECT"]""", """["SELECT"]""");
        await lake.Lake.GrantAsync(EnforcedLake.Arn("stranger"), Orders, """["SELECT"]""");

        var intent = lake.Intent(item);
        var plan = await lake.PlanAsync(intent);
        (await lake.ApplyAsync(intent, plan)).ShouldAllBe(o => o.Error == null);

        plan.Changes.Single(c => c.Verb == ChangeVerb.Replace).Key.Subject.ShouldBe(EnforcedLake.Arn("ann"), "the grant option goes and the grant stays");
        (await lake.ColumnsOfAsync("cy", "sales/orders")).ShouldBeNull();
        var after = await ((IObservesAccess)lake.Session).ObserveAsync(intent, TestContext.Current.CancellationToken);
        after.UnregisteredReaders.ShouldContain(r => r.Identity == EnforcedLake.Arn("stranger") && r.Path == "SELECT on the table");
        (await lake.PlanAsync(intent)).Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_ours_by_what_was_done_goes_wherever_it_is_and_what_is_no_more_is_told()
    {
        await using var lake = await StartAsync();
        const string Returns = """{"Table":{"DatabaseName":"sales","Name":"returns"}}""";
        foreach (var person in (string[])["ann", "gone", "cy"]) await lake.Lake.GrantAsync(EnforcedLake.Arn(person), Returns, """["SELECT","INSERT"]""");
        await lake.Lake.GrantAsync(EnforcedLake.Arn("ann"), """{"Database":{"Name":"sales"}}""", """["DESCRIBE"]""");
        FactKey On(string path, string person, string privilege) => new(FactKind.Grant, EnforcedLake.Path(path), EnforcedLake.Arn(person), privilege);
        FactKey[] made =
        [
            On("sales/returns", "ann", "SELECT"), On("sales/returns", "gone", "SELECT"), On("sales", "ann", "DESCRIBE"),
            On("sales/returns", "bob", "SELECT"), On("sales/orders", "bob", "INSERT"), On("sales/products", "bob", "INSERT"),
        ];
        var intent = lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(AccessRule.Nobody)), lake.Object("sales/products", EnforcedLake.Readable(AccessRule.Nobody), "none")) with
        {
            OwnGrants = made.ToHashSet(),
        };

        var observed = await ((IObservesAccess)lake.Session).ObserveAsync(intent, TestContext.Current.CancellationToken);
        observed.Gone.ShouldBe(made[3..5], ignoreOrder: true, "where nothing can be granted, nothing is shown");
        observed.Facts.Where(f => f.Owner == FactOwner.Ours).Select(f => (f.Key, f.Restore)).ShouldBe(made[..3].Select(k => (k, (string?)null)), ignoreOrder: true);
        observed.Facts.ShouldNotContain(f => f.Owner != FactOwner.Ours && Equals(f.Key.Object, EnforcedLake.Path("sales/returns")), "the table is not active");

        var plan = await lake.PlanAsync(intent);
        plan.Changes.Select(c => (c.Verb, c.Key)).ShouldBe(made[..3].Select(k => (ChangeVerb.Remove, k)), ignoreOrder: true);
        (await lake.ApplyAsync(intent, plan)).ShouldAllBe(o => o.Error == null);
        (await lake.ColumnsOfAsync("cy", "sales/returns")).ShouldNotBeNull();
        (await ((IObservesAccess)lake.Session).ObserveAsync(intent, TestContext.Current.CancellationToken)).Gone.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Wildcards_and_groups_are_ways_that_stay_open()
    {
        await using var lake = await StartAsync(ServiceGrants.Super);
        await lake.Lake.GrantAsync(EnforcedLake.Arn("cy"), """{"Table":{"DatabaseName":"sales","TableWildcard":{}}}""", """["SELECT"]""");
        await lake.Lake.GrantAsync("arn:aws:identitystore:::group/g-1", """{"Table":{"DatabaseName":"sales","Name":"orders"}}""", """["SELECT"]""");

        var plan = await lake.PlanAsync(lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(Sales)), lake.Object("sales/customers", EnforcedLake.Readable(Sales))));

        plan.Residuals.ShouldContain(r => r.Identity == EnforcedLake.Arn("cy") && Equals(r.Object, EnforcedLake.Path("sales/customers")));
        plan.Residuals.ShouldContain(r => r.Identity == "" && Equals(r.Object, EnforcedLake.Path("sales/orders")) && r.Path.Contains("group/g-1", StringComparison.Ordinal));
        plan.Residuals.ShouldContain(r => Equals(r.Object, SandboxLake.Root) && r.Path.Contains("lower bound", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_table_of_iam_allowed_principals_is_a_conflict_and_gets_no_new_grant()
    {
        await using var lake = await StartAsync();
        await lake.Lake.GrantAsync("IAM_ALLOWED_PRINCIPALS", """{"Table":{"DatabaseName":"sales","Name":"orders"}}""", """["ALL"]""");

        var plan = await lake.PlanAsync(lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(Sales)), lake.Object("sales/customers", EnforcedLake.Readable(Sales))));

        plan.Shortfalls.ShouldContain(s => Equals(s.Object, EnforcedLake.Path("sales/orders")) && s.Reason.StartsWith("can't govern", StringComparison.Ordinal));
        plan.Changes.ShouldNotContain(c => Equals(c.Key.Object, EnforcedLake.Path("sales/orders")));
        plan.Changes.ShouldContain(c => Equals(c.Key.Object, EnforcedLake.Path("sales/customers")));
    }

    [Fact]
    public async Task Grants_travel_in_batches_of_twenty_with_one_entry_for_a_principal_and_resource()
    {
        await using var lake = await StartAsync();
        lake.Identities = [.. Enumerable.Range(0, 45).Select(i => EnforcedLake.Person($"p{i:00}", "Sales"))];

        await lake.ReconcileAsync(lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(AccessRule.Nobody) with { Write = Sales })));

        // 45 on the database, 45 on the table for INSERT and DELETE together.
        lake.Sandbox.Requests.Of("lakeformation:BatchGrantPermissions").ShouldBe(5);
    }

    [Fact]
    public async Task One_entry_that_is_refused_keeps_no_other_from_being_made()
    {
        await using var lake = await StartAsync();
        var intent = lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(Sales)), lake.Object("sales/orders", EnforcedLake.Readable(Sales)) with
        {
            Object = lake.Object("sales/orders", EnforcedLake.Readable(Sales)).Object with { Path = EnforcedLake.Path("sales/gone") },
        });

        var outcomes = await lake.ApplyAsync(intent, await lake.PlanAsync(intent));

        outcomes.Where(o => o.Error is not null).ShouldAllBe(o => Equals(o.Change.Key.Object, EnforcedLake.Path("sales/gone")) && o.Error!.StartsWith("AWS: EntityNotFoundException") && !o.IsTransient);
        outcomes.Count(o => o.Error is not null).ShouldBe(2);
        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(AwsSandboxFaultKind.Throttle)]
    [InlineData(AwsSandboxFaultKind.HiddenThrottle)]
    [InlineData(AwsSandboxFaultKind.ConcurrentModification)]
    [InlineData(AwsSandboxFaultKind.DropAfterCommit)]
    public async Task What_fails_for_now_is_sent_again(AwsSandboxFaultKind kind)
    {
        await using var lake = await StartAsync();
        lake.Sandbox.SetFaults(new AwsSandboxFault { Operation = "BatchGrantPermissions", Kind = kind, Times = 2 });

        await lake.ReconcileAsync(lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(Sales))));

        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_goes_on_failing_for_now_is_told_as_such()
    {
        await using var lake = await StartAsync();
        var intent = lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(Sales)));
        var plan = await lake.PlanAsync(intent);
        lake.Sandbox.SetFaults(new AwsSandboxFault { Operation = "BatchGrantPermissions", Kind = AwsSandboxFaultKind.ConcurrentModification });

        var outcomes = await lake.ApplyAsync(intent, plan);

        outcomes.Count.ShouldBe(plan.Changes.Count);
        outcomes.ShouldAllBe(o => o.IsTransient && o.Error!.StartsWith("AWS: ConcurrentModificationException"));
    }

    [Fact]
    public async Task Making_changes_twice_is_making_them_once()
    {
        await using var lake = await StartAsync();
        var intent = lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(Sales)));
        var plan = await lake.PlanAsync(intent);
        await lake.ApplyAsync(intent, plan);
        (await lake.ApplyAsync(intent, plan)).ShouldAllBe(o => o.Error == null);

        lake.Identities = [EnforcedLake.Person("ann")];
        var removal = await lake.PlanAsync(lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(AccessRule.Nobody))));
        removal.Changes.ShouldHaveSingleItem();
        await lake.ApplyAsync(intent, removal);
        (await lake.ApplyAsync(intent, removal)).ShouldAllBe(o => o.Error == null);
    }

    private static async Task<EnforcedLake> StartAsync(ServiceGrants grants = ServiceGrants.LFTag)
    {
        var lake = await EnforcedLake.StartAsync(grants, "ann", "bob", "cy");
        lake.Identities = [EnforcedLake.Person("ann", "Sales"), EnforcedLake.Person("bob", "Sales", "Privacy"), EnforcedLake.Person("cy")];
        return lake;
    }
}
