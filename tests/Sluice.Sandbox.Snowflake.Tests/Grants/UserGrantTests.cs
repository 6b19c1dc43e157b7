using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Grants;

/// <summary>
/// Privileges of users: https://docs.snowflake.com/en/sql-reference/sql/grant-privilege-user,
/// https://docs.snowflake.com/en/sql-reference/sql/revoke-privilege-user and
/// https://docs.snowflake.com/en/user-guide/security-access-control-overview: they count while all secondary roles are in use.
/// </summary>
public sealed class UserGrantTests
{
    private const string Path = "GRANT USAGE ON DATABASE D TO USER U; GRANT USAGE ON SCHEMA D.S TO USER U";
    private const string Table = $"{Path}; GRANT SELECT ON TABLE D.S.T TO USER U";

    /// <summary>What is granted, what the session does first, the statement, and the error it meets; none is success.</summary>
    [Theory]
    [InlineData(Table, "", "SELECT * FROM D.S.T", null)]
    [InlineData(Table, "USE SECONDARY ROLES NONE", "SELECT * FROM D.S.T", "002003")]
    [InlineData(Table, "USE SECONDARY ROLES CHILD", "SELECT * FROM D.S.T", "002003")]
    [InlineData(Table, "USE SECONDARY ROLES NONE; USE SECONDARY ROLES ALL", "SELECT * FROM D.S.T", null)]
    [InlineData(Table, "USE ROLE CHILD", "SELECT * FROM D.S.T", null)]
    [InlineData($"{Table}; ALTER USER U SET DEFAULT_SECONDARY_ROLES = ()", "", "SELECT * FROM D.S.T", "002003")]
    [InlineData($"{Table}; ALTER USER U SET DEFAULT_SECONDARY_ROLES = ()", "USE SECONDARY ROLES ALL", "SELECT * FROM D.S.T", null)]
    [InlineData($"{Table}; CREATE SESSION POLICY D.S.P ALLOWED_SECONDARY_ROLES = (); ALTER USER U SET SESSION POLICY D.S.P", "", "SELECT * FROM D.S.T", "002003")]
    [InlineData("GRANT USAGE ON SCHEMA D.S TO USER U; GRANT SELECT ON TABLE D.S.T TO USER U", "", "SELECT * FROM D.S.T", "002003")]
    [InlineData("GRANT USAGE ON DATABASE D TO USER U; GRANT SELECT ON TABLE D.S.T TO USER U", "", "SELECT * FROM D.S.T", "002003")]
    [InlineData("GRANT USAGE ON DATABASE D TO ROLE R; GRANT USAGE ON SCHEMA D.S TO ROLE CHILD; GRANT SELECT ON TABLE D.S.T TO USER U", "", "SELECT * FROM D.S.T", null)]
    [InlineData($"{Path}; GRANT INSERT ON TABLE D.S.T TO USER U", "", "SELECT * FROM D.S.T", "003001")]
    [InlineData($"{Path}; GRANT INSERT ON TABLE D.S.T TO USER U", "", "INSERT INTO D.S.T VALUES (2)", null)]
    [InlineData($"{Path}; GRANT SELECT ON ALL TABLES IN SCHEMA D.S TO USER U", "", "SELECT * FROM D.S.T", null)]
    [InlineData($"{Path}; GRANT ALL PRIVILEGES ON TABLE D.S.T TO USER U", "", "TRUNCATE TABLE D.S.T", null)]
    [InlineData($"{Path}; GRANT SELECT ON VIEW D.S.V TO USER U", "", "SELECT * FROM D.S.V", null)]
    [InlineData($"{Path}; GRANT SELECT ON VIEW D.S.V TO USER U", "", "SELECT * FROM D.S.T", "002003")]
    [InlineData($"{Table}; GRANT SELECT ON VIEW D.S.V TO USER U; GRANT OWNERSHIP ON VIEW D.S.V TO ROLE CHILD COPY CURRENT GRANTS", "", "SELECT * FROM D.S.V", "002003")]
    [InlineData($"{Path}; GRANT USAGE ON FUNCTION D.S.F(NUMBER) TO USER U", "", "SELECT D.S.F(1)", null)]
    [InlineData($"{Table}; REVOKE USAGE ON WAREHOUSE SLUICE_WH FROM ROLE R", "", "SELECT * FROM D.S.T", "000606")]
    [InlineData($"{Table}; REVOKE USAGE ON WAREHOUSE SLUICE_WH FROM ROLE R; GRANT USAGE ON WAREHOUSE SLUICE_WH TO USER U", "", "SELECT * FROM D.S.T", null)]
    [InlineData($"{Table}; REVOKE SELECT ON TABLE D.S.T FROM USER U", "", "SELECT * FROM D.S.T", "002003")]
    [InlineData($"{Table}; REVOKE ALL PRIVILEGES ON SCHEMA D.S FROM USER U", "", "SELECT * FROM D.S.T", "002003")]
    [InlineData($"{Table}; ALTER USER U RENAME TO X; ALTER USER X RENAME TO U", "", "SELECT * FROM D.S.T", null)]
    [InlineData($"{Table}; DROP USER U; CREATE USER U PASSWORD = 'pw' DEFAULT_ROLE = R DEFAULT_WAREHOUSE = SLUICE_WH; GRANT ROLE R TO USER U", "", "SELECT * FROM D.S.T", "002003")]
    [InlineData($"{Table}; ALTER ACCOUNT SET DISABLE_USER_PRIVILEGE_GRANTS = TRUE", "", "SELECT * FROM D.S.T", null)]
    [InlineData(Table, "", "GRANT SELECT ON TABLE D.S.T TO USER OTHER", "003001")]
    [InlineData($"{Path}; GRANT SELECT ON TABLE D.S.T TO USER U WITH GRANT OPTION", "", "GRANT SELECT ON TABLE D.S.T TO USER OTHER", null)]
    [InlineData($"{Path}; GRANT SELECT ON TABLE D.S.T TO USER U WITH GRANT OPTION", "USE SECONDARY ROLES NONE", "GRANT SELECT ON TABLE D.S.T TO USER OTHER", "002003")]
    [InlineData("GRANT MANAGE GRANTS ON ACCOUNT TO USER U", "", "GRANT SELECT ON TABLE D.S.T TO ROLE CHILD", null)]
    [InlineData("GRANT MANAGE GRANTS ON ACCOUNT TO USER U; GRANT SELECT ON TABLE D.S.T TO USER U", "", "SELECT * FROM D.S.T", "003001")]
    [InlineData(Table, "", "CREATE TABLE D.S.N (A NUMBER)", "003001")]
    [InlineData("GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO USER U", "", "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TABLES", null)]
    // https://docs.snowflake.com/en/sql-reference/sql/grant-database-role
    [InlineData("GRANT DATABASE ROLE D.READER TO USER U", "", "SELECT * FROM D.S.T", null)]
    [InlineData("GRANT DATABASE ROLE D.READER TO USER U", "USE SECONDARY ROLES NONE", "SELECT * FROM D.S.T", "002003")]
    [InlineData("GRANT DATABASE ROLE D.READER TO USER U; REVOKE DATABASE ROLE D.READER FROM USER U", "", "SELECT * FROM D.S.T", "002003")]
    public async Task A_user_may_do_what_is_granted_with_all_secondary_roles_in_use(string grants, string first, string statement, string? error)
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run(grants.Split("; "));
        var client = bench.Client();
        (await client.PasswordAsync("U", "pw")).ShouldSucceed();
        foreach (var step in first.Split("; ", StringSplitOptions.RemoveEmptyEntries)) (await client.QueryAsync(step)).ShouldSucceed();
        var answer = await client.QueryAsync(statement);
        if (error is null) answer.ShouldSucceed();
        else answer.ShouldFail(error);
    }

    [Theory]
    [InlineData("GRANT CREATE TABLE ON SCHEMA D.S TO USER U", "003008")]
    [InlineData("GRANT CREATE DATABASE ON ACCOUNT TO USER U", "003008")]
    [InlineData("GRANT OWNERSHIP ON TABLE D.S.T TO USER U", "003008")]
    [InlineData("GRANT INSERT ON VIEW D.S.V TO USER U", "003008")]
    [InlineData("GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO USER U", "000002")]
    [InlineData("GRANT SELECT ON TABLE D.S.T TO USER NOBODY", "002003")]
    // https://docs.snowflake.com/en/sql-reference/parameters#disable-user-privilege-grants
    [InlineData("ALTER ACCOUNT SET DISABLE_USER_PRIVILEGE_GRANTS = TRUE; GRANT SELECT ON TABLE D.S.T TO USER U", "000002")]
    public async Task What_a_user_cannot_be_granted_is_refused(string statements, string error)
    {
        await using var bench = await Bench.StartAsync(Scene());
        var all = statements.Split("; ");
        await bench.Run(all[..^1]);
        (await bench.Admin.QueryAsync(all[^1])).ShouldFail(error);
        (await bench.Admin.QueryAsync("SHOW GRANTS TO USER U")).ShouldSucceed().Column("granted_on").ShouldBe(["ROLE", "ROLE"]);
    }

    [Fact]
    public async Task All_privileges_of_a_schema_are_those_a_user_can_be_given()
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run("GRANT ALL ON SCHEMA D.S TO USER U");
        (await bench.Admin.QueryAsync("SHOW GRANTS TO USER U")).ShouldSucceed().Column("privilege").ShouldBe(["USAGE", "USAGE", "ADD SEARCH OPTIMIZATION", "MODIFY", "MONITOR", "USAGE"]);
    }

    /// <summary>
    /// https://docs.snowflake.com/en/sql-reference/sql/show-grants: privileges of a user have no role. That a role is a row of USAGE on ROLE is
    /// not in the documentation, and was seen in clients.
    /// </summary>
    [Fact]
    public async Task SHOW_GRANTS_tells_of_roles_and_of_privileges_of_a_user()
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run($"{Table}; GRANT DATABASE ROLE D.READER TO USER U".Split("; "));
        string?[] Row(Answer answer, string on, params string[] columns) => [.. columns.Select(column => answer.Column(column)[Array.IndexOf(answer.Column("granted_on"), on)])];
        string[] columns = ["privilege", "granted_on", "name", "role", "granted_to", "grantee_name", "grant_option", "granted_by"];
        var toUser = (await bench.Admin.QueryAsync("SHOW GRANTS TO USER U")).ShouldSucceed();
        toUser.Column("granted_on").ShouldBe(["ROLE", "ROLE", "DATABASE_ROLE", "DATABASE", "SCHEMA", "TABLE"], ignoreOrder: true);
        Row(toUser, "TABLE", columns).ShouldBe(["SELECT", "TABLE", "D.S.T", null, "USER", "U", "false", "ACCOUNTADMIN"]);
        Row(toUser, "DATABASE_ROLE", columns).ShouldBe(["USAGE", "DATABASE_ROLE", "D.READER", null, "USER", "U", "false", "ACCOUNTADMIN"]);
        toUser.Column("role").OfType<string>().Order().ShouldBe(["CHILD", "R"]);
        Row(toUser, "ROLE", "privilege", "name", "granted_to", "grantee_name").ShouldBe(["USAGE", toUser.Column("role")[Array.IndexOf(toUser.Column("granted_on"), "ROLE")], "USER", "U"]);

        var on = (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE D.S.T")).ShouldSucceed();
        on.Column("granted_to").ShouldBe(["ROLE", "USER", "DATABASE_ROLE"], ignoreOrder: true);
        var users = Array.IndexOf(on.Column("granted_to"), "USER");
        on.Rows[users][1..].ShouldBe(["SELECT", "TABLE", "D.S.T", "USER", "U", "false", "ACCOUNTADMIN", "ROLE"]);
        (await bench.Admin.QueryAsync("SHOW GRANTS OF ROLE R")).ShouldSucceed().Column("grantee_name").ShouldBe(["U"]);
    }

    /// <summary>
    /// https://docs.snowflake.com/en/sql-reference/account-usage/grants_to_roles holds privileges of users and their database roles,
    /// https://docs.snowflake.com/en/sql-reference/account-usage/grants_to_users their account roles alone.
    /// </summary>
    [Fact]
    public async Task ACCOUNT_USAGE_has_the_privileges_of_users_among_those_of_roles()
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run($"{Table}; GRANT DATABASE ROLE D.READER TO USER U; USE WAREHOUSE SLUICE_WH".Split("; "));
        (await bench.Admin.QueryAsync("SELECT PRIVILEGE, GRANTED_ON, NAME, TABLE_CATALOG, TABLE_SCHEMA, GRANTED_TO, GRANTEE_NAME, GRANTED_BY, GRANTED_BY_ROLE_TYPE FROM SNOWFLAKE.ACCOUNT_USAGE.GRANTS_TO_ROLES WHERE GRANTED_TO = 'USER' AND DELETED_ON IS NULL ORDER BY GRANTED_ON"))
            .ShouldSucceed().Rows.ShouldBe(
            [
                ["USAGE", "DATABASE", "D", null, null, "USER", "U", "ACCOUNTADMIN", "ROLE"], ["USAGE", "DATABASE_ROLE", "READER", "D", null, "USER", "U", "ACCOUNTADMIN", "ROLE"],
                ["USAGE", "SCHEMA", "S", "D", null, "USER", "U", "ACCOUNTADMIN", "ROLE"], ["SELECT", "TABLE", "T", "D", "S", "USER", "U", "ACCOUNTADMIN", "ROLE"],
            ]);
        (await bench.Admin.QueryAsync("SELECT DISTINCT GRANTED_TO FROM SNOWFLAKE.ACCOUNT_USAGE.GRANTS_TO_ROLES WHERE NAME = 'T' OR GRANTEE_NAME = 'U' ORDER BY 1")).ShouldSucceed().Rows.ShouldBe([["ACCOUNT ROLE"], ["DATABASE_ROLE"], ["USER"]]);
        (await bench.Admin.QueryAsync("SELECT DISTINCT GRANTED_TO FROM SNOWFLAKE.ACCOUNT_USAGE.GRANTS_TO_USERS")).ShouldSucceed().Rows.ShouldBe([["USER"]]);
        (await bench.Admin.QueryAsync("SELECT ROLE FROM SNOWFLAKE.ACCOUNT_USAGE.GRANTS_TO_USERS WHERE GRANTEE_NAME = 'U' ORDER BY ROLE")).ShouldSucceed().Rows.ShouldBe([["CHILD"], ["R"]]);
        (await bench.Admin.QueryAsync("SELECT DISTINCT GRANTED_TO FROM D.INFORMATION_SCHEMA.TABLE_PRIVILEGES WHERE TABLE_NAME = 'T' ORDER BY 1")).ShouldSucceed().Rows.ShouldBe([["DATABASE_ROLE"], ["ROLE"]]);
    }

    /// <summary>
    /// https://docs.snowflake.com/en/sql-reference/sql/create-table (COPY GRANTS), https://docs.snowflake.com/en/sql-reference/sql/alter-table (SWAP WITH takes
    /// all grants along) and https://docs.snowflake.com/en/sql-reference/sql/grant-ownership. Of UNDROP the documentation says that the table is restored.
    /// </summary>
    [Theory]
    [InlineData("CREATE OR REPLACE TABLE D.S.T (A NUMBER)", "T", false)]
    [InlineData("CREATE OR REPLACE TABLE D.S.T (A NUMBER) COPY GRANTS", "T", true)]
    [InlineData("CREATE TABLE D.S.N CLONE D.S.T", "N", false)]
    [InlineData("CREATE TABLE D.S.N CLONE D.S.T COPY GRANTS", "N", true)]
    [InlineData("ALTER TABLE D.S.T RENAME TO D.S.N", "N", true)]
    [InlineData("CREATE TABLE D.S.N (A NUMBER); ALTER TABLE D.S.T SWAP WITH D.S.N", "N", true)]
    [InlineData("CREATE TABLE D.S.N (A NUMBER); ALTER TABLE D.S.T SWAP WITH D.S.N", "T", false)]
    [InlineData("DROP TABLE D.S.T; UNDROP TABLE D.S.T", "T", true)]
    [InlineData("DROP TABLE D.S.T; CREATE TABLE D.S.T (A NUMBER)", "T", false)]
    [InlineData("DROP SCHEMA D.S; UNDROP SCHEMA D.S", "T", true)]
    [InlineData("GRANT OWNERSHIP ON TABLE D.S.T TO ROLE CHILD COPY CURRENT GRANTS", "T", true)]
    [InlineData("GRANT OWNERSHIP ON TABLE D.S.T TO ROLE CHILD REVOKE CURRENT GRANTS; GRANT OWNERSHIP ON TABLE D.S.T TO ROLE R", "T", false)]
    public async Task A_users_privilege_goes_where_the_grants_of_a_table_go(string statements, string table, bool reads)
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run([.. Table.Split("; "), "REVOKE ROLE CHILD FROM USER U", .. statements.Split("; "), "REVOKE ROLE R FROM USER U", "GRANT USAGE ON WAREHOUSE SLUICE_WH TO USER U"]);
        var shown = (await bench.Admin.QueryAsync($"SHOW GRANTS ON TABLE D.S.{table}")).ShouldSucceed();
        shown.Column("granted_to").Contains("USER").ShouldBe(reads);
        var client = bench.Client();
        (await client.PasswordAsync("U", "pw")).ShouldSucceed();
        var answer = await client.QueryAsync($"SELECT * FROM D.S.{table}");
        if (reads) answer.ShouldSucceed();
        else answer.ShouldFail("002003");
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/sql/revoke-privilege-user: CASCADE takes what was granted on, too, without it the statement fails; nothing to revoke is no error.</summary>
    [Fact]
    public async Task What_a_user_granted_on_names_the_user_and_goes_with_CASCADE()
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run($"{Path}; GRANT SELECT ON TABLE D.S.T TO USER U WITH GRANT OPTION".Split("; "));
        var client = bench.Client();
        (await client.PasswordAsync("U", "pw")).ShouldSucceed();
        (await client.QueryAsync("GRANT SELECT ON TABLE D.S.T TO ROLE CHILD")).ShouldSucceed();
        var shown = (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE D.S.T")).ShouldSucceed();
        shown.Column("granted_by")[Array.IndexOf(shown.Column("grantee_name"), "CHILD")].ShouldBe("U");
        (await bench.Admin.QueryAsync("REVOKE SELECT ON TABLE D.S.T FROM USER U")).ShouldFail("003036");
        (await bench.Admin.QueryAsync("REVOKE SELECT ON TABLE D.S.T FROM USER U RESTRICT")).ShouldFail("003036");
        (await client.QueryAsync("SELECT * FROM D.S.T")).ShouldSucceed();
        await bench.Run("REVOKE SELECT ON TABLE D.S.T FROM USER U CASCADE");
        (await bench.Admin.QueryAsync("SHOW GRANTS ON TABLE D.S.T")).ShouldSucceed().Column("grantee_name").ShouldBe(["ACCOUNTADMIN", "D.READER"]);
        await bench.Run("REVOKE SELECT ON TABLE D.S.T FROM USER U");
    }

    private static SnowflakeSandboxOptions Scene() => new()
    {
        Catalog = SnowflakeSandboxCatalog.Empty,
        AccountUsageLag = TimeSpan.Zero,
        Setup =
        [
            "USE ROLE ACCOUNTADMIN", "CREATE DATABASE D", "CREATE SCHEMA D.S", "CREATE TABLE D.S.T (A NUMBER)", "CREATE VIEW D.S.V AS SELECT A FROM D.S.T", "CREATE FUNCTION D.S.F(A NUMBER) RETURNS NUMBER AS 'A'",
            "CREATE ROLE R", "CREATE ROLE CHILD", "GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE R", "CREATE DATABASE ROLE D.READER", "GRANT USAGE ON SCHEMA D.S TO DATABASE ROLE D.READER",
            "GRANT USAGE ON DATABASE D TO DATABASE ROLE D.READER", "GRANT SELECT ON TABLE D.S.T TO DATABASE ROLE D.READER", "CREATE USER OTHER",
            "CREATE USER U PASSWORD = 'pw' DEFAULT_ROLE = R DEFAULT_WAREHOUSE = SLUICE_WH DEFAULT_SECONDARY_ROLES = ('ALL')", "GRANT ROLE R TO USER U", "GRANT ROLE CHILD TO USER U",
        ],
    };
}
