namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>What is known of people as JSON, one row each, read by what guards a table.</summary>
public sealed class JsonGuardTests
{
    private const string Schema = "groups MAP<STRING, BOOLEAN>, names STRUCT<all: ARRAY<STRING>, some: ARRAY<STRING>>, attributes MAP<STRING, STRUCT<all: ARRAY<STRING>, some: ARRAY<STRING>>>, username STRING, iam STRING";

    private static readonly string[] Base =
    [
        "CREATE TABLE people.staff.entitlement (identity STRING, known STRING)",
        """
        MERGE INTO people.staff.entitlement AS t USING (SELECT * FROM VALUES
          ('analyst@acme.example', '{"groups":{"it\'s a \\"group\\".x":true,"Größe":false},"attributes":{"Region":{"all":["DE"],"some":["DE","FR"]}},"username":"ana"}'),
          ('somebody@acme.example', '{"attributes":{"Region":{"all":["ES"],"some":["ES"]}}}')
          AS s (identity, known)) AS s ON t.identity = s.identity
        WHEN MATCHED THEN UPDATE SET known = s.known WHEN NOT MATCHED THEN INSERT (identity, known) VALUES (s.identity, s.known)
        """,
        $"CREATE FUNCTION sales.orders.f(name STRING, kind STRING) RETURNS ARRAY<STRING> RETURN (SELECT any_value(CASE kind WHEN 'all' THEN try_element_at(from_json(e.known, '{Schema}').attributes, name).all ELSE try_element_at(from_json(e.known, '{Schema}').attributes, name).some END) FROM people.staff.entitlement e WHERE e.identity = session_user())",
        $"CREATE FUNCTION sales.orders.g(name STRING) RETURNS BOOLEAN RETURN (SELECT any_value(try_element_at(from_json(e.known, '{Schema}').groups, name)) FROM people.staff.entitlement e WHERE e.identity = session_user())",
        "CREATE TABLE sales.orders.places (id INT, region STRING)",
        "INSERT INTO sales.orders.places VALUES (1, 'DE'), (2, 'FR'), (3, 'ES'), (4, NULL)",
        "GRANT SELECT ON TABLE sales.orders.places TO analysts",
        "GRANT SELECT ON TABLE sales.orders.places TO `data-engineers`",
        "GRANT EXECUTE ON FUNCTION sales.orders.f TO analysts",
        "GRANT EXECUTE ON FUNCTION sales.orders.g TO analysts",
        "GRANT EXECUTE ON FUNCTION sales.orders.f TO `data-engineers`",
    ];

    [Fact]
    public async Task A_function_answers_what_is_known_of_who_asks()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Base);
        (await bench.Analyst.Rows("SELECT sales.orders.f('Region', 'all'), sales.orders.f('Region', 'some'), sales.orders.f('region', 'all'), array_contains(sales.orders.f('Region', 'all'), 'DE')")).ShouldBe([["[\"DE\"]", "[\"DE\",\"FR\"]", null, "true"]]);
        (await bench.Analyst.Rows("SELECT sales.orders.g('it\\'s a \"group\".x'), sales.orders.g('Größe'), sales.orders.g('größe')")).ShouldBe([["true", "false", null]]);
        (await bench.Engineer.Rows("SELECT sales.orders.f('Region', 'all')")).ShouldBe([[null]]);
    }

    [Theory]
    [InlineData("CASE WHEN region IS NULL THEN NULL WHEN array_contains(sales.orders.f('Region', 'all'), region) THEN true WHEN NOT array_contains(sales.orders.f('Region', 'some'), region) THEN false END", "1")]
    [InlineData("array_contains(coalesce((SELECT any_value(try_element_at(from_json(e.known, 'SCHEMA').attributes, 'Region').some) FROM people.staff.entitlement e WHERE e.identity = session_user()), array()), region)", "1,2")]
    [InlineData("array_contains((SELECT max(from_json(e.known, 'SCHEMA').attributes['Region']) FROM people.staff.entitlement e WHERE e.identity = session_user()).some, region)", "1,2")]
    [InlineData("exists(sales.orders.f('Region', 'some'), x -> x = region AND x <> 'DE')", "2")]
    [InlineData("CASE WHEN array_contains((SELECT any_value(try_element_at(from_json(e.known, 'SCHEMA').attributes, 'Region').all) FROM people.staff.entitlement e WHERE e.identity = session_user()), region) THEN true ELSE false END", "1")]
    [InlineData("sales.orders.g('it\\'s a \"group\".x') AND NOT sales.orders.g('Größe')", "1,2,3,4")]
    public async Task A_row_filter_keeps_what_they_allow_and_nothing_for_whom_there_is_no_row(string body, string kept)
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Base);
        bench.Sandbox.Change(
            $"CREATE FUNCTION sales.orders.kept(region STRING) RETURNS BOOLEAN RETURN {body.Replace("SCHEMA", Schema, StringComparison.Ordinal)}",
            "ALTER TABLE sales.orders.places SET ROW FILTER sales.orders.kept ON (region)");
        (await bench.Analyst.Rows("SELECT id FROM sales.orders.places ORDER BY id")).Select(row => row[0]).ShouldBe(kept.Split(','));
        (await bench.Engineer.Rows("SELECT id FROM sales.orders.places")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mask_shows_a_value_to_whom_it_is_known_and_follows_what_is_merged()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(Base);
        bench.Sandbox.Change(
            "CREATE FUNCTION sales.orders.shown(region STRING) RETURNS STRING RETURN CASE WHEN array_contains(sales.orders.f('Region', 'all'), region) THEN region ELSE '***' END",
            "ALTER TABLE sales.orders.places ALTER COLUMN region SET MASK sales.orders.shown");
        const string Regions = "SELECT region FROM sales.orders.places ORDER BY id";
        (await bench.Analyst.Rows(Regions)).ShouldBe([["DE"], ["***"], ["***"], ["***"]]);
        (await bench.Engineer.Rows(Regions)).ShouldBe([["***"], ["***"], ["***"], ["***"]]);
        bench.Sandbox.Change("MERGE INTO people.staff.entitlement AS t USING (SELECT 'analyst@acme.example' AS identity, '{\"attributes\":{\"Region\":{\"all\":[\"ES\"],\"some\":null}}}' AS known) AS s ON t.identity = s.identity WHEN MATCHED THEN UPDATE SET known = s.known");
        (await bench.Analyst.Rows(Regions)).ShouldBe([["***"], ["***"], ["ES"], ["***"]]);
    }
}
