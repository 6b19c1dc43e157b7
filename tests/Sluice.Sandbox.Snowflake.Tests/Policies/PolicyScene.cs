using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>A table of people, an owner of policies who reads entitlements nobody else does, and a reader.</summary>
internal static class PolicyScene
{
    public static SnowflakeSandboxOptions With(params string[] more) => new()
    {
        Catalog = SnowflakeSandboxCatalog.Empty,
        Clock = ManualClock.Started(),
        Users =
        [
            new("READER") { Password = "p", Roles = ["ANALYST"], DefaultRole = "ANALYST", DefaultWarehouse = "SLUICE_WH", DefaultSecondaryRolesAll = false },
            new("CHIEF") { Password = "p", Roles = ["PAYROLL", "ANALYST"], DefaultRole = "PAYROLL", DefaultWarehouse = "SLUICE_WH", DefaultSecondaryRolesAll = false },
            new("KEEPER") { Password = "p", Roles = ["GOVERNOR"], DefaultRole = "GOVERNOR", DefaultWarehouse = "SLUICE_WH" },
        ],
        Setup =
        [
            "USE ROLE ACCOUNTADMIN", "CREATE DATABASE D", "CREATE SCHEMA D.S", "CREATE SCHEMA D.GOV", "GRANT OWNERSHIP ON SCHEMA D.GOV TO ROLE GOVERNOR", "GRANT USAGE ON DATABASE D TO ROLE GOVERNOR",
            "GRANT USAGE ON SCHEMA D.S TO ROLE GOVERNOR", "GRANT APPLY MASKING POLICY, APPLY ROW ACCESS POLICY ON ACCOUNT TO ROLE GOVERNOR",
            "CREATE TABLE D.S.PEOPLE (ID NUMBER, NAME VARCHAR, EMAIL VARCHAR, REGION VARCHAR, SALARY NUMBER(10,2), BORN DATE)",
            """
            INSERT INTO D.S.PEOPLE VALUES (1, 'Ada', 'ada@x.example', 'EU', 100, '1990-01-02'), (2, 'Ben', 'ben@y.example', 'US', 200, '1985-05-06'),
              (3, 'Cara', NULL, 'EU', NULL, '2001-09-09'), (4, 'Dan', 'dan@x.example', NULL, 400, NULL)
            """,
            "CREATE TABLE D.S.VISITS (EMAIL VARCHAR, DAY DATE)", "INSERT INTO D.S.VISITS VALUES ('ada@x.example', '2026-01-01'), ('ben@y.example', '2026-01-02'), ('***', '2026-01-03')",
            .. ((string[])["ANALYST", "PAYROLL"]).SelectMany(role => (string[])
            [
                $"GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE {role}", $"GRANT USAGE ON DATABASE D TO ROLE {role}", $"GRANT USAGE ON SCHEMA D.S TO ROLE {role}",
                $"GRANT SELECT ON ALL TABLES IN SCHEMA D.S TO ROLE {role}",
            ]),
            "GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE GOVERNOR", "GRANT ROLE GOVERNOR TO USER SANDBOX_ADMIN", "USE ROLE GOVERNOR",
            "CREATE TABLE D.GOV.ENTITLED (USER_NAME VARCHAR, REGION VARCHAR)", "INSERT INTO D.GOV.ENTITLED VALUES ('READER', 'EU'), ('CHIEF', 'US'), ('CHIEF', 'EU')",
            .. more,
        ],
    };
}
