using System.Text;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Tests.Sql;

public sealed class SqlTypeTests
{
    [Theory]
    [InlineData("BIGINT", "bigint", "LONG", "BIGINT", "\"long\"")]
    [InlineData("long", "bigint", "LONG", "BIGINT", "\"long\"")]
    [InlineData("decimal", "decimal(10,0)", "DECIMAL", "DECIMAL(10,0)", "\"decimal(10,0)\"")]
    [InlineData("DECIMAL(12, 2)", "decimal(12,2)", "DECIMAL", "DECIMAL(12,2)", "\"decimal(12,2)\"")]
    [InlineData("varchar(16)", "varchar(16)", "STRING", "VARCHAR(16)", "\"string\"")]
    [InlineData("timestamp_ntz", "timestamp_ntz", "TIMESTAMP_NTZ", "TIMESTAMP_NTZ", "\"timestamp_ntz\"")]
    [InlineData("array<array<int>>", "array<array<int>>", "ARRAY", "ARRAY<ARRAY<INT>>", "{\"type\":\"array\",\"elementType\":{\"type\":\"array\",\"elementType\":\"integer\",\"containsNull\":true},\"containsNull\":true}")]
    [InlineData("map<string, decimal(5,1)>", "map<string,decimal(5,1)>", "MAP", "MAP<STRING, DECIMAL(5,1)>", "{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":\"decimal(5,1)\",\"valueContainsNull\":true}")]
    [InlineData("struct<a:int,b:struct<c:string>>", "struct<a:int,b:struct<c:string>>", "STRUCT", "STRUCT<a: INT, b: STRUCT<c: STRING>>", "{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":\"integer\",\"nullable\":true,\"metadata\":{}},{\"name\":\"b\",\"type\":{\"type\":\"struct\",\"fields\":[{\"name\":\"c\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]},\"nullable\":true,\"metadata\":{}}]}")]
    public void A_type_has_the_spellings_of_the_apis(string text, string column, string api, string result, string json)
    {
        var type = SqlType.Parse(text);
        type.Text.ShouldBe(column);
        type.ApiName.ShouldBe(api);
        type.ResultText.ShouldBe(result);
        using var buffer = ResponseBuffer.Rent();
        type.WriteJson(buffer.Json);
        Encoding.UTF8.GetString(buffer.Written.Span).ShouldBe(json);
    }

    [Theory]
    [InlineData("nonsense", "UNSUPPORTED_DATATYPE")]
    [InlineData("array<int", "PARSE_SYNTAX_ERROR")]
    [InlineData("int int", "PARSE_SYNTAX_ERROR")]
    [InlineData("decimal(a)", "PARSE_SYNTAX_ERROR")]
    public void What_is_no_type_is_refused(string text, string condition) => Should.Throw<SqlException>(() => SqlType.Parse(text)).Condition.ShouldBe(condition);

    [Theory]
    [InlineData("HUGEINT", "bigint")]
    [InlineData("VARCHAR[]", "array<string>")]
    [InlineData("MAP(VARCHAR, INTEGER[])", "map<string,array<int>>")]
    [InlineData("STRUCT(a INTEGER, \"b \"\"x\" DECIMAL(4,1))", "struct<a:int,b \"x:decimal(4,1)>")]
    [InlineData("TIMESTAMP WITH TIME ZONE", "timestamp")]
    public void The_engines_types_are_read_back(string engine, string expected) => EngineTypes.Read(engine).Text.ShouldBe(expected);
}
