using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Metadata;

public sealed class MetadataTests
{
    private static readonly SnowflakeSandboxOptions Scene = new()
    {
        Catalog = SnowflakeSandboxCatalog.Empty,
        Setup =
        [
            "USE ROLE ACCOUNTADMIN", "CREATE DATABASE D", "CREATE SCHEMA D.S", "CREATE TAG D.S.SENS", "CREATE TAG D.S.DOM", "CREATE TABLE D.S.T (A NUMBER, B VARCHAR)",
            "CREATE MASKING POLICY D.S.M AS (V NUMBER) RETURNS NUMBER -> NULL", "CREATE ROW ACCESS POLICY D.S.R AS (V VARCHAR) RETURNS BOOLEAN -> TRUE",
            "ALTER DATABASE D SET TAG D.S.DOM = 'sales'", "ALTER TABLE D.S.T SET TAG D.S.SENS = 'public'", "ALTER TABLE D.S.T MODIFY COLUMN A SET TAG D.S.SENS = 'pii'",
            "ALTER TABLE D.S.T MODIFY COLUMN A SET MASKING POLICY D.S.M", "ALTER TABLE D.S.T ADD ROW ACCESS POLICY D.S.R ON (B)", "CREATE DYNAMIC TABLE D.S.DT TARGET_LAG = '1 hour' WAREHOUSE = SLUICE_WH AS SELECT A FROM D.S.T",
            "CREATE ICEBERG TABLE D.S.IT (A NUMBER)", "CREATE MATERIALIZED VIEW D.S.MV AS SELECT A FROM D.S.IT",
        ],
    };

