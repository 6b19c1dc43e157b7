using System.Text;
using Sluice.Core.Payloads;

namespace Sluice.Core.Tests.Payloads;

public sealed class JsonBodyTests
{
    [Theory]
    [InlineData("{\"a\": [1, 2,], \"b\": {\"c\": 1,},}")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("  \r\n\t{ \"a\" : \"\\u00e9\\ud83e\\uddab\" }\n")]
    [InlineData("{\"a\": 1, \"A\": 2, \"b\": {\"a\": 3}}")]
    public void What_the_documentation_prints_is_read(string json)
    {
        using var document = Parse(json, out var error);
        document.ShouldNotBeNull();
        error.ShouldBeNull();
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{", 1, 2)]
    [InlineData("{\"a\": }", 1, 7)]
    [InlineData("{\n  \"a\": 1,\n  \"b\": oops\n}", 3, 8)]
    [InlineData("{\"a\": 1} x", 1, 10)]
    [InlineData("{\"a\": 1}{}", 1, 9)]
    [InlineData("{a: 1}", 1, 2)]
    [InlineData("{'a': 1}", 1, 2)]
    [InlineData("{\"a\": 1 // no\n}", 1, 9)]
    [InlineData("{\"a\": 1 /* no */}", 1, 9)]
    [InlineData("{\"a\": NaN}", 1, 7)]
    [InlineData("{,}", 1, 2)]
    public void What_is_not_JSON_is_told_by_line_and_column(string json, int line, int column)
    {
        Parse(json, out var error).ShouldBeNull();
        error.ShouldBe($"The body is not valid JSON: line {line}, column {column}.");
    }

    [Theory]
    [InlineData("{\"a\": 1, \"a\": 2}", "$.a", 1, 10)]
    [InlineData("{\"a\": 1, \"\\u0061\": 2}", "$.a", 1, 10)]
    [InlineData("{\"x\": [0, {\"a\": {}}, {\"secret\": \"PLANTED-4f1c\",\n \"secret\": \"PLANTED-4f1c\"}]}", "$.x[2].secret", 2, 2)]
    [InlineData("{\"a\": {\"b\": 1}, \"c\": [[{}], {\"d\": 1, \"b\": 2, \"d\": 3}]}", "$.c[1].d", 1, 46)]
    public void A_member_that_stands_twice_is_told_by_path_line_and_column(string json, string path, int line, int column)
    {
        Parse(json, out var error).ShouldBeNull();
        error.ShouldBe($"The body is not valid JSON: the member {path} stands in it twice, again at line {line}, column {column}.");
    }

    [Fact]
    public void A_body_is_at_most_32_deep()
    {
        using var document = Parse(Nested(32), out _);
        document.ShouldNotBeNull();
        Parse(Nested(33), out var error).ShouldBeNull();
        error.ShouldBe("The body is not valid JSON: it is nested deeper than 32 levels at line 1, column 33.");

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF }, 1, 1)]
    [InlineData(new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' }, 1, 2)]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' }, 1, 2)]
    [InlineData(new byte[] { (byte)'{', (byte)'\n', (byte)'\n', (byte)'"', 0xC0, 0xAF, (byte)'"', (byte)':', (byte)'1', (byte)'}' }, 3, 2)]
    [InlineData(new byte[] { (byte)'"', 0xF0, 0x9F, 0xA6 }, 1, 2)]
    public void What_is_not_UTF8_is_refused_with_its_place(byte[] body, int line, int column)
    {
        JsonBody.Parse(body, out var error).ShouldBeNull();
        error.ShouldBe($"The body is not UTF-8: line {line}, column {column}.");
    }

    [Theory]
    [InlineData("{\"password\": \"PLANTED-4f1c\" \"x\": 1}")]
    [InlineData("{\"password\": \"PLANTED-4f1c\n\"}")]
    [InlineData("{\"password\": PLANTED-4f1c}")]
    [InlineData("PLANTED-4f1c")]
    [InlineData("{\"password\": \"\\qPLANTED-4f1c\"}")]
    public void An_error_never_repeats_a_value_of_the_body(string json)
    {
        Parse(json, out var error).ShouldBeNull();
        error.ShouldNotBeNull().ShouldNotContain("PLANTED");
        error.ShouldNotContain("4f1c");
    }

    [Theory]
    [InlineData("{\"\\ud800\": 1}")]
    [InlineData("{\"\\ud800\": 1, \"a\": \"\\udc00\"}")]
    [InlineData("{\"\\ud800\": 1, \"\\ud800\": 2}")]
    [InlineData("{\"a\": 1, \"\\ud800\": 1, \"b\": 2, \"\\ud83ex\": 2}")]
    public void A_member_name_that_is_no_text_is_refused(string json)
    {
        Parse(json, out var error).ShouldBeNull();
        error.ShouldBe("The body is not valid JSON: a member's name is not well-formed Unicode.");
    }

    private static System.Text.Json.JsonDocument? Parse(string json, out string? error) => JsonBody.Parse(Encoding.UTF8.GetBytes(json), out error);
}
