using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.PostgreSql.Enforcing;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Columns that Snowflake computes when they are read: https://docs.snowflake.com/en/sql-reference/virtual-columns.</summary>
public sealed class VirtualColumnTests
{
    private static readonly string[] Shop =
    [
        "CREATE DATABASE SHOP", "CREATE SCHEMA SHOP.S", "CREATE TABLE SHOP.S.ORDERS (ID NUMBER(38,0), REGION VARCHAR)", "INSERT INTO SHOP.S.ORDERS VALUES (1, 'EU'), (2, 'US'), (3, NULL)",
        .. EnforcedAccount.User("ANN"), .. EnforcedAccount.User("BOB"), .. EnforcedAccount.User("EVE"),
        "CREATE ROLE APP", "GRANT ROLE APP TO USER EVE", "GRANT USAGE ON DATABASE SHOP TO ROLE APP", "GRANT USAGE ON SCHEMA SHOP.S TO ROLE APP",
    ];

    private static IntendedObject Masked(EnforcedAccount account, params ColumnMask[] masks)
    {
        var item = account.Table("ORDERS", People.Rule("A"), Columns);
        return item with { Access = item.Access with { Masks = [.. masks] } };
    }

    private static readonly string[] Columns = ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)"];

    private static ColumnMask Mask(string column, MaskFunction function, Predicate? condition = null, string exempt = "P") => new(column, function, People.Rule(exempt), condition, "mask");

    // https://docs.snowflake.com/en/user-guide/security-column-intro, "Troubleshooting": Masking policy cannot be attached to a VIRTUAL_COLUMN column.
    [Theory]
    [InlineData("LOUD")]
    [InlineData("rows")]
    [InlineData("REGION")]
    public async Task What_a_virtual_column_shows_is_left_to_those_who_are_exempt(string protects)
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        account.Person("BOB", ["A", "B"]);
        account.Change(
            "CREATE TABLE SHOP.S.SALES (ID NUMBER(38,0), REGION VARCHAR, NOTE VARCHAR, LOUD VARCHAR AS (UPPER(REGION)))", "INSERT INTO SHOP.S.SALES (ID, REGION, NOTE) VALUES (1, 'eu', 'n')",
            "GRANT SELECT ON TABLE SHOP.S.SALES TO ROLE APP");
        var sales = account.Table("SALES", People.Rule("A"), ["ID NUMBER(38,0)", "REGION VARCHAR(16777216)", "NOTE VARCHAR(16777216)", "LOUD VARCHAR(16777216)"]);
        await account.EnforceAsync(account.Intent(sales));
        (await account.ReadAsync("ANN", "SELECT LOUD FROM SHOP.S.SALES")).ShouldBe("EU");
        var note = Mask("NOTE", new MaskFunction.Constant("?"));
        RowRule[] rows = protects == "rows" ? [new RowRule(new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("LOUD"), new Operand.Text("US")), People.Rule("B"), "rows")] : [];
        ColumnMask[] masks = protects == "rows" ? [note] : [note, Mask(protects, new MaskFunction.Null(), exempt: "B")];
        var asked = account.Intent(sales with { Access = sales.Access with { Masks = [.. masks], RowRules = [.. rows] } });

        var plan = await account.EnforceAsync(asked);

        plan.Shortfalls.Single().Reason.ShouldContain("virtual column");
        (await account.ReadAsync("ANN", "SELECT ID FROM SHOP.S.SALES")).ShouldBe("002003");
        (await account.ReadAsync("BOB", "SELECT LOUD, NOTE FROM SHOP.S.SALES")).ShouldBe("EU,?");
        (await account.ReadAsync("EVE", "SELECT NOTE FROM SHOP.S.SALES")).ShouldBe("?", "what can be set is");
        if (protects == "REGION") (await account.ReadAsync("EVE", "SELECT REGION FROM SHOP.S.SALES")).ShouldBe("NULL");
    }

    [Fact]
    public async Task A_virtual_column_that_comes_to_a_masked_one_is_seen_and_one_that_reads_no_masked_column_is_let_be()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        var intent = account.Intent(Masked(account, Mask("REGION", new MaskFunction.Null())));
        account.Change("ALTER TABLE SHOP.S.ORDERS ADD COLUMN TWICE NUMBER(38,0) AS (ID * 2)");
        await account.EnforceAsync(intent);
        (await account.ReadAsync("ANN", "SELECT TWICE FROM SHOP.S.ORDERS ORDER BY ID")).ShouldBe("2;4;6");

        account.Change("ALTER TABLE SHOP.S.ORDERS ADD COLUMN LOUD VARCHAR AS (LOWER(\"REGION\"))");
        await account.EnforceAsync(intent);

        (await account.ReadAsync("ANN", "SELECT ID FROM SHOP.S.ORDERS")).ShouldBe("002003");
    }

    // https://docs.snowflake.com/en/user-guide/security-column-intro: a virtual column can be a conditional one.
    [Fact]
    public async Task A_condition_may_ask_a_virtual_column()
    {
        await using var account = await EnforcedAccount.StartAsync(Shop);
        account.Person("ANN", ["A"]);
        account.Change("ALTER TABLE SHOP.S.ORDERS ADD COLUMN TWICE NUMBER(38,0) AS (ID * 2)");
        var item = account.Table("ORDERS", People.Rule("A"), [.. Columns, "TWICE NUMBER(38,0)"]);
        var mask = Mask("REGION", new MaskFunction.Constant("?"), new Predicate.Comparison(ComparisonOperator.Equal, new Operand.Column("TWICE"), new Operand.Number(2)));

        await account.EnforceAsync(account.Intent(item with { Access = item.Access with { Masks = [mask] } }));

        (await account.ReadAsync("ANN", "SELECT REGION FROM SHOP.S.ORDERS ORDER BY ID")).ShouldBe("?;US;NULL");
    }

    [Theory]
    [InlineData("I * 2", "I")]
    [InlineData("UPPER(\"a b\")", "a b")]
    [InlineData("T.ID || I", "I,ID")]
    [InlineData("ID_2 + MY_ID", "I,ID,a b,V,W")]
    [InlineData("1", "I,ID,a b,V,W")]
    [InlineData(null, "I,ID,a b,V,W")]
    [InlineData("W + 1", "ID,W")]
    public void What_an_expression_names_is_what_its_column_is_computed_of(string? expression, string of)
    {
        var table = new GovernedObject
        {
            Path = EnforcedAccount.Path("T"), Kind = ObjectKind.Table, Hostname = "account", Tags = [], Columns = [.. ((string[])["I", "ID", "a b", "V", "W"]).Select(static c => new GovernedColumn(c, "VARCHAR", []))],
        };

        VirtualColumns.Computed(table, [("W", "ID"), ("V", expression)]).Single(static c => c.Name == "V").Of.ShouldBe(of.Split(','), ignoreOrder: true);
    }
}
