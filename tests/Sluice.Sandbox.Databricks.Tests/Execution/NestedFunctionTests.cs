namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>Functions that guard tables and call others: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-create-sql-function.</summary>
public sealed class NestedFunctionTests
{
    private static readonly object InLab = new { catalog = "sales", schema = "lab" };

    private static readonly string[] Lab =
    [
        "CREATE SCHEMA sales.lab",
        "CREATE TABLE sales.lab.people (a STRING, b STRING, c STRING, d STRING, e STRING, f INT)",
        "INSERT INTO sales.lab.people SELECT 'a' || id, 'b' || id, 'c' || id, 'd' || id, NULL, id FROM range(8) AS r(id)",
        "GRANT ALL PRIVILEGES ON SCHEMA sales.lab TO `engineer@acme.example`",
    ];

    // https://docs.databricks.com/aws/en/sql/language-manual/functions/sha2 and …/base64: texts and binaries.
    [Theory]
    [InlineData("sha2(v, 256) < '8'")]
    [InlineData("substr(sha2(v, 512), 1, 1) IN ('0', '1', '2', '3', '4', '5', '6', '7')")]
    [InlineData("sha2(encode(v, 'UTF-8'), 0) < '8'")]
    [InlineData("sha2(base64(v), 256) < '8'")]
    public async Task A_row_filter_digests_what_it_is_given_as_a_query_does(string condition)
    {
        await using var bench = await StartAsync();
        var wanted = await bench.Engineer.Rows($"SELECT v FROM (SELECT a AS v FROM people) WHERE {condition} ORDER BY v", InLab);
        wanted.Length.ShouldBeInRange(1, 7);

        await bench.Engineer.Rows($"CREATE FUNCTION some(v STRING) RETURNS BOOLEAN RETURN {condition}", InLab);
        await bench.Engineer.Rows("ALTER TABLE people SET ROW FILTER some ON (a)", InLab);

        (await bench.Engineer.Rows("SELECT a FROM people ORDER BY a", InLab)).ShouldBe(wanted);
    }

    [Fact]
    public async Task A_mask_digests_what_it_is_given_as_a_query_does()
    {
        await using var bench = await StartAsync();
        var wanted = await bench.Engineer.Rows("SELECT sha2(a, 256) || base64(b) FROM people ORDER BY f", InLab);
        await bench.Engineer.Rows("CREATE FUNCTION digest(v STRING, w STRING) RETURNS STRING RETURN sha2(v, 256) || base64(w)", InLab);
        await bench.Engineer.Rows("ALTER TABLE people ALTER COLUMN a SET MASK digest USING COLUMNS (b)", InLab);

        (await bench.Engineer.Rows("SELECT a FROM people ORDER BY f", InLab)).ShouldBe(wanted);
        (await bench.Engineer.Rows("SELECT sha2('abc', 256), sha2(X'616263', 256), sha2(NULL, 256), base64(X'616263')")).ShouldBe(
            [["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", null, "YWJj"]]);
    }

    // Each took its argument as often as it stands in the body, to the power of how deep the calls are.
    [Fact]
    public async Task Masks_whose_functions_call_functions_answer_as_their_bodies_say()
    {
        await using var bench = await StartAsync();
        foreach (var statement in (string[])
        [
            "CREATE FUNCTION small(v STRING) RETURNS STRING RETURN CASE WHEN v IS NULL THEN '?' ELSE upper(v) || length(v) END",
            "CREATE FUNCTION middle(v STRING, n INT) RETURNS STRING RETURN if(n > 3, small(v), concat(small(v), '-', small(substr(v, 2)), n))",
            "CREATE FUNCTION large(v STRING, n INT) RETURNS STRING RETURN CASE WHEN middle(v, n) LIKE '%-%' THEN middle(v, n + 4) || '/' || middle(v, n) ELSE lower(middle(v, n)) END",
            .. "abcde".Select(column => $"ALTER TABLE people ALTER COLUMN {column} SET MASK large USING COLUMNS (f)"),
            "CREATE FUNCTION more(n INT) RETURNS INT RETURN n + length(small(CAST(n AS STRING)))",
            "ALTER TABLE people ALTER COLUMN f SET MASK more",
        ])
        {
            await bench.Engineer.Rows(statement, InLab);
        }

        (await bench.Engineer.Rows("SELECT * FROM people WHERE f IN (5, 9) ORDER BY f", InLab)).ShouldBe(
            [["A32/A32-313", "B32/B32-313", "C32/C32-313", "D32/D32-313", "?/?-?3", "5"], ["a72", "b72", "c72", "d72", "?", "9"]]);
    }

    [Fact]
    public async Task A_function_that_calls_one_that_reads_is_given_its_arguments_too()
    {
        await using var bench = await StartAsync();
        foreach (var statement in (string[])
        [
            "CREATE TABLE known (v STRING, shown STRING)",
            "INSERT INTO known VALUES ('a1', 'one'), ('A2', 'two'), ('a3', 'three')",
            "CREATE FUNCTION shown(v STRING) RETURNS STRING RETURN (SELECT max(k.shown) FROM known k WHERE k.v = shown.v)",
            "CREATE FUNCTION either(v STRING) RETURNS STRING RETURN coalesce(shown(v), shown(upper(either.v)), '-' || v)",
            "CREATE FUNCTION twice(v STRING, known STRING) RETURNS STRING RETURN either(v) || either(known) || length(either(twice.v))",
            "ALTER TABLE people ALTER COLUMN a SET MASK twice USING COLUMNS (b)",
        ])
        {
            await bench.Engineer.Rows(statement, InLab);
        }

        (await bench.Engineer.Rows("SELECT a FROM people WHERE f < 4 ORDER BY f", InLab)).Select(row => row[0]).ShouldBe(["-a0-b03", "one-b13", "two-b23", "three-b35"]);
    }

    [Fact]
    public async Task A_function_is_given_columns_of_the_query_around_its_own()
    {
        await using var bench = await StartAsync();
        await bench.Engineer.Rows("CREATE FUNCTION pair(v STRING, n INT) RETURNS STRING RETURN upper(v) || n || v", InLab);
        await bench.Engineer.Rows("CREATE FUNCTION again(v STRING) RETURNS STRING RETURN pair(pair(v, 1), length(v))", InLab);

        (await bench.Engineer.Rows("SELECT p.a, (SELECT max(again(q.a || p.b)) FROM people q WHERE pair(q.a, q.f) = pair(p.a, p.f) AND sha2(q.b, 256) = sha2(p.b, 256)) FROM people p WHERE p.f < 2 ORDER BY 1", InLab)).ShouldBe(
            [["a0", "A0B01A0B04A0B01a0b0"], ["a1", "A1B11A1B14A1B11a1b1"]]);
    }

    private static async Task<Bench> StartAsync()
    {
        var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Lab);
        return bench;
    }
}
