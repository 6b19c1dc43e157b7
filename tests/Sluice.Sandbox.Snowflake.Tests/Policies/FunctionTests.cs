namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>https://docs.snowflake.com/en/developer-guide/udf/sql/udf-sql-scalar-functions.</summary>
public sealed class FunctionTests
{
    private static readonly string[] Functions =
    [
        "CREATE FUNCTION D.GOV.AREA_OF_CIRCLE(radius FLOAT) RETURNS FLOAT AS $$ pi() * radius * radius $$",
        "CREATE FUNCTION D.GOV.MAY_SEE(R VARCHAR) RETURNS BOOLEAN AS 'EXISTS (SELECT 1 FROM ENTITLED WHERE USER_NAME = CURRENT_USER() AND REGION = R)'",
        "CREATE FUNCTION D.GOV.ENTRIES() RETURNS NUMBER AS 'SELECT COUNT(*) FROM D.GOV.ENTITLED WHERE USER_NAME = CURRENT_USER()'",
        "CREATE SECURE FUNCTION D.GOV.REGIONS() RETURNS ARRAY MEMOIZABLE AS 'SELECT ARRAY_AGG(REGION) FROM D.GOV.ENTITLED WHERE USER_NAME = CURRENT_USER()'",
        "CREATE FUNCTION D.GOV.HAS(WHO VARCHAR) RETURNS BOOLEAN MEMOIZABLE AS 'EXISTS (SELECT 1 FROM D.GOV.ENTITLED WHERE USER_NAME = WHO)'",
        "CREATE FUNCTION D.GOV.KIND(A VARCHAR) RETURNS VARCHAR AS '''text '' || A'", "CREATE FUNCTION D.GOV.KIND(A NUMBER) RETURNS VARCHAR AS '''number '' || A'",
        "CREATE FUNCTION D.GOV.KIND(A DATE) RETURNS VARCHAR AS '''date '' || A'", "CREATE FUNCTION D.GOV.KIND(A NUMBER, B NUMBER) RETURNS NUMBER AS 'A - B'",
        "CREATE OR REPLACE FUNCTION D.GOV.HALF(A NUMBER(10,2)) RETURNS NUMBER(10,2) LANGUAGE SQL COMMENT = 'halves' AS 'A / 2'",
    ];

