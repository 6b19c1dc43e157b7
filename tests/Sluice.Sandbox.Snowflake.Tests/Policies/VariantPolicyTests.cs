using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Policies;

/// <summary>Policies that read what is known of a person from a VARIANT, and the functions they are written with.</summary>
public sealed class VariantPolicyTests
{
    private static readonly string[] Known =
    [
        "CREATE TABLE D.GOV.KNOWN (IDENTITY VARCHAR, KNOWN VARIANT)",
        """
        CREATE FUNCTION D.GOV.F(NAME VARCHAR, KIND VARCHAR) RETURNS ARRAY MEMOIZABLE AS
          'GET(GET(GET((SELECT ANY_VALUE(e.KNOWN) FROM D.GOV.KNOWN e WHERE e.IDENTITY = CURRENT_USER()), ''attributes''), NAME), KIND)::ARRAY'
        """,
        """
        CREATE FUNCTION D.GOV.G(NAME VARCHAR) RETURNS BOOLEAN MEMOIZABLE AS
          'GET(GET((SELECT ANY_VALUE(e.KNOWN) FROM D.GOV.KNOWN e WHERE e.IDENTITY = CURRENT_USER()), ''groups''), NAME)::BOOLEAN'
        """,
        """
        CREATE ROW ACCESS POLICY D.GOV.P AS (A VARCHAR) RETURNS BOOLEAN -> CASE WHEN A IS NULL THEN NULL
          WHEN ARRAY_CONTAINS(A::VARIANT, D.GOV.F('Region', 'all')) THEN TRUE WHEN NOT ARRAY_CONTAINS(A::VARIANT, D.GOV.F('Region', 'some')) THEN FALSE END
        """,
        "ALTER TABLE D.S.PEOPLE ADD ROW ACCESS POLICY D.GOV.P ON (REGION)",
    ];

    private const string Merge =
        """
        MERGE INTO D.GOV.KNOWN t USING (SELECT COLUMN1 AS I, COLUMN2 AS K FROM VALUES (?, ?), (?, ?)) s ON t.IDENTITY = s.I
        WHEN MATCHED THEN UPDATE SET KNOWN = PARSE_JSON(s.K) WHEN NOT MATCHED THEN INSERT (IDENTITY, KNOWN) VALUES (s.I, PARSE_JSON(s.K))
        """;

    private static object Binds(params string[] values) => new { bindings = values.Select((value, index) => (index, value)).ToDictionary(pair => $"{pair.index + 1}", pair => new { type = "TEXT", pair.value }) };

