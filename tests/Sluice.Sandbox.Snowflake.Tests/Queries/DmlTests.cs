using System.Globalization;
using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Queries;

/// <summary>Rows of a user's table, by the thousand and in transactions.</summary>
public sealed class DmlTests
{
    private static readonly SnowflakeSandboxOptions Scene = new()
    {
        Catalog = SnowflakeSandboxCatalog.Empty,
        Setup = ["USE ROLE ACCOUNTADMIN", "CREATE DATABASE D", "CREATE TABLE D.PUBLIC.E (U VARCHAR, A NUMBER, X BOOLEAN)", "CREATE TABLE D.PUBLIC.F (U VARCHAR)"],
    };

    [Fact]
    public async Task Thousands_of_rows_go_in_and_are_merged_in_one_statement()
    {
        await using var bench = await Bench.StartAsync(Scene);
        string Rows(int first, int count) => string.Join(", ", Enumerable.Range(first, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"('user {n}''s', {n}, {n % 2 == 0})")));
        (await bench.Admin.QueryAsync($"INSERT INTO D.PUBLIC.E (U, A, X) VALUES {Rows(0, 5000)}")).ShouldSucceed().Rows.ShouldBe([["5000"]]);
        var merged = (await bench.Admin.QueryAsync(
            $"""
            MERGE INTO D.PUBLIC.E t USING (SELECT column1 AS U, column2 AS A, column3 AS X FROM VALUES {Rows(4000, 3000)}) s ON t.U = s.U
            WHEN MATCHED AND s.X THEN DELETE WHEN MATCHED THEN UPDATE SET t.A = -1, X = s.X WHEN NOT MATCHED THEN INSERT (U, A, X) VALUES (s.U, s.A, s.X)
            """)).ShouldSucceed();
        merged.Columns.ShouldBe(["number of rows inserted", "number of rows updated", "number of rows deleted"]);
        merged.Rows.ShouldBe([["2000", "500", "500"]]);
        (await bench.Admin.QueryAsync("SELECT COUNT(*), COUNT_IF(A = -1) FROM D.PUBLIC.E")).ShouldSucceed().Rows.ShouldBe([["6500", "500"]]);
        (await bench.Admin.QueryAsync("DELETE FROM D.PUBLIC.E WHERE (U, A) IN (SELECT U, A FROM D.PUBLIC.E WHERE A >= 0)")).ShouldSucceed().Rows.ShouldBe([["6000"]]);
        (await bench.Admin.QueryAsync("UPDATE D.PUBLIC.E e SET e.A = 7 WHERE e.A = -1")).ShouldSucceed().Rows[0][0].ShouldBe("500");
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/transactions: DDL commits what was open, and stands by itself.</summary>
    [Theory]
    [InlineData("BEGIN; INSERT INTO E (A) VALUES (1); ROLLBACK", "0")]
    [InlineData("BEGIN; INSERT INTO E (A) VALUES (1); COMMIT", "1")]
    [InlineData("BEGIN; INSERT INTO E (A) VALUES (1); CREATE TABLE G (A NUMBER); ROLLBACK", "1")]
    [InlineData("BEGIN; INSERT INTO E (A) VALUES (1); GRANT SELECT ON TABLE E TO ROLE PUBLIC; INSERT INTO E (A) VALUES (2); ROLLBACK", "2")]
    [InlineData("BEGIN TRANSACTION; INSERT INTO E (A) VALUES (1); DELETE FROM E; COMMIT WORK", "0")]
    [InlineData("BEGIN; DELETE FROM E; INSERT INTO E (A) VALUES (1), (2); INSERT INTO F VALUES ('x'); COMMIT", "2")]
    [InlineData("START TRANSACTION; INSERT INTO F VALUES ('x'); SELECT COUNT(*) FROM F; ROLLBACK", "0")]
    public async Task A_transaction_ends_as_it_should(string statements, string count)
    {
        await using var bench = await Bench.StartAsync(Scene);
        await bench.Run("USE D.PUBLIC");
        (await bench.Admin.QueryAsync(statements, new { parameters = new { MULTI_STATEMENT_COUNT = 0 } })).ShouldSucceed();
        var other = await bench.As(SnowflakeSandbox.AdministratorName);
        (await other.QueryAsync("SELECT COUNT(*) FROM D.PUBLIC.E")).ShouldSucceed().Rows.ShouldBe([[count]]);
        (await other.QueryAsync("SHOW TABLES LIKE 'E' IN SCHEMA D.PUBLIC")).Column("rows").ShouldBe([count]);
    }

    [Fact]
    public async Task A_request_runs_as_many_statements_as_it_says()
    {
        await using var bench = await Bench.StartAsync(Scene);
        const string Two = "INSERT INTO D.PUBLIC.E (A) VALUES (1); SELECT COUNT(*) FROM D.PUBLIC.E";
        (await bench.Admin.QueryAsync(Two)).ShouldFail("000008");
        (await bench.Admin.QueryAsync(Two, new { parameters = new { MULTI_STATEMENT_COUNT = 3 } })).ShouldFail("000008");
        var answer = (await bench.Admin.QueryAsync(Two, new { parameters = new { MULTI_STATEMENT_COUNT = 2 } })).ShouldSucceed();
        var last = answer.Data.GetProperty("resultIds").GetString()!.Split(',')[1];
        Answer.RowsOf((await bench.Admin.GetAsync($"/queries/{last}/result")).Data.GetProperty("rowset")).ShouldBe([["1"]]);
    }
}
