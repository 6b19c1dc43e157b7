using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Sandbox.Databricks.Tests.SystemTables;

/// <summary>
/// Which rows a write leaves in https://docs.databricks.com/aws/en/admin/system-tables/lineage, and which it does not:
/// https://docs.databricks.com/aws/en/data-governance/unity-catalog/data-lineage#lineage-limitations. A query's columns are matched to
/// the table's by position: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-dml-insert-into.
/// </summary>
public sealed class ColumnLineageTests
{
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(15);

    private static readonly object InLab = new { catalog = "sales", schema = "lab" };

    private static readonly string[] Lab =
    [
        "CREATE SCHEMA sales.lab",
        "CREATE TABLE sales.lab.s (x STRING, y STRING, a STRING)",
        "CREATE TABLE sales.lab.other (x STRING, z STRING)",
        "CREATE TABLE sales.lab.t (a STRING, b STRING, c STRING)",
        "CREATE FUNCTION sales.lab.shout(v STRING) RETURNS STRING RETURN upper(v)",
        "GRANT ALL PRIVILEGES ON SCHEMA sales.lab TO `engineer@acme.example`",
    ];

    [Theory]
    [InlineData("INSERT INTO t (b, a) SELECT x, y FROM s", "s.x>b s.y>a")]
    [InlineData("INSERT INTO sales.lab.t (b) SELECT a FROM sales.lab.s", "s.a>b")]
    [InlineData("INSERT INTO t (b, a) SELECT x AS a, y b FROM s", "s.x>b s.y>a")]
    [InlineData("INSERT INTO t SELECT y, x, a FROM s", "s.a>c s.x>b s.y>a")]
    [InlineData("INSERT INTO t SELECT * FROM s", "s.a>c s.x>a s.y>b")]
    [InlineData("INSERT INTO t TABLE s", "s.a>c s.x>a s.y>b")]
    [InlineData("INSERT OVERWRITE t SELECT a, y, x FROM s", "s.a>a s.x>c s.y>b")]
    [InlineData("INSERT OVERWRITE TABLE t (c, b, a) SELECT a, y, x FROM s", "s.a>c s.x>a s.y>b")]
    [InlineData("INSERT INTO t BY NAME SELECT x AS c, a FROM s", "s.a>a s.x>c")]
    [InlineData("INSERT INTO t (a, b) SELECT q.x, upper(q.y) || q.a FROM s AS q", "s.a>b s.x>a s.y>b")]
    [InlineData("INSERT INTO t (a, b) SELECT 'a', x FROM s WHERE y = 'a'", "s.x>b s.y>")]
    [InlineData("INSERT INTO t (a) SELECT x FROM s UNION ALL SELECT z FROM other", "other.z>a s.x>a")]
    [InlineData("INSERT INTO t (a, c) WITH w AS (SELECT x AS one, y AS two FROM s) SELECT two, one FROM w", "s.x>c s.y>a")]
    [InlineData("INSERT INTO t (a, c) SELECT v.two, v.one FROM (SELECT x one, y two FROM s) v", "s.x>c s.y>a")]
    [InlineData("INSERT INTO t (a, c) SELECT s.y, o.z FROM s JOIN other AS o ON s.x = o.x", "other.x> other.z>c s.x> s.y>a")]
    [InlineData("INSERT INTO t (a, b) SELECT (SELECT max(z) FROM other), CASE WHEN x = 'a' THEN CAST(y AS STRING) END FROM s", "other.z>a s.x>b s.y>b")]
    [InlineData("INSERT INTO t (a, b) SELECT * EXCEPT (y) FROM s", "s.a>b s.x>a")]
    [InlineData("INSERT INTO t (a, b) SELECT x, x FROM s", "s.x>a s.x>b")]
    [InlineData("INSERT INTO t (a, b) SELECT shout(x), y FROM s", "s.x> s.y>b")]
    [InlineData("EXECUTE IMMEDIATE 'INSERT INTO t (b, a) SELECT x, y FROM s'", "s.x>b s.y>a")]
    [InlineData("CREATE TABLE made AS SELECT y, x AS z, upper(a) AS u FROM s", "s.a>u s.x>z s.y>y")]
    [InlineData("CREATE OR REPLACE TABLE t AS SELECT c AS a, a AS c FROM t", "t.a>c t.c>a")]
    [InlineData("CREATE TABLE made SHALLOW CLONE other", "other.x>x other.z>z")]
    [InlineData("CREATE VIEW seen (one, two) AS SELECT y, x FROM s", "s.x>two s.y>one")]
    [InlineData("MERGE INTO t USING s ON t.a = s.x WHEN MATCHED THEN UPDATE SET b = s.y WHEN NOT MATCHED THEN INSERT (a, c) VALUES (s.x, s.y)", "s.x>a s.y>b s.y>c")]
    [InlineData("MERGE INTO t AS g USING (SELECT x AS k, y FROM s) AS f ON g.a = f.k WHEN MATCHED AND f.y <> 'n' THEN UPDATE SET b = f.y, c = concat(f.k, g.c)", "s.x>c s.y>b")]
    public async Task A_write_tells_which_column_went_into_which(string statement, string expected)
    {
        var clock = ManualClock.Started();
        await using var bench = await StartAsync(clock);
        await bench.Engineer.Rows(statement, InLab);
        clock.Advance(Lag);

        var rows = await bench.Service.Rows($"SELECT source_table_name, source_column_name, target_column_name FROM system.access.column_lineage WHERE created_by = '{SandboxCast.Engineer}' AND target_table_schema = 'lab' ORDER BY ALL");
        string.Join(' ', rows.Select(row => $"{row[0]}.{row[1]}>{row[2]}")).ShouldBe(expected);
    }

