using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.EndToEnd.Tests;
using Sluice.Platforms.PostgreSql.Enforcing;
using Sluice.Sandbox.Snowflake;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>userRolePattern.exclude: exact names of users and roles, in their case, on whom policies have no effect, beside others on whom they have.</summary>
public sealed class ExcludeTests
{
    private const string All = "SELECT ID, REGION FROM SHOP.S.ORDERS ORDER BY ID";

    private static readonly string[] Users = ["ANN", "BOB", "BOB2", "CAT", "DAN", "EVE", "FAY"];

    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0), REGION VARCHAR)", "INSERT INTO SHOP.S.ORDERS VALUES (1, 'EU'), (2, 'US')",
        .. Users.SelectMany(EnforcedAccount.User),
        .. ((string[])["APP", "APP2", "\"app\"", "OTHER"]).SelectMany(static r => (string[])[$"CREATE ROLE {r}", $"GRANT USAGE ON DATABASE SHOP TO ROLE {r}", $"GRANT USAGE ON SCHEMA SHOP.S TO ROLE {r}", $"GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE {r}"]),
        "GRANT ROLE APP TO USER CAT", "GRANT ROLE APP2 TO USER DAN", "GRANT ROLE OTHER TO USER EVE", "GRANT ROLE OTHER TO USER BOB2", "GRANT ROLE \"app\" TO USER FAY",
    ];

    // The mask alone, and both: who is not excluded is masked beside who is.
    [Theory]
    [InlineData(false, "1,NULL;2,NULL")]
    [InlineData(true, "1,NULL")]
    public async Task Who_is_not_excluded_is_protected_beside_who_is(bool hasRows, string protectedRows)
    {
        await using var account = await EnforcedAccount.StartAsync(Shop, excluded: ["APP", "BOB"]);
        account.Person("ANN", ["A"]);
        account.Person("BOB", ["A"]);
        account.Person("BOB2");
        var item = Masked(account);
        RowRule[] rows = hasRows ? [new RowRule(new Predicate.Comparison(ComparisonOperator.Less, new Operand.Column("ID"), new Operand.Number(2)), People.Rule("P"), "rows")] : [];
        await account.EnforceAsync(account.Intent(item with { Access = item.Access with { RowRules = [.. rows] } }));

        (await account.ReadAsync("BOB", All)).ShouldBe("1,EU;2,US", "the excluded user");
        (await account.ReadAsync("CAT", All)).ShouldBe("1,EU;2,US", "by the excluded role");
        (await account.ReadAsync("ANN", All)).ShouldBe(protectedRows, "registered, by the policy");
        (await account.ReadAsync("BOB2", All)).ShouldBe(protectedRows, "a name that begins alike is another name");
        (await account.ReadAsync("DAN", All)).ShouldBe(protectedRows, "a role whose name begins alike is another role");
        (await account.ReadAsync("FAY", All)).ShouldBe(protectedRows, "a role whose name is in another case is another role");
        (await account.ReadAsync("EVE", All)).ShouldBe(protectedRows, "who is not registered, by a role that is not excluded");
    }

    // The setup script knew of APP and BOB; nobody runs another one.
    [Fact]
    public async Task What_the_settings_say_is_in_force_with_the_next_plan()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop, excluded: ["APP", "BOB"]);
        var intent = () => account.Intent(Masked(account));
        account.Person("ANN", ["A"]);
        account.Person("BOB", ["A"]);
        await account.EnforceAsync(intent());
        (await account.ReadAsync("CAT", All)).ShouldBe("1,EU;2,US");

        account.Excluded = [];
        var protectedAgain = await account.EnforceAsync(intent());
        protectedAgain.Changes.ShouldAllBe(static c => c.Phase == ChangePhase.Prepare);
        (await account.ReadAsync("CAT", All)).ShouldBe("1,NULL;2,NULL");
        (await account.ReadAsync("BOB", All)).ShouldBe("1,NULL;2,NULL");

        account.Excluded = ["OTHER", "ANN"];
        var leftAlone = await account.EnforceAsync(intent());
        leftAlone.Changes.ShouldAllBe(static c => c.Phase == ChangePhase.Clean);
        (await account.ReadAsync("ANN", All)).ShouldBe("1,EU;2,US");
        (await account.ReadAsync("EVE", All)).ShouldBe("1,EU;2,US");
        (await account.ReadAsync("BOB", All)).ShouldBe("1,NULL;2,NULL");
    }

    [Fact]
    public async Task Who_begins_to_be_left_alone_never_reads_unmasked_what_they_lose_with_it()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        var masked = Masked(account);
        await account.EnforceAsync(account.Intent(masked));
        account.Excluded = ["ANN"];
        account.Person("ANN", ["B"]);
        var intent = account.Intent(masked);

        var read = new List<string>();
        (await account.ApplyAsync(intent, (await account.PlanAsync(intent)).Changes, async () => read.Add(await account.ReadAsync("ANN", All)))).ShouldAllBe(static o => o.Error == null);

        read.ShouldNotContain("1,EU;2,US");
        (await account.ReadAsync("ANN", All)).ShouldStartWith("00");
    }

    // Of a script of before.
    [Fact]
    public async Task Nothing_asks_the_function_that_a_script_has_made()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Change($"CREATE FUNCTION {SnowflakeAccount.Database}.FUNCTIONS.EXCLUDED() RETURNS BOOLEAN AS 'TRUE'", $"GRANT USAGE ON FUNCTION {SnowflakeAccount.Database}.FUNCTIONS.EXCLUDED() TO ROLE {SnowflakeAccount.Database}_SYSTEM");
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(account.Intent(Masked(account)));

        (await account.ReadAsync("ANN", All)).ShouldBe("1,NULL;2,NULL");
        account.Change($"DROP FUNCTION {SnowflakeAccount.Database}.FUNCTIONS.EXCLUDED()");
        (await account.ReadAsync("ANN", All)).ShouldBe("1,NULL;2,NULL");
    }

    // The Standard edition has no policies: who is exempt is granted the object, and nobody else.
    [Fact]
    public async Task Excluded_users_keep_what_can_not_be_protected_and_who_has_an_excluded_role_does_not()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop, SnowflakeEdition.Standard, excluded: ["APP", "BOB"]);
        foreach (var user in (string[])["ANN", "BOB"]) account.Person(user, ["A"]);
        account.Person("BOB2");
        account.Excluded = ["APP", "BOB", "BOB2"];
        var intent = account.Intent(Masked(account) with { DirectReaders = ["BOB2"] });
        var plan = await account.EnforceAsync(intent);

        plan.Changes.Where(static c => c.Key.Kind == FactKind.Member).Select(static c => c.Key.Detail).ShouldBe(["BOB", "BOB2"], ignoreOrder: true);
        (await account.ReadAsync("BOB", All)).ShouldBe("1,EU;2,US");
        (await account.ReadAsync("ANN", All)).ShouldStartWith("00");
        plan.Shortfalls.ShouldContain(static s => s.Reason.Contains("not by who has a role that they name", StringComparison.Ordinal));

        account.Excluded = ["BOB2"];
        (await account.EnforceAsync(account.Intent(intent.Objects[0]))).Shortfalls.ShouldHaveSingleItem();
        (await account.ReadAsync("BOB", All)).ShouldStartWith("00");
    }

    // A role that is granted to another is in the session of whoever has that one: https://docs.snowflake.com/en/sql-reference/functions/is_role_in_session
    [Fact]
    public async Task An_excluded_role_counts_by_another_that_has_it()
    {
        await using var account = await EnforcedAccount.StartAsync([.. Shop, "GRANT ROLE APP TO ROLE OTHER"], excluded: ["APP"]);
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(account.Intent(Masked(account)));

        (await account.ReadAsync("EVE", All)).ShouldBe("1,EU;2,US");
        (await account.ReadAsync("DAN", All)).ShouldBe("1,NULL;2,NULL");
        (await account.ReadAsync("ANN", All)).ShouldBe("1,NULL;2,NULL");
    }

    private static IntendedObject Masked(EnforcedAccount account)
    {
        var item = account.Table("ORDERS", People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)"]);
        return item with { Access = item.Access with { Masks = [new ColumnMask("REGION", new MaskFunction.Null(), People.Rule("P"), null, "mask")] } };
    }
}
