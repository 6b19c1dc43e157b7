using CsCheck;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Tests.Sql;

public sealed class QuoteTests
{
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["'\\`$\"-/*; {}:abcZ漢"], 0, 40];

    [Fact]
    public void A_literal_reads_back_as_its_text() => Texts.Sample(text => Read(Quote.Literal(text), '\'') == text);

    [Fact]
    public void An_identifier_reads_back_as_its_name() => Texts.Where(t => t.Length > 0).Sample(name =>
    {
        var quoted = Quote.Identifier(name);
        return quoted[0] == '`' && quoted[^1] == '`' && quoted[1..^1].Replace("``", "", StringComparison.Ordinal).All(c => c != '`')
            && quoted[1..^1].Replace("``", "`", StringComparison.Ordinal) == name;
    });

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("\u0085")]
    public void What_can_be_no_name_is_refused(string name) => Should.Throw<ArgumentException>(() => Quote.Identifier(name));

    [Fact]
    public void A_name_has_255_characters_at_most()
    {
        Quote.NameProblem(new string('a', 255)).ShouldBeNull();
        Quote.NameProblem(new string('a', 256)).ShouldBe("is longer than 255 characters");
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_text()
    {
        Should.Throw<ArgumentException>(() => Quote.Identifier("\ud800"));
        Should.Throw<ArgumentException>(() => Quote.Literal("a\udc00"));
    }

    [Fact]
    public void Control_characters_are_refused_in_a_literal() => Should.Throw<ArgumentException>(() => Quote.Literal("a\u001bb"));

    // As the SQL reference has string literals read: a backslash takes the next character as it is.
    private static string? Read(string literal, char quote)
    {
        if (literal[0] != quote || literal[^1] != quote) return null;
        var text = new System.Text.StringBuilder();
        for (var i = 1; i < literal.Length - 1; i++)
        {
            if (literal[i] == quote) return null;
            if (literal[i] == '\\' && ++i == literal.Length - 1) return null;
            text.Append(literal[i]);
        }

        return text.ToString();
    }
}
