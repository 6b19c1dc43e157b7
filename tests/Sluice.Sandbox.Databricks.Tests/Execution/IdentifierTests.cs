namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-names-identifier-clause.</summary>
public sealed class IdentifierTests
{
    private static readonly object[] Parameters =
    [
        new { name = "t", value = "sales.lab.`odd-name`" }, new { name = "schema", value = "sales.lab" }, new { name = "short", value = "`odd-name`" }, new { name = "f", value = "sales.lab.twice" },
        new { name = "c", value = "a" }, new { name = "role", value = "analysts" }, new { name = "number", value = "7", type = "INT" }, new { name = "nothing" },
    ];

    private static readonly object With = new { catalog = "sales", schema = "lab", parameters = Parameters };

    [Fact]
    public async Task A_parameter_names_the_target_of_every_statement()
    {
        await using var bench = await StartAsync();
        foreach (var statement in (string[])
        [
            "CREATE TABLE IDENTIFIER(:t) (a INT, b STRING)", "INSERT INTO IDENTIFIER(:t) VALUES (1, 'x'), (2, 'y')", "INSERT INTO TABLE IDENTIFIER(:schema '.' :short) (b, a) VALUES ('z', 3)",
            "UPDATE IDENTIFIER(:t) SET b = 'changed' WHERE a = 1", "DELETE FROM IDENTIFIER(:schema || '.' || :short) WHERE a = 2",
            "MERGE INTO IDENTIFIER(:t) AS k USING (SELECT a + 1 AS a FROM IDENTIFIER(:t)) AS s ON k.a = s.a WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (a, b) VALUES (s.a, 'new')",
            "ALTER TABLE IDENTIFIER(:t) ADD COLUMN d DATE", "ALTER TABLE IDENTIFIER(:t) ALTER COLUMN IDENTIFIER(:c) COMMENT 'first'", "COMMENT ON TABLE IDENTIFIER(:t) IS 'odd'", "GRANT SELECT ON TABLE IDENTIFIER(:t) TO analysts",
            "CREATE FUNCTION IDENTIFIER(:f)(v INT) RETURNS INT RETURN v * 2", "CREATE VIEW IDENTIFIER(concat(:schema, '.', 'seen')) AS SELECT IDENTIFIER(:c), b FROM IDENTIFIER(:t)",
        ])
        {
            await bench.Engineer.Rows(statement, With);
        }

        (await bench.Engineer.Rows("SELECT IDENTIFIER(:c), b, IDENTIFIER(:f)(a) FROM IDENTIFIER(:t) ORDER BY IDENTIFIER(:c)", With)).ShouldBe([["1", "changed", "2"], ["2", "new", "4"], ["3", "z", "6"], ["4", "new", "8"]]);
        (await bench.Engineer.Rows("SELECT * FROM seen WHERE a = 3", With)).ShouldBe([["3", "z"]]);
        (await bench.Engineer.Rows("DESCRIBE TABLE IDENTIFIER(:t)", With)).Select(row => (row[0], row[1], row[2])).ShouldBe([("a", "int", "first"), ("b", "string", null), ("d", "date", null)]);
        await bench.Engineer.Rows("CREATE OR REPLACE TABLE IDENTIFIER(:t) AS SELECT a FROM IDENTIFIER(:t) WHERE a < 3", With);
        (await bench.Engineer.Rows("SELECT count(*) FROM IDENTIFIER(:t)", With)).ShouldBe([["2"]]);
        (await bench.Analyst.Fails("SELECT count(*) FROM IDENTIFIER(:t)", With)).Message.ShouldStartWith("[INSUFFICIENT_PERMISSIONS]");
        await bench.Engineer.Rows("DROP TABLE IDENTIFIER(:t)", With);
        (await bench.Engineer.Fails("SELECT * FROM IDENTIFIER(:t)", With)).Message.ShouldStartWith("[TABLE_OR_VIEW_NOT_FOUND] The table or view `sales`.`lab`.`odd-name`");
    }

    [Theory]
    [InlineData("SELECT * FROM IDENTIFIER(:missing)", "UNBOUND_SQL_PARAMETER")]
    [InlineData("SELECT * FROM IDENTIFIER(:number)", "NOT_A_CONSTANT_STRING.WRONG_TYPE")]
    [InlineData("SELECT * FROM IDENTIFIER(:nothing)", "NOT_A_CONSTANT_STRING.NULL")]
    [InlineData("DROP TABLE IDENTIFIER(:schema || :nothing)", "NOT_A_CONSTANT_STRING.NULL")]
    [InlineData("SELECT * FROM IDENTIFIER(upper(:t))", "NOT_A_CONSTANT_STRING.NOT_CONSTANT")]
    [InlineData("SELECT IDENTIFIER(a) FROM VALUES ('b') AS r (a)", "NOT_A_CONSTANT_STRING.NOT_CONSTANT")]
    [InlineData("SELECT * FROM IDENTIFIER('sales.lab.t; DROP TABLE t')", "PARSE_SYNTAX_ERROR")]
    [InlineData("SELECT * FROM IDENTIFIER('(SELECT 1)')", "PARSE_SYNTAX_ERROR")]
    [InlineData("SELECT * FROM IDENTIFIER()", "PARSE_SYNTAX_ERROR")]
    public async Task What_is_no_constant_name_is_refused(string statement, string condition)
    {
        await using var bench = await StartAsync();
        (await bench.Engineer.Fails(statement, With)).Message.ShouldStartWith($"[{condition}]");
    }

    [Fact]
    public async Task Variables_hold_names_too()
    {
        await using var bench = await StartAsync();
        var session = await CommandSession.OpenAsync(bench);
        foreach (var statement in (string[])["DECLARE place = 'lab'", "DECLARE named = 't1'", "CREATE TABLE IDENTIFIER('sales.' || place || '.' || named) (a INT)", "INSERT INTO IDENTIFIER('sales.' || session.place || '.t1') VALUES (5)"]) await session.Runs(statement);
        (await bench.Engineer.Rows("SELECT a FROM sales.lab.t1")).ShouldBe([["5"]]);
    }

    private static async Task<Bench> StartAsync()
    {
        var bench = await Bench.StartAsync();
        bench.Sandbox.Change("CREATE SCHEMA sales.lab", "GRANT ALL PRIVILEGES ON SCHEMA sales.lab TO `engineer@acme.example`", "GRANT MANAGE ON SCHEMA sales.lab TO `engineer@acme.example`");
        return bench;
    }
}
