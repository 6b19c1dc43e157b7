using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.EndToEnd.Tests;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What others pass on, large databases and odd columns keep no plan from being made, nor from taking access away.</summary>
public sealed class PassedOnTests
{
    private static readonly string[] Columns = ["ID NUMBER(38,0)"];

    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0))", "INSERT INTO SHOP.S.ORDERS VALUES (1)", "CREATE TABLE SHOP.S.OTHERS (ID NUMBER(38,0))",
        "INSERT INTO SHOP.S.OTHERS VALUES (9)", .. EnforcedAccount.User("ANN"), "CREATE ROLE LEAK", "GRANT ROLE LEAK TO USER ANN",
    ];

    // Snowflake refuses to revoke what has dependent grants, unless they go with it.
    [Fact]
    public async Task A_grant_that_an_audience_passed_on_goes_with_what_it_passed_on()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        await account.EnforceAsync(account.Intent(Table(account, "ORDERS"), Table(account, "OTHERS")));
        var role = new NativeNames(EnforcedAccount.Prefix, null).Audience(People.Rule("A").Id);
        account.Change($"GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE {role} WITH GRANT OPTION");
        using (var ann = await SnowflakeSql.LogInAsync(account.Sandbox, "ANN", EnforcedAccount.Password))
        {
            (await ann.TryAsync($"USE ROLE {role}")).Item1.ShouldBeNull();
            (await ann.TryAsync("GRANT SELECT ON TABLE SHOP.S.ORDERS TO ROLE LEAK")).Item1.ShouldBeNull();
        }

        await account.EnforceAsync(account.Intent(Table(account, "OTHERS")));

        (await account.ReadAsync("ANN", "SELECT ID FROM SHOP.S.ORDERS")).ShouldBe("002003");
        (await account.ReadAsync("ANN", "SELECT ID FROM SHOP.S.OTHERS")).ShouldBe("9");
    }

    [Fact]
    public async Task A_database_whose_grants_are_too_many_for_one_answer_is_read_object_by_object()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop, options: new() { InformationSchemaRowLimit = 5 });
        account.Person("ANN", ["A"]);

        await account.EnforceAsync(account.Intent(Table(account, "ORDERS"), Table(account, "OTHERS")));
        (await account.ReadAsync("ANN", "SELECT ID FROM SHOP.S.ORDERS")).ShouldBe("1");

        await account.EnforceAsync(account.Intent(Table(account, "OTHERS")));
        (await account.ReadAsync("ANN", "SELECT ID FROM SHOP.S.ORDERS")).ShouldBe("002003");
    }

    [Theory]
    [InlineData("A\tB", true)]
    [InlineData("ID", false)]
    public async Task A_column_whose_name_nothing_can_be_written_with_keeps_no_other_object_from_being_enforced(string masked, bool isNarrowed)
    {
        await using var account = await EnforcedAccount.StartAsync([.. Shop, "CREATE TABLE SHOP.S.ODD (ID NUMBER(38,0), \"A\tB\" VARCHAR)"]);
        account.Person("ANN", ["A"]);
        var odd = account.Table("ODD", People.Rule("A"), ["ID NUMBER(38,0)", "A\tB VARCHAR(16777216)"]);
        var intent = account.Intent(Table(account, "ORDERS"), odd with { Access = odd.Access with { Masks = [new ColumnMask(masked, new MaskFunction.Null(), People.Rule("P"), null, "mask")] } });

        account.Compile(intent).Shortfalls.Any(static s => s.Object.Name == "ODD" && s.Reason.StartsWith("cannot enforce mask", StringComparison.Ordinal)).ShouldBe(isNarrowed);
        await account.EnforceAsync(intent);

        (await account.ReadAsync("ANN", "SELECT ID FROM SHOP.S.ORDERS")).ShouldBe("1");
        (await account.ReadAsync("ANN", "SELECT COUNT(*) FROM SHOP.S.ODD")).ShouldBe(isNarrowed ? "002003" : "0");
    }

    private static IntendedObject Table(EnforcedAccount account, string name) => account.Table(name, People.Rule("A"), Columns);
}
