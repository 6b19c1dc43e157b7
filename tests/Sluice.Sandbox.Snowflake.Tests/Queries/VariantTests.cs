using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Queries;

/// <summary>https://docs.snowflake.com/en/sql-reference/data-types-semistructured and the pages of the functions named.</summary>
public sealed class VariantTests
{
    private static readonly SnowflakeSandboxOptions Scene = new()
    {
        Catalog = SnowflakeSandboxCatalog.Empty,
        Setup = ["USE ROLE ACCOUNTADMIN", "CREATE DATABASE D", "CREATE TABLE D.PUBLIC.T (ID NUMBER, V VARIANT)"],
    };

    [Theory]
    // https://docs.snowflake.com/en/sql-reference/functions/parse_json, try_parse_json, to_json
    [InlineData("PARSE_JSON('')", null)]
    [InlineData("PARSE_JSON('  ') IS NULL", "1")]
    [InlineData("PARSE_JSON(NULL)", null)]
    [InlineData("TRY_PARSE_JSON('{ \"bad\" : \"json\", ')", null)]
    [InlineData("TO_JSON(PARSE_JSON('{ \"a\": [1, \"x\", null] }'))", "{\"a\":[1,\"x\",null]}")]
    [InlineData("TO_JSON('x'::VARIANT)", "\"x\"")]
    [InlineData("TO_JSON(PARSE_JSON('null'))", "null")]
    [InlineData("TO_JSON(NULL)", null)]
    // https://docs.snowflake.com/en/sql-reference/functions/get: the field's name is exact in its case, an array is counted from 0
    [InlineData("GET(PARSE_JSON('{\"aa\":1, \"aA\":2, \"Aa\":3}'), 'aA')", "2")]
    [InlineData("GET(PARSE_JSON('{\"aa\":1, \"aA\":2, \"Aa\":3}'), 'AA')", null)]
    [InlineData("GET(PARSE_JSON('{\"a.b\":1}'), 'a.b')", "1")]
    [InlineData("GET(PARSE_JSON('{\"c\\\\\"d''s\":2}'), 'c\"d''s')", "2")]
    [InlineData("GET(PARSE_JSON('{\"/e ~f~1 [0]\":3}'), '/e ~f~1 [0]')", "3")]
    [InlineData("GET(PARSE_JSON('{\"Größe 名\":4}'), 'Größe 名')", "4")]
    [InlineData("GET(PARSE_JSON('{\"\":5, \"0\":6}'), '')", "5")]
    [InlineData("GET(PARSE_JSON('{\"\":5, \"0\":6}'), '0')", "6")]
    [InlineData("GET(ARRAY_CONSTRUCT(1, 'x'), 1)", "\"x\"")]
    [InlineData("GET(PARSE_JSON('[1, 2]'), 2)", null)]
    [InlineData("GET(PARSE_JSON('[1, 2]'), '0')", null)]
    [InlineData("GET(NULL, 'a')", null)]
    [InlineData("GET(PARSE_JSON('{\"a\":1}'), NULL)", null)]
    // https://docs.snowflake.com/en/sql-reference/functions/get_path
    [InlineData("GET_PATH(PARSE_JSON('{\"a\":{\"b\":[7, {\"c d\":8}]}}'), 'a.b[0]')", "7")]
    [InlineData("GET_PATH(PARSE_JSON('{\"a\":{\"b\":[7, {\"c d\":8}]}}'), 'a.b[1][\"c d\"]')", "8")]
    [InlineData("GET_PATH(PARSE_JSON('{\"a\":{\"b\":1}}'), 'a.x.y')", null)]
    // https://docs.snowflake.com/en/sql-reference/functions/object_keys, is_null_value, typeof, array_size
    [InlineData("ARRAY_SIZE(OBJECT_KEYS(PARSE_JSON('{\"a\":1,\"b\":2}')))", "2")]
    [InlineData("ARRAY_CONTAINS('b'::VARIANT, OBJECT_KEYS(PARSE_JSON('{\"a\":1,\"b\":2}')))", "1")]
    [InlineData("IS_NULL_VALUE(GET(PARSE_JSON('{\"a\":null}'), 'a'))", "1")]
    [InlineData("IS_NULL_VALUE(GET(PARSE_JSON('{\"a\":null}'), 'b'))", null)]
    [InlineData("IS_NULL_VALUE(PARSE_JSON('1'))", "0")]
    [InlineData("TYPEOF(PARSE_JSON('null'))", "NULL_VALUE")]
    [InlineData("TYPEOF(PARSE_JSON('true'))", "BOOLEAN")]
    [InlineData("TYPEOF(PARSE_JSON('-17'))", "INTEGER")]
    [InlineData("TYPEOF(PARSE_JSON('123.12'))", "DECIMAL")]
    [InlineData("TYPEOF(PARSE_JSON('1.912e2'))", "DOUBLE")]
    [InlineData("TYPEOF('x'::VARIANT)", "VARCHAR")]
    [InlineData("TYPEOF(PARSE_JSON('[]')) || TYPEOF(PARSE_JSON('{}'))", "ARRAYOBJECT")]
    [InlineData("TYPEOF(NULL)", null)]
    // https://docs.snowflake.com/en/sql-reference/functions/array_contains
    [InlineData("ARRAY_CONTAINS('a\"é'::VARIANT, PARSE_JSON('[\"a\\\\\"\\\\u00e9\"]')::ARRAY)", "1")]
    [InlineData("ARRAY_CONTAINS('A'::VARIANT, PARSE_JSON('[\"a\"]')::ARRAY)", "0")]
    [InlineData("ARRAY_CONTAINS(1::VARIANT, ARRAY_CONSTRUCT('1', 2))", "0")]
    [InlineData("ARRAY_CONTAINS(2::VARIANT, ARRAY_CONSTRUCT('1', 2))", "1")]
    [InlineData("ARRAY_CONTAINS('a'::VARIANT, NULL::ARRAY)", null)]
    [InlineData("ARRAY_CONTAINS(NULL::VARIANT, ARRAY_CONSTRUCT('a'))", null)]
    // https://docs.snowflake.com/en/sql-reference/functions/array_agg: no rows make an empty array
    [InlineData("(SELECT ARRAY_AGG(COLUMN1) FROM VALUES ('a') WHERE FALSE)", "[]")]
    [InlineData("ARRAY_SIZE((SELECT ARRAY_AGG(COLUMN1) FROM VALUES ('a'), (NULL), ('b')))", "2")]
    // Casts: https://docs.snowflake.com/en/user-guide/querying-semistructured, https://docs.snowflake.com/en/sql-reference/functions/to_array
    [InlineData("PARSE_JSON('\"x\"')::VARCHAR", "x")]
    [InlineData("CAST(GET(PARSE_JSON('{\"a\":\"x\"}'), 'a') AS VARCHAR) || '!'", "x!")]
    [InlineData("PARSE_JSON('null')::VARCHAR", null)]
    [InlineData("GET(PARSE_JSON('{\"a\":null}'), 'a')::BOOLEAN", null)]
    [InlineData("GET(PARSE_JSON('{\"a\":null}'), 'b')::BOOLEAN", null)]
    [InlineData("GET(PARSE_JSON('{\"a\":true}'), 'a')::BOOLEAN", "1")]
    [InlineData("PARSE_JSON('\"false\"')::BOOLEAN", "0")]
    [InlineData("PARSE_JSON('12')::NUMBER + 1", "13")]
    [InlineData("PARSE_JSON('\"1.25\"')::NUMBER(10,2)", "1.25")]
    [InlineData("PARSE_JSON('null')::NUMBER(10,2)", null)]
    [InlineData("PARSE_JSON('null')::ARRAY", null)]
    [InlineData("PARSE_JSON('\"x\"')::ARRAY", "[\"x\"]")]
    [InlineData("PARSE_JSON('[1]')::VARIANT::ARRAY", "[1]")]
    [InlineData("UPPER(PARSE_JSON('\"x\"'))", "X")]
    public async Task An_expression_has_the_documented_value(string expression, string? value)
    {
        await using var bench = await Bench.StartAsync(Scene);
        (await bench.Admin.QueryAsync($"SELECT {expression} AS X")).ShouldSucceed().Rows.ShouldBe([[value]]);
    }

