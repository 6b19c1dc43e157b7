namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>
/// https://docs.snowflake.com/en/developer-guide/udf-stored-procedure-naming-conventions#overloading-procedures-and-functions, and the
/// coercions of https://docs.snowflake.com/en/sql-reference/data-type-conversion#data-types-that-can-be-cast.
/// </summary>
public sealed class OverloadTests
{
    private static readonly (string Type, string Masked)[] Types =
    [
        ("VARCHAR", "''***''"), ("BOOLEAN", "FALSE"), ("NUMBER", "0"), ("FLOAT", "0.5::FLOAT"), ("DATE", "''1970-01-01''::DATE"), ("TIME", "''00:00:00''::TIME"),
        ("TIMESTAMP_NTZ", "''1970-01-01''::TIMESTAMP_NTZ"), ("TIMESTAMP_LTZ", "''1970-01-02''::TIMESTAMP_LTZ"), ("TIMESTAMP_TZ", "''1970-01-03''::TIMESTAMP_TZ"), ("BINARY", "TO_BINARY(''FF'', ''HEX'')"),
        ("VARIANT", "TO_VARIANT(''hidden'')"), ("ARRAY", "ARRAY_CONSTRUCT()"), ("OBJECT", "TO_OBJECT(PARSE_JSON(''{}''))"),
    ];

    private static readonly string[] Overloads =
    [
        .. Types.Select(type => $"CREATE FUNCTION D.GOV.MASKED(V {type.Type}) RETURNS {type.Type} AS '{type.Masked}'"),
        .. Types.Select(type => $"CREATE FUNCTION D.GOV.KIND(V {type.Type}) RETURNS VARCHAR AS '''{type.Type}'''"),
        "CREATE FUNCTION D.GOV.ADD5(N NUMBER) RETURNS NUMBER AS 'N + 5'", "CREATE FUNCTION D.GOV.ADD5(S VARCHAR) RETURNS VARCHAR AS $$ S || '5' $$",
        "CREATE FUNCTION D.GOV.TWO(A NUMBER, B VARCHAR) RETURNS NUMBER AS 'A'", "CREATE FUNCTION D.GOV.TWO(A FLOAT, B VARCHAR) RETURNS BOOLEAN AS 'TRUE'",
        "CREATE FUNCTION D.GOV.TWO(A VARCHAR, B DATE) RETURNS VARCHAR AS 'A'", "CREATE FUNCTION D.GOV.LATER(A DATE) RETURNS DATE AS 'DATEADD(day, 1, A)'",
        "CREATE FUNCTION D.GOV.LATER(A TIMESTAMP_NTZ) RETURNS TIMESTAMP_NTZ AS 'DATEADD(hour, 1, A)'", "CREATE FUNCTION D.GOV.PLAIN(A DATE) RETURNS VARCHAR AS 'KIND(A)'",
        "CREATE FUNCTION D.GOV.PLAIN(A BOOLEAN) RETURNS BOOLEAN AS 'MASKED(NOT A)'", "CREATE FUNCTION D.GOV.COUNTED(R VARCHAR) RETURNS NUMBER AS 'SELECT COUNT(*) FROM D.GOV.ENTITLED WHERE MASKED(REGION) = MASKED(R)'",
        "CREATE FUNCTION D.GOV.COUNTED(R NUMBER) RETURNS BOOLEAN AS 'SELECT COUNT(*) > R FROM D.GOV.ENTITLED'",
        "CREATE TABLE D.S.ALL_OF (T VARCHAR(10), N NUMBER(10,2), F FLOAT, B BOOLEAN, D DATE, M TIME, NTZ TIMESTAMP_NTZ, LTZ TIMESTAMP_LTZ, TZ TIMESTAMP_TZ, X BINARY, V VARIANT, A ARRAY, O OBJECT)",
        "INSERT INTO D.S.ALL_OF SELECT 'a', 1.25, 2.5, TRUE, '2026-01-02', '10:11:12', '2026-01-02', '2026-01-02', '2026-01-02', TO_BINARY('AB', 'HEX'), PARSE_JSON('1'), ARRAY_CONSTRUCT(1), PARSE_JSON('{\"a\":1}')",
        "GRANT SELECT ON TABLE D.S.ALL_OF TO ROLE ANALYST", "GRANT SELECT ON TABLE D.S.ALL_OF TO ROLE PAYROLL",
    ];

