namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>What is refused, and to whom: https://docs.snowflake.com/en/user-guide/security-row-intro#troubleshoot-row-access-policies and its like for masks.</summary>
public sealed class PolicyRefusalTests
{
    private static readonly string[] Policies =
    [
        "CREATE MASKING POLICY D.GOV.M AS (V VARCHAR) RETURNS VARCHAR -> V", "CREATE MASKING POLICY D.GOV.C AS (V VARCHAR, R VARCHAR) RETURNS VARCHAR -> R",
        "CREATE MASKING POLICY D.GOV.N AS (V NUMBER) RETURNS NUMBER -> V", "CREATE MASKING POLICY D.GOV.X AS (V VARCHAR) RETURNS VARCHAR -> V EXEMPT_OTHER_POLICIES = TRUE",
        "CREATE ROW ACCESS POLICY D.GOV.R AS (V VARCHAR) RETURNS BOOLEAN -> TRUE",
    ];

    [Theory]
    [InlineData("", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN SALARY SET MASKING POLICY D.GOV.M", "001008", "does not match")]
    [InlineData("", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.C", "001008", "takes 2 argument(s)")]
    [InlineData("", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.C USING (NAME, NOPE)", "000904", "NOPE")]
    [InlineData("", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.C USING (EMAIL, NAME)", "001008", "first column of USING")]
    [InlineData("", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.NOPE", "002003", "Masking policy 'D.GOV.NOPE' does not exist or not authorized.")]
    [InlineData("ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.M", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.X", "003529", "already attached to another masking policy")]
    [InlineData("ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.M", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.X FORCE", null, "")]
    [InlineData("ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.M", "ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.R ON (NAME)", "001008", "NAME")]
    [InlineData("ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.C USING (NAME, REGION)", "ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.R ON (REGION)", "001008", "REGION")]
    [InlineData("ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.X", "ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.R ON (NAME)", null, "")]
    [InlineData("ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.R ON (REGION)", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN REGION SET MASKING POLICY D.GOV.M", "001008", "REGION")]
    [InlineData("ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.R ON (REGION)", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.C USING (NAME, REGION)", "001008", "REGION")]
    [InlineData("ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.R ON (REGION)", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN REGION SET MASKING POLICY D.GOV.X", null, "")]
    [InlineData("ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.M", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.C USING (NAME, EMAIL)", "001008", "conditional column")]
    [InlineData("ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.C USING (NAME, EMAIL)", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.M", "001008", "conditional column")]
    [InlineData("ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.M", "DROP MASKING POLICY D.GOV.M", "003546", "Policy M cannot be dropped/replaced as it is associated with one or more entities.")]
    [InlineData("ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.M", "CREATE OR REPLACE MASKING POLICY D.GOV.M AS (V VARCHAR) RETURNS VARCHAR -> NULL", "003546", "cannot be dropped/replaced")]
    [InlineData("ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.M", "DROP SCHEMA D.GOV", "003546", "cannot be dropped/replaced")]
    [InlineData("", "DROP MASKING POLICY D.GOV.M", null, "")]
    [InlineData("", "CREATE OR REPLACE MASKING POLICY D.GOV.M AS (V VARCHAR) RETURNS VARCHAR -> NULL", null, "")]
    [InlineData("", "CREATE MASKING POLICY D.GOV.M AS (V VARCHAR) RETURNS VARCHAR -> NULL", "002002", "already exists")]
    [InlineData("", "CREATE MASKING POLICY IF NOT EXISTS D.GOV.M AS (V VARCHAR) RETURNS VARCHAR -> NULL", null, "")]
    [InlineData("", "CREATE MASKING POLICY D.GOV.T AS (V VARCHAR) RETURNS NUMBER -> 1", "001008", "argument and return type mismatch")]
    [InlineData("", "CREATE MASKING POLICY D.GOV.T AS (V VARCHAR) RETURNS VARCHAR -> 1", "001008", "argument and return type mismatch")]
    [InlineData("", "CREATE MASKING POLICY D.GOV.T AS (V VARCHAR) RETURNS VARCHAR -> NOPE", "000904", "NOPE")]
    [InlineData("", "CREATE MASKING POLICY D.GOV.T AS (V VARCHAR) RETURNS VARCHAR -> D.GOV.NOPE(V)", "002141", "Unknown user-defined function D.GOV.NOPE")]
    [InlineData("", "CREATE ROW ACCESS POLICY D.GOV.T AS (V VARCHAR) RETURNS VARCHAR -> V", "003551", "is not BOOLEAN.")]
    [InlineData("", "CREATE ROW ACCESS POLICY D.GOV.T AS (V VARCHAR) RETURNS BOOLEAN -> EXISTS (SELECT 1 FROM D.S.VISITS)", "002003", "D.S.VISITS")]
    [InlineData("", "CREATE ROW ACCESS POLICY D.S.T AS (V VARCHAR) RETURNS BOOLEAN -> TRUE", "003001", "schema 'S'")]
    [InlineData("", "ALTER MASKING POLICY D.GOV.M SET BODY -> W", "000904", "W")]
    [InlineData("", "ALTER MASKING POLICY D.GOV.M SET BODY -> (SELECT REGION FROM D.GOV.ENTITLED WHERE USER_NAME = V)", "002031", "Unsupported subquery type")]
    [InlineData("", "ALTER MASKING POLICY D.GOV.M SET BODY -> (SELECT MAX(REGION) FROM D.GOV.ENTITLED WHERE USER_NAME = V)", null, "")]
    public async Task A_statement_of_the_policies_owner(string before, string statement, string? code, string message)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With([.. Policies, before]));
        var answer = await (await bench.As("KEEPER")).QueryAsync(statement);
        if (code is null) answer.ShouldSucceed();
        else answer.ShouldFail(code).Message!.ShouldContain(message);
    }

    [Theory]
    [InlineData("", "ALTER TABLE D.S.MINE MODIFY COLUMN A SET MASKING POLICY D.GOV.M", "002003")]
    [InlineData("GRANT APPLY ON MASKING POLICY D.GOV.M TO ROLE ANALYST", "ALTER TABLE D.S.MINE MODIFY COLUMN A SET MASKING POLICY D.GOV.M", null)]
    [InlineData("GRANT APPLY ON MASKING POLICY D.GOV.M TO ROLE ANALYST", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.M", "003001")]
    [InlineData("GRANT APPLY ON ROW ACCESS POLICY D.GOV.R TO ROLE ANALYST", "ALTER TABLE D.S.MINE ADD ROW ACCESS POLICY D.GOV.R ON (A)", null)]
    [InlineData("", "DESCRIBE MASKING POLICY D.GOV.M", "002003")]
    [InlineData("GRANT APPLY ON MASKING POLICY D.GOV.M TO ROLE ANALYST", "DESCRIBE MASKING POLICY D.GOV.M", null)]
    [InlineData("GRANT APPLY ON MASKING POLICY D.GOV.M TO ROLE ANALYST", "ALTER MASKING POLICY D.GOV.M SET BODY -> V", "003001")]
    [InlineData("GRANT APPLY ON MASKING POLICY D.GOV.M TO ROLE ANALYST", "DROP MASKING POLICY D.GOV.M", "003001")]
    public async Task A_statement_of_another_role(string grant, string statement, string? code)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            [.. Policies, "GRANT USAGE ON SCHEMA D.GOV TO ROLE ANALYST", grant, "USE ROLE ACCOUNTADMIN", "CREATE TABLE D.S.MINE (A VARCHAR)", "GRANT OWNERSHIP ON TABLE D.S.MINE TO ROLE ANALYST"]));
        var answer = await (await bench.As("READER")).QueryAsync(statement);
        if (code is null) answer.ShouldSucceed();
        else answer.ShouldFail(code);
    }

    [Fact]
    public async Task The_right_to_apply_masks_describes_tables_that_it_does_not_read()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With([.. Policies, "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.M"]));
        var keeper = await bench.As("KEEPER");
        (await keeper.QueryAsync("DESCRIBE TABLE D.S.PEOPLE")).ShouldSucceed().Column("policy name").ShouldBe([null, "D.GOV.M", null, null, null, null]);
        (await keeper.QueryAsync("SELECT * FROM D.S.PEOPLE")).ShouldFail("002003");
        (await keeper.QueryAsync("SHOW MASKING POLICIES IN SCHEMA D.GOV")).Column("name").ShouldBe(["C", "M", "N", "X"]);
        (await keeper.QueryAsync("SHOW ROW ACCESS POLICIES IN SCHEMA D.GOV")).Column("name").ShouldBe(["R"]);
        (await (await bench.As("READER")).QueryAsync("SHOW MASKING POLICIES IN ACCOUNT")).ShouldSucceed().Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Materialized_views_and_policies_of_their_tables_keep_apart()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With([.. Policies, "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.M"]));
        await bench.Run("USE ROLE ACCOUNTADMIN", "CREATE MATERIALIZED VIEW D.S.MV AS SELECT ID, REGION FROM D.S.PEOPLE");
        (await bench.Admin.QueryAsync("CREATE MATERIALIZED VIEW D.S.MV2 AS SELECT ID, NAME FROM D.S.PEOPLE")).ShouldFail("000002").Message!.ShouldContain("CREATE ON MASKING POLICY COLUMN");
        var keeper = await bench.As("KEEPER");
        (await keeper.QueryAsync("ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.R ON (REGION)")).Message!.ShouldContain("One or more materialized views exist on the table. number of mvs=1, table name=PEOPLE.");
        (await keeper.QueryAsync("ALTER TABLE D.S.VISITS ADD ROW ACCESS POLICY D.GOV.R ON (EMAIL)")).ShouldSucceed();
        (await bench.Admin.QueryAsync("CREATE MATERIALIZED VIEW D.S.MV3 AS SELECT DAY FROM D.S.VISITS")).ShouldFail("000002").Message!.ShouldContain("ENFORCED BY ROW ACCESS POLICY");
    }
}
