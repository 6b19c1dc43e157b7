namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>
/// Names between back-ticks: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-identifiers. Columns may have any but for Delta's
/// own rules, objects hold no period, blank or slash: …/sql-ref-names.
/// </summary>
public sealed class OddNameTests
{
    public static TheoryData<string> ObjectNames =>
        ["select", "SELECT", "from", "end", "null", "a`b", "`", "\"", "it's", "ü", "ÄÖß", "🦊fox", "semi;colon", "dash--dash", "(", "$$", "a,b", "100%", "?", ":p", "@{}", "\\n", "value", new string('n', 255)];

    public static TheoryData<string> ColumnNames => [.. ObjectNames.Select(row => row.Data), "Group By", "x.y", " blank ", "a/b", "select * from t"];

    [Theory]
    [MemberData(nameof(ObjectNames))]
    public async Task Everything_may_have_an_odd_name(string name)
    {
        var q = $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
        var stored = name.ToLowerInvariant();
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows($"CREATE SCHEMA sales.{q}");
        await bench.Engineer.Rows($"CREATE TABLE sales.{q}.{q} (id INT, {q} STRING, region STRING)");
        await bench.Engineer.Rows($"INSERT INTO sales.{q}.{q} VALUES (1, 'clear', 'DE'), (2, 'other', 'FR')");
        await bench.Engineer.Rows($"CREATE FUNCTION sales.{q}.{q}({q} STRING) RETURNS STRING RETURN concat(left({q}, 1), '**')");
        await bench.Engineer.Rows($"CREATE FUNCTION sales.{q}.keep({q} STRING) RETURNS BOOLEAN RETURN {q} = 'DE'");
        await bench.Engineer.Rows($"ALTER TABLE sales.{q}.{q} ALTER COLUMN {q} SET MASK sales.{q}.{q}");
        await bench.Engineer.Rows($"ALTER TABLE sales.{q}.{q} SET ROW FILTER sales.{q}.keep ON (region)");
        await bench.Engineer.Rows($"GRANT USE SCHEMA, SELECT, EXECUTE ON SCHEMA sales.{q} TO analysts");
        await bench.Engineer.Rows($"CREATE VIEW sales.{q}.v AS SELECT {q}, concat({q}, '!') AS x FROM sales.{q}.{q}");

        (await bench.Analyst.Rows($"SELECT {q} FROM sales.{q}.{q}")).ShouldHaveSingleItem().ShouldBe(["c**"]);
        (await bench.Analyst.Rows($"SELECT {q}.{q}, t.{q} FROM sales.{q}.{q} AS {q} JOIN sales.{q}.{q} t ON {q}.id = t.id WHERE t.{q} = 'c**'")).ShouldHaveSingleItem().ShouldBe(["c**", "c**"]);
        (await bench.Analyst.Rows($"WITH {q} AS (SELECT {q} FROM sales.{q}.{q}) SELECT * FROM {q}")).ShouldHaveSingleItem().ShouldBe(["c**"]);
        (await bench.Analyst.Rows($"SELECT * FROM sales.{q}.v")).ShouldHaveSingleItem().ShouldBe(["c**", "c**!"]);
        (await bench.Analyst.Rows($"SELECT sales.{q}.{q}('abc')")).ShouldHaveSingleItem().ShouldBe(["a**"]);
        (await bench.Engineer.Rows($"SHOW TABLES IN sales.{q}")).Select(row => row[1]).ShouldBe([stored, "v"], ignoreOrder: true);
        (await bench.Engineer.Rows($"SHOW GRANTS ON SCHEMA sales.{q}")).ShouldContain(row => row[0] == "analysts" && row[3] == $"sales.{stored}");
        (await bench.Engineer.Rows($"DESCRIBE TABLE sales.{q}.{q}")).Select(row => row[0]).ShouldContain(name);
        var literal = $"'{stored.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
        (await bench.Engineer.Rows($"SELECT table_name, column_name FROM sales.information_schema.columns WHERE table_schema = {literal} AND table_name = {literal} ORDER BY ordinal_position")).ShouldBe([[stored, "id"], [stored, name], [stored, "region"]]);
        (await bench.Engineer.Rows($"SELECT column_name, mask_name FROM sales.information_schema.column_masks WHERE table_schema = {literal}")).ShouldBe([[name, $"sales.{stored}.{stored}"]]);
        var path = Uri.EscapeDataString($"sales.{stored}.{stored}");
        var table = (await bench.Engineer.Get($"{RestClient.Catalog}/tables/{path}")).ShouldSucceed().Json;
        table.GetProperty("name").GetString().ShouldBe(stored);
        table.GetProperty("columns")[1].GetProperty("mask").GetProperty("function_name").GetString().ShouldBe($"sales.{stored}.{stored}");
        (await bench.Engineer.Patch($"{RestClient.Catalog}/permissions/table/{path}", new { changes = new[] { new { principal = "analysts", add = new[] { "MODIFY" } } } })).ShouldSucceed();
        await bench.Engineer.Rows($"ALTER TABLE sales.{q}.{q} RENAME TO sales.{q}.plain");
        (await bench.Analyst.Rows($"SELECT {q} FROM sales.{q}.plain")).ShouldHaveSingleItem().ShouldBe(["c**"]);
    }

