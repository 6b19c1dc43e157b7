namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>https://docs.snowflake.com/en/user-guide/security-column-intro and the examples of CREATE MASKING POLICY.</summary>
public sealed class MaskTests
{
    private const string Stars = "CREATE MASKING POLICY D.GOV.STARS AS (VAL VARCHAR) RETURNS VARCHAR -> CASE WHEN CURRENT_ROLE() IN ('PAYROLL') THEN VAL ELSE '***' END";

    private const string Masked = "ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.STARS";

    /// <summary>The mask stands wherever the column does: what the reader, and what the chief, gets.</summary>
    [Theory]
    [InlineData("SELECT EMAIL FROM D.S.PEOPLE WHERE ID = 1", "***", "ada@x.example")]
    [InlineData("SELECT p.\"EMAIL\" AS E FROM D.S.PEOPLE p WHERE ID = 1", "***", "ada@x.example")]
    [InlineData("SELECT * FROM D.S.PEOPLE WHERE ID = 1", "1,Ada,***,EU,100.00,7306", "1,Ada,ada@x.example,EU,100.00,7306")]
    [InlineData("SELECT COUNT(*) FROM D.S.PEOPLE WHERE EMAIL = 'ada@x.example'", "0", "1")]
    [InlineData("SELECT COUNT(*) FROM D.S.PEOPLE WHERE EMAIL LIKE '%@x.example'", "0", "2")]
    [InlineData("SELECT COUNT(*) FROM D.S.PEOPLE p JOIN D.S.VISITS v ON p.EMAIL = v.EMAIL", "4", "2")]
    [InlineData("SELECT COUNT(*) FROM D.S.PEOPLE p, D.S.VISITS v WHERE p.EMAIL = v.EMAIL AND v.DAY < '2026-01-03'", "0", "2")]
    [InlineData("SELECT COUNT(DISTINCT EMAIL) FROM D.S.PEOPLE", "1", "3")]
    [InlineData("SELECT EMAIL, COUNT(*) FROM D.S.PEOPLE GROUP BY EMAIL ORDER BY 2 DESC, 1 LIMIT 1", "***,4", "ada@x.example,1")]
    [InlineData("SELECT ID FROM D.S.PEOPLE ORDER BY EMAIL DESC NULLS LAST, ID LIMIT 1", "1", "4")]
    [InlineData("SELECT MAX(EMAIL) FROM D.S.PEOPLE", "***", "dan@x.example")]
    [InlineData("SELECT UPPER(EMAIL) || '!' FROM D.S.PEOPLE WHERE ID = 1", "***!", "ADA@X.EXAMPLE!")]
    [InlineData("SELECT (SELECT MIN(EMAIL) FROM D.S.PEOPLE)", "***", "ada@x.example")]
    [InlineData("SELECT COUNT(*) FROM D.S.VISITS WHERE EMAIL IN (SELECT EMAIL FROM D.S.PEOPLE)", "1", "2")]
    [InlineData("SELECT COUNT(*) FROM D.S.VISITS v WHERE EXISTS (SELECT 1 FROM D.S.PEOPLE p WHERE p.EMAIL = v.EMAIL)", "1", "2")]
    [InlineData("WITH c AS (SELECT EMAIL AS E FROM D.S.PEOPLE WHERE ID = 2) SELECT E FROM c", "***", "ben@y.example")]
    [InlineData("SELECT E FROM (SELECT EMAIL E, ROW_NUMBER() OVER (ORDER BY ID) AS N FROM D.S.PEOPLE) WHERE N = 1", "***", "ada@x.example")]
    [InlineData("SELECT EMAIL FROM D.S.PEOPLE WHERE ID = 1 UNION ALL SELECT EMAIL FROM D.S.PEOPLE WHERE ID = 99", "***", "ada@x.example")]
    [InlineData("SELECT E FROM D.S.V WHERE I = 1", "***", "ada@x.example")]
    [InlineData("SELECT E FROM D.S.VV", "***", "ada@x.example")]
    public async Task A_mask_takes_the_place_of_the_column_everywhere(string query, string masked, string clear)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            Stars, Masked, "USE ROLE ACCOUNTADMIN", "CREATE VIEW D.S.V (I, E) AS SELECT ID, EMAIL FROM D.S.PEOPLE", "CREATE VIEW D.S.VV AS SELECT E FROM D.S.V WHERE I = 1",
            "GRANT SELECT ON ALL VIEWS IN SCHEMA D.S TO ROLE ANALYST", "GRANT SELECT ON ALL VIEWS IN SCHEMA D.S TO ROLE PAYROLL"));
        string.Join(',', (await (await bench.As("READER")).QueryAsync(query)).ShouldSucceed().Rows[0]).ShouldBe(masked);
        string.Join(',', (await (await bench.As("CHIEF")).QueryAsync(query)).ShouldSucceed().Rows[0]).ShouldBe(clear);
    }

    /// <summary>Bodies from the documentation's examples, with the values they make of 'ada@x.example' for a reader whom they don't name.</summary>
    [Theory]
    [InlineData("CASE WHEN current_role() IN ('ANALYST') THEN VAL ELSE '*********' END", "ada@x.example")]
    [InlineData("CASE WHEN current_account() in ('PROD') THEN val ELSE '*********' END", "*********")]
    [InlineData("case when current_role() IN ('OTHER') then val else NULL end", null)]
    [InlineData("CASE WHEN current_role() IN ('OTHER') THEN val ELSE sha2(val) END", "ea335d636215c13b8a72e8ea267d5cc064bd79895e1905e74851018c3b82257d")]
    [InlineData("CASE WHEN current_role() IN ('ANALYST') THEN regexp_replace(val, '.+\\\\@', '*****@') ELSE '********' END", "*****@x.example")]
    [InlineData("CASE WHEN EXISTS (SELECT USER_NAME FROM D.GOV.ENTITLED WHERE REGION = 'EU' AND USER_NAME = current_user()) THEN val ELSE '********' END", "ada@x.example")]
    [InlineData("CASE WHEN EXISTS (SELECT 1 FROM D.GOV.ENTITLED WHERE REGION = 'US' AND USER_NAME = current_user()) THEN val ELSE '********' END", "********")]
    [InlineData("CASE WHEN IS_ROLE_IN_SESSION('ANALYST') THEN LEFT(val, 1) || REPEAT('*', LENGTH(val) - 2) || RIGHT(val, 1) ELSE NULL END", "a***********e")]
    [InlineData("CONCAT(SUBSTR(val, 1, 2), LPAD('', 3, '*'))", "ad***")]
    [InlineData("CURRENT_USER() || ' ' || CURRENT_ROLE() || ' ' || CURRENT_SCHEMA() || ' ' || INVOKER_ROLE()", "READER ANALYST S ANALYST")]
    [InlineData("IFF(ARRAY_CONTAINS('ANALYST'::VARIANT, PARSE_JSON(CURRENT_AVAILABLE_ROLES())), val, 'no')", "ada@x.example")]
    public async Task A_body_reads_the_session_and_what_its_owner_may_read(string body, string? value)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With($"CREATE MASKING POLICY D.GOV.M AS (val string) RETURNS string -> {body}", Masked.Replace("STARS", "M", StringComparison.Ordinal)));
        var reader = await bench.As("READER");
        var row = (await reader.QueryAsync("SELECT EMAIL FROM D.S.PEOPLE WHERE ID = 1")).ShouldSucceed().Rows[0];
        row.ShouldBe([value]);
        (await reader.QueryAsync("SELECT COUNT(*) FROM D.GOV.ENTITLED")).ShouldFail("002003");
    }

    [Fact]
    public async Task Types_stay_and_conditions_read_other_columns()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "CREATE MASKING POLICY D.GOV.PAY AS (val NUMBER(10,2), region VARCHAR) RETURNS NUMBER(10,2) -> CASE WHEN region = 'EU' THEN val ELSE -1 END",
            "CREATE MASKING POLICY D.GOV.DAY AS (val DATE) RETURNS DATE -> DATE_TRUNC('year', val)",
            "ALTER TABLE D.S.PEOPLE MODIFY COLUMN SALARY SET MASKING POLICY D.GOV.PAY USING (SALARY, REGION)", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN BORN SET MASKING POLICY D.GOV.DAY"));
        var answer = (await (await bench.As("READER")).QueryAsync("SELECT SALARY, TO_VARCHAR(BORN) FROM D.S.PEOPLE ORDER BY ID")).ShouldSucceed();
        answer.Rows.ShouldBe([["100.00", "1990-01-01"], ["-1.00", "1985-01-01"], [null, "2001-01-01"], ["-1.00", null]]);
        var type = answer.Data.GetProperty("rowtype")[0];
        (type.GetProperty("type").GetString(), type.GetProperty("scale").GetInt32()).ShouldBe(("fixed", 2));
    }

    [Fact]
    public async Task A_mask_of_plain_numbers_rounds_none_of_any_scale()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "CREATE MASKING POLICY D.GOV.NUM AS (V NUMBER) RETURNS NUMBER -> IFF(CURRENT_ROLE() = 'PAYROLL', V, ROUND(V, -2))", "USE ROLE ACCOUNTADMIN", "UPDATE D.S.PEOPLE SET SALARY = 123.45 WHERE ID = 1",
            "ALTER TABLE D.S.PEOPLE MODIFY COLUMN SALARY SET MASKING POLICY D.GOV.NUM", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN ID SET MASKING POLICY D.GOV.NUM"));
        (await (await bench.As("CHIEF")).QueryAsync("SELECT ID, SALARY FROM D.S.PEOPLE WHERE NAME = 'Ada'")).ShouldSucceed().Rows.ShouldBe([["1", "123.45"]]);
        (await (await bench.As("READER")).QueryAsync("SELECT ID, SALARY FROM D.S.PEOPLE WHERE NAME = 'Ada'")).ShouldSucceed().Rows.ShouldBe([["0", "100.00"]]);
    }

    [Fact]
    public async Task Binary_is_masked_by_a_digest()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "CREATE MASKING POLICY D.GOV.BIN AS (V BINARY) RETURNS BINARY -> IFF(CURRENT_ROLE() = 'PAYROLL', V, SHA2_BINARY(V))", "USE ROLE ACCOUNTADMIN",
            "CREATE TABLE D.S.BLOBS (A BINARY)", "INSERT INTO D.S.BLOBS SELECT TO_BINARY('AB01')", "ALTER TABLE D.S.BLOBS MODIFY COLUMN A SET MASKING POLICY D.GOV.BIN",
            "GRANT SELECT ON TABLE D.S.BLOBS TO ROLE ANALYST", "GRANT SELECT ON TABLE D.S.BLOBS TO ROLE PAYROLL"));
        (await (await bench.As("CHIEF")).QueryAsync("SELECT A FROM D.S.BLOBS WHERE A = TO_BINARY('ab01')")).ShouldSucceed().Rows.ShouldBe([["AB01"]]);
        (await (await bench.As("READER")).QueryAsync("SELECT A FROM D.S.BLOBS")).ShouldSucceed().Rows.ShouldBe([[Convert.ToHexString(System.Security.Cryptography.SHA256.HashData([0xAB, 0x01]))]]);
    }

    [Fact]
    public async Task Policies_on_views_come_after_those_of_tables_and_the_invoker_is_the_views_owner()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "CREATE MASKING POLICY D.GOV.FIRST AS (V VARCHAR) RETURNS VARCHAR -> '<' || V || ' ' || INVOKER_ROLE() || '>'",
            "CREATE MASKING POLICY D.GOV.SECOND AS (V VARCHAR) RETURNS VARCHAR -> '[' || V || ' ' || INVOKER_ROLE() || ' ' || CURRENT_ROLE() || ']'",
            "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.FIRST", "USE ROLE ACCOUNTADMIN", "CREATE VIEW D.S.V AS SELECT ID, NAME FROM D.S.PEOPLE",
            "ALTER VIEW D.S.V MODIFY COLUMN NAME SET MASKING POLICY D.GOV.SECOND", "GRANT SELECT ON VIEW D.S.V TO ROLE ANALYST"));
        (await (await bench.As("READER")).QueryAsync("SELECT NAME FROM D.S.V WHERE ID = 1")).ShouldSucceed().Rows.ShouldBe([["[<Ada ACCOUNTADMIN> ANALYST ANALYST]"]]);
    }

    [Fact]
    public async Task A_masked_copy_stays_masked_and_a_clear_one_clear()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            Stars, Masked, "USE ROLE ACCOUNTADMIN", "GRANT CREATE TABLE ON SCHEMA D.S TO ROLE ANALYST", "GRANT CREATE TABLE ON SCHEMA D.S TO ROLE PAYROLL"));
        var (reader, chief) = (await bench.As("READER"), await bench.As("CHIEF"));
        (await reader.QueryAsync("CREATE TABLE D.S.COPIED AS SELECT ID, EMAIL FROM D.S.PEOPLE")).ShouldSucceed();
        (await chief.QueryAsync("CREATE TABLE D.S.CLEAR (ID NUMBER, EMAIL VARCHAR)")).ShouldSucceed();
        (await chief.QueryAsync("INSERT INTO D.S.CLEAR SELECT ID, EMAIL FROM D.S.PEOPLE")).ShouldSucceed();
        (await reader.QueryAsync("SELECT DISTINCT EMAIL FROM D.S.COPIED")).ShouldSucceed().Rows.ShouldBe([["***"]]);
        (await chief.QueryAsync("SELECT COUNT(*) FROM D.S.CLEAR WHERE EMAIL LIKE '%@%'")).ShouldSucceed().Rows.ShouldBe([["3"]]);
    }

    [Fact]
    public async Task A_body_that_is_changed_counts_at_once_and_a_mask_that_is_taken_off_no_more()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Stars, Masked));
        var (reader, keeper) = (await bench.As("READER"), await bench.As("KEEPER"));
        const string Query = "SELECT EMAIL FROM D.S.PEOPLE WHERE ID = 1";
        (await keeper.QueryAsync("ALTER MASKING POLICY D.GOV.STARS SET BODY -> SUBSTR(VAL, 1, 1)")).ShouldSucceed();
        (await reader.QueryAsync(Query)).Rows.ShouldBe([["a"]]);
        (await keeper.QueryAsync("ALTER MASKING POLICY D.GOV.STARS RENAME TO D.GOV.STARRED")).ShouldSucceed();
        (await reader.QueryAsync(Query)).Rows.ShouldBe([["a"]]);
        (await keeper.QueryAsync("ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL UNSET MASKING POLICY")).ShouldSucceed();
        (await reader.QueryAsync(Query)).Rows.ShouldBe([["ada@x.example"]]);
    }

    [Fact]
    public async Task A_tags_mask_covers_the_columns_that_carry_the_tag()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "CREATE TAG D.GOV.SENS", "CREATE MASKING POLICY D.GOV.BY_TAG AS (VAL VARCHAR) RETURNS VARCHAR -> SYSTEM$GET_TAG_ON_CURRENT_COLUMN('D.GOV.SENS')", "ALTER TAG D.GOV.SENS SET MASKING POLICY D.GOV.BY_TAG",
            "USE ROLE ACCOUNTADMIN", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET TAG D.GOV.SENS = 'pii'"));
        (await (await bench.As("READER")).QueryAsync("SELECT EMAIL, NAME FROM D.S.PEOPLE WHERE ID = 1")).ShouldSucceed().Rows.ShouldBe([["pii", "Ada"]]);
    }
}
