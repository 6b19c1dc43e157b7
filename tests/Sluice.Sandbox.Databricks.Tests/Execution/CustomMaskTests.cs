namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>
/// Functions that people made, called by the function that masks a column: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-sql-function
/// and …/sql-ref-syntax-ddl-column-mask. Functions run with their owner's rights, and a reader needs none on them.
/// </summary>
public sealed class CustomMaskTests
{
    private const string Shown = "CASE WHEN is_account_group_member('data-engineers') THEN v ELSE people.lab.custom(v) END";

    private static readonly object InLab = new { catalog = "sales", schema = "lab" };

    private static readonly string[] Lab =
    [
        "CREATE SCHEMA sales.lab", "CREATE SCHEMA people.lab", "GRANT USE SCHEMA, SELECT ON SCHEMA sales.lab TO analysts", "GRANT USE SCHEMA, SELECT ON SCHEMA sales.lab TO `data-engineers`",
        "GRANT USE CATALOG ON CATALOG sales TO analysts",
    ];

    [Theory]
    [InlineData("STRING", "'abc'", "left(v, 1) || '**'", "a**", "abc", null)]
    [InlineData("STRING", "'abc'", "CASE v WHEN 'abc' THEN 'first' WHEN 'b' THEN 'second' ELSE 'other' END", "first", "abc", "other")]
    [InlineData("STRING", "'abc'", "coalesce(CAST(length(v) AS STRING), 'none')", "3", "abc", "none")]
    [InlineData("BIGINT", "12345678901", "v % 1000", "901", "12345678901", null)]
    [InlineData("INT", "42", "CASE WHEN v > 40 THEN -1 ELSE 0 END", "-1", "42", "0")]
    [InlineData("DECIMAL(10,2)", "12.34", "round(v, 0)", "12.00", "12.34", null)]
    [InlineData("DECIMAL(10,2)", "12.34", "v * 2 + 0.005", "24.69", "12.34", null)]
    [InlineData("DECIMAL(38,10)", "0.1234567891", "CAST(0 AS DECIMAL(38,10))", "0.0000000000", "0.1234567891", "0.0000000000")]
    [InlineData("DOUBLE", "1.5D", "v * 2", "3.0", "1.5", null)]
    [InlineData("BOOLEAN", "true", "NOT v", "false", "true", null)]
    [InlineData("BOOLEAN", "true", "v IS NULL", "false", "true", "true")]
    [InlineData("DATE", "DATE '2026-05-04'", "trunc(v, 'YEAR')", "2026-01-01", "2026-05-04", null)]
    [InlineData("DATE", "DATE '2026-05-04'", "coalesce(date_add(v, 1), DATE '1970-01-01')", "2026-05-05", "2026-05-04", "1970-01-01")]
    [InlineData("TIMESTAMP", "TIMESTAMP '2026-05-04 10:11:12'", "date_trunc('DAY', v)", "2026-05-04T00:00:00.000Z", "2026-05-04T10:11:12.000Z", null)]
    [InlineData("BINARY", "X'4142'", "CAST('x' AS BINARY)", "eA==", "QUI=", "eA==")]
    [InlineData("ARRAY<STRING>", "array('a', 'b')", "transform(v, x -> '*' || x)", "[\"*a\",\"*b\"]", "[\"a\",\"b\"]", null)]
    [InlineData("ARRAY<INT>", "array(1, 2, 3)", "array(size(v))", "[3]", "[1,2,3]", null)]
    [InlineData("STRUCT<a: STRING, b: INT>", "named_struct('a', 'x', 'b', 7)", "named_struct('a', '***', 'b', v.b)", "{\"a\":\"***\",\"b\":7}", "{\"a\":\"x\",\"b\":7}", null)]
    [InlineData("MAP<STRING, INT>", "map('k', 1)", "map('k', 0)", "{\"k\":0}", "{\"k\":1}", "{\"k\":0}")]
    public async Task A_mask_calls_a_function_of_its_columns_type(string type, string value, string body, string masked, string clear, string? maskedNull)
    {
        await using var bench = await StartAsync(
            $"CREATE TABLE sales.lab.t (id INT, c {type})", $"INSERT INTO sales.lab.t SELECT 1, {value}", "INSERT INTO sales.lab.t VALUES (2, NULL)",
            $"CREATE FUNCTION people.lab.custom(v {type}) RETURNS {type} RETURN {body}", $"CREATE FUNCTION people.lab.shown(v {type}) RETURNS {type} RETURN {Shown}",
            "ALTER TABLE sales.lab.t ALTER COLUMN c SET MASK people.lab.shown");
        var read = await bench.Analyst.Rows("SELECT c FROM t ORDER BY id", InLab);
        read[0].ShouldBe([masked]);
        if (maskedNull is not null) read[1].ShouldBe([maskedNull]);
        (await bench.Engineer.Rows("SELECT c FROM t ORDER BY id", InLab)).ShouldBe([[clear], [null]]);
    }