    [Theory]
    [MemberData(nameof(ColumnNames))]
    public async Task A_column_with_an_odd_name_is_masked_and_filtered_by(string name)
    {
        var q = $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("CREATE SCHEMA sales.odd");
        await bench.Engineer.Rows($"CREATE TABLE sales.odd.t (id INT, {q} STRING)");
        await bench.Engineer.Rows("INSERT INTO sales.odd.t VALUES (1, 'clear'), (2, 'other')");
        await bench.Engineer.Rows($"CREATE FUNCTION sales.odd.hide({q} STRING, n INT) RETURNS STRING RETURN concat({q}, '/', CAST(n AS STRING))");
        await bench.Engineer.Rows("CREATE FUNCTION sales.odd.keep(v STRING) RETURNS BOOLEAN RETURN v = 'clear'");
        await bench.Engineer.Rows($"ALTER TABLE sales.odd.t ALTER COLUMN {q} SET MASK sales.odd.hide USING COLUMNS (id)");
        await bench.Engineer.Rows($"ALTER TABLE sales.odd.t SET ROW FILTER sales.odd.keep ON ({q})");
        await bench.Engineer.Rows("GRANT USE SCHEMA, SELECT ON SCHEMA sales.odd TO analysts");
        (await bench.Analyst.Rows($"SELECT id, {q} FROM sales.odd.t")).ShouldHaveSingleItem().ShouldBe(["1", "clear/1"]);
        (await bench.Analyst.Rows($"SELECT t.{q} AS {q}, upper({q}) FROM sales.odd.t ORDER BY {q}")).ShouldHaveSingleItem().ShouldBe(["clear/1", "CLEAR/1"]);
        await bench.Engineer.Rows($"ALTER TABLE sales.odd.t SET TAGS ('k' = 'v')");
        await bench.Engineer.Rows($"ALTER TABLE sales.odd.t ALTER COLUMN {q} SET TAGS ('k' = 'v')");
        (await bench.Engineer.Rows("SELECT column_name FROM sales.information_schema.column_tags WHERE schema_name = 'odd'")).ShouldHaveSingleItem().ShouldBe([name]);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("a/b")]
    public async Task Objects_have_no_periods_blanks_and_slashes_in_their_names(string name)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Fails($"CREATE TABLE sales.products.`{name}` (a INT)")).Message.ShouldStartWith("[INVALID_PARAMETER_VALUE]");
        (await bench.Engineer.Fails($"CREATE TABLE sales.products.`{new string('n', 256)}` (a INT)")).Message.ShouldStartWith("[INVALID_PARAMETER_VALUE]");
    }
}
