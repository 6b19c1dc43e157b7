namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>https://docs.snowflake.com/en/user-guide/security-row-intro.</summary>
public sealed class RowAccessTests
{
    private const string ByEntitlement =
        "CREATE ROW ACCESS POLICY D.GOV.ROWS AS (R VARCHAR) RETURNS BOOLEAN -> EXISTS (SELECT 1 FROM D.GOV.ENTITLED WHERE USER_NAME = CURRENT_USER() AND REGION = R)";

    private const string Filtered = "ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.ROWS ON (REGION)";

    [Theory]
    [InlineData("SELECT COUNT(*) FROM D.S.PEOPLE", "2", "3")]
    [InlineData("SELECT SUM(ID) FROM D.S.PEOPLE", "4", "6")]
    [InlineData("SELECT MAX(ID) FROM D.S.PEOPLE", "3", "3")]
    [InlineData("SELECT COUNT(*) FROM D.S.PEOPLE WHERE REGION = 'US' OR REGION IS NULL", "0", "1")]
    [InlineData("SELECT COUNT(*) FROM D.S.V", "1", "2")]
    [InlineData("SELECT COUNT(*) FROM D.S.VISITS v LEFT JOIN D.S.PEOPLE p ON p.EMAIL = v.EMAIL WHERE p.ID IS NOT NULL", "1", "2")]
    public async Task Only_rows_whose_expression_is_true_are_there(string query, string reader, string chief)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            ByEntitlement, Filtered, "USE ROLE ACCOUNTADMIN", "CREATE VIEW D.S.V AS SELECT ID FROM D.S.PEOPLE WHERE EMAIL IS NOT NULL",
            "GRANT SELECT ON VIEW D.S.V TO ROLE ANALYST", "GRANT SELECT ON VIEW D.S.V TO ROLE PAYROLL"));
        (await (await bench.As("READER")).QueryAsync(query)).ShouldSucceed().Rows.ShouldBe([[reader]]);
        (await (await bench.As("CHIEF")).QueryAsync(query)).ShouldSucceed().Rows.ShouldBe([[chief]]);
        // The table's owner is filtered too.
        await bench.Run("USE ROLE ACCOUNTADMIN");
        (await bench.Admin.QueryAsync("SELECT COUNT(*) FROM D.S.PEOPLE")).Rows.ShouldBe([["0"]]);
    }

    [Theory]
    [InlineData("NULL", "0")]
    [InlineData("TRUE", "4")]
    [InlineData("FALSE", "0")]
    [InlineData("R = 'EU'", "2")]
    [InlineData("NOT (R = 'EU')", "1")]
    [InlineData("R IS NOT DISTINCT FROM NULL OR R IN ('US')", "2")]
    [InlineData("R NOT IN ('US', NULL)", "0")]
    [InlineData("COALESCE(R, 'none') <> 'EU'", "2")]
    [InlineData("EQUAL_NULL(R, NULL)", "1")]
    [InlineData("R ILIKE 'e_' ESCAPE '!'", "2")]
    [InlineData("CASE WHEN CURRENT_ROLE() = 'ANALYST' THEN R BETWEEN 'EA' AND 'EZ' ELSE TRUE END", "2")]
    [InlineData("R = (SELECT MAX(REGION) FROM D.GOV.ENTITLED WHERE USER_NAME = CURRENT_USER())", "2")]
    [InlineData("R IN (SELECT REGION FROM D.GOV.ENTITLED)", "3")]
    [InlineData("'it_admin' = current_role()", "0")]
    public async Task An_expression_that_is_false_or_null_hides_the_row(string body, string count)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With($"CREATE ROW ACCESS POLICY D.GOV.ROWS AS (R VARCHAR) RETURNS BOOLEAN -> {body}", Filtered));
        (await (await bench.As("READER")).QueryAsync("SELECT COUNT(*) FROM D.S.PEOPLE")).ShouldSucceed().Rows.ShouldBe([[count]]);
    }

    [Fact]
    public async Task The_filter_reads_what_a_mask_hides_from_the_query()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            ByEntitlement, Filtered, "CREATE MASKING POLICY D.GOV.STARS AS (VAL VARCHAR) RETURNS VARCHAR -> '***'", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.STARS"));
        (await (await bench.As("READER")).QueryAsync("SELECT ID, NAME, REGION FROM D.S.PEOPLE ORDER BY ID")).ShouldSucceed().Rows.ShouldBe([["1", "***", "EU"], ["3", "***", "EU"]]);
    }

    [Fact]
    public async Task A_columns_name_in_the_mapping_table_hides_the_arguments()
    {
        // The subquery's own REGION is meant, as in any SQL; every row of the table passes.
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "CREATE ROW ACCESS POLICY D.GOV.ROWS AS (REGION VARCHAR) RETURNS BOOLEAN -> EXISTS (SELECT 1 FROM D.GOV.ENTITLED WHERE REGION = REGION)", Filtered));
        (await (await bench.As("READER")).QueryAsync("SELECT COUNT(*) FROM D.S.PEOPLE")).ShouldSucceed().Rows.ShouldBe([["4"]]);
    }

    [Fact]
    public async Task Changed_and_deleted_are_only_rows_that_are_seen()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            ByEntitlement, Filtered, "CREATE MASKING POLICY D.GOV.STARS AS (VAL VARCHAR) RETURNS VARCHAR -> '***'", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.STARS",
            "USE ROLE ACCOUNTADMIN", "GRANT UPDATE, DELETE, INSERT ON TABLE D.S.PEOPLE TO ROLE ANALYST"));
        var reader = await bench.As("READER");
        (await reader.QueryAsync("UPDATE D.S.PEOPLE SET SALARY = 1")).ShouldSucceed().Rows[0][0].ShouldBe("2");
        (await reader.QueryAsync("UPDATE D.S.PEOPLE p SET SALARY = p.ID + 1, NAME = 'x' WHERE p.EMAIL = 'ada@x.example'")).ShouldSucceed().Rows[0][0].ShouldBe("0");
        (await reader.QueryAsync("INSERT INTO D.S.PEOPLE (ID, REGION) VALUES (9, 'US')")).ShouldSucceed();
        (await reader.QueryAsync("DELETE FROM D.S.PEOPLE WHERE ID IN (1, 9)")).ShouldSucceed().Rows.ShouldBe([["1"]]);
        await bench.Run("USE ROLE GOVERNOR", "ALTER TABLE D.S.PEOPLE DROP ALL ROW ACCESS POLICIES", "USE ROLE ACCOUNTADMIN");
        (await bench.Admin.QueryAsync("SELECT ID, SALARY FROM D.S.PEOPLE ORDER BY ID")).Rows.ShouldBe([["2", "200.00"], ["3", "1.00"], ["4", "400.00"], ["9", null]]);
    }

    [Fact]
    public async Task One_policy_takes_the_place_of_another_in_one_statement()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(ByEntitlement, Filtered, "CREATE ROW ACCESS POLICY D.GOV.NONE AS (N NUMBER, R VARCHAR) RETURNS BOOLEAN -> N > 3"));
        var keeper = await bench.As("KEEPER");
        (await keeper.QueryAsync("ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.NONE ON (ID, REGION)")).ShouldFail("003549");
        (await keeper.QueryAsync("ALTER TABLE D.S.PEOPLE DROP ROW ACCESS POLICY D.GOV.ROWS, ADD ROW ACCESS POLICY D.GOV.NONE ON (ID)")).ShouldFail("001008");
        (await (await bench.As("READER")).QueryAsync("SELECT COUNT(*) FROM D.S.PEOPLE")).Rows.ShouldBe([["2"]]);
        (await keeper.QueryAsync("ALTER TABLE D.S.PEOPLE DROP ROW ACCESS POLICY D.GOV.ROWS, ADD ROW ACCESS POLICY D.GOV.NONE ON (ID, REGION)")).ShouldSucceed();
        (await (await bench.As("READER")).QueryAsync("SELECT ID FROM D.S.PEOPLE")).Rows.ShouldBe([["4"]]);
    }

    [Fact]
    public async Task Filters_come_with_new_tables_and_views()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            ByEntitlement, "GRANT APPLY ON ROW ACCESS POLICY D.GOV.ROWS TO ROLE ACCOUNTADMIN", "GRANT USAGE ON SCHEMA D.GOV TO ROLE ACCOUNTADMIN", "USE ROLE ACCOUNTADMIN",
            "CREATE TABLE D.S.NEW (A NUMBER, REGION VARCHAR) WITH ROW ACCESS POLICY D.GOV.ROWS ON (REGION)", "INSERT INTO D.S.NEW VALUES (1, 'EU'), (2, 'US')",
            "CREATE VIEW D.S.V (N, R) ROW ACCESS POLICY D.GOV.ROWS ON (R) AS SELECT NAME, REGION FROM D.S.PEOPLE", "GRANT SELECT ON TABLE D.S.NEW TO ROLE ANALYST", "GRANT SELECT ON VIEW D.S.V TO ROLE ANALYST"));
        var reader = await bench.As("READER");
        (await reader.QueryAsync("SELECT A FROM D.S.NEW")).ShouldSucceed().Rows.ShouldBe([["1"]]);
        (await reader.QueryAsync("SELECT N FROM D.S.V ORDER BY N")).ShouldSucceed().Rows.ShouldBe([["Ada"], ["Cara"]]);
    }
}