    [Fact]
    public async Task A_mask_gives_other_columns_and_constants_on_and_leaves_defaults_to_the_function()
    {
        await using var bench = await StartAsync(
            "CREATE TABLE sales.lab.t (id INT, name STRING, region STRING, born DATE)", "INSERT INTO sales.lab.t VALUES (1, 'Ada', 'EU', DATE '1990-01-02'), (2, 'Ben', 'US', NULL), (3, NULL, NULL, NULL)",
            "CREATE FUNCTION people.lab.custom(v STRING, keep INT DEFAULT 1, fill STRING DEFAULT concat('*', '*'), extra STRING DEFAULT session_user()) RETURNS STRING RETURN left(v, keep) || fill || left(extra, 3)",
            "CREATE FUNCTION people.lab.shown(v STRING, r STRING, d DATE, k INT) RETURNS STRING RETURN CASE WHEN r = 'EU' THEN people.lab.custom(v) WHEN r = 'US' THEN people.lab.custom(v, k, extra => r) ELSE coalesce(people.lab.custom(fill => '-', v => v), r, d, 'none') END",
            "ALTER TABLE sales.lab.t ALTER COLUMN name SET MASK people.lab.shown USING COLUMNS (region, born, 2)");
        (await bench.Analyst.Rows("SELECT name FROM t ORDER BY id", InLab)).ShouldBe([["A**ana"], ["Be**US"], ["none"]]);
        (await bench.Engineer.Rows("SELECT name FROM t WHERE id = 1", InLab)).ShouldBe([["A**eng"]]);
        var shown = (await bench.Admin.Get($"{RestClient.Catalog}/functions/people.lab.custom")).ShouldSucceed().Json;
        shown.GetProperty("input_params").GetProperty("parameters")[2].GetProperty("parameter_default").GetString().ShouldBe("concat('*', '*')");
    }

    // https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-function-invocation and the conditions of …/error-messages/error-classes.
    [Theory]
    [InlineData("SELECT custom('abc'), custom('abc', 2), custom('abc', fill => '-'), custom(fill => '-', v => 'abc', keep => 0)", null, "a*,ab*,a-,-")]
    [InlineData("SELECT custom(upper(custom('abc', 2)), keep => 1 + 1)", null, "AB*")]
    [InlineData("SELECT custom()", "REQUIRED_PARAMETER_NOT_FOUND", null)]
    [InlineData("SELECT custom(keep => 1)", "REQUIRED_PARAMETER_NOT_FOUND", null)]
    [InlineData("SELECT custom('abc', 1, '*', 'more')", "WRONG_NUM_ARGS.WITHOUT_SUGGESTION", null)]
    [InlineData("SELECT custom('abc', nope => 1)", "UNRECOGNIZED_PARAMETER_NAME", null)]
    [InlineData("SELECT custom('abc', v => 'x')", "DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE", null)]
    [InlineData("SELECT custom(v => 'abc', 1)", "UNEXPECTED_POSITIONAL_ARGUMENT", null)]
    [InlineData("CREATE FUNCTION f(a INT DEFAULT 1, b INT) RETURNS INT RETURN a", "USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_PARAMETER_POSITION", null)]
    [InlineData("CREATE FUNCTION f(a INT DEFAULT (SELECT 1)) RETURNS INT RETURN a", "INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION", null)]
    public async Task A_functions_arguments_are_given_by_position_by_name_or_not_at_all(string statement, string? condition, string? row)
    {
        await using var bench = await StartAsync(
            "GRANT ALL PRIVILEGES ON SCHEMA sales.lab TO `engineer@acme.example`", "CREATE FUNCTION sales.lab.custom(v STRING, keep INT DEFAULT 1, fill STRING DEFAULT '*') RETURNS STRING RETURN left(v, keep) || fill");
        if (condition is null) string.Join(',', (await bench.Engineer.Rows(statement, InLab))[0]).ShouldBe(row);
        else (await bench.Engineer.Fails(statement, InLab)).Message.ShouldStartWith($"[{condition}]");
    }

