namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>What replacing, cloning, renaming, swapping, dropping and restoring do to grants and policies.</summary>
public sealed class CopyTests
{
    private static readonly string[] Scene =
    [
        "CREATE MASKING POLICY D.GOV.STARS AS (V VARCHAR) RETURNS VARCHAR -> '***'", "CREATE ROW ACCESS POLICY D.GOV.EU AS (R VARCHAR) RETURNS BOOLEAN -> R = 'EU'",
        "ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.STARS", "ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.EU ON (REGION)", "USE ROLE ACCOUNTADMIN",
        "GRANT SELECT ON FUTURE TABLES IN SCHEMA D.S TO ROLE PAYROLL", "GRANT INSERT ON TABLE D.S.PEOPLE TO ROLE ANALYST",
    ];

    /// <summary>
    /// The grants after each statement, without ownership: https://docs.snowflake.com/en/sql-reference/sql/create-table,
    /// https://docs.snowflake.com/en/sql-reference/sql/alter-table (SWAP WITH) and https://docs.snowflake.com/en/sql-reference/sql/undrop-table.
    /// </summary>
    [Theory]
    [InlineData("CREATE OR REPLACE TABLE D.S.PEOPLE (ID NUMBER)", "PEOPLE", "SELECT PAYROLL")]
    [InlineData("CREATE OR REPLACE TABLE D.S.PEOPLE (ID NUMBER) COPY GRANTS", "PEOPLE", "INSERT ANALYST,SELECT ANALYST,SELECT PAYROLL")]
    [InlineData("CREATE OR REPLACE TABLE D.S.PEOPLE COPY GRANTS AS SELECT 1 AS ID", "PEOPLE", "INSERT ANALYST,SELECT ANALYST,SELECT PAYROLL")]
    [InlineData("CREATE TABLE D.S.TWIN CLONE D.S.PEOPLE", "TWIN", "SELECT PAYROLL")]
    [InlineData("CREATE TABLE D.S.TWIN CLONE D.S.PEOPLE COPY GRANTS", "TWIN", "INSERT ANALYST,SELECT ANALYST,SELECT PAYROLL")]
    [InlineData("CREATE TABLE D.S.TWIN LIKE D.S.PEOPLE", "TWIN", "SELECT PAYROLL")]
    [InlineData("ALTER TABLE D.S.PEOPLE RENAME TO D.S.FOLK", "FOLK", "INSERT ANALYST,SELECT ANALYST,SELECT PAYROLL")]
    [InlineData("ALTER TABLE D.S.PEOPLE SWAP WITH D.S.VISITS", "VISITS", "INSERT ANALYST,SELECT ANALYST,SELECT PAYROLL")]
    [InlineData("DROP TABLE D.S.PEOPLE; UNDROP TABLE D.S.PEOPLE", "PEOPLE", "INSERT ANALYST,SELECT ANALYST,SELECT PAYROLL")]
    [InlineData("CREATE SCHEMA D.S2 CLONE D.S", "S2.PEOPLE", "INSERT ANALYST,SELECT ANALYST,SELECT PAYROLL")]
    public async Task Grants_after(string statements, string table, string grants)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        await bench.Run(["USE ROLE ACCOUNTADMIN", .. statements.Split("; ")]);
        var shown = (await bench.Admin.QueryAsync($"SHOW GRANTS ON TABLE D.{(table.Contains('.', StringComparison.Ordinal) ? table : $"S.{table}")}")).ShouldSucceed();
        string.Join(',', shown.Column("privilege").Zip(shown.Column("grantee_name"), (privilege, grantee) => $"{privilege} {grantee}").Where(grant => !grant.StartsWith("OWNERSHIP", StringComparison.Ordinal)).Order())
            .ShouldBe(grants);
    }

    /// <summary>What an analyst who may read it sees of the e-mails afterwards.</summary>
    [Theory]
    [InlineData("CREATE TABLE D.S.TWIN CLONE D.S.PEOPLE", "D.S.TWIN", "***,***")]
    [InlineData("CREATE TABLE D.S.TWIN LIKE D.S.PEOPLE", "D.S.TWIN", "")]
    [InlineData("CREATE SCHEMA D.S2 CLONE D.S", "D.S2.PEOPLE", "***,***")]
    [InlineData("CREATE DATABASE D2 CLONE D", "D2.S.PEOPLE", "***,***")]
    [InlineData("ALTER TABLE D.S.PEOPLE RENAME TO D.S.FOLK", "D.S.FOLK", "***,***")]
    [InlineData("ALTER TABLE D.S.PEOPLE RENAME COLUMN EMAIL TO MAIL; ALTER TABLE D.S.PEOPLE RENAME COLUMN MAIL TO EMAIL", "D.S.PEOPLE", "***,***")]
    [InlineData("ALTER TABLE D.S.PEOPLE SWAP WITH D.S.VISITS", "D.S.VISITS", "***,***")]
    [InlineData("ALTER TABLE D.S.PEOPLE SWAP WITH D.S.VISITS", "D.S.PEOPLE", "ada@x.example,ben@y.example,***")]
    [InlineData("DROP TABLE D.S.PEOPLE; UNDROP TABLE D.S.PEOPLE", "D.S.PEOPLE", "***,***")]
    [InlineData("DROP SCHEMA D.S; UNDROP SCHEMA D.S", "D.S.PEOPLE", "***,***")]
    [InlineData("DROP DATABASE D; UNDROP DATABASE D", "D.S.PEOPLE", "***,***")]
    public async Task Policies_after(string statements, string table, string emails)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        await bench.Run(["USE ROLE ACCOUNTADMIN", .. statements.Split("; ")]);
        var parts = table.Split('.');
        await bench.Run(
            $"GRANT USAGE ON DATABASE {parts[0]} TO ROLE ANALYST", $"GRANT USAGE ON SCHEMA {parts[0]}.{parts[1]} TO ROLE ANALYST", $"GRANT SELECT ON TABLE {table} TO ROLE ANALYST");
        var answer = (await (await bench.As("READER")).QueryAsync($"SELECT EMAIL FROM {table} ORDER BY {(emails.StartsWith("ada", StringComparison.Ordinal) ? "DAY" : "ID")}")).ShouldSucceed();
        string.Join(',', answer.Column("EMAIL")).ShouldBe(emails);
    }

    [Fact]
    public async Task A_cloned_database_has_policies_of_its_own_and_a_cloned_schema_keeps_foreign_ones()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        await bench.Run("USE ROLE ACCOUNTADMIN", "CREATE DATABASE D2 CLONE D", "CREATE SCHEMA D.S2 CLONE D.S");
        static string Query(string database, string table) => $"SELECT POLICY_DB FROM TABLE({database}.INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => '{table}', REF_ENTITY_DOMAIN => 'TABLE'))";
        (await bench.Admin.QueryAsync(Query("D2", "D2.S.PEOPLE"))).ShouldSucceed().Rows.ShouldBe([["D2"], ["D2"]]);
        (await bench.Admin.QueryAsync(Query("D", "D.S2.PEOPLE"))).ShouldSucceed().Rows.ShouldBe([["D"], ["D"]]);
        // The clone's policies may be changed without touching the original's.
        await bench.Run("ALTER MASKING POLICY D2.GOV.STARS SET BODY -> 'two'", "GRANT USAGE ON DATABASE D2 TO ROLE ANALYST", "GRANT USAGE ON SCHEMA D2.S TO ROLE ANALYST");
        var reader = await bench.As("READER");
        (await reader.QueryAsync("SELECT DISTINCT EMAIL FROM D2.S.PEOPLE")).ShouldSucceed().Rows.ShouldBe([["two"]]);
        (await reader.QueryAsync("SELECT DISTINCT EMAIL FROM D.S.PEOPLE")).ShouldSucceed().Rows.ShouldBe([["***"]]);
    }

    // https://docs.snowflake.com/en/user-guide/object-clone: a database's schemas are among what it holds.
    [Theory]
    [InlineData("CREATE DATABASE D2 CLONE D", "SCHEMA D2.S", true)]
    [InlineData("CREATE DATABASE D2 CLONE D", "DATABASE D2", false)]
    [InlineData("CREATE SCHEMA D.S2 CLONE D.S", "SCHEMA D.S2", false)]
    public async Task A_clone_holds_what_was_granted_on_what_it_holds(string clone, string container, bool isGranted)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        await bench.Run("USE ROLE ACCOUNTADMIN", clone);
        (await bench.Admin.QueryAsync($"SHOW GRANTS ON {container}")).ShouldSucceed().Column("grantee_name").Contains("ANALYST").ShouldBe(isGranted);
    }

    [Fact]
    public async Task A_table_restored_after_its_policy_was_dropped_is_not_read()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        await bench.Run("USE ROLE ACCOUNTADMIN", "DROP TABLE D.S.PEOPLE", "USE ROLE GOVERNOR", "DROP MASKING POLICY D.GOV.STARS", "USE ROLE ACCOUNTADMIN", "UNDROP TABLE D.S.PEOPLE");
        (await (await bench.As("READER")).QueryAsync("SELECT EMAIL FROM D.S.PEOPLE")).Message!.ShouldContain("already attached to a masking policy that does not exist");
        (await bench.Admin.QueryAsync("UNDROP TABLE D.S.NOPE")).ShouldFail("002003");
        (await bench.Admin.QueryAsync("UNDROP TABLE D.S.PEOPLE")).ShouldFail("002003");
        (await bench.Admin.QueryAsync("UNDROP MASKING POLICY D.GOV.STARS")).ShouldFail("000002");
    }
}
