using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Masks that change with what is known of people, where on one of their tables no policy can be set any more: it came under a materialized view after the plan.</summary>
public sealed class UnclosedTests
{
    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S",
        "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0), REGION VARCHAR, AMOUNT NUMBER(10,2))", "INSERT INTO SHOP.S.ORDERS VALUES (1, 'EU', 12.34), (2, 'US', -0.5)",
        "CREATE TABLE SHOP.S.OTHERS (ID NUMBER(38,0), REGION VARCHAR, AMOUNT NUMBER(10,2))", "INSERT INTO SHOP.S.OTHERS VALUES (9, 'EU', 1)",
        "CREATE TABLE SHOP.S.FEED (ID NUMBER(38,0), REGION VARCHAR, AMOUNT NUMBER(10,2))", "INSERT INTO SHOP.S.FEED VALUES (1, 'EU', 1), (2, 'US', 2)",
        .. EnforcedAccount.User("ANN"), .. EnforcedAccount.User("BOB"), .. EnforcedAccount.User("EVE"),
        "CREATE ROLE APP", "GRANT ROLE APP TO USER EVE", "GRANT USAGE ON DATABASE SHOP TO ROLE APP", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE APP", "GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE APP",
    ];

    private static IntendedObject Table(EnforcedAccount account, string table) => account.Table(table, People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)", "AMOUNT NUMBER(10,2)"]);

    private static IntendedObject Masked(EnforcedAccount account, string table, string mask)
    {
        var item = Table(account, table);
        return item with { Access = item.Access with { Masks = [new ColumnMask("REGION", new MaskFunction.Constant(mask), People.Rule("P"), null, "mask")] } };
    }

    private static IntendedObject Filtered(EnforcedAccount account, string table)
    {
        var item = Table(account, table);
        return item with { Access = item.Access with { RowRules = [new RowRule(new Predicate.AttributeContains("Region", new Operand.Column("REGION")), People.Rule("R"), "rows")] } };
    }

    [Fact]
    public async Task A_mask_that_can_not_change_keeps_no_other_table_nor_the_end_of_an_exemption_waiting()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Change("GRANT SELECT ON TABLE SHOP.S.OTHERS TO ROLE APP");
        account.Person("ANN", ["A"], [("Region", "EU")]);
        account.Person("BOB", ["A", "P"]);
        account.Person("EVE", ["A", "P"]);
        await account.EnforceAsync(Of("?"));
        (await account.ReadAsync("EVE", "SELECT REGION FROM SHOP.S.ORDERS WHERE ID = 1")).ShouldBe("EU");

        account.Person("ANN", ["A", "Q"], [("Region", "US")]);
        account.Person("EVE", ["A"]);
        var plan = await account.PlanAsync(Of("!"));
        account.Change("CREATE MATERIALIZED VIEW SHOP.S.SOME AS SELECT ID, AMOUNT FROM SHOP.S.ORDERS");
        var outcomes = await account.ApplyAsync(Of("!"), plan.Changes);

        // The view's table goes on having the mask that it had; all else is as asked.
        outcomes.Where(static o => o.Error is not null).Select(static o => (o.Change.Verb, o.Change.Key.Kind, o.Change.Key.Object?.Name)).ShouldContain((ChangeVerb.Replace, FactKind.Mask, "ORDERS"));
        outcomes.Where(static o => o.Change.Phase == ChangePhase.Know && o.Error is not null).ShouldHaveSingleItem();
        (await account.ReadAsync("EVE", "SELECT REGION FROM SHOP.S.ORDERS WHERE ID = 1")).ShouldBe("?");
        (await account.ReadAsync("EVE", "SELECT REGION FROM SHOP.S.OTHERS")).ShouldBe("!");
        (await account.ReadAsync("BOB", "SELECT REGION FROM SHOP.S.OTHERS")).ShouldBe("EU");
        (await account.ReadAsync("ANN", "SELECT ID FROM SHOP.S.FEED")).ShouldBe("2", "no policy of that table asks for the region of a person");

        AccessIntent Of(string mask) => account.Intent(
            Masked(account, "ORDERS", mask), Masked(account, "OTHERS", mask),
            Filtered(account, "FEED"));
    }

    // Whoever begins to be exempt by what the old mask asks too waits: neither state shows them what it would.
    [Fact]
    public async Task While_a_mask_can_not_change_nobody_begins_to_be_exempt_from_it()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        account.Person("EVE", ["A", "P"]);
        await account.EnforceAsync(Of("?"));

        account.Person("ANN", ["A", "P"]);
        account.Person("EVE", ["A"]);
        var intent = Of("!");
        var plan = await account.PlanAsync(intent);
        account.Change("CREATE MATERIALIZED VIEW SHOP.S.SOME AS SELECT ID, AMOUNT FROM SHOP.S.ORDERS");
        var outcomes = await account.ApplyAsync(intent, plan.Changes);

        var failed = outcomes.Where(static o => o.Change.Phase == ChangePhase.Know && o.Error is not null).ToDictionary(static o => (o.Change.Verb, o.Change.Key.Kind), static o => o.Error!);
        failed.Keys.ShouldBe([(ChangeVerb.Replace, FactKind.Mask), (ChangeVerb.Add, FactKind.Exemption)], ignoreOrder: true);
        failed[(ChangeVerb.Add, FactKind.Exemption)].ShouldStartWith("not made, for a policy that asks for it could not be changed: ");
        (await account.ReadAsync("EVE", "SELECT REGION FROM SHOP.S.ORDERS WHERE ID = 1")).ShouldBe("?", "an exemption that ends does");
        (await account.ReadAsync("ANN", "SELECT REGION FROM SHOP.S.OTHERS")).ShouldBe("!");

        AccessIntent Of(string mask) => account.Intent(Masked(account, "ORDERS", mask), Masked(account, "OTHERS", mask));
    }
}
