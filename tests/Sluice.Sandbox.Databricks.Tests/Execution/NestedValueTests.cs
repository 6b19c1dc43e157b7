namespace Sluice.Sandbox.Databricks.Tests.Execution;

/// <summary>JSON, maps and structs, each by its function's page below https://docs.databricks.com/aws/en/sql/language-manual/functions/.</summary>
public sealed class NestedValueTests
{
    [Theory]
    // …/from_json: fields are known by their exact name, and what is malformed is NULL.
    [InlineData("from_json('{\"a\":1, \"b\":0.8}', 'a INT, b DOUBLE')", "{\"a\":1,\"b\":0.8}")]
    [InlineData("from_json('{\"a\":1}', 'STRUCT<a: INT, b: ARRAY<MAP<STRING, STRUCT<c: INT>>>>')", "{\"a\":1,\"b\":null}")]
    [InlineData("from_json('{\"b\":[{\"x\":{\"c\":7}}, null]}', 'b ARRAY<MAP<STRING, STRUCT<c: INT>>>').b[0]['x'].c", "7")]
    [InlineData("to_json(from_json('[1, null, 3]', 'ARRAY<INT>'))", "[1,null,3]")]
    [InlineData("from_json('{\"A\":1}', 'a INT').a", null)]
    [InlineData("from_json('{\"a\":\"x\",\"b\":true}', 'a INT, b BOOLEAN')", "{\"a\":null,\"b\":true}")]
    [InlineData("from_json('{\"a\":', 'a INT, b STRING')", "{\"a\":null,\"b\":null}")]
    [InlineData("from_json('{\"a\":', 'a INT') IS NULL", "false")]
    [InlineData("from_json('[', 'MAP<STRING, INT>')", null)]
    [InlineData("from_json('{\"a\":1}', 'MAP<STRING, INT>')['a']", "1")]
    [InlineData("from_json(NULL, 'a INT')", null)]
    [InlineData("from_json('{\"a\":null,\"c\":9}', 'a STRING, b STRING').a", null)]
    [InlineData("from_json('{\"a\":{\"b\":[1]},\"n\":12}', 'a STRING, n STRING')", "{\"a\":\"{\\u0022b\\u0022:[1]}\",\"n\":\"12\"}")]
    [InlineData("from_json('{\"day\":\"2026-05-04\",\"n\":1.5}', 'day DATE, n DECIMAL(5,2)').day = DATE '2026-05-04'", "true")]
    [InlineData("from_json(\"{'a': 'it\\\\'s'}\", 'a STRING').a", "it's")]
    // …/to_json
    [InlineData("to_json(named_struct('a', 1, 'b', 2))", "{\"a\":1,\"b\":2}")]
    [InlineData("to_json(array(named_struct('a', 1, 'b', 2)))", "[{\"a\":1,\"b\":2}]")]
    [InlineData("to_json(map('a', named_struct('b', 1)))", "{\"a\":{\"b\":1}}")]
    [InlineData("to_json(map('a', 1))", "{\"a\":1}")]
    [InlineData("to_json(from_json('{\"a\":\"é\"}', 'a STRING, b STRING'))", "{\"a\":\"é\"}")]
    // …/get_json_object
    [InlineData("get_json_object('{\"a\":\"b\"}', '$.a')", "b")]
    [InlineData("get_json_object('{\"a\":{\"b\":\"c\"}}', '$.a.b')", "c")]
    [InlineData("get_json_object('{\"items\":[\"apple\",\"pear\"]}', '$.items[0]')", "apple")]
    [InlineData("get_json_object('{\"first name\":\"Ada\"}', '$[\"first name\"]')", "Ada")]
    [InlineData("get_json_object('{\"ids\":{\"a.b\":\"42\"}}', '$.ids[\"a.b\"]')", "42")]
    [InlineData("get_json_object('{\"items\":[{\"n\":1},{\"n\":2}]}', '$.items[*].n')", "[1,2]")]
    [InlineData("get_json_object('{\"a\":{\"b\":1}}', '$.a')", "{\"b\":1}")]
    [InlineData("get_json_object('{\"a\":1}', '$.b')", null)]
    [InlineData("get_json_object('{', '$.b')", null)]
    // …/bracketsign: arrays count from 0, and a map answers NULL for a key it lacks.
    [InlineData("array(10, 20, 30)[2]", "30")]
    [InlineData("map(1, 'Hello', 2, 'World')[1]", "Hello")]
    [InlineData("map('a', 1)['b']", null)]
    [InlineData("map('a', 1)[concat('', 'a')]", "1")]
    [InlineData("map('a', array(5, 6))['a'][1] + 1", "7")]
    [InlineData("map('a''b\"c.d e', 1, 'Größe', 2, 'A', 3)['Größe']", "2")]
    [InlineData("map('a', 1)['A']", null)]
    // …/element_at, …/try_element_at, …/map_contains_key
    [InlineData("element_at(array(1, 2, 3), 2)", "2")]
    [InlineData("element_at(array(1, 2, 3), -1)", "3")]
    [InlineData("try_element_at(array(1, 2, 3), 5)", null)]
    [InlineData("element_at(map(1, 'a', 2, 'b'), 2)", "b")]
    [InlineData("element_at(map(1, 'a', 2, 'b'), 3)", null)]
    [InlineData("try_element_at(map(1, 'a', 2, 'b'), 3)", null)]
    [InlineData("map_contains_key(map(1, 'a', 2, 'b'), 2)", "true")]
    [InlineData("map_contains_key(map(1, 'a', 2, 'b'), 3)", "false")]
    [InlineData("map_contains_key(map(1, 'a', 2, 'b'), NULL)", null)]
    // …/dotsign, on what calls and subqueries answer
    [InlineData("(SELECT named_struct('f', named_struct('g', 'x'))).f.g || '!'", "x!")]
    [InlineData("(SELECT s.f.g FROM VALUES (named_struct('f', named_struct('g', 4))) AS t (s))", "4")]
    [InlineData("named_struct('all', '8').all::INT + 1", "9")]
    // …/coalesce, …/max, …/any_value, …/exists
    [InlineData("coalesce(from_json('{}', 'a ARRAY<STRING>').a, array())", "[]")]
    [InlineData("(SELECT max(a) FROM VALUES (array(1, 2)), (array(1, 3)) AS t (a))[1]", "3")]
    [InlineData("(SELECT any_value(a) FROM VALUES (map('k', 1)) AS t (a))['k']", "1")]
    [InlineData("exists(from_json('[\"DE\",\"FR\"]', 'ARRAY<STRING>'), x -> lower(x) = 'fr')", "true")]
    public async Task A_nested_value_answers_as_its_page_shows(string expression, string? expected)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Rows($"SELECT {expression}")).ShouldHaveSingleItem().ShouldBe([expected]);
    }

    [Theory]
    [InlineData("array(1, NULL, 3)", "[1,null,3]")]
    [InlineData("array(1.50, NULL)", "[1.50,null]")]
    [InlineData("array(CAST(0.5 AS DOUBLE), NULL)", "[0.5,null]")]
    [InlineData("array(true, NULL, false)", "[true,null,false]")]
    [InlineData("array(DATE '2026-05-04', NULL)", "[\"2026-05-04\",null]")]
    [InlineData("array(TIMESTAMP '2026-05-04 10:11:12', NULL)", "[\"2026-05-04T10:11:12.000Z\",null]")]
    [InlineData("array('a', NULL)", "[\"a\",null]")]
    [InlineData("array(array(1, NULL), NULL, array(2))", "[[1,null],null,[2]]")]
    [InlineData("map('a', 1, 'b', NULL)", "{\"a\":1,\"b\":null}")]
    [InlineData("named_struct('a', array(1, NULL), 'b', NULL, 'c', 7)", "{\"a\":[1,null],\"b\":null,\"c\":7}")]
    [InlineData("array(named_struct('a', 1), NULL)", "[{\"a\":1},null]")]
    [InlineData("array(9223372036854775807, NULL)", "[9223372036854775807,null]")]
    public async Task A_nested_null_is_null(string expression, string expected)
    {
        await using var bench = await Bench.StartAsync();
        (await bench.Engineer.Rows($"SELECT {expression}, 'beside'")).ShouldHaveSingleItem().ShouldBe([expected, "beside"]);
    }

    [Fact]
    public async Task Rows_with_arrays_keep_their_order()
    {
        await using var bench = await Bench.StartAsync();
        await bench.Engineer.Rows("CREATE TABLE sales.products.many (id INT, part ARRAY<INT>)");
        await bench.Engineer.Rows($"INSERT INTO sales.products.many VALUES {string.Join(", ", Enumerable.Range(0, 5000).Select(id => $"({id * 7919 % 5000}, array({id}, NULL))"))}");
        var rows = await bench.Engineer.Rows("SELECT id, part FROM sales.products.many ORDER BY id DESC");
        rows.Select(row => row[0]).ShouldBe(Enumerable.Range(0, 5000).Reverse().Select(id => id.ToString()));
    }

    // https://docs.databricks.com/aws/en/error-messages/invalid-array-index-error-class and …/invalid-array-index-in-element-at-error-class
    [Theory]
    [InlineData("array(1, 2, 3)[5]", "INVALID_ARRAY_INDEX", "22003")]
    [InlineData("array(1, 2, 3)[-1]", "INVALID_ARRAY_INDEX", "22003")]
    [InlineData("element_at(array(1, 2, 3), 5)", "INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "22003")]
    [InlineData("element_at(array(1, 2, 3), 0)", "INVALID_INDEX_OF_ZERO", "22003")]
    [InlineData("try_element_at(array(1, 2, 3), 0)", "INVALID_INDEX_OF_ZERO", "22003")]
    [InlineData("from_json('{}', 'a NOTHING')", "UNSUPPORTED_DATATYPE", "0A000")]
    [InlineData("from_json('{}', 'a INT, A INT')", "UNSUPPORTED_FEATURE", "0A000")]
    [InlineData("from_json('{}', 'a INT', map('mode', 'FAILFAST'))", "UNSUPPORTED_FEATURE", "0A000")]
    public async Task What_lies_outside_an_array_or_this_stand_in_fails(string expression, string condition, string state)
    {
        await using var bench = await Bench.StartAsync();
        var failure = await bench.Engineer.Fails($"SELECT {expression}");
        failure.Message.ShouldStartWith($"[{condition}]");
        failure.SqlState.ShouldBe(state);
    }
}
