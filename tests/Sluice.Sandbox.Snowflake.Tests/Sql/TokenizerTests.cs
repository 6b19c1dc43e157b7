using CsCheck;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Tests.Sql;

public sealed class TokenizerTests
{
    [Theory]
    [InlineData("select", "SELECT")]
    [InlineData("\"Mixed \"\"case\"\" 🚰\"", "Mixed \"case\" 🚰")]
    [InlineData("'it''s'", "it's")]
    [InlineData(@"'a\'b\\c\n\u0041'", "a'b\\c\nA")]
    [InlineData("$$raw 'text' \\n$$", "raw 'text' \\n")]
    [InlineData("$my_var", "MY_VAR")]
    [InlineData("übersicht", "ÜBERSICHT")]
    [InlineData("SYSTEM$GET_TAG", "SYSTEM$GET_TAG")]
    [InlineData("1.5e-3", "1.5e-3")]
    [InlineData(":2", "2")]
    [InlineData("=>", "=>")]
    public void A_token_means(string sql, string value)
    {
        var tokens = Tokenizer.Read(sql);
        tokens.Length.ShouldBe(2);
        tokens[0].Value.ShouldBe(value);
    }

    [Fact]
    public void Comments_are_blanks() =>
        Tokenizer.Read("a -- one\n/* two * / */ b // three").Select(token => token.Value).ShouldBe(["A", "B", "<EOF>"]);

    [Theory]
    [InlineData("'open")]
    [InlineData("\"open")]
    [InlineData("$$open")]
    [InlineData("\"\"")]
    public void What_is_not_closed_is_a_syntax_error(string sql) => Should.Throw<SnowflakeException>(() => Tokenizer.Read(sql)).Code.ShouldBe("001003");

    [Fact]
    public void Quoting_a_name_and_reading_it_gives_it_back() => Gen.String[1, 30].Where(text => text.All(c => !char.IsSurrogate(c))).Sample(name =>
    {
        Tokenizer.Read(Quoting.Identifier(name)).ShouldHaveSingleItemBeforeEnd().Value.ShouldBe(name);
        ObjectName.Parse($"{Quoting.Always(name)}.X.{Quoting.Identifier(name)}").ShouldBe(new(name, "X", name));
    });

    [Fact]
    public void Any_text_is_read_or_refused_and_never_hangs() => Gen.String[0, 60].Sample(text =>
    {
        try
        {
            Tokenizer.Read(text);
        }
        catch (SnowflakeException problem)
        {
            problem.Code.ShouldBe("001003");
        }
    });

    [Fact]
    public void Statements_are_cut_at_semicolons_outside_of_texts()
    {
        var statements = StatementText.Split("SELECT ';'; show terse tables in account;; CREATE OR REPLACE SECURE VIEW v AS SELECT $$;$$ ;");
        statements.Select(statement => statement.Kind).ShouldBe(["SELECT", "SHOW TABLES", "CREATE VIEW"]);
        statements[2].Text.ShouldBe("CREATE OR REPLACE SECURE VIEW v AS SELECT $$;$$");
    }

    [Theory]
    [InlineData("BEGIN IF (x) THEN SELECT 1; END IF; END; SELECT 2", "BLOCK,SELECT")]
    [InlineData("DECLARE x INT DEFAULT CASE WHEN TRUE THEN 1 END; BEGIN RETURN x; END; SELECT 2", "BLOCK,SELECT")]
    [InlineData("BEGIN FOR i IN 1 TO 2 LOOP BEGIN TRANSACTION; COMMIT; END LOOP; EXCEPTION WHEN OTHER THEN BEGIN NULL; END; END; SELECT 2", "BLOCK,SELECT")]
    [InlineData("BEGIN; SELECT 1; COMMIT", "BEGIN,SELECT,COMMIT")]
    [InlineData("BEGIN TRANSACTION; SELECT 1; END", "BEGIN,SELECT,END")]
    [InlineData("EXECUTE IMMEDIATE $$ BEGIN SELECT 1; END $$; SELECT 2", "EXECUTE IMMEDIATE,SELECT")]
    // What never ends is one statement to the end.
    [InlineData("BEGIN SELECT 1; SELECT 2;", "BLOCK")]
    public void A_block_is_cut_at_none_of_its_semicolons(string sql, string kinds) => StatementText.Split(sql).Select(statement => statement.Kind).ShouldBe(kinds.Split(','));

    [Theory]
    [InlineData("WITH a AS (SELECT 1) SELECT * FROM a", "SELECT")]
    [InlineData("show row access policies", "SHOW ROW ACCESS POLICIES")]
    [InlineData("desc table t", "DESCRIBE TABLE")]
    [InlineData("ALTER TABLE t SET TAG a = 'b'", "ALTER TABLE")]
    [InlineData("ALTER SESSION SET QUERY_TAG = 'x'", "ALTER SESSION")]
    [InlineData("USE SECONDARY ROLES ALL", "USE SECONDARY ROLES")]
    [InlineData("GRANT SELECT ON TABLE t TO ROLE r", "GRANT")]
    [InlineData("SHOW DATABASE ROLES IN DATABASE d", "SHOW DATABASE ROLES")]
    public void A_statement_is_of_a_kind(string sql, string kind) => StatementText.Split(sql).Single().Kind.ShouldBe(kind);
}

internal static class TokenAssertions
{
    public static Token ShouldHaveSingleItemBeforeEnd(this IReadOnlyList<Token> tokens)
    {
        tokens.Count.ShouldBe(2);
        return tokens[0];
    }
}
