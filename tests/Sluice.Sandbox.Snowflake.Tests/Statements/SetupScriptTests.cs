using System.Security.Cryptography;
using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Statements;

/// <summary>What an administrator runs for a service that is to govern an account: sent as one text, and again.</summary>
public sealed class SetupScriptTests
{
    private const string Script = """
        -- A person reads this; it's no statement: DROP DATABASE SALES;
        SET GOVERNOR_USER = 'GOVERNOR';
        USE ROLE USERADMIN;
        CREATE ROLE IF NOT EXISTS "GOV_SYSTEM" COMMENT = 'Runs the policies';
        CREATE USER IF NOT EXISTS IDENTIFIER($GOVERNOR_USER) TYPE = SERVICE DEFAULT_ROLE = "GOV_SYSTEM" DEFAULT_WAREHOUSE = SLUICE_WH DEFAULT_SECONDARY_ROLES = ();
        GRANT ROLE "GOV_SYSTEM" TO USER IDENTIFIER($GOVERNOR_USER);
        GRANT ROLE "GOV_SYSTEM" TO ROLE SYSADMIN;
        USE ROLE SYSADMIN;
        CREATE DATABASE IF NOT EXISTS GOV COMMENT = 'Entitlements and policies';
        CREATE SCHEMA IF NOT EXISTS GOV.ENTITLEMENTS WITH MANAGED ACCESS;
        CREATE SCHEMA IF NOT EXISTS GOV."Policies";
        GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE "GOV_SYSTEM";
        /* ownership, as
           an administrator */
        USE ROLE SECURITYADMIN;
        GRANT OWNERSHIP ON DATABASE GOV TO ROLE "GOV_SYSTEM" COPY CURRENT GRANTS;
        GRANT OWNERSHIP ON ALL SCHEMAS IN DATABASE GOV TO ROLE "GOV_SYSTEM" COPY CURRENT GRANTS;
        GRANT USAGE ON DATABASE SALES TO ROLE "GOV_SYSTEM";
        GRANT USAGE ON ALL SCHEMAS IN DATABASE SALES TO ROLE "GOV_SYSTEM";
        GRANT USAGE ON FUTURE SCHEMAS IN DATABASE SALES TO ROLE "GOV_SYSTEM";
        GRANT REFERENCES ON ALL TABLES IN DATABASE SALES TO ROLE "GOV_SYSTEM";
        GRANT REFERENCES ON FUTURE TABLES IN DATABASE SALES TO ROLE "GOV_SYSTEM";
        USE ROLE ACCOUNTADMIN;
        GRANT APPLY MASKING POLICY, APPLY ROW ACCESS POLICY ON ACCOUNT TO ROLE "GOV_SYSTEM";
        GRANT MANAGE GRANTS ON ACCOUNT TO ROLE "GOV_SYSTEM";
        GRANT CREATE ROLE ON ACCOUNT TO ROLE "GOV_SYSTEM";
        GRANT DATABASE ROLE SNOWFLAKE.GOVERNANCE_VIEWER TO ROLE "GOV_SYSTEM";
        """;

    [Fact]
    public async Task A_setup_script_runs_twice_and_the_second_time_changes_nothing()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Demo });
        await RunAsync(bench);
        var first = await GrantsAsync(bench);
        await RunAsync(bench);

        (await GrantsAsync(bench)).ShouldBe(first);
        first.ShouldBe(
            [
                "APPLY MASKING POLICY LOCAL", "APPLY ROW ACCESS POLICY LOCAL", "CREATE ROLE LOCAL", "MANAGE GRANTS LOCAL", "OWNERSHIP GOV", "OWNERSHIP GOV.\"Policies\"", "OWNERSHIP GOV.ENTITLEMENTS",
                "OWNERSHIP GOV.PUBLIC", "USAGE SALES", "USAGE SALES.CRM", "USAGE SALES.ORDERS", "USAGE SALES.PUBLIC", "USAGE SLUICE_WH", "USAGE SNOWFLAKE.GOVERNANCE_VIEWER",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Whom_the_script_made_does_what_it_was_given_and_nothing_else()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Demo });
        await RunAsync(bench);
        using var key = RSA.Create(2048);
        await bench.Run($"ALTER USER GOVERNOR SET RSA_PUBLIC_KEY = '{Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}'");
        var governor = bench.Client();
        (await governor.KeyPairAsync("GOVERNOR", key)).ShouldSucceed().Data.GetProperty("sessionInfo").GetProperty("roleName").GetString().ShouldBe("GOV_SYSTEM");

        // It may look at every column by REFERENCES, put policies on them and grant, but it reads no row.
        (await governor.QueryAsync("SELECT COUNT(*) FROM SALES.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = 'CRM' AND TABLE_NAME = 'CUSTOMERS'")).ShouldSucceed().Rows.ShouldBe([["9"]]);
        (await governor.QueryAsync("SELECT COUNT(*) FROM SALES.CRM.CUSTOMERS")).ShouldFail("003001");
        foreach (var statement in (string[])
                 [
                     "CREATE TABLE GOV.ENTITLEMENTS.EXEMPT (USER_NAME VARCHAR)", "CREATE MASKING POLICY GOV.\"Policies\".HIDE AS (V VARCHAR) RETURNS VARCHAR -> NULL",
                     "ALTER TABLE SALES.CRM.CUSTOMERS MODIFY COLUMN EMAIL SET MASKING POLICY GOV.\"Policies\".HIDE", "CREATE ROLE GOV_AUD_1", "GRANT SELECT ON TABLE SALES.CRM.CUSTOMERS TO ROLE GOV_AUD_1",
                     "SELECT COUNT(*) FROM SNOWFLAKE.ACCOUNT_USAGE.TAG_REFERENCES",
                 ])
        {
            (await governor.QueryAsync(statement)).ShouldSucceed();
        }

        (await governor.QueryAsync("CREATE USER ANOTHER")).ShouldFail("003001");
        (await governor.QueryAsync("DROP TABLE SALES.CRM.CUSTOMERS")).ShouldFail("003001");
        (await governor.QueryAsync("SELECT COUNT(*) FROM SNOWFLAKE.ACCOUNT_USAGE.GRANTS_TO_ROLES")).ShouldFail("003001");
    }

    [Fact]
    public async Task A_script_stops_where_its_runner_may_do_no_more()
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Demo });
        (await bench.Service.QueryAsync(Script, new { parameters = new { MULTI_STATEMENT_COUNT = 0 } })).ShouldFail("003013");
        (await bench.Admin.QueryAsync("SHOW ROLES LIKE 'GOV%'")).Rows.ShouldBeEmpty();
    }

    private static async Task RunAsync(Bench bench) => (await bench.Admin.QueryAsync(Script, new { parameters = new { MULTI_STATEMENT_COUNT = 0 } })).ShouldSucceed();

    private static async Task<string[]> GrantsAsync(Bench bench)
    {
        await bench.Run("USE ROLE ACCOUNTADMIN");
        var grants = (await bench.Admin.QueryAsync("SHOW GRANTS TO ROLE GOV_SYSTEM")).ShouldSucceed();
        return [.. grants.Column("privilege").Zip(grants.Column("name"), (privilege, name) => $"{privilege} {name}").Where(grant => !grant.StartsWith("REFERENCES ", StringComparison.Ordinal))];
    }
}
