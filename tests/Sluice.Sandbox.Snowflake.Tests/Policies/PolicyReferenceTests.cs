namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>Where policies are in force, and what they are: POLICY_REFERENCES, DESCRIBE and GET_DDL.</summary>
public sealed class PolicyReferenceTests
{
    private static readonly string[] Scene =
    [
        "CREATE MASKING POLICY D.GOV.C AS (V VARCHAR, R VARCHAR) RETURNS VARCHAR -> CASE WHEN R = 'EU' THEN V END COMMENT = 'it''s' EXEMPT_OTHER_POLICIES = TRUE",
        "CREATE ROW ACCESS POLICY D.GOV.R AS (N NUMBER) RETURNS BOOLEAN -> N > 0", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.C USING (NAME, REGION)",
        "ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.R ON (ID)",
    ];

    [Fact]
    public async Task They_are_found_by_policy_and_by_table()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        var keeper = await bench.As("KEEPER");
        const string Columns = "POLICY_NAME, POLICY_KIND, REF_ENTITY_NAME, REF_ENTITY_DOMAIN, REF_COLUMN_NAME, REF_ARG_COLUMN_NAMES, POLICY_STATUS";
        (await keeper.QueryAsync($"SELECT {Columns} FROM TABLE(D.INFORMATION_SCHEMA.POLICY_REFERENCES(POLICY_NAME => 'D.GOV.C'))")).ShouldSucceed()
            .Rows.ShouldBe([["C", "MASKING_POLICY", "PEOPLE", "TABLE", "NAME", "[\"REGION\"]", "ACTIVE"]]);
        (await keeper.QueryAsync($"SELECT {Columns} FROM TABLE(D.INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => 'D.S.PEOPLE', REF_ENTITY_DOMAIN => 'table')) ORDER BY 1")).ShouldSucceed()
            .Rows.ShouldBe([["C", "MASKING_POLICY", "PEOPLE", "TABLE", "NAME", "[\"REGION\"]", "ACTIVE"], ["R", "ROW_ACCESS_POLICY", "PEOPLE", "TABLE", null, "[\"ID\"]", "ACTIVE"]]);
        (await keeper.QueryAsync("SELECT * FROM TABLE(D.INFORMATION_SCHEMA.POLICY_REFERENCES(POLICY_NAME => 'D.GOV.NOPE'))")).ShouldFail("002003");
    }

    [Fact]
    public async Task The_account_lists_its_policies()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        (await bench.Admin.QueryAsync("SELECT POLICY_CATALOG, POLICY_SCHEMA, POLICY_NAME, POLICY_OWNER, POLICY_SIGNATURE, POLICY_BODY FROM SNOWFLAKE.ACCOUNT_USAGE.ROW_ACCESS_POLICIES")).ShouldSucceed()
            .Rows.ShouldBe([["D", "GOV", "R", "GOVERNOR", "(N NUMBER(38,0))", "N > 0"]]);
        (await bench.Admin.QueryAsync("SELECT POLICY_NAME, POLICY_COMMENT FROM SNOWFLAKE.ACCOUNT_USAGE.MASKING_POLICIES")).ShouldSucceed().Rows.ShouldBe([["C", "it's"]]);
    }

    [Fact]
    public async Task The_accounts_own_list_lags()
    {
        var clock = ManualClock.Started();
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene) with { Clock = clock, AccountUsageLag = TimeSpan.FromMinutes(90), SessionLifetime = TimeSpan.FromDays(1) });
        const string Query = "SELECT POLICY_NAME FROM SNOWFLAKE.ACCOUNT_USAGE.POLICY_REFERENCES ORDER BY 1";
        (await bench.Admin.QueryAsync(Query)).ShouldSucceed().Rows.ShouldBeEmpty();
        clock.Advance(TimeSpan.FromMinutes(91));
        (await bench.Admin.QueryAsync(Query)).Rows.ShouldBe([["C"], ["R"]]);
        await bench.Run("USE ROLE GOVERNOR", "CREATE ROW ACCESS POLICY D.GOV.R2 AS (N NUMBER) RETURNS BOOLEAN -> TRUE", "ALTER TABLE D.S.PEOPLE DROP ROW ACCESS POLICY D.GOV.R, ADD ROW ACCESS POLICY D.GOV.R2 ON (ID)", "USE ROLE ACCOUNTADMIN");
        (await bench.Admin.QueryAsync(Query)).Rows.ShouldBe([["C"]]);
    }

    [Fact]
    public async Task Their_text_is_told_to_who_may_apply_them()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Scene));
        var keeper = await bench.As("KEEPER");
        (await keeper.QueryAsync("DESCRIBE MASKING POLICY D.GOV.C")).ShouldSucceed().Rows.ShouldBe([["C", "(V VARCHAR, R VARCHAR)", "VARCHAR(16777216)", "CASE WHEN R = 'EU' THEN V END"]]);
        (await keeper.QueryAsync("DESC ROW ACCESS POLICY D.GOV.R")).ShouldSucceed().Rows.ShouldBe([["R", "(N NUMBER(38,0))", "BOOLEAN", "N > 0"]]);
        var text = (await keeper.QueryAsync("SELECT GET_DDL('POLICY', 'D.GOV.C')")).ShouldSucceed().Rows[0][0]!;
        text.ShouldContain("create or replace masking policy C as (V VARCHAR, R VARCHAR)");
        text.ShouldContain("CASE WHEN R = 'EU' THEN V END");
        text.ShouldContain("comment='it''s'");
        text.ShouldContain("exempt_other_policies=true");
        (await keeper.QueryAsync("SHOW MASKING POLICIES LIKE 'c' IN SCHEMA D.GOV")).Column("options").ShouldBe(["{\"EXEMPT_OTHER_POLICIES\":\"TRUE\"}"]);
        (await (await bench.As("READER")).QueryAsync("SELECT GET_DDL('POLICY', 'D.GOV.C')")).ShouldFail("002003");
        (await keeper.QueryAsync("SHOW GRANTS ON MASKING POLICY D.GOV.C")).ShouldSucceed().Column("privilege").ShouldBe(["OWNERSHIP"]);
        (await keeper.QueryAsync("ALTER ROW ACCESS POLICY D.GOV.R SET COMMENT = 'rows'")).ShouldSucceed();
        (await keeper.QueryAsync("SHOW ROW ACCESS POLICIES IN SCHEMA D.GOV")).Column("comment").ShouldBe(["rows"]);
    }
}