    private static readonly string[] Open = [.. Overloads, "GRANT USAGE ON SCHEMA D.GOV TO ROLE ANALYST", "GRANT USAGE ON ALL FUNCTIONS IN SCHEMA D.GOV TO ROLE ANALYST"];

    [Theory]
    [InlineData("T", "VARCHAR", "***", "a")]
    [InlineData("N", "NUMBER", "0.00", "1.25")]
    [InlineData("F", "FLOAT", "0.5", "2.5")]
    [InlineData("B", "BOOLEAN", "false", "true")]
    [InlineData("D", "DATE", "1970-01-01", "2026-01-02")]
    [InlineData("M", "TIME", "00:00:00", "10:11:12")]
    [InlineData("NTZ", "TIMESTAMP_NTZ", "1970-01-01 00:00:00.000", "2026-01-02 00:00:00.000")]
    [InlineData("LTZ", "TIMESTAMP_LTZ", "1970-01-02 00:00:00.000 +0000", "2026-01-02 00:00:00.000 +0000")]
    [InlineData("TZ", "TIMESTAMP_TZ", "1970-01-03 00:00:00.000 +0000", "2026-01-02 00:00:00.000 +0000")]
    [InlineData("X", "BINARY", "FF", "AB")]
    [InlineData("V", "VARIANT", "hidden", "1")]
    [InlineData("A", "ARRAY", "[]", "[1]")]
    [InlineData("O", "OBJECT", "{}", "{\"a\":1}")]
    public async Task A_mask_calls_the_overload_for_its_columns_type(string column, string type, string masked, string clear)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            [
                .. Overloads, $"CREATE MASKING POLICY D.GOV.M AS (V {type}) RETURNS {type} -> CASE WHEN CURRENT_ROLE() IN ('PAYROLL') THEN V ELSE \"D\".\"GOV\".\"MASKED\"(V) END",
                $"ALTER TABLE D.S.ALL_OF MODIFY COLUMN {column} SET MASKING POLICY D.GOV.M",
            ]));
        var query = $"SELECT TO_VARCHAR({column}) FROM D.S.ALL_OF";
        (await (await bench.As("READER")).QueryAsync(query)).ShouldSucceed().Rows.ShouldBe([[masked]]);
        (await (await bench.As("CHIEF")).QueryAsync(query)).ShouldSucceed().Rows.ShouldBe([[clear]]);
    }

    [Theory]
    [InlineData("SELECT D.GOV.KIND(T), D.GOV.KIND(N), D.GOV.KIND(F), D.GOV.KIND(B), D.GOV.KIND(D), D.GOV.KIND(M), D.GOV.KIND(X) FROM D.S.ALL_OF", "VARCHAR,NUMBER,FLOAT,BOOLEAN,DATE,TIME,BINARY")]
    [InlineData("SELECT D.GOV.KIND(NTZ), D.GOV.KIND(LTZ), D.GOV.KIND(q.TZ), D.GOV.KIND(V), D.GOV.KIND(A), D.GOV.KIND(q.\"O\") FROM D.S.ALL_OF q", "TIMESTAMP_NTZ,TIMESTAMP_LTZ,TIMESTAMP_TZ,VARIANT,ARRAY,OBJECT")]
    [InlineData("SELECT D.GOV.KIND(T || 'x'), D.GOV.KIND(N + 1), D.GOV.KIND(N / 2), D.GOV.KIND(NOT B), D.GOV.KIND(T = 'a'), D.GOV.KIND(DATEADD(day, 1, D)), D.GOV.KIND(LENGTH(T)) FROM D.S.ALL_OF", "VARCHAR,NUMBER,NUMBER,BOOLEAN,BOOLEAN,DATE,NUMBER")]
    [InlineData("SELECT D.GOV.KIND('a'), D.GOV.KIND(1), D.GOV.KIND(1.5), D.GOV.KIND(-1), D.GOV.KIND(1e3), D.GOV.KIND(TRUE), D.GOV.KIND(CURRENT_DATE())", "VARCHAR,NUMBER,NUMBER,NUMBER,FLOAT,BOOLEAN,DATE")]
    [InlineData("SELECT D.GOV.KIND('1'::NUMBER(5,1)), D.GOV.KIND(CAST('2026-01-01' AS DATE)), D.GOV.KIND((1)::VARCHAR(3)), D.GOV.KIND(1 || 'a'::VARCHAR), D.GOV.KIND(NULL::BOOLEAN)", "NUMBER,DATE,VARCHAR,VARCHAR,BOOLEAN")]
    [InlineData("SELECT D.GOV.KIND(PARSE_JSON('1')), D.GOV.KIND(ARRAY_CONSTRUCT(1)), D.GOV.KIND(TO_OBJECT(PARSE_JSON('{}'))), D.GOV.KIND(ARRAY_AGG(T)), D.GOV.KIND(1::VARIANT) FROM D.S.ALL_OF", "VARIANT,ARRAY,OBJECT,ARRAY,VARIANT")]
    [InlineData("SELECT D.GOV.KIND(CASE WHEN B THEN N ELSE NULL END), D.GOV.KIND(CASE WHEN B THEN 1 ELSE 2.55 END), D.GOV.KIND(COALESCE(T, NULL, 'a long literal')), D.GOV.KIND(IFF(B, NULL, D)) FROM D.S.ALL_OF", "NUMBER,NUMBER,VARCHAR,DATE")]
    [InlineData("SELECT D.GOV.ADD5(1), D.GOV.ADD5('1'), D.GOV.ADD5('hello'), D.GOV.ADD5(TO_DATE('2014-01-01')), D.GOV.ADD5(N => 1), D.GOV.ADD5(S => '1')", "6,15,hello5,2014-01-015,6,15")]
    [InlineData("SELECT D.GOV.ADD5(S => 1), D.GOV.ADD5(N => '1'), D.GOV.ADD5(S => NULL), D.GOV.ADD5(TRUE)", "15,6,,true5")]
    [InlineData("SELECT D.GOV.TWO(1, 'a'), D.GOV.TWO(1, 2), D.GOV.TWO(1.5::FLOAT, 'a'), D.GOV.TWO('x', D), D.GOV.TWO(B => D, A => 'y') FROM D.S.ALL_OF", "1,1,1,x,y")]
    [InlineData("SELECT D.GOV.LATER(D)::VARCHAR, D.GOV.LATER(NTZ)::VARCHAR, D.GOV.LATER(D.GOV.LATER(D))::VARCHAR FROM D.S.ALL_OF", "2026-01-03,2026-01-02 01:00:00.000,2026-01-04")]
    [InlineData("SELECT D.GOV.KIND(D.GOV.KIND(N)), D.GOV.KIND(D.GOV.MASKED(B)), D.GOV.MASKED(D.GOV.KIND(D) = 'DATE'), D.GOV.KIND(D.GOV.ADD5(N + D.GOV.ADD5(1))) FROM D.S.ALL_OF", "VARCHAR,BOOLEAN,0,NUMBER")]
    [InlineData("SELECT D.GOV.PLAIN(D), D.GOV.PLAIN(B), D.GOV.COUNTED(T), D.GOV.COUNTED(1) FROM D.S.ALL_OF", "DATE,0,3,1")]
    [InlineData("SELECT D.GOV.ADD5(N), COUNT(*) FROM D.S.ALL_OF WHERE D.GOV.ADD5(T) = 'a5' GROUP BY D.GOV.ADD5(N) HAVING D.GOV.ADD5(MAX(T)) = 'a5' ORDER BY D.GOV.ADD5(N)", "6,1")]
    [InlineData("SELECT K FROM (SELECT D.GOV.KIND(c) AS K FROM (SELECT N AS c FROM D.S.ALL_OF)) UNION ALL SELECT D.GOV.KIND(c) FROM (SELECT T AS c FROM D.S.ALL_OF) ORDER BY 1 LIMIT 1", "NUMBER")]
    [InlineData("SELECT D.GOV.KIND(c) || (SELECT D.GOV.KIND(c) FROM (SELECT T AS c FROM D.S.ALL_OF)) FROM (SELECT B AS c FROM D.S.ALL_OF)", "BOOLEANVARCHAR")]
    [InlineData("WITH w AS (SELECT D.GOV.MASKED(T) AS t, D.GOV.MASKED(B) AS b FROM D.S.ALL_OF) SELECT t, b, D.GOV.KIND(b) FROM w WHERE EXISTS (SELECT 1 FROM D.S.PEOPLE p WHERE D.GOV.KIND(p.BORN) = 'DATE')", "***,0,BOOLEAN")]
    [InlineData("SELECT a.T FROM D.S.ALL_OF a JOIN D.S.ALL_OF b ON D.GOV.ADD5(a.T) = D.GOV.ADD5(b.T) AND D.GOV.ADD5(a.N) = D.GOV.ADD5(b.N)", "a")]
    public async Task A_call_means_the_overload_that_needs_no_coercion(string query, string row)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Open));
        string.Join(',', (await (await bench.As("READER")).QueryAsync(query)).ShouldSucceed().Rows[0]).ShouldBe(row);
    }

    /// <summary>Which of several coercions is preferred, and the words of the refusal, are not documented.</summary>
    [Theory]
    [InlineData("SELECT D.GOV.TWO(TRUE, ARRAY_CONSTRUCT())", "001044", "Invalid argument types for function 'TWO': (BOOLEAN, ARRAY)")]
    [InlineData("SELECT D.GOV.LATER(T = 'a') FROM D.S.ALL_OF", "001044", "Invalid argument types for function 'LATER': (BOOLEAN)")]
    [InlineData("SELECT D.GOV.LATER('2026-01-01')", "001044", "may mean")]
    [InlineData("SELECT D.GOV.KIND(NULL)", "001044", "may mean")]
    [InlineData("SELECT D.GOV.ADD5(V) FROM D.S.ALL_OF", "001044", "may mean")]
    [InlineData("SELECT D.GOV.ADD5(Q => 1)", "002141", "Unknown user-defined function")]
    [InlineData("SELECT D.GOV.ADD5(1, 2)", "002141", "Unknown user-defined function")]
    [InlineData("SELECT D.GOV.KIND(NOPE || 'a') FROM D.S.ALL_OF", "000904", "NOPE")]
    public async Task A_call_that_means_none_or_several_is_refused(string query, string code, string message)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Open));
        (await (await bench.As("READER")).QueryAsync(query)).ShouldFail(code).Message!.ShouldContain(message);
    }

    [Fact]
    public async Task Only_overloads_the_caller_may_use_are_looked_at()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With([.. Overloads, "GRANT USAGE ON SCHEMA D.GOV TO ROLE ANALYST", "GRANT USAGE ON FUNCTION D.GOV.KIND(VARCHAR) TO ROLE ANALYST"]));
        var reader = await bench.As("READER");
        (await reader.QueryAsync("SELECT D.GOV.KIND(T), D.GOV.KIND(N) FROM D.S.ALL_OF")).ShouldSucceed().Rows.ShouldBe([["VARCHAR", "VARCHAR"]]);
        (await reader.QueryAsync("SELECT D.GOV.KIND(A) FROM D.S.ALL_OF")).Success.ShouldBeFalse();
        var keeper = await bench.As("KEEPER");
        (await keeper.QueryAsync("REVOKE USAGE ON FUNCTION D.GOV.KIND(STRING) FROM ROLE ANALYST")).ShouldSucceed();
        (await keeper.QueryAsync("GRANT USAGE ON FUNCTION D.GOV.KIND(INT) TO ROLE ANALYST")).ShouldSucceed();
        (await reader.QueryAsync("SELECT D.GOV.KIND(N) FROM D.S.ALL_OF")).ShouldSucceed().Rows.ShouldBe([["NUMBER"]]);
        (await reader.QueryAsync("SELECT D.GOV.KIND(D) FROM D.S.ALL_OF")).Success.ShouldBeFalse();
    }

    [Theory]
    [InlineData("CREATE ROW ACCESS POLICY D.GOV.R AS (V NUMBER) RETURNS BOOLEAN -> D.GOV.SHOWN(V)", "ID", 2)]
    [InlineData("CREATE ROW ACCESS POLICY D.GOV.R AS (V VARCHAR) RETURNS BOOLEAN -> SHOWN(V) = 'EU!'", "REGION", 2)]
    [InlineData("CREATE ROW ACCESS POLICY D.GOV.R AS (V VARCHAR) RETURNS BOOLEAN -> EXISTS (SELECT 1 FROM D.GOV.ENTITLED WHERE SHOWN(REGION) = SHOWN(V) AND USER_NAME = CURRENT_USER())", "REGION", 2)]
    [InlineData("CREATE ROW ACCESS POLICY D.GOV.R AS (V DATE) RETURNS BOOLEAN -> CASE WHEN V IS NULL THEN FALSE ELSE SHOWN(YEAR(V) - 1985) END", "BORN", 3)]
    public async Task A_row_access_policy_calls_overloads(string policy, string column, int rows)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "CREATE FUNCTION D.GOV.SHOWN(V VARCHAR) RETURNS VARCHAR AS 'V || ''!'''", column == "ID" ? "CREATE FUNCTION D.GOV.SHOWN(V NUMBER) RETURNS BOOLEAN AS 'V > 2'" : "CREATE FUNCTION D.GOV.SHOWN(V NUMBER) RETURNS BOOLEAN AS 'V >= 0'",
            policy, $"ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.R ON ({column})"));
        (await (await bench.As("READER")).QueryAsync("SELECT ID FROM D.S.PEOPLE")).ShouldSucceed().Rows.Length.ShouldBe(rows);
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy: a conditional policy's owner owns the functions it calls.</summary>
    [Theory]
    [InlineData("D.S.SHORT(V)", true)]
    [InlineData("D.S.SHORT(R)::VARCHAR", false)]
    public async Task A_conditional_masks_owner_owns_the_overload_it_calls(string call, bool isOwned)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            "USE ROLE ACCOUNTADMIN", "CREATE FUNCTION D.S.SHORT(A VARCHAR) RETURNS VARCHAR AS 'LEFT(A, 1)'", "CREATE FUNCTION D.S.SHORT(A NUMBER) RETURNS NUMBER AS 'A'",
            "GRANT OWNERSHIP ON FUNCTION D.S.SHORT(VARCHAR) TO ROLE GOVERNOR", "GRANT USAGE ON FUNCTION D.S.SHORT(NUMBER) TO ROLE GOVERNOR"));
        var made = await (await bench.As("KEEPER")).QueryAsync($"CREATE MASKING POLICY D.GOV.M AS (V VARCHAR, R NUMBER) RETURNS VARCHAR -> {call}");
        made.Success.ShouldBe(isOwned, made.Body);
    }

    [Fact]
    public async Task Changes_and_copies_call_overloads()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With([.. Overloads, "USE ROLE ACCOUNTADMIN"]));
        await bench.Run(
            "CREATE TABLE D.S.KINDS AS SELECT D.GOV.MASKED(T) AS T, D.GOV.MASKED(B) AS B, D.GOV.ADD5(N) AS N FROM D.S.ALL_OF", "CREATE VIEW D.S.SEEN AS SELECT D.GOV.MASKED(D) AS D, D.GOV.KIND(D) AS K FROM D.S.ALL_OF",
            "INSERT INTO D.S.KINDS SELECT D.GOV.ADD5(T), NOT D.GOV.MASKED(B), D.GOV.ADD5(N) FROM D.S.KINDS", "UPDATE D.S.KINDS SET T = D.GOV.ADD5(T) WHERE D.GOV.ADD5(N) = 16", "DELETE FROM D.S.KINDS WHERE D.GOV.ADD5(T) = '***5'",
            "MERGE INTO D.S.KINDS k USING (SELECT D.GOV.ADD5(ID) AS N FROM D.S.PEOPLE) p ON D.GOV.ADD5(k.N) = D.GOV.ADD5(p.N + 5) WHEN MATCHED THEN UPDATE SET T = D.GOV.ADD5('m')");
        (await bench.Admin.QueryAsync("SELECT T, B, N FROM D.S.KINDS")).ShouldSucceed().Rows.ShouldBe([["m5", "1", "11"]]);
        (await bench.Admin.QueryAsync("DESCRIBE VIEW D.S.SEEN")).ShouldSucceed().Column("type").ShouldBe(["DATE", "VARCHAR(16777216)"]);
    }

    [Fact]
    public async Task An_overload_is_described_granted_on_and_dropped_alone()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With([.. Overloads, "GRANT USAGE ON SCHEMA D.GOV TO ROLE ANALYST"]));
        var keeper = await bench.As("KEEPER");
        (await keeper.QueryAsync("DESCRIBE FUNCTION D.GOV.MASKED(BOOLEAN)")).ShouldSucceed().Rows.ShouldContain(row => row[0] == "body" && row[1] == "FALSE");
        (await keeper.QueryAsync("DESCRIBE FUNCTION D.GOV.MASKED(NUMBER(10,2))")).ShouldSucceed().Rows.ShouldContain(row => row[0] == "body" && row[1] == "0");
        (await keeper.QueryAsync("GRANT USAGE ON FUNCTION D.GOV.MASKED(VARCHAR) TO ROLE ANALYST")).ShouldSucceed();
        (await keeper.QueryAsync("SHOW GRANTS ON FUNCTION D.GOV.MASKED(STRING)")).ShouldSucceed().Column("privilege").ShouldBe(["OWNERSHIP", "USAGE"]);
        (await keeper.QueryAsync("SHOW GRANTS ON FUNCTION D.GOV.MASKED(BOOLEAN)")).ShouldSucceed().Column("privilege").ShouldBe(["OWNERSHIP"]);
        (await keeper.QueryAsync("SHOW GRANTS TO ROLE ANALYST")).ShouldSucceed().Column("name").ShouldContain("D.GOV.\"MASKED(V VARCHAR):VARCHAR\"");
        (await keeper.QueryAsync("DROP FUNCTION D.GOV.MASKED(BOOLEAN)")).ShouldSucceed();
        (await keeper.QueryAsync("DROP FUNCTION D.GOV.MASKED(BOOLEAN)")).ShouldFail("002003");
        (await keeper.QueryAsync("DROP FUNCTION IF EXISTS D.GOV.MASKED(BOOLEAN)")).ShouldSucceed();
        (await keeper.QueryAsync("SHOW USER FUNCTIONS LIKE 'MASKED' IN SCHEMA D.GOV")).ShouldSucceed().Rows.Length.ShouldBe(Types.Length - 1);
        (await keeper.QueryAsync("SELECT D.GOV.MASKED('a')")).ShouldSucceed().Rows.ShouldBe([["***"]]);
    }

    [Fact]
    public async Task Tags_of_an_overload_are_its_own()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With([.. Overloads, "CREATE TAG D.GOV.G", "USE ROLE ACCOUNTADMIN"]));
        await bench.Run("ALTER FUNCTION D.GOV.KIND(VARCHAR) SET TAG D.GOV.G = 'x'");
        (await bench.Admin.QueryAsync("SELECT SYSTEM$GET_TAG('D.GOV.G', 'D.GOV.KIND(VARCHAR)', 'FUNCTION'), SYSTEM$GET_TAG('D.GOV.G', 'D.GOV.KIND(BOOLEAN)', 'FUNCTION')")).ShouldSucceed().Rows.ShouldBe([["x", null]]);
    }

    [Theory]
    [InlineData("DROP FUNCTION D.GOV.MASKED")]
    [InlineData("DESCRIBE FUNCTION D.GOV.MASKED")]
    [InlineData("GRANT USAGE ON FUNCTION D.GOV.MASKED TO ROLE ANALYST")]
    [InlineData("SHOW GRANTS ON FUNCTION D.GOV.MASKED")]
    public async Task A_function_is_named_with_the_types_of_its_arguments(string statement)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Overloads));
        (await (await bench.As("KEEPER")).QueryAsync(statement)).ShouldFail("001003");
    }
}
