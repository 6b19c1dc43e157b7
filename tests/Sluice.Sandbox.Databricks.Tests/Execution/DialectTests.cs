namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>Results that the pages below https://docs.databricks.com/aws/en/sql/language-manual/functions/ show, each under its function's name.</summary>
public sealed class DialectTests
{
    [Theory]
    [InlineData("left('Spark SQL', 3)", "Spa")]
    [InlineData("right('Spark SQL', 3)", "SQL")]
    [InlineData("left('Spark SQL', -1) || right('Spark SQL', 0)", "")]
    [InlineData("substring('Spark SQL', 5)", "k SQL")]
    [InlineData("substring('Spark SQL', -3)", "SQL")]
    [InlineData("substring('Spark SQL', 5, 1)", "k")]
    [InlineData("substring('Spark SQL' FROM -10 FOR 5)", "Spar")]
    [InlineData("substr('Spark SQL', 0, 2)", "Sp")]
    [InlineData("substring_index('www.apache.org', '.', 2)", "www.apache")]
    [InlineData("lpad('hi', 5, 'ab')", "abahi")]
    [InlineData("lpad('hi', 1, '??')", "h")]
    [InlineData("lpad('hi', 5)", "   hi")]
    [InlineData("rpad('hi', 5, 'ab')", "hiaba")]
    [InlineData("repeat('123', 2)", "123123")]
    [InlineData("concat('Spark', 'SQL')", "SparkSQL")]
    [InlineData("concat('a', NULL)", null)]
    [InlineData("concat('a', 1, true)", "a1true")]
    [InlineData("concat(5)", "5")]
    [InlineData("'a' || NULL", null)]
    [InlineData("char_length('Spark SQL ')", "10")]
    [InlineData("length(x'537061726b')", "5")]
    [InlineData("locate('bar', 'foobarbar', 5)", "7")]
    [InlineData("initcap('sPark sql')", "Spark Sql")]
    [InlineData("regexp_replace('100-200', '(\\\\d+)', 'num')", "num-num")]
    [InlineData("regexp_replace('ab', '(a)(b)', '$2-$1')", "b-a")]
    [InlineData("regexp_replace('ÄäB', '(?siu)ä', 'x')", "xxB")]
    [InlineData("r'%SystemDrive%\\Users\\John' rlike r'%SystemDrive%\\\\Users.*'", "true")]
    [InlineData("'abc' RLIKE 'b' AND NOT 'abc' RLIKE '^b' AND 'abc' NOT RLIKE 'd' || 'e'", "true")]
    [InlineData("regexp_like('abc', 'b')", "true")]
    [InlineData("'Spark' LIKE '_park'", "true")]
    [InlineData("'a%b' LIKE 'a\\\\%b' AND NOT 'axb' LIKE 'a\\\\%b'", "true")]
    [InlineData("'%SystemDrive%/Users/John' like '/%SystemDrive/%//Users%' ESCAPE '/'", "true")]
    [InlineData("'Spark' ILIKE '_PARK'", "true")]
    [InlineData("'Spark' NOT LIKE 'S%' OR 'x' LIKE concat('x', '%')", "true")]
    [InlineData("sha2('Spark', 256)", "529bc3b07127ecb7e53a4dcf1991d9152c24537d919178022b2c42657f79a26b")]
    [InlineData("sha2('Spark', 0) = sha2('Spark', 256)", "true")]
    [InlineData("length(sha2('Spark', 512)) + length(sha2('Spark', 384))", "224")]
    [InlineData("hex(17)", "11")]
    [InlineData("hex('Spark SQL')", "537061726B2053514C")]
    [InlineData("mask('AbCD123-@$#')", "XxXXnnn-@$#")]
    [InlineData("mask('AbCD123-@$#', 'Q', 'q', 'd', 'o')", "QqQQdddoooo")]
    [InlineData("date_trunc('YEAR', '2015-03-05T09:32:05.359')", "2015-01-01T00:00:00.000Z")]
    [InlineData("date_trunc('MM', '2015-03-05T09:32:05.359')", "2015-03-01T00:00:00.000Z")]
    [InlineData("date_trunc('HOUR', TIMESTAMP '2015-03-05 09:32:05.359')", "2015-03-05T09:00:00.000Z")]
    [InlineData("date_trunc('nothing', '2015-03-05')", null)]
    [InlineData("trunc('2019-08-04', 'week')", "2019-07-29")]
    [InlineData("trunc('2009-02-12', 'MM')", "2009-02-01")]
    [InlineData("datediff('2009-07-31', '2009-07-30')", "1")]
    [InlineData("date_format('2016-04-08', 'yyyy-MM')", "2016-04")]
    [InlineData("round(2.5, 0)", "3")]
    [InlineData("cast(bround(2.5, 0) AS int) + cast(bround(3.5, 0) AS int)", "6")]
    [InlineData("floor(-0.1)", "-1")]
    [InlineData("ceil(5.4)", "6")]
    [InlineData("array_contains(array(1, 2, 3), 2)", "true")]
    [InlineData("array_contains(array(1, NULL, 3), 2)", null)]
    [InlineData("exists(array(1, 2, 3), x -> x % 2 == 0)", "true")]
    [InlineData("exists(array(1, 2, 3), x -> x % 2 == 10)", "false")]
    [InlineData("exists(array(1, NULL, 3), x -> x % 2 == 0)", null)]
    [InlineData("if(1 < 2, 'a', 'b') || nvl2(NULL, 'c', 'd') || coalesce(NULL, 'e') || nvl(NULL, 'f')", "adef")]
    [InlineData("CASE WHEN NULL THEN 1 ELSE 2 END", "2")]
    [InlineData("3 <=> NULL OR NOT (NULL <=> NULL)", "false")]
    [InlineData("NULL = NULL", null)]
    [InlineData("2 NOT IN (1, NULL)", null)]
    [InlineData("2 BETWEEN 1 AND 3 AND 'b' > 'a'", "true")]
    public async Task A_function_answers_as_its_page_shows(string expression, string? expected)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Rows($"SELECT {expression}")).ShouldHaveSingleItem().ShouldBe([expected]);
    }

    [Theory]
    [InlineData("cast(NULL AS INT)", null)]
    [InlineData("cast(5.6 AS INT)", "5")]
    [InlineData("cast(-5.6 AS INT)", "-5")]
    [InlineData("cast(' 123 ' AS BIGINT)", "123")]
    [InlineData("'20'::INTEGER + 1", "21")]
    [InlineData("substring('2026', 1, 2)::INT::STRING || 'x'", "20x")]
    [InlineData("try_cast('10' AS INT)", "10")]
    [InlineData("try_cast('a' AS INT)", null)]
    [InlineData("try_cast('1.5' AS INT)", null)]
    [InlineData("try_cast('2021-02-30' AS DATE)", null)]
    [InlineData("cast(1e10 AS STRING)", "1.0E10")]
    [InlineData("cast(cast(2 AS DOUBLE) AS STRING)", "2.0")]
    [InlineData("cast(cast(3.70 AS DECIMAL(5,2)) AS STRING)", "3.70")]
    [InlineData("cast(TIMESTAMP '2026-05-04 01:02:03' AS STRING)", "2026-05-04 01:02:03")]
    [InlineData("cast(true AS STRING) || cast('yes' AS BOOLEAN)", "truetrue")]
    [InlineData("cast('Spark' AS BINARY)", "U3Bhcms=")]
    [InlineData("cast(cast('Spark' AS BINARY) AS STRING)", "Spark")]
    [InlineData("int('7') + bigint('8')", "15")]
    [InlineData("string(DATE '2026-05-04')", "2026-05-04")]
    [InlineData("cast('2026-05-04' AS DATE) = DATE '2026-05-04'", "true")]
    [InlineData("cast(0 AS TIMESTAMP)", "1970-01-01T00:00:00.000Z")]
    [InlineData("3 / 2", "1.5")]
    [InlineData("7 DIV 2", "3")]
    [InlineData("concat('1', '2') + 1", "13")]
    [InlineData("concat('1', '2') * 2.5", "30.0")]
    [InlineData("3 - concat('1')", "2")]
    [InlineData("- concat('1', '2') / concat('4')", "-3.0")]
    [InlineData("5 = '5' AND '10' > 9", "true")]
    public async Task A_cast_answers_as_its_page_shows(string expression, string? expected)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Rows($"SELECT {expression}")).ShouldHaveSingleItem().ShouldBe([expected]);
    }

    // https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-ansi-compliance
    [Theory]
    [InlineData("1 / 0", "DIVIDE_BY_ZERO", "22012")]
    [InlineData("1 % 0", "REMAINDER_BY_ZERO", "22012")]
    [InlineData("cast('1.5' AS INT)", "CAST_INVALID_INPUT", "22018")]
    [InlineData("cast('maybe' AS BOOLEAN)", "CAST_INVALID_INPUT", "22018")]
    [InlineData("cast('x' AS DATE)", "CAST_INVALID_INPUT", "22018")]
    [InlineData("cast(128 AS TINYINT)", "CAST_OVERFLOW", "22003")]
    [InlineData("cast(2147483647 AS INT) + cast(1 AS INT)", "ARITHMETIC_OVERFLOW", "22003")]
    [InlineData("hash('a')", "UNSUPPORTED_FEATURE", "0A000")]
    [InlineData("sha2('a', 224)", "UNSUPPORTED_FEATURE", "0A000")]
    public async Task What_has_no_result_fails(string expression, string condition, string state)
    {
        await using var bench = await Bench.StartAsync();
        var failure = await bench.Engineer.Fails($"SELECT {expression}");
        failure.Message.ShouldStartWith($"[{condition}]");
        failure.SqlState.ShouldBe(state);
    }
}
