using System.Globalization;

namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>An ordinary table that guards read, changed while they are asked.</summary>
public sealed class EntitlementTests
{
    [Fact]
    public async Task Thousands_of_rows_come_in_one_statement_and_are_merged_updated_and_deleted()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change("CREATE TABLE sales.orders.entitled (who STRING, region STRING)", "ALTER TABLE sales.orders.entitled OWNER TO `data-engineers`");
        var rows = string.Join(", ", Enumerable.Range(0, 5_000).Select(index => string.Create(CultureInfo.InvariantCulture, $"('person{index}@acme.example', 'R{index % 7}')")));
        (await bench.Engineer.Rows($"INSERT INTO sales.orders.entitled VALUES {rows}")).ShouldBe([["5000", "5000"]]);
        (await bench.Engineer.Rows("MERGE INTO sales.orders.entitled AS t USING (SELECT * FROM VALUES ('person1@acme.example', 'DE'), ('analyst@acme.example', 'FR') AS s (who, region)) AS s ON t.who = s.who WHEN MATCHED THEN UPDATE SET region = s.region WHEN NOT MATCHED THEN INSERT (who, region) VALUES (s.who, s.region)")).Length.ShouldBe(1);
        (await bench.Engineer.Rows("UPDATE sales.orders.entitled SET region = 'R9' WHERE region = 'R0' AND who <> 'person0@acme.example'")).ShouldBe([["714"]]);
        (await bench.Engineer.Rows($"DELETE FROM sales.orders.entitled WHERE who IN ({string.Join(", ", Enumerable.Range(2, 2_000).Select(index => $"'person{index.ToString(CultureInfo.InvariantCulture)}@acme.example'"))})")).ShouldBe([["2000"]]);
        (await bench.Engineer.Rows("SELECT count(*), count_if(region = 'DE'), count_if(who LIKE 'analyst%') FROM sales.orders.entitled")).ShouldBe([["3001", "1", "1"]]);
    }

    [Fact]
    public async Task A_row_that_comes_or_goes_changes_what_its_reader_sees_next()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.Change(
            "CREATE TABLE people.staff.entitled (who STRING, region STRING)",
            "CREATE FUNCTION sales.orders.seen(country STRING) RETURNS BOOLEAN RETURN (SELECT count(*) > 0 FROM people.staff.entitled e WHERE e.who = session_user() AND (e.region = seen.country OR e.region IS NULL))",
            "ALTER TABLE sales.orders.orders SET ROW FILTER sales.orders.seen ON (country)");
        const string Regions = "SELECT DISTINCT country FROM sales.orders.orders ORDER BY 1";
        (await bench.Analyst.Rows(Regions)).ShouldBeEmpty();
        bench.Sandbox.Change("INSERT INTO people.staff.entitled VALUES ('analyst@acme.example', 'DE')");
        (await bench.Analyst.Rows(Regions)).ShouldBe([["DE"]]);
        bench.Sandbox.Change("MERGE INTO people.staff.entitled AS t USING (SELECT 'analyst@acme.example' AS who) AS s ON t.who = s.who WHEN MATCHED THEN UPDATE SET region = NULL");
        (await bench.Analyst.Rows(Regions)).Length.ShouldBe(4);
        bench.Sandbox.Change("DELETE FROM people.staff.entitled WHERE who = 'analyst@acme.example'");
        (await bench.Analyst.Rows(Regions)).ShouldBeEmpty();
    }
}
