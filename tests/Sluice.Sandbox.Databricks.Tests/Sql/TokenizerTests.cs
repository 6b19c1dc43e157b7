using CsCheck;
using Sluice.Sandbox.Databricks.Sql;

namespace Sluice.Sandbox.Databricks.Tests.Sql;

public sealed class TokenizerTests
{
    [Theory]
    [InlineData("SELECT a", "Word SELECT|Word a")]
    [InlineData("`a``b`.`c d`", "Quoted a`b|Symbol .|Quoted c d")]
    [InlineData("'a\\'b' \"c\\\"d\"", "String a'b|String c\"d")]
    [InlineData("'\\u00e4\\n'", "String ä\n")]
    [InlineData("r'a\\n'", "String a\\n")]
    [InlineData("1.5e-3 10L .5", "Number 1.5e-3|Number 10|Number .5")]
    [InlineData(":day = :x", "Parameter day|Symbol =|Parameter x")]
    [InlineData("a::int", "Word a|Symbol ::|Word int")]
    [InlineData("a<=>b<>c", "Word a|Symbol <=>|Word b|Symbol <>|Word c")]
    [InlineData("a -- x\n/* y /* z */ */ b", "Word a|Word b")]
    [InlineData("größe 売上 🚰", "Word größe|Word 売上|Word 🚰")]
    public void Text_is_cut_into_tokens(string text, string expected) =>
        string.Join('|', Tokenizer.Read(text).SkipLast(1).Select(token => $"{token.Kind} {token.Text}")).ShouldBe(expected);

    [Theory]
    [InlineData("'open")]
    [InlineData("`open")]
    [InlineData("``")]
    [InlineData("/* open")]
    public void What_is_never_closed_is_a_syntax_error(string text) =>
        Should.Throw<SqlException>(() => Tokenizer.Read(text)).Condition.ShouldBe("PARSE_SYNTAX_ERROR");

    [Fact]
    public void Any_name_survives_back_ticks() => Gen.String[Gen.Char, 1, 20].Sample(name =>
    {
        var quoted = $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
        return Tokenizer.Read(quoted) is [{ Kind: TokenKind.Quoted } token, _] && token.Text == name;
    });

    [Fact]
    public void Nothing_but_a_syntax_error_comes_of_any_text() => Gen.String[Gen.Char["abcSELECT'\"`:;.,()-/*\\ 019\n<>=_é"], 0, 40].Sample(text =>
    {
        try
        {
            return StatementParser.Parse(text) is not null;
        }
        catch (SqlException)
        {
            return true;
        }
    });
}