    [Theory]
    [InlineData("SELECT D.GOV.AREA_OF_CIRCLE(1.0)", "3.141592653589793")]
    [InlineData("SELECT D.GOV.MAY_SEE('EU'), D.GOV.MAY_SEE('US'), D.GOV.MAY_SEE(NULL)", "1,0,0")]
    [InlineData("SELECT COUNT(*) FROM D.S.PEOPLE WHERE D.GOV.MAY_SEE(REGION)", "2")]
    [InlineData("SELECT D.GOV.MAY_SEE(p.REGION), COUNT(*) FROM D.S.PEOPLE p GROUP BY 1 ORDER BY 1", "0,2")]
    [InlineData("SELECT D.GOV.ENTRIES() + 1", "2")]
    [InlineData("SELECT ARRAY_CONTAINS('EU'::VARIANT, D.GOV.REGIONS()), ARRAY_CONTAINS('US'::VARIANT, D.GOV.REGIONS())", "1,0")]
    [InlineData("SELECT D.GOV.HAS('CHIEF'), D.GOV.HAS(CURRENT_USER()), D.GOV.HAS('NOBODY')", "1,1,0")]
    [InlineData("SELECT D.GOV.KIND('a'), D.GOV.KIND(7), D.GOV.KIND('2026-01-02'::DATE), D.GOV.KIND(5, 3)", "text a,number 7,date 2026-01-02,2")]
    [InlineData("SELECT D.GOV.KIND(NAME), D.GOV.KIND(ID), D.GOV.KIND(BORN) FROM D.S.PEOPLE WHERE ID = 1", "text Ada,number 1,date 1990-01-02")]
    [InlineData("SELECT D.GOV.KIND(B => 1, A => 10)", "9")]
    [InlineData("SELECT D.GOV.HALF(D.GOV.HALF(10))", "2.50")]
    [InlineData("SELECT D.GOV.HALF(SALARY) FROM D.S.PEOPLE WHERE ID = 1", "50.00")]
    public async Task A_function_answers_with_its_owners_rights(string query, string row)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With([.. Functions, "GRANT USAGE ON SCHEMA D.GOV TO ROLE ANALYST", "GRANT USAGE ON ALL FUNCTIONS IN SCHEMA D.GOV TO ROLE ANALYST"]));
        string.Join(',', (await (await bench.As("READER")).QueryAsync(query)).ShouldSucceed().Rows[0]).ShouldBe(row);
    }

    [Theory]
    [InlineData("SELECT D.GOV.NOPE(1)", "002141")]
    [InlineData("SELECT D.GOV.HALF(1)", "002141")]
    [InlineData("SELECT D.GOV.ENTRIES(1)", "002141")]
    [InlineData("SELECT HALF(1)", "002140")]
    [InlineData("SELECT D.GOV.HAS(NAME) FROM D.S.PEOPLE", "000002")]
    [InlineData("SELECT D.GOV.FIRST_OF('CHIEF')", null)]
    [InlineData("SELECT D.GOV.FIRST_OF(NAME) FROM D.S.PEOPLE", "002031")]
    [InlineData("SELECT D.GOV.LAST_OF(NAME) FROM D.S.PEOPLE", null)]
    [InlineData("SELECT * FROM D.GOV.ENTITLED", "002003")]
    public async Task A_call_is_refused(string query, string? code)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            [
                .. Functions, "CREATE FUNCTION D.GOV.FIRST_OF(U VARCHAR) RETURNS VARCHAR AS 'SELECT REGION FROM ENTITLED WHERE USER_NAME = U LIMIT 1'",
                "CREATE FUNCTION D.GOV.LAST_OF(U VARCHAR) RETURNS VARCHAR AS 'SELECT MAX(REGION) FROM ENTITLED WHERE USER_NAME = U'", "GRANT USAGE ON SCHEMA D.GOV TO ROLE ANALYST",
                .. ((string[])["ENTRIES()", "HAS(VARCHAR)", "FIRST_OF(VARCHAR)", "LAST_OF(VARCHAR)"]).Select(function => $"GRANT USAGE ON FUNCTION D.GOV.{function} TO ROLE ANALYST"),
            ]));
        var answer = await (await bench.As("READER")).QueryAsync(query);
        if (code is null) answer.ShouldSucceed();
        else answer.ShouldFail(code);
    }

    [Fact]
    public async Task Policies_call_functions_that_are_not_open_to_the_reader()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            [
                .. Functions, "CREATE MASKING POLICY D.GOV.M AS (V VARCHAR) RETURNS VARCHAR -> CASE WHEN ARRAY_CONTAINS('EU'::VARIANT, D.GOV.REGIONS()) THEN V ELSE KIND(V) END",
                "CREATE ROW ACCESS POLICY D.GOV.R AS (V VARCHAR) RETURNS BOOLEAN -> D.GOV.MAY_SEE(V)", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.M",
                "ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.R ON (REGION)",
            ]));
        var reader = await bench.As("READER");
        (await reader.QueryAsync("SELECT NAME FROM D.S.PEOPLE ORDER BY ID")).ShouldSucceed().Rows.ShouldBe([["Ada"], ["Cara"]]);
        await bench.Run("USE ROLE GOVERNOR", "DELETE FROM D.GOV.ENTITLED WHERE USER_NAME = 'READER'", "INSERT INTO D.GOV.ENTITLED VALUES ('READER', 'US')");
        (await reader.QueryAsync("SELECT NAME FROM D.S.PEOPLE ORDER BY ID")).ShouldSucceed().Rows.ShouldBe([["text Ben"]]);
        (await reader.QueryAsync("SELECT D.GOV.MAY_SEE('US')")).Success.ShouldBeFalse();
    }

    [Theory]
    [InlineData("(V VARCHAR)", true, false)]
    [InlineData("(V VARCHAR, R VARCHAR)", true, true)]
    [InlineData("(V VARCHAR)", false, true)]
    public async Task A_policys_owner_needs_USAGE_on_its_functions_and_a_conditional_ones_owns_them(string signature, bool mayUse, bool isRefused)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "USE ROLE ACCOUNTADMIN", "CREATE FUNCTION D.S.SHORT(A VARCHAR) RETURNS VARCHAR AS 'LEFT(A, 1)'", mayUse ? "GRANT USAGE ON FUNCTION D.S.SHORT(VARCHAR) TO ROLE GOVERNOR" : ""));
        var answer = await (await bench.As("KEEPER")).QueryAsync($"CREATE MASKING POLICY D.GOV.M AS {signature} RETURNS VARCHAR -> D.S.SHORT(V)");
        answer.Success.ShouldBe(!isRefused, answer.Body);
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/sql/create-function.</summary>
    [Theory]
    [InlineData("CREATE OR REPLACE FUNCTION D.GOV.KIND(A VARCHAR) COPY GRANTS RETURNS VARCHAR AS '''new '' || A'", "OWNERSHIP GOVERNOR,USAGE ANALYST", "new x")]
    [InlineData("CREATE OR REPLACE FUNCTION D.GOV.KIND(A VARCHAR) RETURNS VARCHAR AS '''new '' || A'", "OWNERSHIP GOVERNOR", null)]
    [InlineData("CREATE OR REPLACE FUNCTION D.GOV.KIND(A DATE) COPY GRANTS RETURNS VARCHAR AS '''new '' || A'", "OWNERSHIP GOVERNOR,USAGE ANALYST", "text x")]
    public async Task A_function_that_is_replaced_keeps_its_grants_where_it_is_told_to(string statement, string grants, string? answer)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With([.. Functions, "GRANT USAGE ON SCHEMA D.GOV TO ROLE ANALYST", "GRANT USAGE ON FUNCTION D.GOV.KIND(VARCHAR) TO ROLE ANALYST"]));
        var keeper = await bench.As("KEEPER");
        (await keeper.QueryAsync(statement)).ShouldSucceed();
        var shown = (await keeper.QueryAsync("SHOW GRANTS ON FUNCTION D.GOV.KIND(VARCHAR)")).ShouldSucceed();
        string.Join(',', shown.Column("privilege").Zip(shown.Column("grantee_name"), (privilege, grantee) => $"{privilege} {grantee}").Order()).ShouldBe(grants);
        var called = await (await bench.As("READER")).QueryAsync("SELECT D.GOV.KIND('x')");
        if (answer is null) called.ShouldFail("002141");
        else called.ShouldSucceed().Rows.ShouldBe([[answer]]);
    }

    [Fact]
    public async Task Functions_are_listed_shown_and_dropped_by_their_arguments()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With([.. Functions, "GRANT USAGE ON FUNCTION D.GOV.KIND(VARCHAR) TO ROLE ANALYST"]));
        var keeper = await bench.As("KEEPER");
        (await keeper.QueryAsync("SHOW USER FUNCTIONS LIKE 'KIND' IN SCHEMA D.GOV")).ShouldSucceed().Rows.Length.ShouldBe(4);
        (await keeper.QueryAsync("SHOW USER FUNCTIONS LIKE 'REGIONS' IN SCHEMA D.GOV")).Column("is_memoizable").ShouldBe(["Y"]);
        (await keeper.QueryAsync("SHOW GRANTS ON FUNCTION D.GOV.KIND(VARCHAR)")).ShouldSucceed().Column("privilege").ShouldBe(["OWNERSHIP", "USAGE"]);
        (await keeper.QueryAsync("SELECT GET_DDL('FUNCTION', 'D.GOV.HALF(NUMBER)')")).ShouldSucceed().Rows[0][0]!.ShouldContain("AS 'A / 2'");
        (await keeper.QueryAsync("DROP FUNCTION D.GOV.KIND(NUMBER, NUMBER)")).ShouldSucceed();
        (await keeper.QueryAsync("CREATE FUNCTION D.GOV.HALF(A NUMBER) RETURNS NUMBER AS 'A'")).ShouldFail("002002");
        (await keeper.QueryAsync("CREATE FUNCTION D.GOV.F() RETURNS NUMBER AS 'NOPE + 1'")).ShouldFail("000904");
        (await keeper.QueryAsync("CREATE FUNCTION D.GOV.F() RETURNS BOOLEAN MEMOIZABLE AS 'ARRAY_CONTAINS(1::VARIANT, D.GOV.REGIONS())'")).ShouldFail("000002");
        (await keeper.QueryAsync("SHOW USER FUNCTIONS LIKE 'KIND' IN SCHEMA D.GOV")).Rows.Length.ShouldBe(3);
    }
}