    // "The column lineage table does not include events that do not have a source."
    [Theory]
    [InlineData("INSERT INTO t (a) VALUES ('x')")]
    [InlineData("UPDATE t SET a = b")]
    public async Task What_has_no_source_is_told_of_the_table_alone(string statement)
    {
        var clock = ManualClock.Started();
        await using var bench = await StartAsync(clock);
        await bench.Engineer.Rows(statement, InLab);
        clock.Advance(Lag);

        (await bench.Service.Rows("SELECT target_table_name FROM system.access.table_lineage")).ShouldBe([["t"]]);
        (await bench.Service.Rows("SELECT count(*) FROM system.access.column_lineage")).ShouldBe([["0"]]);
    }

    [Fact]
    public async Task A_table_that_is_fed_back_from_its_copy_is_told_with_its_columns_both_ways()
    {
        var clock = ManualClock.Started();
        await using var bench = await StartAsync(clock);
        await bench.Engineer.Rows("CREATE TABLE back AS SELECT x, y FROM s", InLab);
        await bench.Engineer.Rows("INSERT INTO s (x) SELECT x FROM back", InLab);
        clock.Advance(Lag);

        (await bench.Service.Rows("SELECT source_table_full_name, source_column_name, target_table_full_name, target_column_name FROM system.access.column_lineage ORDER BY ALL")).ShouldBe(
            [["sales.lab.back", "x", "sales.lab.s", "x"], ["sales.lab.s", "x", "sales.lab.back", "x"], ["sales.lab.s", "y", "sales.lab.back", "y"]]);
    }

    [Fact]
    public async Task Masks_that_look_into_other_tables_leave_no_rows_and_take_none_away()
    {
        var clock = ManualClock.Started();
        await using var bench = await StartAsync(clock);
        bench.Sandbox.Change(
            "CREATE TABLE people.staff.entitled (who STRING)",
            "CREATE FUNCTION sales.lab.hide(v STRING) RETURNS STRING RETURN CASE WHEN EXISTS (SELECT 1 FROM people.staff.entitled e WHERE e.who = session_user()) THEN v END",
            "ALTER TABLE sales.lab.s ALTER COLUMN x SET MASK sales.lab.hide",
            "ALTER TABLE sales.lab.t ALTER COLUMN a SET MASK sales.lab.hide");
        await bench.Engineer.Rows("INSERT INTO t (a) SELECT x FROM s", InLab);
        clock.Advance(Lag);

        (await bench.Service.Rows("SELECT source_table_full_name, source_column_name, target_column_name FROM system.access.column_lineage")).ShouldBe([["sales.lab.s", "x", "a"]]);
    }

    private static async Task<Bench> StartAsync(ManualClock clock)
    {
        var bench = await Bench.StartAsync(new() { Clock = clock, SystemTableLag = Lag, ServiceGrants = ServiceGrants.ManageWithSystemTables });
        bench.Sandbox.Change(Lab);
        return bench;
    }
}
