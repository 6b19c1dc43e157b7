namespace Sluice.Sandbox.Snowflake.Tests.Scripting;

/// <summary>https://docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks and …/variables.</summary>
public sealed class BlockTests
{
    [Theory]
    // https://docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks#using-an-anonymous-block
    [InlineData("BEGIN CREATE TABLE PARENT (ID INTEGER); CREATE TABLE CHILD (ID INTEGER); RETURN 'Completed'; END;", "Completed")]
    [InlineData("BEGIN INSERT INTO INVOICES (ID) VALUES (3); END", null)]
    [InlineData("DECLARE x VARCHAR; BEGIN RETURN x; END;", null)]
    // https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables
    [InlineData("DECLARE profit NUMBER(38, 2) DEFAULT 0.0; BEGIN LET cost NUMBER(38, 2) := 100.0; LET revenue NUMBER(38, 2) DEFAULT 110.0; profit := revenue - cost; RETURN profit; END;", "10.00")]
    [InlineData("DECLARE profit DEFAULT 0.0; BEGIN LET cost := 100.0; LET revenue DEFAULT 110.0; profit := revenue - cost; RETURN profit; END;", "10")]
    [InlineData("DECLARE w INTEGER; dt DATE; r VARCHAR; BEGIN w := 24 * 7; dt := '2020-09-30'; r := w::VARCHAR || ', ' || dt::VARCHAR; RETURN r; END;", "168, 2020-09-30")]
    [InlineData("DECLARE id INTEGER; note VARCHAR; BEGIN SELECT ID, NOTE INTO :id, :note FROM INVOICES WHERE ID = 1; RETURN :id || ' ' || note; END;", "1 one")]
    [InlineData("BEGIN LET t VARCHAR := 'INVOICES'; LET n INT := (SELECT COUNT(*) FROM IDENTIFIER(:t) WHERE ID < :n0); RETURN n; END;", "!002049")]
    [InlineData("BEGIN LET t VARCHAR := 'INVOICES'; LET most INT := 2; LET n INT := (SELECT COUNT(*) FROM IDENTIFIER(:t) WHERE ID < :most); RETURN n; END;", "1")]
    [InlineData("BEGIN LET \"odd name\" := 'x'; RETURN \"odd name\" || 'y'; END;", "xy")]
    [InlineData("BEGIN LET x := 5; LET y := -x; RETURN 3 - y; END;", "8")]
    [InlineData("BEGIN LET x := NULL; x := 'text'; RETURN x; END;", "text")]
    [InlineData("BEGIN LET it := 'it''s \\\\ fine'; INSERT INTO INVOICES (NOTE) VALUES (:it); RETURN (SELECT NOTE FROM INVOICES WHERE ID IS NULL); END;", "it's \\ fine")]
    [InlineData("BEGIN LET x BOOLEAN := 1 > 0; RETURN CASE WHEN x THEN 'yes' ELSE 'no' END; END;", "yes")]
    // Session variables: https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables#using-a-variable
    [InlineData("BEGIN SET a = 'set here'; LET x := $a || '!'; RETURN x; END;", "set here!")]
    public async Task A_block_answers_what_it_returns(string script, string? answer)
    {
        await using var bench = await ScriptBench.StartAsync();
        if (answer is ['!', .. var code]) (await bench.ScriptAsync(script)).ShouldFail(code);
        else (await bench.ReturnedAsync(script)).ShouldBe(answer);
    }

    /// <summary>https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables#understanding-the-scope-of-declarations.</summary>
    [Fact]
    public async Task An_inner_name_hides_an_outer_one_in_its_block_alone()
    {
        await using var bench = await ScriptBench.StartAsync("DELETE FROM D.PUBLIC.INVOICES");
        await bench.ScriptAsync(
            """
            DECLARE
              pv VARCHAR DEFAULT 'outermost';
            BEGIN
              DECLARE
                PV VARCHAR;
              BEGIN
                pv := 'middle';
                DECLARE
                  pv VARCHAR;
                BEGIN
                  pv := 'innermost';
                  INSERT INTO INVOICES (NOTE) VALUES (:pv);
                END;
                INSERT INTO INVOICES (NOTE) VALUES (:pv);
              END;
              INSERT INTO INVOICES (NOTE) VALUES (:pv);
            END;
            """);
        (await bench.NotesAsync()).ShouldBe(["innermost", "middle", "outermost"]);
    }

