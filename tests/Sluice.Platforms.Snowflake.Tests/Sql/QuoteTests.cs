using CsCheck;

namespace Sluice.Platforms.Snowflake.Sql;

/// <summary>What is quoted reads back as itself, by Snowflake's rules for identifiers and string literals.</summary>
public sealed class QuoteTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Char['\u0020', '\u00ff'].Array[1, 40].Select(c => new string(c)), OneOf("a\"b", "it's", "\\", "\\'", "'--", "*/", "漢字", "😀", " ", ";", "$$", "{{x}}"));

    [Fact]
    public void An_identifier_reads_back_as_the_name() => Texts.Where(t => !t.Any(char.IsControl)).Sample(name =>
    {
        var quoted = Quote.Identifier(name);
        quoted.ShouldStartWith("\"");
        ReadIdentifier(quoted).ShouldBe((name, quoted.Length));
    });

    [Fact]
    public void A_literal_reads_back_as_the_text() => Texts.Where(t => !t.Any(char.IsControl)).Sample(text =>
    {
        var quoted = Quote.Literal(text);
        ReadLiteral(quoted).ShouldBe((text, quoted.Length));
    });

    [Fact]
    public void A_literal_in_a_literal_reads_back_twice() => Texts.Where(t => !t.Any(char.IsControl)).Sample(text =>
        ReadLiteral(ReadLiteral(Quote.Literal(Quote.Literal(text))).Text).Text.ShouldBe(text));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    public void What_is_no_name_is_refused(string name)
    {
        Quote.NameProblem(name).ShouldNotBeNull();
        Should.Throw<ArgumentException>(() => Quote.Identifier(name));
    }

    [Fact]
    public void Half_a_character_is_no_name() => Quote.NameProblem("a\ud800").ShouldNotBeNull();

    [Fact]
    public void A_name_has_at_most_255_characters()
    {
        Quote.NameProblem(string.Concat(Enumerable.Repeat("😀", 255))).ShouldBeNull();
        Quote.NameProblem(new string('a', 256)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("wh", "WH", "WH")]
    [InlineData("Wh_1$", "WH_1$", "WH_1$")]
    [InlineData("\"wh\"", "wh", "\"wh\"")]
    [InlineData("\"WH\"", "WH", "WH")]
    [InlineData("my-role", "my-role", "\"my-role\"")]
    [InlineData("\"a\"\"b\"", "a\"b", "\"a\"\"b\"")]
    [InlineData("1st", "1st", "\"1st\"")]
    public void A_payloads_name_is_read_as_SQL_reads_it(string spelled, string name, string parameter)
    {
        var read = SnowflakeName.Parse(spelled, out var problem);

        problem.ShouldBeNull();
        read!.Text.ShouldBe(name);
        read.Parameter.ShouldBe(parameter);
    }

    [Theory]
    [InlineData("\"wh")]
    [InlineData("wh\"")]
    [InlineData("\"")]
    [InlineData("\"\"")]
    public void A_quote_at_one_end_alone_or_around_nothing_is_refused(string spelled)
    {
        SnowflakeName.Parse(spelled, out var problem).ShouldBeNull();
        problem.ShouldNotBeNull();
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static (string Text, int End) ReadIdentifier(string sql)
    {
        var text = "";
        for (var i = 1; ; i++)
        {
            if (sql[i] != '"') text += sql[i];
            else if (i + 1 < sql.Length && sql[i + 1] == '"') text += sql[i++];
            else return (text, i + 1);
        }
    }

    private static (string Text, int End) ReadLiteral(string sql)
    {
        var text = "";
        for (var i = 1; ; i++)
        {
            if (sql[i] == '\\') text += sql[++i];
            else if (sql[i] != '\'') text += sql[i];
            else if (i + 1 < sql.Length && sql[i + 1] == '\'') text += sql[i++];
            else return (text, i + 1);
        }
    }
}
