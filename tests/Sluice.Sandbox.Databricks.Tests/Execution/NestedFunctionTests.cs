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

    private static async Task<Bench> StartAsync()
    {
        var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Lab);
        return bench;
    }
}
