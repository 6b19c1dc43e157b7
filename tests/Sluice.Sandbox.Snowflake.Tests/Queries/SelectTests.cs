using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Queries;

public sealed class SelectTests
{
    private static readonly SnowflakeSandboxOptions Scene = new()
    {
        Catalog = SnowflakeSandboxCatalog.Empty,
        Clock = ManualClock.Started(),
        Setup =
        [
            "USE ROLE ACCOUNTADMIN", "CREATE DATABASE D", "CREATE TABLE D.PUBLIC.T (ID NUMBER, NAME VARCHAR, \"lower\" VARCHAR)",
            "INSERT INTO D.PUBLIC.T VALUES (1, 'one', 'x'), (2, 'two', 'y'), (3, NULL, 'z')", "CREATE TABLE D.PUBLIC.U (ID NUMBER, N NUMBER)", "INSERT INTO D.PUBLIC.U VALUES (1, 10), (3, 30)",
            "CREATE VIEW D.PUBLIC.V (I, S) AS SELECT ID, NAME FROM T WHERE ID > 1",
        ],
    };

    /// <summary>Queries with the names of their columns and their rows.</summary>
    [Theory]
    [InlineData("SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_DATABASE()", "CURRENT_USER(),CURRENT_ROLE(),CURRENT_DATABASE()", "SANDBOX_ADMIN,ACCOUNTADMIN,D")]
    [InlineData("SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME() AS A, CURRENT_REGION() R", "A,R", "ACME-LOCAL,AWS_EU_CENTRAL_1")]
    [InlineData("select count(*), max(id) from t", "COUNT(*),MAX(ID)", "3,3")]
    [InlineData("SELECT t.id, name AS \"Name\" FROM d.public.t t WHERE name ILIKE 'T%'", "ID,Name", "2,two")]
    [InlineData("SELECT \"lower\" FROM T WHERE ID = 1", "lower", "x")]
    [InlineData("SELECT T.ID, U.N FROM T JOIN U ON T.ID = U.ID ORDER BY 1 DESC LIMIT 1", "ID,N", "3,30")]
    [InlineData("SELECT T.ID FROM T, U WHERE T.ID = U.ID AND U.N = 10", "ID", "1")]
    [InlineData("WITH x AS (SELECT ID FROM T), y AS (SELECT MAX(ID) AS M FROM x) SELECT M FROM y", "M", "3")]
    [InlineData("SELECT * FROM V ORDER BY I LIMIT 1", "I,S", "2,two")]
    [InlineData("SELECT (SELECT COUNT(*) FROM U) AS C", "C", "2")]
    [InlineData("SELECT IFF(1 > 0, 'y', 'n') AS A, NVL(NULL, 'b') AS B, '5'::NUMBER(10,0) AS C, TRY_CAST('x' AS NUMBER) AS D", "A,B,C,D", "y,b,5,NULL")]
    [InlineData("SELECT ID FROM T QUALIFY ROW_NUMBER() OVER (ORDER BY ID DESC) = 1", "ID", "3")]
    [InlineData("SELECT ID FROM T MINUS SELECT ID FROM U", "ID", "2")]
    [InlineData("SELECT DATEADD(day, 1, '2026-01-01'::DATE)::VARCHAR AS D, DATEDIFF('hour', '2026-01-01'::TIMESTAMP, '2026-01-02'::TIMESTAMP) AS H", "D,H", "2026-01-02,24")]
    [InlineData("SELECT EXTRACT(year FROM CURRENT_DATE()) AS Y", "Y", "2026")]
    [InlineData("SELECT $1x", "", "000")]
    [InlineData("VALUES (1)", "col0", "1")]
    public async Task A_query_answers(string sql, string columns, string row)
    {
        await using var bench = await Bench.StartAsync(Scene);
        await bench.Run("USE D.PUBLIC");
        var answer = await bench.Admin.QueryAsync(sql);
        if (columns.Length == 0)
        {
            answer.Success.ShouldBeFalse();
            return;
        }

        answer.ShouldSucceed();
        answer.Columns.ShouldBe(columns.Split(','));
        string.Join(',', answer.Rows[0].Select(value => value ?? "NULL")).ShouldBe(row);
    }

    [Theory]
    [InlineData("SELECT NOPE FROM T", "000904", "invalid identifier 'NOPE'")]
    [InlineData("SELECT lower FROM T", "000904", "invalid identifier 'LOWER'")]
    [InlineData("SELECT * FROM NOPE", "002003", "Object 'NOPE' does not exist or not authorized.")]
    [InlineData("SELECT * FROM D.NOPE.T", "002003", "Schema 'D.NOPE' does not exist or not authorized.")]
    [InlineData("SELECT * FROM NOPE.PUBLIC.T", "002003", "Database 'NOPE' does not exist or not authorized.")]
    [InlineData("SELECT * FROM \"t\"", "002003", "Object '\"t\"' does not exist or not authorized.")]
    [InlineData("SELECT FROBNICATE(1)", "002140", "Unknown function FROBNICATE")]
    [InlineData("SELECT 'x'::NUMBER", "100038", "Numeric value 'x' is not recognized")]
    [InlineData("SELECT TO_NUMBER(IFF(COUNT(*) = 3, '1', 'STOP: not three')) FROM U", "100038", "Numeric value 'STOP: not three' is not recognized")]
    [InlineData("SELECT $NOPE", "002211", "Session variable '$NOPE' does not exist")]
    [InlineData("SELECT * FROM TABLE(NOPE(1))", "002141", "Unknown table function NOPE")]
    public async Task A_query_is_refused(string sql, string code, string message)
    {
        await using var bench = await Bench.StartAsync(Scene);
        await bench.Run("USE D.PUBLIC");
        (await bench.Admin.QueryAsync(sql)).ShouldFail(code).Message!.ShouldContain(message);
    }