    [Theory]
    [InlineData("BEGIN DELETE FROM INVOICES; SELEC 1; END;", "001003", "syntax error line 1 at position 28 unexpected 'SELEC'")]
    [InlineData("BEGIN DELETE FROM INVOICES;\n  INSERT INTO INVOICES (NOTE) VALUES (:unknown); END;", "002049", "error line 2 at position 39\nBind variable :UNKNOWN not set")]
    [InlineData("BEGIN DELETE FROM INVOICES; unknown := 1; END;", "000904", "invalid identifier 'UNKNOWN'")]
    [InlineData("BEGIN DELETE FROM INVOICES; RAISE unknown; END;", "000904", "invalid identifier 'UNKNOWN'")]
    [InlineData("BEGIN DELETE FROM INVOICES; BEGIN; COMMIT; END;", "001003", "unexpected ';'")]
    [InlineData("BEGIN DELETE FROM INVOICES; LET x := 1 END;", "001003", "unexpected '<EOF>'")]
    [InlineData("BEGIN DELETE FROM INVOICES;", "001003", "unexpected '<EOF>'")]
    [InlineData("BEGIN DELETE FROM INVOICES; LET x INT; END;", "001003", "unexpected ';'")]
    [InlineData("BEGIN DELETE FROM INVOICES; INSERT INTO INVOICES (NOTE) VALUES (?); END;", "002049", "Bind variable")]
    [InlineData("BEGIN DELETE FROM INVOICES; LET x := 1; LET x := 2; END;", "001008", "'X' is declared twice")]
    [InlineData("BEGIN DELETE FROM INVOICES; BREAK; END;", "001008", "BREAK stands in no loop")]
    [InlineData("BEGIN DELETE FROM INVOICES; LOOP BREAK elsewhere; END LOOP here; END;", "001008", "BREAK names no loop around it: 'ELSEWHERE'")]
    [InlineData("BEGIN DELETE FROM INVOICES; IF TRUE THEN NULL; END IF; END;", "001003", "unexpected 'TRUE'")]
    [InlineData("BEGIN DELETE FROM INVOICES; FOR i IN 1 TO 2 DO i := 5; END FOR; END;", "001008", "Invalid use of counter 'I'")]
    [InlineData("BEGIN DELETE FROM INVOICES; LET r RESULTSET := ASYNC (SELECT 1); END;", "000002", "'ASYNC'")]
    [InlineData("BEGIN DELETE FROM INVOICES; AWAIT ALL; END;", "000002", "'AWAIT'")]
    [InlineData("DECLARE p PROCEDURE () RETURNS INT AS BEGIN RETURN 1; END; BEGIN DELETE FROM INVOICES; END;", "000002", "'NESTED PROCEDURE'")]
    [InlineData("BEGIN DELETE FROM INVOICES; FOR r IN (SHOW ROLES) DO NULL; END FOR; END;", "000002", "FOR OVER A QUERY")]
    [InlineData("BEGIN DELETE FROM INVOICES; GRANT ROLE :x TO ROLE SYSADMIN; END;", "002049", ":X")]
    [InlineData("BEGIN DELETE FROM INVOICES; LET x := 'A'; DROP ROLE :x; END;", "001003", "unexpected ':x'")]
    [InlineData("BEGIN DELETE FROM INVOICES; COPY INTO INVOICES FROM @stage; END;", "001003", "unexpected 'COPY'")]
    [InlineData("DECLARE e EXCEPTION (-30000, 'no'); BEGIN DELETE FROM INVOICES; END;", "001008", "-20999")]
    // https://docs.snowflake.com/en/developer-guide/snowflake-scripting/exceptions: what LET declares isn't known in EXCEPTION.
    [InlineData("BEGIN DELETE FROM INVOICES; LET x := 1; EXCEPTION WHEN OTHER THEN x := 2; END;", "000904", "invalid identifier 'X'")]
    [InlineData("BEGIN DELETE FROM INVOICES; EXCEPTION WHEN unknown THEN NULL; END;", "000904", "invalid identifier 'UNKNOWN'")]
    [InlineData("BEGIN DELETE FROM INVOICES; INSERT INTO INVOICES (NOTE) VALUES (:SQLERRM); END;", "002049", ":SQLERRM")]
    [InlineData("BEGIN DELETE FROM INVOICES; SQLROWCOUNT := 2; END;", "001008", "'SQLROWCOUNT' is set by what is run")]
    [InlineData("BEGIN DELETE FROM INVOICES; LET c CURSOR FOR SELECT 1; INSERT INTO INVOICES (NOTE) VALUES (:c); END;", "001008", "Invalid use of cursor 'C'")]
    [InlineData("BEGIN DELETE FROM INVOICES; LET r RESULTSET := (SELECT 1 AS A); FOR x IN r DO INSERT INTO INVOICES (NOTE) VALUES (:x.A); END FOR; END;", "000002", "A ROW'S COLUMN AS A BIND VARIABLE")]
    [InlineData("BEGIN DELETE FROM INVOICES; RETURN TABLE(INVOICES); END;", "000904", "invalid identifier 'INVOICES'")]
    [InlineData("BEGIN DELETE FROM INVOICES; RAISE; END;", "001003", "unexpected ';'")]
    [InlineData("BEGIN DELETE FROM INVOICES; IF (TRUE) THEN LET x := 1; END IF; x := 2; END;", "000904", "invalid identifier 'X'")]
    public async Task What_cannot_be_read_is_refused_before_anything_is_done(string script, string code, string message)
    {
        await using var bench = await ScriptBench.StartAsync();
        var refused = (await bench.ScriptAsync(script)).ShouldFail(code);
        refused.Message!.ShouldContain(message);
        refused.Message!.ShouldNotContain("Uncaught exception");
        (await bench.NotesAsync()).ShouldBe(["one", "two"]);
    }

