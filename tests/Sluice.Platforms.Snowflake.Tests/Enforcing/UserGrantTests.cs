using Sluice.Core.Access;
using Sluice.Core.Adopting;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Grants straight to users (https://docs.snowflake.com/en/sql-reference/sql/grant-privilege-user): the documented rule of active objects, that registered people have what policies give them
/// and nobody else is touched.
/// </summary>
public sealed class UserGrantTests
{
    private const string All = "SELECT ID, REGION FROM SHOP.S.ORDERS";

    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0), REGION VARCHAR)", "INSERT INTO SHOP.S.ORDERS VALUES (1, 'EU')",
        .. ((string[])["ANN", "BOB", "CAT", "EVE"]).SelectMany(EnforcedAccount.User),
        .. ((string[])["ANN", "BOB", "EVE"]).SelectMany(static u => (string[])[$"GRANT USAGE ON DATABASE SHOP TO USER {u}", $"GRANT USAGE ON SCHEMA SHOP.S TO USER {u}", $"GRANT SELECT ON TABLE SHOP.S.ORDERS TO USER {u}"]),
        "GRANT INSERT ON TABLE SHOP.S.ORDERS TO USER BOB WITH GRANT OPTION",
        "CREATE ROLE APP", "GRANT ROLE APP TO USER CAT", "GRANT USAGE ON DATABASE SHOP TO ROLE APP", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE APP", "GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE APP",
    ];

    // ANN shall read, BOB and CAT shall not; EVE is not registered.
    private static async Task<EnforcedAccount> StartAsync()
    {
        var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        account.Person("BOB");
        account.Person("CAT");
        return account;
    }

    private static AccessIntent Reading(EnforcedAccount account, bool isMasked = false)
    {
        var item = account.Table("ORDERS", People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)"]);
        return account.Intent(item with { Access = item.Access with { Masks = isMasked ? [new ColumnMask("REGION", new MaskFunction.Null(), People.Rule("P"), null, "mask")] : [] } });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Registered_people_lose_what_no_policy_gives_and_nobody_else_does(bool protects)
    {
        await using var account = await StartAsync();
        account.ProtectsUnregistered = protects;
        foreach (var user in (string[])["ANN", "BOB", "CAT", "EVE"]) (await account.ReadAsync(user, All)).ShouldBe("1,EU", user);
        var intent = Reading(account, isMasked: true);

        var plan = await account.PlanAsync(intent);
        plan.Changes.Where(static c => c.Verb == ChangeVerb.Remove).Select(static c => $"{c.Key.Subject} {c.Key.Detail}").ShouldBe(["ANN SELECT TO USER", "BOB INSERT TO USER", "BOB SELECT TO USER"], ignoreOrder: true);
        plan.Residuals.ShouldHaveSingleItem().Identity.ShouldBe("CAT");
        plan.UnregisteredReaders.Where(static r => r.Path.Contains("granted to the user itself", StringComparison.Ordinal)).ShouldHaveSingleItem().Identity.ShouldBe("EVE");
        plan.Changes.Where(static c => c.Verb == ChangeVerb.Remove).SelectMany(account.Describe).ShouldContain("REVOKE INSERT ON TABLE \"SHOP\".\"S\".\"ORDERS\" FROM USER \"BOB\"");
        await account.EnforceAsync(intent);

        (await account.ReadAsync("ANN", All)).ShouldBe("1,NULL", "by the policy, and its mask");
        (await account.ReadAsync("BOB", All)).ShouldBe("002003");
        (await account.ReadAsync("CAT", All)).ShouldBe("1,NULL", "by a role that is not Sluice's");
        (await account.ReadAsync("EVE", All)).ShouldBe(protects ? "1,NULL" : "1,EU", "who is not registered keeps the grant");
    }

    [Fact]
    public async Task What_was_taken_away_is_put_back_as_it_was()
    {
        await using var account = await StartAsync();
        var intent = Reading(account);
        var before = (await account.ObserveAsync(intent)).Facts.Where(static f => f.Owner == FactOwner.Registered).ToList();
        var taken = (await account.EnforceAsync(intent)).Changes.Where(static c => c.Restore is not null).ToList();
        (await account.ObserveAsync(intent)).Facts.ShouldNotContain(static f => f.Owner == FactOwner.Registered);

        await account.ApplyAsync(intent with { Objects = [] }, [.. taken.Select(c => account.PutBack(c.Key, c.Restore!))]);

        (await account.ReadAsync("BOB", All)).ShouldBe("1,EU");
        (await account.ObserveAsync(intent)).Facts.Where(static f => f.Owner == FactOwner.Registered).ShouldBe(before, ignoreOrder: true);
        before.Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_was_kept_of_another_grant_is_refused()
    {
        await using var account = await StartAsync();
        var taken = (await account.PlanAsync(Reading(account))).Changes.Where(static c => c.Restore is not null).ToList();

        Should.Throw<FormatException>(() => account.PutBack(taken[0].Key, taken[1].Restore!));
    }

    [Fact]
    public async Task Modes_that_take_nothing_from_others_leave_it()
    {
        await using var account = await StartAsync();

        var plan = await account.PlanAsync(Reading(account), EnforcementMode.UpsertOnly);

        plan.Changes.ShouldNotContain(static c => c.Verb == ChangeVerb.Remove);
        plan.LeftAlone.Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_people_hold_is_drafted_as_subscriptions()
    {
        await using var account = await StartAsync();

        var (held, left) = account.HeldBy([.. (await account.ObserveAsync(Reading(account))).Facts.Where(static f => f.Owner == FactOwner.Registered)]);

        held.ShouldBe([new HeldAccess(EnforcedAccount.Path("ORDERS"), AccessKind.Read, "ANN"), new HeldAccess(EnforcedAccount.Path("ORDERS"), AccessKind.Read, "BOB")], ignoreOrder: true);
        left.Select(static l => $"{l.Identity} {l.Text}").ShouldBe(["BOB INSERT", "BOB INSERT WITH GRANT OPTION"], ignoreOrder: true);
    }
}
