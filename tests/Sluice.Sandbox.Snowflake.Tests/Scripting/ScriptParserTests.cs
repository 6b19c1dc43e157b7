using CsCheck;
using Sluice.Sandbox.Snowflake.Scripting;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Tests.Scripting;

public sealed class ScriptParserTests
{
    private static readonly string[] Words =
    [
        "BEGIN", "END", "END;", ";", ";", ";", "DECLARE", "LET", "x", "x", "VARCHAR", ":=", "1", "'a'", "IF", "(", ")", "THEN", "ELSE", "ELSEIF", "END IF", "FOR", "IN", "TO", "DO", "END FOR", "WHILE", "LOOP", "END LOOP",
        "REPEAT", "UNTIL", "RETURN", "TABLE", "RESULTSET", "CURSOR", "SELECT 1", "SELECT 1 INTO :x", ":x", "x.y", "EXCEPTION", "WHEN", "OTHER", "RAISE", "BREAK", "CASE", "EXECUTE IMMEDIATE", "USING", "?", "OPEN", "FETCH", "INTO", "NULL",
    ];

    [Fact]
    public void Any_mixture_of_words_is_read_or_refused() =>
        Gen.Int[0, Words.Length - 1].Select(index => Words[index]).Array[1, 25].Sample(words =>
        {
            var script = $"BEGIN {string.Join(' ', words)}";
            try
            {
                Script.TryRead(script, Tokenizer.Read(script), inScript: true);
            }
            catch (SnowflakeException problem)
            {
                problem.Code.ShouldBeOneOf("001003", "001008", "002040", "002049", "000002", "000904", "092228");
            }
        });

    /// <summary>Where a request is cut must be where the parser ends: else half a block would run as statements by themselves.</summary>
    [Fact]
    public void A_script_that_can_be_read_is_one_statement()
    {
        var statements = Gen.OneOf(
            Gen.Const("SELECT 1;"), Gen.Const("LET a := CASE WHEN 1 > 2 THEN 'END' ELSE ';' END;"), Gen.Const("BEGIN NULL; END;"), Gen.Const("BEGIN TRANSACTION; COMMIT;"),
            Gen.Const("IF (1 = 1) THEN NULL; ELSEIF (CASE WHEN TRUE THEN TRUE END) THEN NULL; ELSE NULL; END IF;"), Gen.Const("FOR i IN 1 TO 2 LOOP NULL; END LOOP;"), Gen.Const("FOR i IN 1 TO 2 DO BREAK; END FOR;"),
            Gen.Const("CASE (1) WHEN 1 THEN NULL; ELSE CASE WHEN TRUE THEN NULL; END CASE; END;"), Gen.Const("WHILE (FALSE) LOOP NULL; END LOOP;"), Gen.Const("LOOP BREAK l; END LOOP l;"), Gen.Const("REPEAT NULL; UNTIL (REPEAT('a', 2) = 'aa') END REPEAT;"),
            Gen.Const("DECLARE d INT DEFAULT CASE WHEN TRUE THEN 1 END; c CURSOR FOR SELECT 1; BEGIN NULL; EXCEPTION WHEN OTHER THEN NULL; END;"), Gen.Const("DROP TABLE IF EXISTS \"END\";"));
        var bodies = Gen.Recursive<string>((depth, inner) => depth >= 3 ? statements : Gen.OneOf(statements, inner.Select(body => $"BEGIN {body} END;"), inner.Select(body => $"IF (TRUE) THEN {body} ELSE {body} END IF;"), inner.Select(body => $"LOOP {body} END LOOP;")));
        bodies.Sample(body =>
        {
            var script = $"BEGIN {body} END";
            Script.TryRead(script, Tokenizer.Read(script), inScript: false).ShouldNotBeNull();
            StatementText.Split($"{script}; SELECT 2").Select(statement => statement.Kind).ShouldBe(["BLOCK", "SELECT"]);
        });
    }
}
