using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Grants;

public sealed class GrantTests
{
    private static readonly string[] Scene =
    [
        "CREATE DATABASE D", "CREATE SCHEMA D.S", "CREATE TABLE D.S.T (A NUMBER)", "CREATE VIEW D.S.V AS SELECT A FROM D.S.T", "CREATE ROLE R", "CREATE ROLE CHILD",
        "CREATE DATABASE ROLE D.READER", "CREATE TAG D.S.G", "CREATE MASKING POLICY D.S.M AS (V NUMBER) RETURNS NUMBER -> V", "GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE R",
        "CREATE USER U PASSWORD = 'pw' DEFAULT_ROLE = R DEFAULT_WAREHOUSE = SLUICE_WH DEFAULT_SECONDARY_ROLES = ()", "GRANT ROLE R TO USER U",
    ];

    /// <summary>What is granted, the statement then run as role R, and the error it meets; none is success.</summary>
    [Theory]
    [InlineData("", "SELECT * FROM D.S.T", "002003")]
    [InlineData("GRANT SELECT ON TABLE D.S.T TO ROLE R", "SELECT * FROM D.S.T", "002003")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT SELECT ON TABLE D.S.T TO ROLE R", "SELECT * FROM D.S.T", "002003")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON TABLE D.S.T TO ROLE R", "SELECT * FROM D.S.T", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT INSERT ON TABLE D.S.T TO ROLE R", "SELECT * FROM D.S.T", "003001")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON VIEW D.S.V TO ROLE R", "SELECT * FROM D.S.V", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON VIEW D.S.V TO ROLE R", "SELECT * FROM D.S.T", "002003")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE CHILD; GRANT USAGE ON SCHEMA D.S TO ROLE CHILD; GRANT SELECT ON TABLE D.S.T TO ROLE CHILD; GRANT ROLE CHILD TO ROLE R", "SELECT * FROM D.S.T", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO DATABASE ROLE D.READER; GRANT USAGE ON SCHEMA D.S TO DATABASE ROLE D.READER; GRANT SELECT ON ALL TABLES IN SCHEMA D.S TO DATABASE ROLE D.READER; GRANT DATABASE ROLE D.READER TO ROLE R", "SELECT * FROM D.S.T", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE PUBLIC; GRANT USAGE ON SCHEMA D.S TO ROLE PUBLIC; GRANT SELECT ON TABLE D.S.T TO ROLE PUBLIC", "SELECT * FROM D.S.T", null)]
    [InlineData("GRANT ROLE SYSADMIN TO ROLE R", "CREATE DATABASE E", null)]
    [InlineData("", "CREATE DATABASE E", "003001")]
    [InlineData("GRANT CREATE DATABASE ON ACCOUNT TO ROLE R", "CREATE DATABASE E", null)]
    [InlineData("", "CREATE ROLE X", "003001")]
    [InlineData("GRANT CREATE ROLE ON ACCOUNT TO ROLE R", "CREATE ROLE X", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R", "CREATE TABLE D.S.N (A NUMBER)", "003001")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE, CREATE TABLE ON SCHEMA D.S TO ROLE R", "CREATE TABLE D.S.N (A NUMBER)", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE, CREATE VIEW ON SCHEMA D.S TO ROLE R", "CREATE TABLE D.S.N (A NUMBER)", "003001")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON TABLE D.S.T TO ROLE R", "ALTER TABLE D.S.T ADD COLUMN B NUMBER", "003001")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R", "ALTER TABLE D.S.T ADD COLUMN B NUMBER", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON TABLE D.S.T TO ROLE R", "GRANT SELECT ON TABLE D.S.T TO ROLE CHILD", "003001")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON TABLE D.S.T TO ROLE R WITH GRANT OPTION", "GRANT SELECT ON TABLE D.S.T TO ROLE CHILD", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON TABLE D.S.T TO ROLE R WITH GRANT OPTION", "GRANT SELECT, INSERT ON TABLE D.S.T TO ROLE CHILD", "003011")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON TABLE D.S.T TO ROLE R WITH GRANT OPTION; ALTER SCHEMA D.S ENABLE MANAGED ACCESS", "GRANT SELECT ON TABLE D.S.T TO ROLE CHILD", "003001")]
    [InlineData("GRANT MANAGE GRANTS ON ACCOUNT TO ROLE R", "GRANT SELECT ON TABLE D.S.T TO ROLE CHILD", null)]
    [InlineData("GRANT MANAGE GRANTS ON ACCOUNT TO ROLE R", "GRANT SELECT ON FUTURE TABLES IN DATABASE D TO ROLE CHILD", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R", "GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO ROLE CHILD", "003001")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R; GRANT READ ON TAG D.S.G TO ROLE R", "ALTER TABLE D.S.T SET TAG D.S.G = 'x'", "003001")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R; GRANT APPLY ON TAG D.S.G TO ROLE R", "ALTER TABLE D.S.T SET TAG D.S.G = 'x'", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON TABLE D.S.T TO ROLE R; GRANT READ ON TAG D.S.G TO ROLE R; GRANT APPLY TAG ON ACCOUNT TO ROLE R", "ALTER TABLE D.S.T SET TAG D.S.G = 'x'", null)]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON TABLE D.S.T TO ROLE R; GRANT APPLY ON MASKING POLICY D.S.M TO ROLE R", "ALTER TABLE D.S.T MODIFY COLUMN A SET MASKING POLICY D.S.M", "003001")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE R; GRANT SELECT ON TABLE D.S.T TO ROLE R; GRANT APPLY ON MASKING POLICY D.S.M TO ROLE R; GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE R", "ALTER TABLE D.S.T MODIFY COLUMN A SET MASKING POLICY D.S.M", null)]
    [InlineData("", "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TABLES", "002003")]
    [InlineData("GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE R", "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TABLES", null)]
    [InlineData("GRANT DATABASE ROLE SNOWFLAKE.OBJECT_VIEWER TO ROLE R", "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TABLES", null)]
    [InlineData("GRANT DATABASE ROLE SNOWFLAKE.OBJECT_VIEWER TO ROLE R", "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES", "002003")]
    [InlineData("GRANT DATABASE ROLE SNOWFLAKE.GOVERNANCE_VIEWER TO ROLE R", "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES", null)]
    [InlineData("", "USE ROLE CHILD", "003013")]
    [InlineData("", "USE DATABASE D", "002043")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R", "USE SCHEMA D.S", "002043")]
    [InlineData("", "SHOW TABLES IN DATABASE D", "002043")]
    public async Task A_role_may_do_what_is_granted_to_it(string grants, string statement, string? error)
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty, Setup = [.. Scene, grants] });
        var client = bench.Client();
        (await client.PasswordAsync("U", "pw")).ShouldSucceed();
        var answer = await client.QueryAsync(statement);
        if (error is null) answer.ShouldSucceed();
        else answer.ShouldFail(error);
    }

    [Fact]
    public async Task Secondary_roles_read_and_the_primary_alone_creates()
    {
        await using var bench = await Bench.StartAsync(new()
        {
            Catalog = SnowflakeSandboxCatalog.Empty,
            Setup = [.. Scene, "GRANT ROLE CHILD TO USER U", "GRANT USAGE, CREATE SCHEMA ON DATABASE D TO ROLE CHILD", "GRANT USAGE ON SCHEMA D.S TO ROLE CHILD", "GRANT SELECT ON TABLE D.S.T TO ROLE CHILD"],
        });
        var client = bench.Client();
        (await client.PasswordAsync("U", "pw")).ShouldSucceed();
        (await client.QueryAsync("SELECT * FROM D.S.T")).ShouldFail("002003");
        (await client.QueryAsync("USE SECONDARY ROLES ALL")).ShouldSucceed();
        (await client.QueryAsync("SELECT * FROM D.S.T")).ShouldSucceed();
        (await client.QueryAsync("CREATE SCHEMA D.MINE")).ShouldFail("003001");
        (await client.QueryAsync("USE ROLE CHILD")).ShouldSucceed();
        (await client.QueryAsync("CREATE SCHEMA D.MINE")).ShouldSucceed();
        (await client.QueryAsync("USE SECONDARY ROLES NONE")).ShouldSucceed();
        (await client.QueryAsync("SELECT IS_ROLE_IN_SESSION('CHILD'), IS_ROLE_IN_SESSION('R')")).ShouldSucceed().Rows[0].ShouldBe(["1", "0"]);
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/sql/use-secondary-roles.</summary>
    [Fact]
    public async Task Secondary_roles_may_be_named_one_by_one()
    {
        await using var bench = await Bench.StartAsync(new()
        {
            Catalog = SnowflakeSandboxCatalog.Empty,
            Setup = [.. Scene, "GRANT ROLE CHILD TO USER U", "GRANT USAGE ON DATABASE D TO ROLE CHILD", "GRANT USAGE ON SCHEMA D.S TO ROLE CHILD", "GRANT SELECT ON TABLE D.S.T TO ROLE CHILD"],
        });
        var client = bench.Client();
        (await client.PasswordAsync("U", "pw")).ShouldSucceed();
        (await client.QueryAsync("USE SECONDARY ROLES CHILD")).ShouldSucceed();
        (await client.QueryAsync("SELECT COUNT(*), MAX(IS_ROLE_IN_SESSION('CHILD')) FROM D.S.T")).ShouldSucceed();
        (await client.QueryAsync("SELECT CURRENT_SECONDARY_ROLES()")).Rows[0][0]!.ShouldContain("CHILD");
        (await client.QueryAsync("USE SECONDARY ROLES SYSADMIN")).ShouldFail("003013");
        (await client.QueryAsync("USE SECONDARY ROLES NONE")).ShouldSucceed();
        (await client.QueryAsync("SELECT COUNT(*) FROM D.S.T")).ShouldFail("002003");
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/sql/grant-ownership, COPY CURRENT GRANTS.</summary>
    [Fact]
    public async Task Copied_grants_are_the_new_owners()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty, Setup = Scene });
        await bench.Run("GRANT SELECT ON TABLE D.S.T TO ROLE CHILD", "GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R COPY CURRENT GRANTS");
        (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE D.S.T")).Column("granted_by").ShouldBe(["R", "R"]);
    }

    [Fact]
    public async Task Future_grants_reach_what_is_made_later_and_the_schemas_win_over_the_databases()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty, Setup = Scene });
        await bench.Run(
            "GRANT SELECT ON FUTURE TABLES IN DATABASE D TO ROLE CHILD", "CREATE TABLE D.S.N1 (A NUMBER)", "GRANT INSERT ON FUTURE TABLES IN SCHEMA D.S TO ROLE CHILD", "CREATE TABLE D.S.N2 (A NUMBER)");
        (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE D.S.T")).Column("privilege").ShouldBe(["OWNERSHIP"]);
        (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE D.S.N1")).Column("privilege").ShouldBe(["OWNERSHIP", "SELECT"]);
        (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE D.S.N2")).Column("privilege").ShouldBe(["OWNERSHIP", "INSERT"]);
        var future = await bench.Admin.QueryAsync("SHOW FUTURE GRANTS IN SCHEMA D.S");
        future.Column("name").ShouldBe(["D.S.<TABLE>"]);
        future.Columns.ShouldBe(["created_on", "privilege", "grant_on", "name", "grant_to", "grantee_name", "grant_option"]);
    }

    [Fact]
    public async Task Ownership_moves_only_with_its_grants_copied_or_revoked()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty, Setup = Scene });
        await bench.Run("GRANT SELECT ON TABLE D.S.T TO ROLE CHILD");
        (await bench.Admin.QueryAsync("GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R")).ShouldFail("003036").Message!.ShouldContain("Dependent grant of privilege 'SELECT'");
        await bench.Run("GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R COPY CURRENT GRANTS");
        (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE D.S.T")).Column("grantee_name").ShouldBe(["R", "CHILD"]);
        await bench.Run("GRANT OWNERSHIP ON TABLE D.S.T TO ROLE CHILD REVOKE CURRENT GRANTS");
        (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE D.S.T")).Column("privilege").ShouldBe(["OWNERSHIP"]);
    }

    [Fact]
    public async Task Grants_follow_a_rename_and_end_with_the_object()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty, Setup = Scene });
        await bench.Run("GRANT SELECT ON TABLE D.S.T TO ROLE R", "ALTER TABLE D.S.T RENAME TO D.S.T2");
        (await bench.Admin.QueryAsync("SHOW GRANTS TO ROLE R")).Column("name").ShouldContain("D.S.T2");
        await bench.Run("DROP TABLE D.S.T2", "CREATE TABLE D.S.T2 (A NUMBER)");
        (await bench.Admin.QueryAsync("SHOW GRANTS TO ROLE R")).Column("name").ShouldNotContain("D.S.T2");
    }

    [Fact]
    public async Task Bulk_grants_on_generated_tables_are_written_down_once_and_can_be_revoked_for_one()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Generated(200), Setup = ["CREATE ROLE R"] });
        await bench.Run("GRANT INSERT ON ALL TABLES IN DATABASE DB000 TO ROLE R", "REVOKE INSERT ON TABLE DB000.S0000.T0000003_SESSIONS FROM ROLE R");
        (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE DB000.S0000.T0000002_CUSTOMERS")).Column("privilege").ShouldBe(["OWNERSHIP", "INSERT", "SELECT"]);
        (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE DB000.S0000.T0000003_SESSIONS")).Column("privilege").ShouldBe(["OWNERSHIP", "SELECT"]);
        await bench.Run("REVOKE INSERT ON ALL TABLES IN SCHEMA DB000.S0000 FROM ROLE R");
        (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE DB000.S0000.T0000002_CUSTOMERS")).Column("privilege").ShouldBe(["OWNERSHIP", "SELECT"]);
    }
}
