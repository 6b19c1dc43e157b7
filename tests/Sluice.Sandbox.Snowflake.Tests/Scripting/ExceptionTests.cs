namespace Sluice.Sandbox.Snowflake.Tests.Scripting;

/// <summary>
/// https://docs.snowflake.com/en/developer-guide/snowflake-scripting/exceptions and
/// https://docs.snowflake.com/en/sql-reference/snowflake-scripting/exception.
/// </summary>
public sealed class ExceptionTests
{
    [Fact]
    public async Task An_uncaught_error_has_its_own_code_and_place_and_what_was_done_before_stays()
    {
        await using var bench = await ScriptBench.StartAsync();
        var refused = (await bench.ScriptAsync(
            """
            EXECUTE IMMEDIATE $$
            BEGIN
              CREATE TABLE MADE (I INTEGER);
              DELETE FROM INVOICES WHERE ID = 1;
              DROP TABLE NOWHERE;
              DELETE FROM INVOICES;
            END;
            $$
            """)).ShouldFail("002003");
        refused.Message!.ShouldStartWith("Uncaught exception of type 'STATEMENT_ERROR' on line 5 at position 2 : SQL compilation error:");
        refused.Message!.ShouldContain("'NOWHERE' does not exist or not authorized");
        refused.Data.GetProperty("sqlState").GetString().ShouldBe("42S02");
        (await bench.ScriptAsync("SELECT * FROM MADE")).ShouldSucceed();
        (await bench.NotesAsync()).ShouldBe(["two"]);
    }

    [Theory]
    // The place of a declared exception is that of RAISE, of an expression its own.
    [InlineData("DECLARE\n  mine EXCEPTION (-20002, 'Raised mine.');\nBEGIN\n  IF (TRUE) THEN\n    RAISE mine;\n  END IF;\nEND;", "-20002", "P0001", "Uncaught exception of type 'MINE' on line 5 at position 4 : Raised mine.")]
    [InlineData("DECLARE mine EXCEPTION; BEGIN RAISE mine; END;", "-20000", "P0001", "Uncaught exception of type 'MINE' on line 1 at position 30 : ")]
    [InlineData("BEGIN\n  LET x INT := 1;\n  x := 1 / 0;\nEND;", "100051", "22012", "Uncaught exception of type 'EXPRESSION_ERROR' on line 3 at position 7 : Division by zero")]
    [InlineData("DECLARE x FLOAT;\nBEGIN\n  x := 'text';\nEND;", "100038", "22018", "Uncaught exception of type 'EXPRESSION_ERROR' on line 3 at position 7 : ")]
    [InlineData("BEGIN RETURN unknown; END;", "000904", "42000", "Uncaught exception of type 'EXPRESSION_ERROR' on line 1 at position 13 : ")]
    [InlineData("BEGIN LET r RESULTSET := (SELECT * FROM NOWHERE); END;", "002003", "42S02", "Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 26 : ")]
    // In a block that is executed by another, both places.
    [InlineData("BEGIN\n  EXECUTE IMMEDIATE 'BEGIN DROP TABLE NOWHERE; END';\nEND;", "002003", "42S02", "Uncaught exception of type 'STATEMENT_ERROR' on line 2 at position 2 : Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 6 : ")]
    [InlineData("BEGIN EXECUTE IMMEDIATE 'SELECT 1; SELECT 2'; END;", "000006", "0A000", "Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 6 : Multiple SQL statements")]
    public async Task An_uncaught_error_is_told_with_its_place(string script, string code, string state, string message)
    {
        await using var bench = await ScriptBench.StartAsync();
        var refused = (await bench.ScriptAsync(script)).ShouldFail(code);
        refused.Data.GetProperty("sqlState").GetString().ShouldBe(state);
        refused.Message!.ShouldStartWith(message);
    }