    [Fact]
    public async Task A_custom_function_may_call_others_and_read_tables_with_its_owners_rights()
    {
        await using var bench = await StartAsync(
            "CREATE TABLE people.lab.entitled (who STRING, region STRING)", "INSERT INTO people.lab.entitled VALUES ('analyst@acme.example', 'EU')",
            "CREATE TABLE sales.lab.t (id INT, name STRING, region STRING)", "INSERT INTO sales.lab.t VALUES (1, 'Ada', 'EU'), (2, 'Ben', 'US')",
            "CREATE FUNCTION people.lab.initial(v STRING) RETURNS STRING RETURN left(v, 1)", "CREATE FUNCTION people.lab.starred(v STRING, n INT) RETURNS STRING RETURN people.lab.initial(v) || repeat('*', n)",
            "CREATE FUNCTION people.lab.custom(v STRING) RETURNS STRING RETURN CASE WHEN length(v) > 2 THEN people.lab.starred(v, length(v)) ELSE people.lab.initial(v) END",
            "CREATE FUNCTION people.lab.may(r STRING) RETURNS BOOLEAN RETURN EXISTS (SELECT 1 FROM people.lab.entitled e WHERE e.who = session_user() AND e.region = may.r)",
            "CREATE FUNCTION people.lab.shown(v STRING, r STRING) RETURNS STRING RETURN CASE WHEN people.lab.may(r) THEN v ELSE people.lab.custom(v) END",
            "ALTER TABLE sales.lab.t ALTER COLUMN name SET MASK people.lab.shown USING COLUMNS (region)");
        (await bench.Analyst.Rows("SELECT name, count(*) FROM t GROUP BY name ORDER BY name", InLab)).ShouldBe([["Ada", "1"], ["B***", "1"]]);
        (await bench.Engineer.Rows("SELECT upper(name) FROM t WHERE name LIKE '%*%' ORDER BY id", InLab)).ShouldBe([["A***"], ["B***"]]);
        bench.Sandbox.Change("CREATE OR REPLACE FUNCTION people.lab.initial(v STRING) RETURNS STRING RETURN '?'");
        (await bench.Analyst.Rows("SELECT name FROM t ORDER BY id", InLab)).ShouldBe([["Ada"], ["?***"]]);
        bench.Sandbox.Change("DROP FUNCTION people.lab.initial");
        (await bench.Analyst.Fails("SELECT name FROM t", InLab)).Message.ShouldStartWith("[UNRESOLVED_ROUTINE]");
    }

    /// <summary>What the owner of a mask needs of the functions it calls is EXECUTE, USE SCHEMA and USE CATALOG: https://docs.databricks.com/aws/en/udf/unity-catalog.</summary>
    [Theory]
    [InlineData("REVOKE EXECUTE ON FUNCTION vault.lab.custom FROM `data-engineers`", "EXECUTE on Routine or Model 'vault.lab.custom'")]
    [InlineData("REVOKE USE SCHEMA ON SCHEMA vault.lab FROM `data-engineers`", "USE SCHEMA on Schema 'vault.lab'")]
    [InlineData("REVOKE USE CATALOG ON CATALOG vault FROM `data-engineers`", "USE CATALOG on Catalog 'vault'")]
    public async Task The_owner_of_a_mask_may_execute_what_it_calls_and_its_reader_needs_nothing(string taken, string missing)
    {
        await using var bench = await StartAsync(
            "CREATE CATALOG vault", "CREATE SCHEMA vault.lab", "GRANT ALL PRIVILEGES ON SCHEMA sales.lab TO `engineer@acme.example`", "GRANT USE CATALOG ON CATALOG vault TO `data-engineers`", "GRANT USE SCHEMA ON SCHEMA vault.lab TO `data-engineers`",
            "CREATE FUNCTION vault.lab.custom(v STRING) RETURNS STRING RETURN '***'");
        const string Mask = "CREATE FUNCTION shown(v STRING) RETURNS STRING RETURN vault.lab.custom(v)";
        (await bench.Engineer.Fails(Mask, InLab)).Message.ShouldContain("EXECUTE on Routine or Model 'vault.lab.custom'");
        bench.Sandbox.Change("GRANT EXECUTE ON FUNCTION vault.lab.custom TO `data-engineers`");
        foreach (var statement in (string[])[Mask, "CREATE TABLE t (id INT, c STRING)", "INSERT INTO t VALUES (1, 'x')", "ALTER TABLE t ALTER COLUMN c SET MASK shown"]) await bench.Engineer.Rows(statement, InLab);

        // The reader has neither EXECUTE on shown nor anything on vault.
        (await bench.Analyst.Rows("SELECT c FROM t", InLab)).ShouldBe([["***"]]);
        (await bench.Analyst.Fails("SELECT shown('x')", InLab)).Message.ShouldContain("EXECUTE on Routine or Model 'sales.lab.shown'");

        // What its owner may no longer do closes the column for everybody, whatever they may themselves.
        bench.Sandbox.Change("GRANT USE CATALOG ON CATALOG vault TO analysts", "GRANT USE SCHEMA ON SCHEMA vault.lab TO analysts", "GRANT EXECUTE ON FUNCTION vault.lab.custom TO analysts", taken);
        (await bench.Analyst.Fails("SELECT c FROM t", InLab)).Message.ShouldContain(missing);
        (await bench.Engineer.Fails("SELECT c FROM t", InLab)).Message.ShouldContain(missing);
        bench.Sandbox.Change("ALTER FUNCTION sales.lab.shown OWNER TO `workspace-admin@acme.example`", "ALTER FUNCTION vault.lab.custom OWNER TO `workspace-admin@acme.example`", "GRANT USE CATALOG ON CATALOG vault TO `workspace-admin@acme.example`", "GRANT USE SCHEMA ON SCHEMA vault.lab TO `workspace-admin@acme.example`");
        (await bench.Analyst.Rows("SELECT c FROM t", InLab)).ShouldBe([["***"]]);
    }

    private static async Task<Bench> StartAsync(params string[] statements)
    {
        var bench = await Bench.StartAsync();
        bench.Sandbox.Change([.. Lab, .. statements]);
        return bench;
    }
}