    [Fact]
    public async Task A_person_sees_the_rows_of_the_regions_known_of_them()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(Known));
        var (reader, chief, keeper) = (await bench.As("READER"), await bench.As("CHIEF"), await bench.As("KEEPER"));
        const string Ids = "SELECT ID FROM D.S.PEOPLE ORDER BY ID";
        (await reader.QueryAsync(Ids)).ShouldSucceed().Rows.ShouldBeEmpty();
        const string Europe = """{"attributes": {"Region": {"all": ["EU"], "some": ["EU"]}}, "groups": {"Größe \"1\".a": true}}""";
        (await keeper.QueryAsync(Merge, Binds("READER", Europe, "OTHER", "{}"))).ShouldSucceed().Rows.ShouldBe([["2", "0"]]);
        (await reader.QueryAsync(Ids)).ShouldSucceed().Rows.ShouldBe([["1"], ["3"]]);
        (await chief.QueryAsync(Ids)).ShouldSucceed().Rows.ShouldBeEmpty();
        (await keeper.QueryAsync(Merge, Binds("READER", """{"attributes": {"Region": {"all": ["US", "it's"]}}}""", "CHIEF", Europe))).ShouldSucceed().Rows.ShouldBe([["1", "1"]]);
        (await reader.QueryAsync(Ids)).ShouldSucceed().Rows.ShouldBe([["2"]]);
        (await chief.QueryAsync(Ids)).ShouldSucceed().Rows.ShouldBe([["1"], ["3"]]);
        (await keeper.QueryAsync("SELECT IDENTITY, TO_JSON(KNOWN) FROM D.GOV.KNOWN WHERE IDENTITY = 'OTHER'")).ShouldSucceed().Rows.ShouldBe([["OTHER", "{}"]]);
    }

    [Fact]
    public async Task A_mask_asks_for_a_group_by_its_exact_name()
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            [
                .. Known, "ALTER TABLE D.S.PEOPLE DROP ROW ACCESS POLICY D.GOV.P",
                "CREATE MASKING POLICY D.GOV.M AS (V VARCHAR) RETURNS VARCHAR -> CASE WHEN D.GOV.G('Größe \"1\".a') THEN V WHEN NOT D.GOV.G('größe \"1\".a') THEN 'no' END",
                "ALTER TABLE D.S.PEOPLE MODIFY COLUMN NAME SET MASKING POLICY D.GOV.M",
                "INSERT INTO D.GOV.KNOWN SELECT 'READER', PARSE_JSON('{\"groups\": {\"Größe \\\\\"1\\\\\".a\": true}}')",
                "INSERT INTO D.GOV.KNOWN SELECT 'CHIEF', PARSE_JSON('{\"groups\": {\"größe \\\\\"1\\\\\".a\": false}}')",
            ]));
        const string Name = "SELECT NAME FROM D.S.PEOPLE WHERE ID = 1";
        (await (await bench.As("READER")).QueryAsync(Name)).ShouldSucceed().Rows.ShouldBe([["Ada"]]);
        (await (await bench.As("CHIEF")).QueryAsync(Name)).ShouldSucceed().Rows.ShouldBe([["no"]]);
        (await bench.Admin.QueryAsync(Name)).ShouldSucceed().Rows.ShouldBe([[null]]);
    }

    /// <summary>Each in the body of a mask over 'ada@x.example'; the pages of the functions give the results.</summary>
    [Theory]
    [InlineData("IFF(CONTAINS(V, '@x'), 'yes', 'no')", "yes")]
    [InlineData("IFF(STARTSWITH(V, 'Ada'), 'yes', 'no')", "no")]
    [InlineData("IFF(ENDSWITH(V, '.example'), 'yes', 'no')", "yes")]
    [InlineData("RTRIM(V, 'elp')", "ada@x.exam")]
    [InlineData("LTRIM(V, 'ad')", "@x.example")]
    [InlineData("TRIM(V, 'ae')", "da@x.exampl")]
    [InlineData("TRIM('  ' || V || ' ')", "ada@x.example")]
    [InlineData("ABS(-LENGTH(V))::VARCHAR", "13")]
    [InlineData("MOD(LENGTH(V), 5)::VARCHAR", "3")]
    [InlineData("MOD(MOD(-7, 5) + 5, 5)::VARCHAR", "3")]
    [InlineData("TO_VARCHAR(DATEADD('day', -1, '2026-03-01'::DATE))", "2026-02-28")]
    [InlineData("TO_VARCHAR(DATEADD(hour, 2, '2026-03-01 23:00:00'::TIMESTAMP_NTZ))", "2026-03-02 01:00:00.000")]
    [InlineData("TO_VARCHAR(CONVERT_TIMEZONE('America/Los_Angeles', 'America/New_York', '2024-01-01 14:00:00'::TIMESTAMP_NTZ))", "2024-01-01 17:00:00.000")]
    [InlineData("TO_VARCHAR(CONVERT_TIMEZONE('Europe/Warsaw', 'UTC', '2024-01-01 00:00:00'::TIMESTAMP_NTZ)::DATE)", "2023-12-31")]
    [InlineData("TO_VARCHAR(CONVERT_TIMEZONE('America/New_York', '2024-01-01 12:00:00 +00:00'::TIMESTAMP_TZ)::TIMESTAMP_NTZ)", "2024-01-01 07:00:00.000")]
    [InlineData("LEFT(SHA2(CONCAT('salt', V)), 4)", "fd8f")]
    [InlineData("TO_NUMBER('FF00ff', 'XXXXXXXX')::VARCHAR", "16711935")]
    [InlineData("MOD(TO_NUMBER(SUBSTR(SHA2(V), 1, 8), 'XXXXXXXX'), 100)::VARCHAR", "87")]
    [InlineData("IFF(V LIKE 'ada\\\\_%', 'yes', 'no') || IFF(V LIKE 'a_a@%', 'yes', 'no')", "noyes")]
    [InlineData("IFF(COALESCE(NULL, V = 'x', TRUE), 'yes', 'no')", "no")]
    [InlineData("IFF(COALESCE(NULL::BOOLEAN, FALSE) OR IFF(V IS NULL, FALSE, TRUE), V, NULL)", "ada@x.example")]
    public async Task A_body_uses_the_function(string body, string value)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            $"CREATE MASKING POLICY D.GOV.M AS (V VARCHAR) RETURNS VARCHAR -> {body}", "ALTER TABLE D.S.PEOPLE MODIFY COLUMN EMAIL SET MASKING POLICY D.GOV.M"));
        (await (await bench.As("READER")).QueryAsync("SELECT EMAIL FROM D.S.PEOPLE WHERE ID = 1")).ShouldSucceed().Rows.ShouldBe([[value]]);
    }

    /// <summary>A mask returns its column's type (https://docs.snowflake.com/en/sql-reference/sql/create-masking-policy).</summary>
    [Theory]
    [InlineData("NUMBER(20,4)", "12.5", "IFF(V > 0, V, NULL)", "12.5000", "fixed", 4)]
    [InlineData("NUMBER(20,4)", "12.5", "0", "0.0000", "fixed", 4)]
    [InlineData("DATE", "'2026-03-05'", "DATE_TRUNC('year', V)", "20454", "date", null)]
    [InlineData("BOOLEAN", "TRUE", "NOT V", "0", "boolean", null)]
    [InlineData("TIMESTAMP_NTZ", "'2026-03-05 10:11:12'", "DATE_TRUNC('hour', V)", "1772704800.000000000", "timestamp_ntz", 9)]
    [InlineData("DATE", "'2026-03-05'", "NULL", null, "date", null)]
    [InlineData("VARIANT", "NULL", "PARSE_JSON('{\"a\":1}')", "{\"a\":1}", null, null)]
    public async Task A_mask_keeps_the_columns_type(string type, string stored, string body, string? value, string? wire, int? scale)
    {
        await using var bench = await Bench.StartAsync(PolicyScene.With(
            $"CREATE TABLE D.GOV.TYPED (C {type})", $"INSERT INTO D.GOV.TYPED SELECT {stored}", $"CREATE MASKING POLICY D.GOV.M AS (V {type}) RETURNS {type} -> {body}",
            "ALTER TABLE D.GOV.TYPED MODIFY COLUMN C SET MASKING POLICY D.GOV.M"));
        var answer = (await (await bench.As("KEEPER")).QueryAsync("SELECT C FROM D.GOV.TYPED")).ShouldSucceed();
        answer.Rows.ShouldBe([[value]]);
        var column = answer.Data.GetProperty("rowtype")[0];
        if (wire is not null) column.GetProperty("type").GetString().ShouldBe(wire);
        if (scale is { } digits) column.GetProperty("scale").GetInt32().ShouldBe(digits);
    }

    [Theory]
    [InlineData("SHOW MASKING POLICIES")]
    [InlineData("SHOW MASKING POLICIES IN ACCOUNT")]
    [InlineData("SHOW ROW ACCESS POLICIES")]
    public async Task The_standard_edition_has_no_policies(string show)
    {
        await using var standard = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty, Edition = SnowflakeEdition.Standard });
        (await standard.Admin.QueryAsync(show)).ShouldFail("000002");
        await using var enterprise = await Bench.StartAsync();
        (await enterprise.Admin.QueryAsync(show)).ShouldSucceed();
    }
}