    [Theory]
    [InlineData("BEGIN DROP TABLE NOWHERE; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN SQLCODE || ' ' || SQLSTATE; END;", "2003 42S02")]
    [InlineData("BEGIN SELECT 1 / 0; EXCEPTION WHEN EXPRESSION_ERROR THEN RETURN 'expression'; WHEN STATEMENT_ERROR THEN RETURN SQLERRM; END;", "Division by zero")]
    [InlineData("BEGIN LET x := 1 / 0; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN 'statement'; WHEN EXPRESSION_ERROR THEN RETURN SQLERRM; END;", "Division by zero")]
    [InlineData("DECLARE a EXCEPTION (-20001, 'A.'); b EXCEPTION (-20002, 'B.'); BEGIN RAISE a; EXCEPTION WHEN b THEN RETURN 'b'; WHEN a THEN RETURN SQLCODE || SQLERRM || SQLSTATE; END;", "-20001A.P0001")]
    [InlineData("DECLARE a EXCEPTION; b EXCEPTION; BEGIN RAISE b; EXCEPTION WHEN a OR b THEN RETURN 'either'; END;", "either")]
    [InlineData("BEGIN DROP TABLE NOWHERE; EXCEPTION WHEN OTHER EXIT THEN RETURN 'other'; END;", "other")]
    // From block to block outwards, by what is in scope.
    [InlineData("DECLARE e EXCEPTION (-20001, 'E'); BEGIN BEGIN RAISE e; END; EXCEPTION WHEN e THEN RETURN SQLERRM || ' caught outside'; END;", "E caught outside")]
    [InlineData("DECLARE e EXCEPTION (-20001, 'out'); BEGIN DECLARE e EXCEPTION (-20101, 'in'); BEGIN RAISE e; EXCEPTION WHEN e THEN RETURN SQLERRM; END; EXCEPTION WHEN e THEN RETURN 'outside'; END;", "in")]
    [InlineData("DECLARE e EXCEPTION (-20001, 'out'); BEGIN DECLARE e EXCEPTION (-20101, 'in'); BEGIN RAISE e; END; EXCEPTION WHEN e THEN RETURN 'outside'; WHEN OTHER THEN RETURN 'other'; END;", "other")]
    // After a handler that returns nothing the outer block goes on; one that raises again is met by the outer block.
    [InlineData("BEGIN BEGIN DROP TABLE NOWHERE; EXCEPTION WHEN OTHER THEN NULL; END; RETURN 'went on'; END;", "went on")]
    [InlineData("DECLARE s VARCHAR DEFAULT ''; BEGIN BEGIN DROP TABLE NOWHERE; EXCEPTION WHEN OTHER THEN s := s || 'in'; RAISE; END; EXCEPTION WHEN STATEMENT_ERROR THEN RETURN s || ',out'; END;", "in,out")]
    [InlineData("DECLARE n INT DEFAULT 0; e EXCEPTION (-20002, 'E'); BEGIN WHILE (n < 12) DO n := n + 1; IF (n > 10) THEN RAISE e; END IF; END WHILE; RETURN n; EXCEPTION WHEN e THEN RETURN 'Error ' || sqlcode || ' at ' || n; END;", "Error -20002 at 11")]
    // CONTINUE: after the statement, the branch, or once through the loop.
    [InlineData("DECLARE n INT DEFAULT 0; e EXCEPTION; BEGIN IF (TRUE) THEN RAISE e; n := n + 100; END IF; n := n + 10; RETURN n; EXCEPTION WHEN e CONTINUE THEN n := n + 1; END;", "11")]
    [InlineData("DECLARE x INT := 0; n INT := 0; BEGIN FOR i IN 0 TO 5 DO x := 10 / i; END FOR; RETURN x || ',' || n; EXCEPTION WHEN EXPRESSION_ERROR CONTINUE THEN n := n + 1; END;", "2,1")]
    public async Task A_handler_takes_what_it_names(string script, string answer)
    {
        await using var bench = await ScriptBench.StartAsync();
        (await bench.ReturnedAsync(script)).ShouldBe(answer);
    }

    [Theory]
    [InlineData("BEGIN DROP TABLE NOWHERE; EXCEPTION WHEN OTHER THEN RAISE; END;", "002003", "on line 1 at position 6 : ")]
    [InlineData("BEGIN DROP TABLE NOWHERE; EXCEPTION WHEN EXPRESSION_ERROR THEN RETURN 'caught'; END;", "002003", "STATEMENT_ERROR")]
    // A handler is for what stands between BEGIN and EXCEPTION.
    [InlineData("DECLARE x INT DEFAULT 1 / 0; BEGIN RETURN x; EXCEPTION WHEN OTHER THEN RETURN 'caught'; END;", "100051", "EXPRESSION_ERROR")]
    [InlineData("BEGIN DROP TABLE NOWHERE; EXCEPTION WHEN OTHER THEN LET x := 1 / 0; END;", "100051", "EXPRESSION_ERROR")]
    public async Task What_no_handler_takes_ends_the_block(string script, string code, string message)
    {
        await using var bench = await ScriptBench.StartAsync();
        (await bench.ScriptAsync(script)).ShouldFail(code).Message!.ShouldContain(message);
    }
}
