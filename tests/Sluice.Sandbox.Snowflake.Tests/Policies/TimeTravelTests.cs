namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>
/// https://docs.snowflake.com/en/sql-reference/constructs/at-before: old rows have the columns of today, and whoever may read them is told by
/// the grants and policies of today.
/// </summary>
public sealed class TimeTravelTests
{
    [Fact]
    public async Task Old_rows_are_read_by_time_offset_and_statement()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(PolicyScene.With() with { Clock = clock });
        await bench.Run("USE ROLE ACCOUNTADMIN", "CREATE TABLE D.S.T (N NUMBER)");
        clock.Advance(TimeSpan.FromSeconds(10));
        var first = (await bench.Admin.QueryAsync("INSERT INTO D.S.T VALUES (1)")).ShouldSucceed().QueryId;
        clock.Advance(TimeSpan.FromSeconds(10));
        var second = (await bench.Admin.QueryAsync("INSERT INTO D.S.T VALUES (2)")).ShouldSucceed().QueryId;
        clock.Advance(TimeSpan.FromSeconds(10));
        var gone = (await bench.Admin.QueryAsync("DELETE FROM D.S.T WHERE N = 1")).ShouldSucceed().QueryId;
        clock.Advance(TimeSpan.FromSeconds(5));

        async Task<string> Read(string clause) => string.Join(',', (await bench.Admin.QueryAsync($"SELECT N FROM D.S.T {clause} ORDER BY N")).ShouldSucceed().Column("N"));
        (await Read("")).ShouldBe("2");
        (await Read($"BEFORE (STATEMENT => '{gone}')")).ShouldBe("1,2");
        (await Read($"AT (STATEMENT => '{gone}')")).ShouldBe("2");
        (await Read($"AT (STATEMENT => '{first}') AS t")).ShouldBe("1");
        (await Read($"BEFORE (STATEMENT => '{first}')")).ShouldBe("");
        (await Read($"AT (STATEMENT => '{second}')")).ShouldBe("1,2");
        (await Read("AT (OFFSET => -5)")).ShouldBe("2");
        (await Read("BEFORE (OFFSET => -5)")).ShouldBe("1,2");
        (await Read("AT (OFFSET => -60*0.25)")).ShouldBe("1,2");
        (await Read($"AT (TIMESTAMP => '{clock.GetUtcNow().AddSeconds(-16):yyyy-MM-dd HH:mm:ss}'::TIMESTAMP_LTZ)")).ShouldBe("1");
        (await Read("AT (TIMESTAMP => DATEADD(second, -26, CURRENT_TIMESTAMP()))")).ShouldBe("");
        (await Read("AT (OFFSET => 0), (SELECT 1)")).ShouldBe("2");
        (await bench.Admin.QueryAsync($"WITH c AS (SELECT * FROM D.S.T BEFORE (STATEMENT => '{gone}')) SELECT COUNT(*) FROM c")).ShouldSucceed().Rows.ShouldBe([["2"]]);
        (await bench.Admin.QueryAsync("WITH c AS (SELECT * FROM D.S.T) SELECT COUNT(*) FROM c AT (OFFSET => -5)")).ShouldFail("000002");
        (await bench.Admin.QueryAsync("SELECT * FROM D.S.T AT (OFFSET => -36)")).ShouldFail("000707");
        (await bench.Admin.QueryAsync("SELECT * FROM D.S.T AT (OFFSET => -35)")).ShouldFail("000707");
        (await bench.Admin.QueryAsync("SELECT * FROM D.S.T AT (OFFSET => -90000)")).ShouldFail("000707");
        (await bench.Admin.QueryAsync("SELECT * FROM D.S.T AT (STATEMENT => '01b00000-0000-ffff-0000-000000000000')")).ShouldFail("000709");
        await bench.Run($"INSERT INTO D.S.T SELECT N FROM D.S.T BEFORE (STATEMENT => '{gone}') WHERE N = 1");
        (await Read("")).ShouldBe("1,2");
    }

    [Fact]
    public async Task Old_rows_have_the_columns_grants_and_policies_of_today()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With("GRANT USAGE, CREATE MASKING POLICY, CREATE ROW ACCESS POLICY ON SCHEMA D.GOV TO ROLE ACCOUNTADMIN"));
        await bench.Run("USE ROLE ACCOUNTADMIN");
        var id = (await bench.Admin.QueryAsync("DELETE FROM D.S.PEOPLE WHERE ID > 1")).ShouldSucceed().QueryId;
        await bench.Run(
            "ALTER TABLE D.S.PEOPLE RENAME COLUMN EMAIL TO MAIL", "ALTER TABLE D.S.PEOPLE ADD COLUMN EXTRA NUMBER", "ALTER TABLE D.S.PEOPLE DROP COLUMN SALARY", "ALTER TABLE D.S.PEOPLE RENAME TO D.S.FOLK",
            "CREATE MASKING POLICY D.GOV.STARS AS (V VARCHAR) RETURNS VARCHAR -> '***'", "ALTER TABLE D.S.FOLK MODIFY COLUMN MAIL SET MASKING POLICY D.GOV.STARS",
            "CREATE ROW ACCESS POLICY D.GOV.EU AS (R VARCHAR) RETURNS BOOLEAN -> R = 'EU'", "ALTER TABLE D.S.FOLK ADD ROW ACCESS POLICY D.GOV.EU ON (REGION)",
            "CREATE VIEW D.S.V AS SELECT ID, MAIL FROM D.S.FOLK", "GRANT SELECT ON VIEW D.S.V TO ROLE ANALYST");
        var reader = await bench.As("READER");
        var old = (await reader.QueryAsync($"SELECT * FROM D.S.FOLK BEFORE (STATEMENT => '{id}') ORDER BY ID")).ShouldSucceed();
        old.Columns.ShouldBe(["ID", "NAME", "MAIL", "REGION", "BORN", "EXTRA"]);
        old.Column("MAIL").ShouldBe(["***", "***"]);
        old.Column("EXTRA").ShouldBe([null, null]);
        (await reader.QueryAsync($"SELECT COUNT(*) FROM D.S.V BEFORE (STATEMENT => '{id}')")).ShouldSucceed().Rows.ShouldBe([["2"]]);
        (await reader.QueryAsync("SELECT COUNT(*) FROM D.S.V")).ShouldSucceed().Rows.ShouldBe([["1"]]);
        await bench.Run("REVOKE SELECT ON TABLE D.S.FOLK FROM ROLE ANALYST");
        (await reader.QueryAsync($"SELECT * FROM D.S.FOLK BEFORE (STATEMENT => '{id}')")).ShouldFail("002003");
    }

    /// <summary>https://docs.snowflake.com/en/user-guide/security-row-intro, Time Travel.</summary>
    [Fact]
    public async Task A_row_access_policy_reads_its_mapping_table_as_it_is_now()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "CREATE ROW ACCESS POLICY D.GOV.MAPPED AS (R VARCHAR) RETURNS BOOLEAN -> EXISTS (SELECT 1 FROM D.GOV.ENTITLED WHERE USER_NAME = CURRENT_USER() AND ENTITLED.REGION = R)",
            "ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.MAPPED ON (REGION)", "USE ROLE ACCOUNTADMIN", "CREATE VIEW D.S.V AS SELECT ID FROM D.S.PEOPLE", "GRANT SELECT ON VIEW D.S.V TO ROLE ANALYST"));
        var keeper = await bench.As("KEEPER");
        var reader = await bench.As("READER");
        var change = (await keeper.QueryAsync("UPDATE D.GOV.ENTITLED SET REGION = 'US' WHERE USER_NAME = 'READER'")).ShouldSucceed().QueryId;
        foreach (var source in (string[])["D.S.PEOPLE", "D.S.V"])
        {
            (await reader.QueryAsync($"SELECT ID FROM {source} BEFORE (STATEMENT => '{change}')")).ShouldSucceed().Rows.ShouldBe([["2"]]);
        }
    }

    [Fact]
    public async Task A_clone_of_old_rows_is_protected_like_its_source()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "CREATE MASKING POLICY D.GOV.STARS AS (V VARCHAR) RETURNS VARCHAR -> '***'", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.STARS"));
        await bench.Run("USE ROLE ACCOUNTADMIN");
        var gone = (await bench.Admin.QueryAsync("TRUNCATE TABLE D.S.PEOPLE")).ShouldSucceed().QueryId;
        await bench.Run($"CREATE TABLE D.S.BACK CLONE D.S.PEOPLE BEFORE (STATEMENT => '{gone}') COPY GRANTS", "CREATE TABLE D.S.EMPTY CLONE D.S.PEOPLE COPY GRANTS");
        var reader = await bench.As("READER");
        (await reader.QueryAsync("SELECT DISTINCT EMAIL FROM D.S.BACK")).ShouldSucceed().Rows.ShouldBe([["***"]]);
        (await reader.QueryAsync("SELECT COUNT(*) FROM D.S.BACK")).ShouldSucceed().Rows.ShouldBe([["4"]]);
        (await reader.QueryAsync("SELECT COUNT(*) FROM D.S.EMPTY")).ShouldSucceed().Rows.ShouldBe([["0"]]);
        (await bench.Admin.QueryAsync($"SELECT * FROM D.S.BACK BEFORE (STATEMENT => '{gone}')")).ShouldFail("000707");
    }

    [Fact]
    public async Task What_was_rolled_back_never_was_and_what_was_dropped_comes_back_with_its_past()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With());
        await bench.Run("USE ROLE ACCOUNTADMIN", "CREATE TABLE D.S.T (N NUMBER)", "INSERT INTO D.S.T VALUES (1)");
        await bench.Run("BEGIN");
        var undone = (await bench.Admin.QueryAsync("DELETE FROM D.S.T")).ShouldSucceed().QueryId;
        await bench.Run("ROLLBACK");
        (await bench.Admin.QueryAsync($"SELECT COUNT(*) FROM D.S.T AT (STATEMENT => '{undone}')")).ShouldSucceed().Rows.ShouldBe([["1"]]);
        var gone = (await bench.Admin.QueryAsync("DELETE FROM D.S.T")).ShouldSucceed().QueryId;
        await bench.Run("DROP TABLE D.S.T", "UNDROP TABLE D.S.T");
        (await bench.Admin.QueryAsync($"SELECT COUNT(*) FROM D.S.T BEFORE (STATEMENT => '{gone}')")).ShouldSucceed().Rows.ShouldBe([["1"]]);
        await bench.Run("CREATE OR REPLACE TABLE D.S.T (N NUMBER)");
        (await bench.Admin.QueryAsync($"SELECT COUNT(*) FROM D.S.T BEFORE (STATEMENT => '{gone}')")).ShouldFail("000707");
    }

    [Fact]
    public async Task A_table_of_many_rows_has_no_past_here()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With() with { TimeTravelRowLimit = 1 });
        await bench.Run("USE ROLE ACCOUNTADMIN", "CREATE TABLE D.S.T (N NUMBER)");
        var first = (await bench.Admin.QueryAsync("INSERT INTO D.S.T VALUES (1), (2)")).ShouldSucceed().QueryId;
        (await bench.Admin.QueryAsync($"SELECT COUNT(*) FROM D.S.T BEFORE (STATEMENT => '{first}')")).ShouldSucceed().Rows.ShouldBe([["0"]]);
        await bench.Run("INSERT INTO D.S.T VALUES (3)");
        (await bench.Admin.QueryAsync($"SELECT COUNT(*) FROM D.S.T BEFORE (STATEMENT => '{first}')")).ShouldFail("000707");
        (await bench.Admin.QueryAsync($"SELECT COUNT(*) FROM D.S.T AT (STATEMENT => '{first}')")).ShouldFail("000707");
    }
}
