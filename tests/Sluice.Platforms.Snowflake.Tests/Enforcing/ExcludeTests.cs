using Sluice.Core.Access;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Enforcing;

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
        var item = account.Table("ORDERS", People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)"]);
        RowRule[] rows = hasRows ? [new RowRule(new Predicate.Comparison(ComparisonOperator.Less, new Operand.Column("ID"), new Operand.Number(2)), People.Rule("P"), "rows")] : [];
        await account.EnforceAsync(account.Intent(item with { Access = item.Access with { Masks = [new ColumnMask("REGION", new MaskFunction.Null(), People.Rule("P"), null, "mask")], RowRules = [.. rows] } }));

        (await account.ReadAsync("BOB", All)).ShouldBe("1,EU;2,US", "the excluded user");
        (await account.ReadAsync("CAT", All)).ShouldBe("1,EU;2,US", "by the excluded role");
        (await account.ReadAsync("ANN", All)).ShouldBe(protectedRows, "registered, by the policy");
        (await account.ReadAsync("BOB2", All)).ShouldBe(protectedRows, "a name that begins alike is another name");
        (await account.ReadAsync("DAN", All)).ShouldBe(protectedRows, "a role whose name begins alike is another role");
        (await account.ReadAsync("FAY", All)).ShouldBe(protectedRows, "a role whose name is in another case is another role");
        (await account.ReadAsync("EVE", All)).ShouldBe(protectedRows, "who is not registered, by a role that is not excluded");
    }

    // A role that is granted to another is in the session of whoever has that one: https://docs.snowflake.com/en/sql-reference/functions/is_role_in_session
    [Fact]
    public async Task An_excluded_role_counts_by_another_that_has_it()
    {
        await using var account = await EnforcedAccount.StartAsync([.. Shop, "GRANT ROLE APP TO ROLE OTHER"], excluded: ["APP"]);
        account.Person("ANN", ["A"]);
        var item = account.Table("ORDERS", People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)"]);
        await account.EnforceAsync(account.Intent(item with { Access = item.Access with { Masks = [new ColumnMask("REGION", new MaskFunction.Null(), People.Rule("P"), null, "mask")] } }));

        (await account.ReadAsync("EVE", All)).ShouldBe("1,EU;2,US");
        (await account.ReadAsync("DAN", All)).ShouldBe("1,NULL;2,NULL");
        (await account.ReadAsync("ANN", All)).ShouldBe("1,NULL;2,NULL");
    }
}