    [Theory]
    [InlineData("PARSE_JSON('{bad')", "100069")]
    [InlineData("PARSE_JSON('\"maybe\"')::BOOLEAN", "100037")]
    [InlineData("PARSE_JSON('1')::OBJECT", "100071")]
    [InlineData("GET_PATH(PARSE_JSON('1'), 'a[')", "001008")]
    public async Task An_expression_fails_as_documented(string expression, string code)
    {
        await using var bench = await Bench.StartAsync(Scene);
        (await bench.Admin.QueryAsync($"SELECT {expression} AS X")).ShouldFail(code);
    }

    [Fact]
    public async Task A_table_keeps_variants()
    {
        await using var bench = await Bench.StartAsync(Scene);
        await bench.Run(
            "INSERT INTO D.PUBLIC.T SELECT 1, PARSE_JSON('{\"a\": \"x\", \"n\": null}')",
            "MERGE INTO D.PUBLIC.T t USING (SELECT COLUMN1 AS I, COLUMN2 AS K FROM VALUES (1, '{\"a\":\"y\"}'), (2, '[1,2]')) s ON t.ID = s.I "
            + "WHEN MATCHED THEN UPDATE SET V = PARSE_JSON(s.K) WHEN NOT MATCHED THEN INSERT (ID, V) VALUES (s.I, PARSE_JSON(s.K))",
            "CREATE TABLE D.PUBLIC.C AS SELECT ID, V FROM D.PUBLIC.T",
            "CREATE VIEW D.PUBLIC.W AS SELECT ID, V FROM D.PUBLIC.T",
            "INSERT INTO D.PUBLIC.T SELECT 3, NULL");
        (await bench.Admin.QueryAsync("INSERT INTO D.PUBLIC.T VALUES (4, PARSE_JSON('1'))")).ShouldFail("002014");
        (await bench.Admin.QueryAsync("SELECT TO_JSON(V), GET(V, 'a')::VARCHAR, TYPEOF(V) FROM D.PUBLIC.T ORDER BY ID")).ShouldSucceed().Rows
            .ShouldBe([["{\"a\":\"y\"}", "y", "OBJECT"], ["[1,2]", null, "ARRAY"], [null, null, null]]);
        foreach (var copy in (string[])["C", "W"])
        {
            (await bench.Admin.QueryAsync($"SELECT GET(V, 1) FROM D.PUBLIC.{copy} WHERE ID = 2")).ShouldSucceed().Rows.ShouldBe([["2"]]);
            (await bench.Admin.QueryAsync($"DESCRIBE {(copy == "W" ? "VIEW" : "TABLE")} D.PUBLIC.{copy}")).ShouldSucceed().Column("type")[1].ShouldBe("VARIANT");
        }
    }
}
