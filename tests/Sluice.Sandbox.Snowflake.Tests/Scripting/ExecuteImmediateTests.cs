namespace Sluice.Sandbox.Snowflake.Tests.Scripting;

/// <summary>https://docs.snowflake.com/en/sql-reference/sql/execute-immediate.</summary>
public sealed class ExecuteImmediateTests
{
    [Theory]
    [InlineData("EXECUTE IMMEDIATE 'SELECT ID FROM INVOICES ORDER BY ID'")]
    [InlineData("EXECUTE IMMEDIATE $$SELECT ID FROM INVOICES ORDER BY ID;$$;")]
    [InlineData("execute immediate $q")]
    [InlineData("EXECUTE IMMEDIATE $$ BEGIN LET r RESULTSET := (SELECT ID FROM INVOICES ORDER BY ID); RETURN TABLE(r); END; $$")]
    [InlineData("EXECUTE IMMEDIATE 'EXECUTE IMMEDIATE ''SELECT ID FROM INVOICES ORDER BY ID'''")]
    public async Task It_answers_as_its_statement_does(string script)
    {
        await using var bench = await ScriptBench.StartAsync();
        await bench.Run("SET q = 'SELECT ID FROM INVOICES ORDER BY ID'");
        var answer = (await bench.ScriptAsync(script)).ShouldSucceed();
        answer.Columns.ShouldBe(["ID"]);
        answer.Rows.ShouldBe([["1"], ["2"]]);
    }

    [Fact]
    public async Task Changes_are_counted_as_those_of_the_statement()
    {
        await using var bench = await ScriptBench.StartAsync();
        var answer = (await bench.ScriptAsync("EXECUTE IMMEDIATE 'UPDATE INVOICES SET NOTE = ''x'''")).ShouldSucceed();
        answer.Columns[0].ShouldBe("number of rows updated");
        answer.Rows[0][0].ShouldBe("2");
        answer.Data.GetProperty("statementTypeId").GetInt32().ShouldBe(0x3200);
        (await bench.NotesAsync()).ShouldBe(["x", "x"]);
    }

    [Theory]
    [InlineData("EXECUTE IMMEDIATE 'SELECT * FROM NOWHERE'", "002003")]
    [InlineData("EXECUTE IMMEDIATE 'SELEC 1'", "001003")]
    [InlineData("EXECUTE IMMEDIATE ''", "000900")]
    // One statement alone; a block is one.
    [InlineData("EXECUTE IMMEDIATE 'DELETE FROM INVOICES; SELECT 1'", "000006")]
    [InlineData("EXECUTE IMMEDIATE $nothing", "002211")]
    [InlineData("EXECUTE IMMEDIATE q", "001003")]
    [InlineData("EXECUTE IMMEDIATE 'SELECT ' || '1'", "001003")]
    [InlineData("EXECUTE IMMEDIATE FROM @stage/file.sql", "000002")]
    [InlineData("EXECUTE IMMEDIATE $$ BEGIN CANCEL r; END $$", "000002")]
    // What executes itself comes to an end.
    [InlineData("EXECUTE IMMEDIATE $self", "001008")]
    public async Task It_fails_as_its_statement_does(string script, string code)
    {
        await using var bench = await ScriptBench.StartAsync();
        await bench.Run("SET self = 'EXECUTE IMMEDIATE $self'");
        (await bench.ScriptAsync(script)).ShouldFail(code);
        (await bench.NotesAsync()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Question_marks_take_the_values_of_USING()
    {
        await using var bench = await ScriptBench.StartAsync();
        (await bench.ScriptAsync("EXECUTE IMMEDIATE 'SELECT NOTE FROM IDENTIFIER(?) WHERE PRICE > ?' USING ('INVOICES', 20)")).ShouldSucceed().Rows.ShouldBe([["two"]]);
        (await bench.ScriptAsync(
            """
            DECLARE
              rs RESULTSET;
              query VARCHAR DEFAULT 'SELECT ID FROM INVOICES WHERE PRICE > ? AND PRICE < ?';
              least NUMBER(12,2) DEFAULT 20;
            BEGIN
              rs := (EXECUTE IMMEDIATE :query USING (least, least + 10));
              RETURN TABLE(rs);
            END;
            """)).ShouldSucceed().Rows.ShouldBe([["2"]]);
    }

    [Fact]
    public async Task A_string_is_put_together_of_variables()
    {
        await using var bench = await ScriptBench.StartAsync();
        (await bench.ReturnedAsync(
            """
            DECLARE
              v1 VARCHAR DEFAULT 'CREATE TABLE MADE (I INTEGER)';
              v2 VARCHAR DEFAULT 'INSERT INTO MADE (I) VALUES (76)';
              result INTEGER DEFAULT 0;
            BEGIN
              EXECUTE IMMEDIATE v1;
              EXECUTE IMMEDIATE v2 || ',(80)' || ',(84)';
              result := (SELECT SUM(I) FROM MADE);
              RETURN result::VARCHAR;
            END;
            """)).ShouldBe("240");
    }

    [Theory]
    [InlineData("EXECUTE IMMEDIATE 'FOR i IN 1 TO 3 DO INSERT INTO INVOICES (NOTE) VALUES (:i); END FOR'", "1,2,3,one,two")]
    [InlineData("EXECUTE IMMEDIATE 'IF (1 > 2) THEN DELETE FROM INVOICES; ELSE INSERT INTO INVOICES (NOTE) VALUES (''z''); END IF;'", "one,two,z")]
    public async Task A_branch_or_a_loop_is_a_statement_too(string script, string notes)
    {
        await using var bench = await ScriptBench.StartAsync();
        (await bench.ScriptAsync(script)).ShouldSucceed();
        (await bench.NotesAsync()).ShouldBe(notes.Split(','));
        // But by itself it is valid in a block alone: https://docs.snowflake.com/en/sql-reference/snowflake-scripting/if.
        (await bench.ScriptAsync("IF (TRUE) THEN DELETE FROM INVOICES; END IF")).ShouldFail("000008");
    }
}
