using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Queries;

/// <summary>Expressions that masks and filters are written with; the pages named give the results.</summary>
public sealed class ExpressionTests
{
    [Theory]
    // https://docs.snowflake.com/en/sql-reference/functions/sha2
    [InlineData("SHA2('Snowflake', 256)", "1dbd59f661d68b90724f21084396b865497173e4d2714f4d91cf05fa5fc5e18d")]
    [InlineData("SHA2('Snowflake') = SHA2('Snowflake', 256)", "1")]
    [InlineData("LENGTH(SHA2('x', 512))", "128")]
    [InlineData("SHA2(NULL)", null)]
    [InlineData("MD5('Snowflake')", "edf1439075a83a447fb8b630ddc9c8de")]
    [InlineData("SHA1('Snowflake')", "fda76b0bcc1e87cf259b1d1e3271d76f590fb5dd")]
    // https://docs.snowflake.com/en/sql-reference/functions/hex_encode
    [InlineData("HEX_ENCODE('SNOW')", "534E4F57")]
    [InlineData("HEX_ENCODE('Hello', 0)", "48656c6c6f")]
    [InlineData("HEX_DECODE_STRING('534E4F57')", "SNOW")]
    // https://docs.snowflake.com/en/sql-reference/functions/left, right, substr, length, repeat, lpad
    [InlineData("LEFT('ABCDEF', 3)", "ABC")]
    [InlineData("RIGHT('ABCDEFG', 3)", "EFG")]
    [InlineData("LEFT('ABC', -1) || '|'", "|")]
    [InlineData("SUBSTR('testing 1 2 3', 9, 5)", "1 2 3")]
    [InlineData("SUBSTR('abc', -2)", "bc")]
    [InlineData("SUBSTRING('mystring', 3, 2)", "st")]
    [InlineData("SUBSTR(12345, 2, 2)", "23")]
    [InlineData("LENGTH('Joyeux Noël')", "11")]
    [InlineData("LENGTH(TO_BINARY('AABBCC'))", "3")]
    [InlineData("LEN(1234)", "4")]
    [InlineData("REPEAT('xy', 5)", "xyxyxyxyxy")]
    [InlineData("LPAD('123.456', 10, '0')", "000123.456")]
    [InlineData("LPAD('Hello', 3, '*')", "Hel")]
    [InlineData("RPAD(7, 3, '0')", "700")]
    // https://docs.snowflake.com/en/sql-reference/functions/concat: NULL where any argument is
    [InlineData("CONCAT('a', NULL, 'b')", null)]
    [InlineData("CONCAT('George', ' ', 'Washington')", "George Washington")]
    [InlineData("'a' || 1 || TRUE", "a1true")]
    [InlineData("CONCAT_WS(',', 'one', 'two', 'three')", "one,two,three")]
    // https://docs.snowflake.com/en/sql-reference/functions/regexp_replace, regexp_like
    [InlineData("REGEXP_REPLACE('Customers - (NY)', '\\\\(|\\\\)', '')", "Customers - NY")]
    [InlineData("REGEXP_REPLACE('It was the best of times, it was the worst of times', '( ){1,}', '')", "Itwasthebestoftimes,itwastheworstoftimes")]
    [InlineData("REGEXP_REPLACE('firstname middlename lastname', '(.*) (.*) (.*)', '\\\\3, \\\\1 \\\\2')", "lastname, firstname middlename")]
    [InlineData("REGEXP_LIKE('Sacramento', 'san.*')", "0")]
    [InlineData("REGEXP_LIKE('San Francisco', 'san.*', 'i')", "1")]
    [InlineData("REGEXP_LIKE('abc', 'b')", "0")]
    [InlineData("'abc' RLIKE 'a.c'", "1")]
    // https://docs.snowflake.com/en/sql-reference/functions/to_decimal, to_boolean, try_cast, to_char
    [InlineData("TO_NUMBER('12.3456')", "12")]
    [InlineData("TO_NUMBER('98.76546', 10, 1)", "98.8")]
    [InlineData("TO_NUMBER('12.3456', 10, 2)", "12.35")]
    [InlineData("TRY_TO_NUMBER('12.3456x')", null)]
    [InlineData("TO_BOOLEAN('yes')", "1")]
    [InlineData("TO_BOOLEAN('off')", "0")]
    [InlineData("TRY_TO_BOOLEAN('maybe')", null)]
    [InlineData("TRY_CAST('05-Mar-2016' AS INT)", null)]
    [InlineData("TRY_TO_DATE('x')", null)]
    [InlineData("TO_VARCHAR('2013-04-05 01:02:03'::TIMESTAMP)", "2013-04-05 01:02:03.000")]
    [InlineData("TO_VARCHAR('2013-04-05'::DATE, 'YYYY/MM/DD')", "2013/04/05")]
    [InlineData("TO_CHAR(12.50::NUMBER(10,2))", "12.50")]
    [InlineData("TO_VARCHAR(1.0::FLOAT)", "1")]
    [InlineData("TO_VARCHAR(TO_BINARY('aabb'))", "AABB")]
    [InlineData("CAST(2.5::FLOAT AS NUMBER)", "3")]
    [InlineData("'1.6'::NUMBER", "2")]
    [InlineData("1.6::NUMBER::VARCHAR || 'x'", "2x")]
    [InlineData("(1 + 2)::VARCHAR || CASE WHEN TRUE THEN 4 END::VARCHAR", "34")]
    [InlineData("DATE '2026-01-02'::VARCHAR", "2026-01-02")]
    [InlineData("TRUE::VARCHAR", "true")]
    // https://docs.snowflake.com/en/sql-reference/functions/date_trunc, round, floor, trunc
    [InlineData("DATE_TRUNC('month', '2015-05-08'::DATE)::DATE::VARCHAR", "2015-05-01")]
    // https://docs.snowflake.com/en/sql-reference/functions/date_trunc: what is truncated stays of its type.
    [InlineData("DATE_TRUNC('month', '2015-05-08'::DATE)::VARCHAR", "2015-05-01")]
    [InlineData("DATE_TRUNC(week, '2015-05-08'::DATE)::VARCHAR", "2015-05-04")]
    [InlineData("TRUNC('2015-05-08'::DATE, 'quarter')::VARCHAR", "2015-04-01")]
    [InlineData("DATE_TRUNC('hour', '10:11:12'::TIME)::VARCHAR", "10:00:00")]
    [InlineData("DATE_TRUNC('day', '2015-05-08 23:39:20'::TIMESTAMP)::VARCHAR", "2015-05-08 00:00:00.000")]
    [InlineData("DATE_TRUNC(year, '2015-05-08 23:39:20'::TIMESTAMP)::VARCHAR", "2015-01-01 00:00:00.000")]
    [InlineData("DATEADD(day, 3, '2026-01-30'::DATE)::VARCHAR", "2026-02-02")]
    [InlineData("ROUND(135.135, 2)::VARCHAR", "135.14")]
    [InlineData("ROUND(-2.5)", "-3")]
    [InlineData("FLOOR(-975.975)", "-976")]
    [InlineData("TRUNC(975.975, 1)", "975.9")]
    [InlineData("10 / 4", "2.500000")]
    [InlineData("7 % 4", "3")]
    // https://docs.snowflake.com/en/sql-reference/functions/iff, coalesce, nvl, equal_null, greatest
    [InlineData("IFF(NULL, 'a', 'b')", "b")]
    [InlineData("COALESCE(NULL, NULL, 3)", "3")]
    [InlineData("NVL(NULL, 'x') || NVL2('a', 'b', 'c')", "xb")]
    [InlineData("EQUAL_NULL(NULL, NULL)", "1")]
    [InlineData("NULL = NULL", null)]
    [InlineData("GREATEST(1, NULL)", null)]
    [InlineData("DECODE(2, 1, 'one', 2, 'two', 'other') || DECODE(NULL, NULL, 'null')", "twonull")]
    [InlineData("1 IS DISTINCT FROM NULL", "1")]
    [InlineData("'a_c' LIKE 'a^_c' ESCAPE '^'", "1")]
    [InlineData("'JOHN' ILIKE '%j%h%^_do%' ESCAPE '^'", "0")]
    [InlineData("3 NOT IN (1, NULL)", null)]
    [InlineData("NOT NULL", null)]
    [InlineData("2 BETWEEN 1 AND 2", "1")]
    // https://docs.snowflake.com/en/sql-reference/functions/array_contains
    [InlineData("ARRAY_CONTAINS('hello'::VARIANT, ARRAY_CONSTRUCT('hello', 'hi'))", "1")]
    [InlineData("ARRAY_CONTAINS('hello'::VARIANT, ARRAY_CONSTRUCT('hola', 'bonjour'))", "0")]
    [InlineData("ARRAY_SIZE(SPLIT('a,b,c', ','))", "3")]
    // https://docs.snowflake.com/en/sql-reference/data-type-conversion
    [InlineData("'5' = 5", "1")]
    [InlineData("'2026-01-02' = '2026-01-02'::DATE", "1")]
    [InlineData("'2026-01-02'::DATE < '2026-01-02 00:00:01'::TIMESTAMP_NTZ", "1")]
    [InlineData("'2026-01-02 12:00:00 +02:00'::TIMESTAMP_TZ = '2026-01-02 10:00:00 +00:00'::TIMESTAMP_TZ", "1")]
    [InlineData("1 = 1.0", "1")]
    [InlineData("TO_BINARY('AA') = TO_BINARY('aa')", "1")]
    public async Task An_expression_has_the_documented_value(string expression, string? value)
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty });
        (await bench.Admin.QueryAsync($"SELECT {expression} AS X")).ShouldSucceed().Rows.ShouldBe([[value]]);
    }

    [Theory]
    [InlineData("1 / 0", "100051")]
    [InlineData("TO_BOOLEAN('maybe')", "100037")]
    [InlineData("'x' = 5", "100038")]
    [InlineData("LEFT('a')", "000938")]
    [InlineData("TO_NUMBER('1', '999')", "000002")]
    public async Task An_expression_fails_as_documented(string expression, string code)
    {
        await using var bench = await Bench.StartAsync(new() { Catalog = SnowflakeSandboxCatalog.Empty });
        (await bench.Admin.QueryAsync($"SELECT {expression} AS X")).ShouldFail(code);
    }
}
