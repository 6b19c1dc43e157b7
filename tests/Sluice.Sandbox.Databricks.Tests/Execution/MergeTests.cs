namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>https://docs.databricks.com/aws/en/sql/language-manual/delta-merge-into: what is set may be qualified by the target.</summary>
public sealed class MergeTests
{
    private static readonly object InLab = new { catalog = "sales", schema = "lab" };

    [Theory]
    [InlineData("MERGE INTO t AS target USING s AS source ON target.id = source.id WHEN MATCHED THEN UPDATE SET target.n = source.n, target.m = target.m || source.n", "1:two:onetwo 2:b:c")]
    [InlineData("MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET t.n = upper(s.n), m = CASE WHEN s.n = 'two' THEN 'x' ELSE 'y' END", "1:TWO:x 2:b:c")]
    [InlineData("MERGE INTO sales.lab.t USING sales.lab.s ON sales.lab.t.id = sales.lab.s.id WHEN MATCHED THEN UPDATE SET sales.lab.t.n = (SELECT max(q.n) FROM s q WHERE q.id > 0), t.m = 'z'", "1:two:z 2:b:c")]
    [InlineData("MERGE INTO t AS `T` USING (SELECT 1 AS id UNION ALL SELECT 3) AS s ON t.id = s.id WHEN MATCHED AND t.n <> 'no' THEN UPDATE SET `t`.`N` = 'set' WHEN NOT MATCHED THEN INSERT (id, n) VALUES (s.id, 'made')", "1:set:one 2:b:c 3:made:")]
    [InlineData("MERGE INTO t USING s ON t.id = s.id WHEN MATCHED AND s.n = 'none' THEN DELETE WHEN MATCHED THEN UPDATE SET t.m = s.n WHEN NOT MATCHED BY SOURCE THEN UPDATE SET t.n = 'left', t.m = NULL", "1:a:two 2:left:")]
    [InlineData("UPDATE t AS k SET k.n = k.n || '!', m = n WHERE k.id = 1", "1:a!:a 2:b:c")]
    public async Task A_column_that_is_set_may_be_qualified(string statement, string rows)
    {
        await using var bench = await StartAsync();
        await bench.Engineer.Rows(statement, InLab);
        string.Join(' ', (await bench.Engineer.Rows("SELECT id, n, m FROM t ORDER BY id", InLab)).Select(row => string.Join(':', row))).ShouldBe(rows);
    }

    [Theory]
    [InlineData("MERGE INTO t AS k USING s ON k.id = s.id WHEN MATCHED THEN UPDATE SET s.n = 'x'")]
    [InlineData("MERGE INTO t AS k USING s ON k.id = s.id WHEN MATCHED THEN UPDATE SET t.n = 'x'")]
    [InlineData("MERGE INTO t AS k USING s ON k.id = s.id WHEN MATCHED THEN UPDATE SET k.nope = 'x'")]
    public async Task What_is_no_column_of_the_target_is_not_set(string statement)
    {
        await using var bench = await StartAsync();
        await bench.Engineer.Fails(statement, InLab);
        (await bench.Engineer.Rows("SELECT n FROM t ORDER BY id", InLab)).ShouldBe([["a"], ["b"]]);
    }

    private static async Task<Bench> StartAsync()
    {
        var bench = await Bench.StartAsync();
        bench.Sandbox.Change(
            "CREATE SCHEMA sales.lab", "GRANT ALL PRIVILEGES ON SCHEMA sales.lab TO `engineer@acme.example`", "CREATE TABLE sales.lab.t (id INT, n STRING, m STRING)", "CREATE TABLE sales.lab.s (id INT, n STRING)",
            "INSERT INTO sales.lab.t VALUES (1, 'a', 'one'), (2, 'b', 'c')", "INSERT INTO sales.lab.s VALUES (1, 'two')");
        return bench;
    }
}