    [Fact]
    public async Task Tables_are_told_apart_by_type()
    {
        await using var bench = await Bench.StartAsync(Scene);
        var answer = (await bench.Admin.QueryAsync("SELECT TABLE_NAME, TABLE_TYPE, IS_DYNAMIC, IS_ICEBERG FROM D.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'S' ORDER BY 1")).ShouldSucceed();
        answer.Rows.ShouldBe([["DT", "BASE TABLE", "YES", "NO"], ["IT", "BASE TABLE", "NO", "YES"], ["MV", "MATERIALIZED VIEW", "NO", "NO"], ["T", "BASE TABLE", "NO", "NO"]]);
        (await bench.Admin.QueryAsync("SELECT COUNT(*) FROM D.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'INFORMATION_SCHEMA'")).Rows[0][0].ShouldNotBe("0");
        (await bench.Admin.QueryAsync("SELECT COLUMN_NAME, DATA_TYPE, NUMERIC_PRECISION FROM D.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'T' ORDER BY ORDINAL_POSITION")).Rows
            .ShouldBe([["A", "NUMBER", "38"], ["B", "TEXT", null]]);
        (await bench.Admin.QueryAsync("SELECT * FROM D.INFORMATION_SCHEMA.COLUMNS LIMIT 1")).ShouldSucceed().Columns.Length.ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task Information_schema_shows_no_more_than_the_roles_privileges_even_with_MANAGE_GRANTS()
    {
        await using var bench = await Bench.StartAsync(Scene with { Users = [new("U") { Password = "p", Roles = ["R"], DefaultRole = "R", DefaultWarehouse = "SLUICE_WH" }] });
        await bench.Run("GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE R", "GRANT USAGE ON DATABASE D TO ROLE R", "GRANT USAGE ON SCHEMA D.S TO ROLE R", "GRANT SELECT ON TABLE D.S.T TO ROLE R");
        var client = await bench.As("U");
        const string Query = "SELECT TABLE_NAME FROM D.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'S' ORDER BY 1";
        (await client.QueryAsync(Query)).Column("TABLE_NAME").ShouldBe(["T"]);
        await bench.Run("GRANT MANAGE GRANTS ON ACCOUNT TO ROLE R");
        (await client.QueryAsync(Query)).Column("TABLE_NAME").ShouldBe(["T"]);
        (await client.QueryAsync("SHOW TABLES IN SCHEMA D.S")).Column("name").ShouldBe(["DT", "IT", "T"]);
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/info-schema/table_privileges: every grant on what the session's roles reach, and nothing of the rest.</summary>
    [Fact]
    public async Task Table_privileges_are_those_on_tables_the_role_itself_has_something_on()
    {
        await using var bench = await Bench.StartAsync(Scene with { Users = [new("U") { Password = "p", Roles = ["R"], DefaultRole = "R", DefaultWarehouse = "SLUICE_WH" }] });
        await bench.Run(
            "GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE R", "GRANT USAGE ON DATABASE D TO ROLE R", "GRANT USAGE ON SCHEMA D.S TO ROLE R", "GRANT SELECT ON TABLE D.S.T TO ROLE R",
            "GRANT INSERT ON TABLE D.S.T TO ROLE PUBLIC", "GRANT SELECT ON TABLE D.S.IT TO ROLE SYSADMIN", "GRANT MANAGE GRANTS ON ACCOUNT TO ROLE R");
        const string Query = "SELECT TABLE_NAME, GRANTEE, PRIVILEGE_TYPE FROM D.INFORMATION_SCHEMA.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = 'S' ORDER BY 3";
        (await (await bench.As("U")).QueryAsync(Query)).ShouldSucceed().Rows.ShouldBe([["T", "PUBLIC", "INSERT"], ["T", "ACCOUNTADMIN", "OWNERSHIP"], ["T", "R", "SELECT"]]);
    }

    [Fact]
    public async Task Tags_come_down_from_database_and_table_and_the_nearest_counts()
    {
        await using var bench = await Bench.StartAsync(Scene);
        await bench.Run("USE D.S");
        var columns = (await bench.Admin.QueryAsync("SELECT COLUMN_NAME, TAG_NAME, TAG_VALUE, LEVEL FROM TABLE(INFORMATION_SCHEMA.TAG_REFERENCES_ALL_COLUMNS('D.S.T', 'table')) ORDER BY 1, 2")).ShouldSucceed();
        columns.Rows.ShouldBe([["A", "DOM", "sales", "DATABASE"], ["A", "SENS", "pii", "COLUMN"], ["B", "DOM", "sales", "DATABASE"], ["B", "SENS", "public", "TABLE"]]);
        (await bench.Admin.QueryAsync("SELECT TAG_NAME, LEVEL FROM TABLE(D.INFORMATION_SCHEMA.TAG_REFERENCES('T', 'TABLE')) ORDER BY 1")).Rows.ShouldBe([["DOM", "DATABASE"], ["SENS", "TABLE"]]);
        (await bench.Admin.QueryAsync("SELECT SYSTEM$GET_TAG('SENS', 'T.A', 'COLUMN'), SYSTEM$GET_TAG('DOM', 'D', 'DATABASE')")).Rows.ShouldBe([["pii", "sales"]]);
        (await bench.Admin.QueryAsync("SELECT OBJECT_NAME, COLUMN_NAME, TAG_VALUE, DOMAIN FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES ORDER BY 1, 2 NULLS FIRST")).Rows
            .ShouldBe([["D", null, "sales", "DATABASE"], ["T", null, "public", "TABLE"], ["T", "A", "pii", "COLUMN"]]);
    }

    [Fact]
    public async Task Policies_are_found_from_either_end()
    {
        await using var bench = await Bench.StartAsync(Scene);
        var byTable = (await bench.Admin.QueryAsync("SELECT POLICY_NAME, POLICY_KIND, REF_COLUMN_NAME, REF_ARG_COLUMN_NAMES FROM TABLE(D.INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => 'D.S.T', REF_ENTITY_DOMAIN => 'TABLE')) ORDER BY 1")).ShouldSucceed();
        byTable.Rows.ShouldBe([["M", "MASKING_POLICY", "A", null], ["R", "ROW_ACCESS_POLICY", null, "[\"B\"]"]]);
        (await bench.Admin.QueryAsync("SELECT REF_ENTITY_NAME FROM TABLE(D.INFORMATION_SCHEMA.POLICY_REFERENCES(POLICY_NAME => 'D.S.M'))")).Rows.ShouldBe([["T"]]);
        (await bench.Admin.QueryAsync("DROP MASKING POLICY D.S.M")).ShouldFail("003546");
        (await bench.Admin.QueryAsync("ALTER TABLE D.S.T ADD ROW ACCESS POLICY D.S.R ON (B)")).ShouldFail("003549");
    }

    [Fact]
    public async Task An_information_schema_query_that_returns_too_much_is_refused_until_it_is_narrowed()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Generated(300, databases: 1, tablesPerSchema: 100), InformationSchemaRowLimit = 1_500 });
        var refused = (await bench.Service.QueryAsync("SELECT COLUMN_NAME FROM DB000.INFORMATION_SCHEMA.COLUMNS")).ShouldFail("090030");
        refused.Message!.ShouldStartWith("Information schema query returned too much data.");
        (await bench.Service.QueryAsync("SELECT COUNT(*) FROM DB000.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = 'S0001'")).ShouldSucceed().Rows.ShouldBe([["1000"]]);
        (await bench.Service.QueryAsync("SELECT COUNT(*) FROM DB000.INFORMATION_SCHEMA.COLUMNS c WHERE c.TABLE_SCHEMA IN ('S0001') AND c.TABLE_NAME = 'T0000003_SESSIONS'")).ShouldSucceed().Rows.ShouldBe([["10"]]);
        var bindings = new Dictionary<string, object> { ["1"] = new { type = "TEXT", value = "S0002" } };
        (await bench.Service.QueryAsync("SELECT COUNT(*) FROM DB000.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ?", new { bindings })).ShouldSucceed().Rows.ShouldBe([["1000"]]);
        (await bench.Service.QueryAsync("SELECT COUNT(*) FROM DB000.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = 'S0001' OR TABLE_SCHEMA = 'S0002'")).ShouldFail("090030");
    }

    [Fact]
    public async Task Account_usage_shows_what_has_been_there_for_long_enough()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(Scene with { Clock = clock, AccountUsageLag = TimeSpan.FromMinutes(90), SessionLifetime = TimeSpan.FromDays(1) });
        const string Query = "SELECT COUNT(*) FROM SNOWFLAKE.ACCOUNT_USAGE.TABLES WHERE TABLE_NAME = 'T'";
        (await bench.Admin.QueryAsync(Query)).ShouldSucceed().Rows.ShouldBe([["0"]]);
        clock.Advance(TimeSpan.FromMinutes(91));
        (await bench.Admin.QueryAsync(Query)).Rows.ShouldBe([["1"]]);
    }

    [Fact]
    public async Task Query_history_tells_who_ran_what_under_which_tag()
    {
        await using var bench = await Bench.StartAsync(Scene);
        (await bench.Admin.QueryAsync("SELECT A FROM D.S.T", new { parameters = new { QUERY_TAG = "mine" } })).ShouldSucceed();
        (await bench.Admin.QueryAsync("SELECT QUERY_TEXT, USER_NAME, ROLE_NAME, EXECUTION_STATUS FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY WHERE QUERY_TAG = 'mine'")).Rows
            .ShouldBe([["SELECT A FROM D.S.T", "SANDBOX_ADMIN", "ACCOUNTADMIN", "SUCCESS"]]);
        (await bench.Admin.QueryAsync("SELECT BASE_OBJECTS_ACCESSED FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY")).Rows[0][0]!.ShouldContain("D.S.T");
    }

    [Fact]
    public async Task A_standard_account_has_no_policies()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty, Edition = SnowflakeEdition.Standard, Setup = ["USE ROLE ACCOUNTADMIN", "CREATE DATABASE D"] });
        (await bench.Admin.QueryAsync("CREATE MASKING POLICY D.PUBLIC.M AS (V NUMBER) RETURNS NUMBER -> V")).ShouldFail("000002").Message!.ShouldStartWith("Unsupported feature");
        (await bench.Admin.QueryAsync("CREATE ROW ACCESS POLICY D.PUBLIC.R AS (V NUMBER) RETURNS BOOLEAN -> TRUE")).ShouldFail("000002");
        (await bench.Admin.QueryAsync("CREATE TAG D.PUBLIC.T")).ShouldSucceed();
    }
}