    [Fact]
    public async Task Rows_are_changed_and_counted()
    {
        await using var bench = await Bench.StartAsync(Scene);
        await bench.Run("USE D.PUBLIC");
        (await bench.Admin.QueryAsync("UPDATE T SET NAME = 'none' WHERE NAME IS NULL")).Rows.ShouldBe([["1", "0"]]);
        (await bench.Admin.QueryAsync("MERGE INTO T USING (SELECT 9 AS K) S ON T.ID = S.K WHEN NOT MATCHED THEN INSERT (ID, NAME) VALUES (S.K, 'nine')")).ShouldSucceed();
        (await bench.Admin.QueryAsync("DELETE FROM T USING U WHERE T.ID = U.ID")).Rows.ShouldBe([["2"]]);
        (await bench.Admin.QueryAsync("SELECT ID, NAME FROM T ORDER BY ID")).Rows.ShouldBe([["2", "two"], ["9", "nine"]]);
        (await bench.Admin.QueryAsync("SHOW TABLES LIKE 't'")).Column("rows").ShouldBe(["2"]);
        (await bench.Admin.QueryAsync("CREATE TABLE C CLONE T")).ShouldSucceed();
        (await bench.Admin.QueryAsync("CREATE TABLE D AS SELECT ID * 2 AS DOUBLED FROM C")).ShouldSucceed();
        (await bench.Admin.QueryAsync("TRUNCATE TABLE T")).ShouldSucceed();
        (await bench.Admin.QueryAsync("SELECT (SELECT COUNT(*) FROM T) AS T, (SELECT COUNT(*) FROM C) AS C, (SELECT SUM(DOUBLED) FROM D) AS D")).Rows.ShouldBe([["0", "2", "22"]]);
    }

    [Fact]
    public async Task A_transaction_is_seen_by_others_when_it_is_committed()
    {
        await using var bench = await Bench.StartAsync(Scene);
        var other = await bench.As(SnowflakeSandbox.AdministratorName);
        await bench.Run("BEGIN", "INSERT INTO D.PUBLIC.U VALUES (5, 50)");
        (await other.QueryAsync("SELECT COUNT(*) FROM D.PUBLIC.U")).Rows.ShouldBe([["2"]]);
        await bench.Run("COMMIT");
        (await other.QueryAsync("SELECT COUNT(*) FROM D.PUBLIC.U")).Rows.ShouldBe([["3"]]);
        await bench.Run("BEGIN", "DELETE FROM D.PUBLIC.U", "ROLLBACK");
        (await other.QueryAsync("SELECT COUNT(*) FROM D.PUBLIC.U")).Rows.ShouldBe([["3"]]);
    }

    [Fact]
    public async Task Session_variables_and_earlier_answers_can_be_used()
    {
        await using var bench = await Bench.StartAsync(Scene);
        await bench.Run("USE D.PUBLIC", "SET (LOW, WORD) = (1 + 1, 'two')");
        (await bench.Admin.QueryAsync("SELECT ID FROM T WHERE ID >= $LOW AND NAME = $word")).Rows.ShouldBe([["2"]]);
        await bench.Run("SET MADE = 'D.PUBLIC.MADE'", "SET WHO = 'SOMEONE'", "CREATE TABLE IDENTIFIER($MADE) (A NUMBER)", "CREATE USER IF NOT EXISTS IDENTIFIER($WHO) LOGIN_NAME = $WHO COMMENT = 'it''s'");
        (await bench.Admin.QueryAsync("SELECT COUNT(*) FROM IDENTIFIER($MADE)")).Rows.ShouldBe([["0"]]);
        (await bench.Admin.QueryAsync("SHOW USERS LIKE 'someone'")).Column("login_name").ShouldBe(["SOMEONE"]);
        (await bench.Admin.QueryAsync("CREATE ROLE IDENTIFIER($NOPE)")).ShouldFail("002211");
        await bench.Run("DROP TABLE IDENTIFIER('D.PUBLIC.MADE')", "SHOW TABLES IN SCHEMA D.PUBLIC");
        (await bench.Admin.QueryAsync("SELECT \"name\", \"rows\" FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE \"rows\" = 3")).Rows.ShouldBe([["T", "3"]]);
        (await bench.Admin.QueryAsync("SELECT name FROM TABLE(RESULT_SCAN(LAST_QUERY_ID(-2)))")).ShouldFail("000904");
    }
}