    /// <summary>https://docs.snowflake.com/en/developer-guide/snowflake-scripting/variables#how-snowflake-scripting-infers-the-data-type-of-a-variable.</summary>
    [Fact]
    public async Task The_type_of_a_rows_column_is_not_inferred()
    {
        await using var bench = await ScriptBench.StartAsync();
        var refused = (await bench.ScriptAsync("DECLARE\n  c CURSOR FOR SELECT PRICE FROM INVOICES;\nBEGIN\n  FOR current_row IN c DO\n    LET price := current_row.price;\n  END FOR;\nEND;")).ShouldFail("092228");
        refused.Message!.ShouldContain("error line 5 at position 4 variable 'PRICE' cannot have its type inferred from initializer");
        refused.Data.GetProperty("sqlState").GetString().ShouldBe("P0000");
    }

    /// <summary>https://docs.snowflake.com/en/sql-reference/snowflake-scripting/begin.</summary>
    [Fact]
    public async Task A_block_is_not_the_beginning_of_a_transaction()
    {
        await using var bench = await ScriptBench.StartAsync();
        await bench.ScriptAsync("BEGIN BEGIN TRANSACTION; DELETE FROM INVOICES; ROLLBACK; END;");
        (await bench.NotesAsync()).ShouldBe(["one", "two"]);
        foreach (var statement in (string[])["BEGIN", "DELETE FROM INVOICES", "ROLLBACK", "BEGIN NAME t1", "DELETE FROM INVOICES", "ROLLBACK"]) (await bench.ScriptAsync(statement)).ShouldSucceed();
        (await bench.NotesAsync()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Blocks_are_statements_among_several()
    {
        await using var bench = await ScriptBench.StartAsync();
        var answer = (await bench.ScriptAsync(
            "BEGIN LET x := CASE WHEN TRUE THEN 1 ELSE 2 END; FOR i IN 1 TO 2 LOOP NULL; END LOOP; RETURN x; END; SELECT 2 AS N; EXECUTE IMMEDIATE $$ BEGIN RETURN 3; END; $$;",
            new { parameters = new { MULTI_STATEMENT_COUNT = 3 } })).ShouldSucceed();
        var ids = answer.Data.GetProperty("resultIds").GetString()!.Split(',');
        ids.Length.ShouldBe(3);
        foreach (var (id, value) in ids.Zip(["1", "2", "3"])) (await bench.Admin.GetAsync($"/queries/{id}/result")).ShouldSucceed().Rows.ShouldBe([[value]]);
        (await bench.ScriptAsync("BEGIN RETURN 1; END; SELECT 2")).ShouldFail("000008");
    }

    [Fact]
    public async Task Describing_a_block_runs_nothing_and_binds_of_a_client_are_refused()
    {
        await using var bench = await ScriptBench.StartAsync();
        (await bench.ScriptAsync("BEGIN DELETE FROM INVOICES; END;", new { describeOnly = true })).ShouldSucceed();
        (await bench.ScriptAsync("BEGIN DELETE FROM INVOICES; END;", new { bindings = new Dictionary<string, object> { ["1"] = new { type = "TEXT", value = "x" } } })).ShouldFail("000002");
        (await bench.NotesAsync()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task A_block_that_runs_on_is_aborted()
    {
        await using var bench = await ScriptBench.StartAsync();
        var running = bench.Admin.QueryAsync("BEGIN LOOP NULL; END LOOP; EXCEPTION WHEN OTHER THEN RETURN 'caught'; END;", requestId: "r1");
        while (!(await bench.Admin.PostAsync("/queries/v1/abort-request", new { requestId = "r1" })).Success)
        {
            // Until the request has come.
            running.IsCompleted.ShouldBeFalse();
        }

        (await running).ShouldFail("000604");
    }
}
