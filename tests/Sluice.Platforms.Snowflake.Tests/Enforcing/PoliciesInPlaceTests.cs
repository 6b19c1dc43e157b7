using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What is taken off is looked at first, for it might be somebody else's by then: by few requests, and one object keeps no other waiting.</summary>
public sealed class PoliciesInPlaceTests
{
    private const int Tables = 6;

    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE MASKING POLICY SHOP.S.THEIRS AS (V VARCHAR) RETURNS VARCHAR -> 'theirs'",
        .. Enumerable.Range(0, Tables).SelectMany(static i => (string[])[$"CREATE TABLE SHOP.S.T{i} (ID NUMBER(38,0), REGION VARCHAR)", $"INSERT INTO SHOP.S.T{i} VALUES (1, 'EU')"]),
        .. EnforcedAccount.User("ANN"),
    ];

    // Each table is masked by a text of its own, so that there are as many policies as tables.
    private static IntendedObject Of(EnforcedAccount account, int table, bool isMasked, string mask)
    {
        var item = account.Table($"T{table}", People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)"]);
        return item with { Access = item.Access with { Masks = isMasked ? [new ColumnMask("REGION", new MaskFunction.Constant(mask), People.Rule("P"), null, "mask")] : [] } };
    }

    private static AccessIntent Masking(EnforcedAccount account, Func<int, bool> isMasked, bool isOneMask = false, int first = 0) =>
        account.Intent([.. Enumerable.Range(first, Tables - first).Select(i => Of(account, i, isMasked(i), isOneMask ? "?" : $"?{i}"))]);

    [Theory]
    [InlineData(false, 1, 1)]
    [InlineData(true, Tables, 1)]
    public async Task A_mask_is_taken_off_after_as_few_looks_as_there_can_be(bool isOneMask, int takenOff, int looks)
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(Masking(account, static _ => true, isOneMask));
        var intent = Masking(account, i => i >= takenOff, isOneMask);
        var plan = await account.PlanAsync(intent);
        var before = account.Sandbox.Requests;

        (await account.ApplyAsync(intent, plan.Changes)).ShouldAllBe(static o => o.Error == null);

        (account.Sandbox.Requests.Of("query:SELECT") - before.Of("query:SELECT")).ShouldBe(looks);
        (account.Sandbox.Requests.Of("query:DESCRIBE") - before.Of("query:DESCRIBE")).ShouldBe(0);
        (await account.ReadAsync("ANN", "SELECT REGION FROM SHOP.S.T0")).ShouldBe("EU");
    }

    // Each mask is made under the name it had, or under another.
    [Theory]
    [InlineData("?0")]
    [InlineData("!")]
    public async Task A_table_that_comes_back_without_the_policy_it_had_gets_its_own_again(string mask)
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(account.Intent(Of(account, 0, isMasked: true, "?0")));
        account.Change("DROP TABLE SHOP.S.T0");
        await account.EnforceAsync(account.Intent());
        account.Change("UNDROP TABLE SHOP.S.T0");
        (await account.ReadAsync("ANN", "SELECT REGION FROM SHOP.S.T0")).ShouldNotBe("EU");

        await account.EnforceAsync(account.Intent(Of(account, 0, isMasked: true, mask)));

        (await account.ReadAsync("ANN", "SELECT REGION FROM SHOP.S.T0")).ShouldBe(mask);
    }

    // A copy of what came back without its policy shows nothing either, and stays so until somebody has looked at it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_mask_that_came_with_a_copy_stays_beside_one_that_is_to_come(bool wasDropped)
    {
        await using var account = await EnforcedAccount.StartAsync([.. Shop, "ALTER TABLE SHOP.S.T0 ADD COLUMN NOTE VARCHAR"]);
        account.Person("ANN", ["A"]);
        var first = Of(account, 0, isMasked: true, "?");
        await account.EnforceAsync(account.Intent(first));
        if (wasDropped)
        {
            account.Change("DROP TABLE SHOP.S.T0");
            await account.EnforceAsync(account.Intent());
            account.Change("UNDROP TABLE SHOP.S.T0");
        }

        account.Change("CREATE TABLE SHOP.S.COPY CLONE SHOP.S.T0");
        var item = account.Table("COPY", People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)", "NOTE VARCHAR(16777216)"]);
        var copy = item with
        {
            Object = item.Object with { Tags = [SystemTags.DiscoveredNew] },
            Access = item.Access with { Masks = [new ColumnMask("NOTE", new MaskFunction.Constant("!"), People.Rule("P"), null, "mask")] },
        };

        var plan = await account.PlanAsync(account.Intent(first, copy));

        plan.Changes.Where(c => c.Key.Kind == FactKind.Mask && c.Key.Object!.Equals(copy.Object.Path)).Select(static c => $"{c.Verb} {c.Key.Object!.Name} {c.Key.Subject}").ShouldBe(["Add COPY NOTE"]);
    }

    [Fact]
    public async Task Beside_a_mask_of_ours_that_of_somebody_else_is_told_and_left()
    {
        await using var account = await EnforcedAccount.StartAsync([.. Shop, "ALTER TABLE SHOP.S.T0 ADD COLUMN NOTE VARCHAR"]);
        account.Person("ANN", ["A"]);
        var item = account.Table("T0", People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)", "NOTE VARCHAR(16777216)"]);
        await account.EnforceAsync(account.Intent(Masked("REGION")));
        account.Change("ALTER TABLE SHOP.S.T0 MODIFY COLUMN NOTE SET MASKING POLICY SHOP.S.THEIRS");

        var plan = await account.PlanAsync(account.Intent(Masked("REGION", "NOTE")));

        plan.Shortfalls.ShouldContain(static s => s.Reason.Contains("column NOTE has policy SHOP.S.THEIRS already", StringComparison.Ordinal));
        plan.Changes.ShouldNotContain(static c => c.Key.Kind == FactKind.Mask && c.Key.Subject == "NOTE");

        IntendedObject Masked(params string[] columns) =>
            item with { Access = item.Access with { Masks = [.. columns.Select(static c => new ColumnMask(c, new MaskFunction.Constant("?"), People.Rule("P"), null, "mask"))] } };
    }

    [Theory]
    [InlineData("DROP TABLE SHOP.S.T0", "does not exist or not authorized")]
    [InlineData("ALTER TABLE SHOP.S.T0 MODIFY COLUMN REGION SET MASKING POLICY SHOP.S.THEIRS FORCE", "is not this Sluice's any more")]
    public async Task An_object_that_somebody_changed_keeps_no_other_waiting(string change, string error)
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(Masking(account, static _ => true));
        var intent = Masking(account, static i => i >= 2);
        var plan = await account.PlanAsync(intent);
        account.Change(change);

        var outcomes = await account.ApplyAsync(intent, plan.Changes);

        outcomes.Where(static o => o.Change.Key.Kind == FactKind.Mask).Select(static o => (o.Change.Key.Object!.Name, o.Error is null)).ShouldBe([("T0", false), ("T1", true)], ignoreOrder: true);
        outcomes.First(static o => o.Error is not null).Error.ShouldNotBeNull().ShouldContain(error);
        (await account.ReadAsync("ANN", "SELECT REGION FROM SHOP.S.T1")).ShouldBe("EU");
        await account.EnforceAsync(Masking(account, static i => i >= 2, first: 1));
    }

    [Fact]
    public async Task What_somebody_took_off_already_needs_nothing()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(Masking(account, static _ => true));
        var intent = Masking(account, static i => i >= 1);
        var plan = await account.PlanAsync(intent);
        account.Change("ALTER TABLE SHOP.S.T0 MODIFY COLUMN REGION UNSET MASKING POLICY");

        (await account.ApplyAsync(intent, plan.Changes)).ShouldAllBe(static o => o.Error == null);
    }
}
