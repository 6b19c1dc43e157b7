namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>
/// Names between double quotes may hold anything and tell case apart: https://docs.snowflake.com/en/sql-reference/identifiers-syntax.
/// </summary>
public sealed class OddNameTests
{
    public static TheoryData<string> Names =>
    [
        "select", "SELECT", "Select", "from", "FROM", "order", "end", "END", "CASE", "AND", "Group By", "a\"b", "\"", "x.y", "..", " blank ", "it's", "ü", "ÄÖ ß", "🦊 fox", "semi;colon", "dash--dash", "/*", "(", "$$", "a,b", "100%", "?", ":1", "@{}",
        "select * from t", "null", "true", "current_user", "value", new string('n', 255),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Policies_are_in_force_on_columns_with_odd_names(string name)
    {
        var q = $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run(
        [
            "USE ROLE ACCOUNTADMIN", $"CREATE SCHEMA D.{q}", $"CREATE TABLE D.{q}.{q} (ID NUMBER, {q} VARCHAR, REGION VARCHAR)", $"INSERT INTO D.{q}.{q} (ID, {q}, REGION) VALUES (1, 'clear', 'EU'), (2, 'other', 'US')",
            $"CREATE MASKING POLICY D.{q}.{q} AS ({q} VARCHAR) RETURNS VARCHAR -> CASE WHEN CURRENT_ROLE() = 'PAYROLL' THEN {q} ELSE LEFT({q}, 1) || '**' END",
            $"ALTER TABLE D.{q}.{q} MODIFY COLUMN {q} SET MASKING POLICY D.{q}.{q}",
            $"CREATE ROW ACCESS POLICY D.{q}.{q} AS ({q} VARCHAR) RETURNS BOOLEAN -> CURRENT_ROLE() = 'PAYROLL' OR EXISTS (SELECT 1 FROM D.GOV.ENTITLED WHERE USER_NAME = CURRENT_USER() AND ENTITLED.REGION = {q})",
            $"ALTER TABLE D.{q}.{q} ADD ROW ACCESS POLICY D.{q}.{q} ON (REGION)",
            $"CREATE VIEW D.{q}.V AS SELECT {q}, {q} || '!' AS X FROM D.{q}.{q}",
            .. ((string[])["ANALYST", "PAYROLL"]).SelectMany(role => (string[])[$"GRANT USAGE ON SCHEMA D.{q} TO ROLE {role}", $"GRANT SELECT ON TABLE D.{q}.{q} TO ROLE {role}", $"GRANT SELECT ON VIEW D.{q}.V TO ROLE {role}"]),
        ]);
        var reader = await bench.As("READER");
        var chief = await bench.As("CHIEF");

        var read = (await reader.QueryAsync($"SELECT {q} FROM D.{q}.{q}")).ShouldSucceed();
        read.Columns.ShouldBe([name]);
        read.Rows.ShouldBe([["c**"]]);
        (await reader.QueryAsync($"SELECT t.{q}, {q} AS {q}, COUNT(*) FROM D.{q}.{q} AS t WHERE {q} IS NOT NULL GROUP BY t.{q} ORDER BY {q}")).ShouldSucceed().Rows.ShouldBe([["c**", "c**", "1"]]);
        (await reader.QueryAsync($"SELECT {q}.{q} FROM D.{q}.{q} AS {q}")).ShouldSucceed().Rows.ShouldBe([["c**"]]);
        (await reader.QueryAsync($"WITH {q} AS (SELECT {q} FROM D.{q}.{q}) SELECT * FROM {q}")).ShouldSucceed().Rows.ShouldBe([["c**"]]);
        (await reader.QueryAsync($"SELECT * FROM D.{q}.V")).ShouldSucceed().Rows.ShouldBe([["c**", "c**!"]]);
        (await chief.QueryAsync($"SELECT {q} FROM D.{q}.{q} ORDER BY ID")).ShouldSucceed().Rows.ShouldBe([["clear"], ["other"]]);
        await bench.Run($"UPDATE D.{q}.{q} SET {q} = 'new' WHERE {q} = 'o**'");
        (await chief.QueryAsync($"SELECT {q} FROM D.{q}.{q} ORDER BY ID")).ShouldSucceed().Rows.Length.ShouldBe(2);
        await bench.Run($"ALTER TABLE D.{q}.{q} RENAME COLUMN {q} TO PLAIN", $"ALTER TABLE D.{q}.{q} RENAME COLUMN PLAIN TO {q}", $"CREATE TABLE D.{q}.TWIN CLONE D.{q}.{q} COPY GRANTS");
        (await reader.QueryAsync($"SELECT {q} FROM D.{q}.TWIN")).ShouldSucceed().Rows.ShouldBe([["c**"]]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Metadata_tells_odd_names_as_they_are(string name)
    {
        var q = $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run(
            "USE ROLE ACCOUNTADMIN", $"CREATE SCHEMA D.{q}", $"CREATE TABLE D.{q}.{q} (ID NUMBER, {q} VARCHAR, REGION VARCHAR)", $"CREATE TAG D.{q}.{q}", $"ALTER TABLE D.{q}.{q} MODIFY COLUMN {q} SET TAG D.{q}.{q} = 'x'",
            $"CREATE MASKING POLICY D.{q}.{q} AS (V VARCHAR) RETURNS VARCHAR -> 'x'", $"ALTER TABLE D.{q}.{q} MODIFY COLUMN {q} SET MASKING POLICY D.{q}.{q}",
            $"CREATE ROLE {q}", $"GRANT USAGE ON SCHEMA D.{q} TO ROLE {q}", $"GRANT SELECT ON TABLE D.{q}.{q} TO ROLE {q}",
            $"CREATE FUNCTION D.{q}.{q}(A NUMBER) RETURNS NUMBER AS 'A'", $"GRANT USAGE ON FUNCTION D.{q}.{q}(NUMBER) TO ROLE {q}", $"USE SCHEMA D.{q}");
        (await bench.Admin.QueryAsync("SELECT CURRENT_SCHEMA()")).ShouldSucceed().Rows.ShouldBe([[name]]);
        (await bench.Admin.QueryAsync($"SHOW TABLES IN SCHEMA D.{q}")).ShouldSucceed().Column("name").ShouldBe([name]);
        (await bench.Admin.QueryAsync($"SHOW COLUMNS IN TABLE D.{q}.{q}")).ShouldSucceed().Column("column_name").ShouldBe(["ID", name, "REGION"], ignoreOrder: true);
        (await bench.Admin.QueryAsync($"DESCRIBE TABLE D.{q}.{q}")).ShouldSucceed().Column("name").ShouldBe(["ID", name, "REGION"]);
        (await bench.Admin.QueryAsync("SHOW SCHEMAS IN DATABASE D")).ShouldSucceed().Column("name").ShouldContain(name);
        (await bench.Admin.QueryAsync($"SHOW GRANTS TO ROLE {q}")).ShouldSucceed().Column("privilege").ShouldBe(["SELECT", "USAGE", "USAGE"], ignoreOrder: true);
        (await bench.Admin.QueryAsync($"SHOW GRANTS ON TABLE D.{q}.{q}")).ShouldSucceed().Column("grantee_name").ShouldContain(name);
        (await bench.Admin.QueryAsync($"SELECT COLUMN_NAME, TABLE_NAME, TABLE_SCHEMA FROM D.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = {Literal(name)} ORDER BY ORDINAL_POSITION")).ShouldSucceed()
            .Rows.ShouldBe([["ID", name, name], [name, name, name], ["REGION", name, name]]);
        var references = (await bench.Admin.QueryAsync(
            $"SELECT POLICY_NAME, REF_ENTITY_NAME, REF_COLUMN_NAME FROM TABLE(D.INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => {Literal($"D.{q}.{q}")}, REF_ENTITY_DOMAIN => 'TABLE'))")).ShouldSucceed();
        references.Rows.ShouldBe([[name, name, name]]);
        (await bench.Admin.QueryAsync($"SELECT SYSTEM$GET_TAG({Literal($"D.{q}.{q}")}, {Literal($"D.{q}.{q}.{q}")}, 'COLUMN')")).ShouldSucceed().Rows.ShouldBe([["x"]]);
        // What a listing names can be used as it stands.
        var granted = (await bench.Admin.QueryAsync($"SHOW GRANTS TO ROLE {q}")).ShouldSucceed();
        var table = granted.Column("granted_on").Zip(granted.Column("name")).Single(grant => grant.First == "TABLE").Second!;
        (await bench.Admin.QueryAsync($"DESCRIBE TABLE {table}")).ShouldSucceed();
        (await bench.Admin.QueryAsync($"SELECT D.{q}.{q}(7)")).ShouldSucceed().Rows.ShouldBe([["7"]]);
        (await bench.Admin.QueryAsync($"SELECT {q}(7)")).ShouldSucceed().Rows.ShouldBe([["7"]]);
    }

    [Fact]
    public async Task Columns_that_differ_in_case_alone_are_two()
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run(
            "USE ROLE ACCOUNTADMIN", "CREATE TABLE D.S.T (\"select\" VARCHAR, \"SELECT\" VARCHAR, \"Select\" VARCHAR, SHOW NUMBER, ONLY NUMBER)",
            "INSERT INTO D.S.T (\"SELECT\", \"select\", \"Select\", SHOW, ONLY) VALUES ('upper', 'lower', 'both', 1, 2)", "GRANT SELECT ON TABLE D.S.T TO ROLE ANALYST",
            "CREATE MASKING POLICY D.GOV.HIDE AS (V VARCHAR) RETURNS VARCHAR -> '***'", "ALTER TABLE D.S.T MODIFY COLUMN \"select\" SET MASKING POLICY D.GOV.HIDE");
        var reader = await bench.As("READER");
        var all = (await reader.QueryAsync("SELECT * FROM D.S.T")).ShouldSucceed();
        all.Columns.ShouldBe(["select", "SELECT", "Select", "SHOW", "ONLY"]);
        all.Rows.ShouldBe([["***", "upper", "both", "1", "2"]]);
        (await reader.QueryAsync("SELECT \"Select\", \"select\", \"SELECT\", SHOW, t.ONLY FROM D.S.T t WHERE \"SELECT\" = 'upper' AND ONLY = 2")).ShouldSucceed().Rows.ShouldBe([["both", "***", "upper", "1", "2"]]);
        (await reader.QueryAsync("SELECT ONLY FROM D.S.T ORDER BY ONLY FETCH FIRST 1 ROWS ONLY")).ShouldSucceed().Rows.ShouldBe([["2"]]);
        (await reader.QueryAsync("SELECT \"sELECT\" FROM D.S.T")).ShouldFail("000904");
        (await reader.QueryAsync("SELECT \"show\" FROM D.S.T")).ShouldFail("000904");
        await bench.Run("CREATE OR REPLACE TABLE D.S.T (\"mail\" VARCHAR)", "GRANT SELECT ON TABLE D.S.T TO ROLE ANALYST");
        (await reader.QueryAsync("SELECT MAIL FROM D.S.T")).ShouldFail("000904");
    }

    [Fact]
    public async Task Tables_that_differ_in_case_alone_are_two()
    {
        await using var bench = await Bench.StartAsync(Scene());
        await bench.Run("USE ROLE ACCOUNTADMIN", "CREATE TABLE D.S.\"t\" AS SELECT 'lower' AS A", "CREATE TABLE D.S.T AS SELECT 'upper' AS A");
        (await bench.Admin.QueryAsync("SELECT x.A, y.A FROM D.S.T x, D.S.\"t\" y")).ShouldSucceed().Rows.ShouldBe([["upper", "lower"]]);
        (await bench.Admin.QueryAsync("SELECT T.A, \"t\".A FROM D.S.T, D.S.\"t\"")).ShouldSucceed().Rows.ShouldBe([["upper", "lower"]]);
    }

    private static SnowflakeSandboxOptions Scene() => PolicyScene.With(
        "GRANT USAGE, CREATE MASKING POLICY ON SCHEMA D.GOV TO ROLE ACCOUNTADMIN", "GRANT SELECT ON TABLE D.GOV.ENTITLED TO ROLE ACCOUNTADMIN");

    private static string Literal(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
