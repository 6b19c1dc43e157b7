namespace Sluice.Sandbox.Snowflake.Tests.Scripting;

/// <summary>
/// https://docs.snowflake.com/en/developer-guide/snowflake-scripting/loops, …/branch, …/cursors and …/resultsets.
/// </summary>
public sealed class LoopTests
{
    [Theory]
    [InlineData("BEGIN LET count := 1; IF (count < 0) THEN RETURN 'negative'; ELSEIF (count = 0) THEN RETURN 'zero'; ELSE RETURN 'positive'; END IF; END;", "positive")]
    [InlineData("BEGIN LET count := 0; IF (count < 0) THEN RETURN 'negative'; ELSEIF (count = 0) THEN RETURN 'zero'; END IF; RETURN 'none'; END;", "zero")]
    [InlineData("BEGIN LET least := 20; IF (EXISTS (SELECT 1 FROM INVOICES WHERE PRICE > :least)) THEN RETURN 'there is'; END IF; END;", "there is")]
    // https://docs.snowflake.com/en/sql-reference/snowflake-scripting/case
    [InlineData("BEGIN LET e := 'value b'; CASE (e) WHEN 'value a' THEN RETURN 'x'; WHEN 'value ' || 'b' THEN RETURN 'y'; ELSE RETURN 'other'; END; END;", "y")]
    [InlineData("BEGIN LET a := 'x'; CASE WHEN a = 'y' THEN RETURN 'a is y'; WHEN a = 'x' THEN RETURN 'a is x'; ELSE RETURN 'other'; END CASE; END;", "a is x")]
    [InlineData("BEGIN LET a := 1; CASE (a) WHEN 2 THEN RETURN 'two'; ELSE a := 3; END CASE; RETURN a; END;", "3")]
    // NULL matches nothing, NULL included.
    [InlineData("BEGIN LET a VARCHAR := NULL; CASE (a) WHEN NULL THEN RETURN 'null'; WHEN 'x' THEN RETURN 'x'; END CASE; RETURN 'neither'; END;", "neither")]
    // In a query within an expression a name alone is a column, not a variable.
    [InlineData("BEGIN LET id := 2; RETURN (SELECT MAX(id) FROM INVOICES WHERE id < :id); END;", "1")]
    [InlineData("BEGIN IF (NULL) THEN RETURN 'true'; END IF; RETURN 'not true'; END;", "not true")]
    [InlineData("DECLARE n INTEGER DEFAULT 0; most INTEGER default 5; BEGIN FOR i IN 1 TO most DO n := n + i; END FOR; RETURN n; END;", "15")]
    [InlineData("BEGIN LET s := ''; FOR i IN REVERSE 1 TO 3 LOOP s := s || i; END LOOP; RETURN s; END;", "321")]
    [InlineData("BEGIN LET s := 'x'; FOR i IN 3 TO 1 DO s := s || i; END FOR; RETURN s; END;", "x")]
    [InlineData("DECLARE i INTEGER DEFAULT 7; BEGIN FOR i IN 1 TO 3 DO NULL; END FOR; RETURN i; END;", "7")]
    [InlineData("BEGIN LET n := 0; WHILE (n < 5) DO n := n + 1; END WHILE; RETURN n; END;", "5")]
    [InlineData("BEGIN LET n := 9; WHILE (n < 5) LOOP n := n + 1; END LOOP; RETURN n; END;", "9")]
    [InlineData("BEGIN LET n := 5; LET times := 0; REPEAT n := n - 1; times := times + 1; UNTIL (n = 0) END REPEAT; RETURN times; END;", "5")]
    [InlineData("BEGIN LET n := 5; LOOP IF (n = 0) THEN BREAK; END IF; n := n - 1; END LOOP; RETURN n; END;", "0")]
    [InlineData("BEGIN LET s := ''; FOR i IN 1 TO 4 DO IF (i = 2) THEN CONTINUE; ELSEIF (i = 4) THEN EXIT; END IF; s := s || i; END FOR; RETURN s; END;", "13")]
    [InlineData("BEGIN LET a := 0; LET b := 0; LOOP LOOP IF (a < 5) THEN a := a + 1; CONTINUE OUTER; ELSE BREAK OUTER; END IF; END LOOP INNER; b := b + 1; BREAK; END LOOP OUTER; RETURN b || ',' || a; END;", "0,5")]
    // What is declared in a loop is new each time.
    [InlineData("BEGIN LET s := ''; FOR i IN 1 TO 2 DO LET x INT := i * 2; s := s || x; END FOR; RETURN s; END;", "24")]
    public async Task Branches_and_loops_go_their_ways(string script, string answer)
    {
        await using var bench = await ScriptBench.StartAsync();
        (await bench.ReturnedAsync(script)).ShouldBe(answer);
    }

    [Theory]
    [InlineData("DECLARE total FLOAT; c CURSOR FOR SELECT PRICE FROM INVOICES; BEGIN total := 0.0; FOR record IN c DO total := total + record.price; END FOR; RETURN total; END;", "33.33")]
    [InlineData("DECLARE total FLOAT; rs RESULTSET; BEGIN total := 0.0; rs := (SELECT PRICE FROM INVOICES); FOR record IN rs DO total := total + record.price; END FOR; RETURN total; END;", "33.33")]
    [InlineData("DECLARE n INTEGER DEFAULT 0; rs RESULTSET DEFAULT (SELECT ID FROM INVOICES); c CURSOR FOR rs; BEGIN FOR r IN c DO n := n + r.id; END FOR; RETURN n; END;", "3")]
    [InlineData("BEGIN LET s := ''; LET q := 'SELECT ID, NOTE AS \"odd note\" FROM INVOICES ORDER BY ID'; LET rs RESULTSET := (EXECUTE IMMEDIATE :q); FOR r IN rs DO s := s || r.ID || r.\"odd note\"; END FOR; RETURN s; END;", "1one2two")]
    [InlineData("DECLARE s VARCHAR DEFAULT ''; least INT DEFAULT 2; c CURSOR FOR SELECT NOTE FROM INVOICES WHERE ID >= :least; BEGIN least := 1; FOR r IN c DO s := s || r.NOTE; END FOR; RETURN s; END;", "onetwo")]
    [InlineData("DECLARE a FLOAT; b FLOAT; c CURSOR FOR SELECT PRICE FROM INVOICES ORDER BY ID; BEGIN OPEN c; FETCH c INTO a; FETCH c INTO b; CLOSE c; RETURN a || ',' || b; END;", "11.11,22.22")]
    [InlineData("DECLARE id INT DEFAULT 0; lo NUMBER(13,2) DEFAULT 20; c CURSOR FOR SELECT ID FROM INVOICES WHERE PRICE > ? AND PRICE < ?; BEGIN OPEN c USING (lo, 30); FETCH c INTO id; RETURN id; END;", "2")]
    // After the last row there are NULLs.
    [InlineData("DECLARE id INT DEFAULT 0; c CURSOR FOR SELECT ID FROM INVOICES WHERE ID = 1; BEGIN OPEN c; FETCH c INTO id; FETCH c INTO id; RETURN id; END;", null)]
    public async Task Rows_are_gone_through(string script, string? answer)
    {
        await using var bench = await ScriptBench.StartAsync();
        (await bench.ReturnedAsync(script)).ShouldBe(answer);
    }

    [Theory]
    [InlineData("DECLARE c CURSOR FOR SELECT ID FROM INVOICES ORDER BY ID; BEGIN OPEN c; RETURN TABLE(RESULTSET_FROM_CURSOR(c)); END;")]
    // All rows, whatever was fetched.
    [InlineData("DECLARE x INT; c CURSOR FOR SELECT ID FROM INVOICES ORDER BY ID; BEGIN OPEN c; FETCH c INTO x; RETURN TABLE(RESULTSET_FROM_CURSOR(c)); END;")]
    // As they were when the query was assigned.
    [InlineData("BEGIN LET rs RESULTSET := (SELECT ID FROM INVOICES ORDER BY ID); DELETE FROM INVOICES; RETURN TABLE(rs); END;")]
    public async Task A_table_is_returned(string script)
    {
        await using var bench = await ScriptBench.StartAsync();
        var answer = (await bench.ScriptAsync(script)).ShouldSucceed();
        answer.Columns.ShouldBe(["ID"]);
        answer.Rows.ShouldBe([["1"], ["2"]]);
    }

    [Theory]
    [InlineData("DECLARE rs RESULTSET; BEGIN RETURN TABLE(rs); END;", "has no query")]
    [InlineData("DECLARE x INT; c CURSOR FOR SELECT ID FROM INVOICES; BEGIN FETCH c INTO x; END;", "is not open")]
    [InlineData("DECLARE x INT; c CURSOR FOR SELECT ID FROM INVOICES; BEGIN OPEN c; CLOSE c; FETCH c INTO x; END;", "is not open")]
    // A column of SHOW is in lower case.
    [InlineData("BEGIN LET x := ''; LET rs RESULTSET := (SHOW TABLES); FOR r IN rs DO x := r.name; END FOR; END;", "invalid identifier 'R.NAME'")]
    [InlineData("BEGIN LET rs RESULTSET := (SELECT 1 AS A); SELECT * FROM rs; END;", "does not exist")]
    [InlineData("DECLARE a INT; BEGIN SELECT ID INTO :a FROM INVOICES; END;", "expects exactly 1 returned row, but got 2")]
    [InlineData("DECLARE a INT; BEGIN SELECT ID INTO :a FROM INVOICES WHERE ID = 7; END;", "expects exactly 1 returned row, but got 0")]
    public async Task Rows_that_are_not_there_are_an_error(string script, string problem)
    {
        await using var bench = await ScriptBench.StartAsync();
        var refused = await bench.ScriptAsync(script);
        refused.Success.ShouldBeFalse(refused.Body);
        refused.Message!.ShouldContain(problem);
    }

    /// <summary>https://docs.snowflake.com/en/developer-guide/snowflake-scripting/dml-status: of what changes no rows they are NULL.</summary>
    [Theory]
    [InlineData("UPDATE INVOICES SET NOTE = 'x'", "2,true,false")]
    [InlineData("INSERT INTO INVOICES (ID) VALUES (3)", "1,true,false")]
    [InlineData("DELETE FROM INVOICES WHERE ID = 7", "0,false,true")]
    [InlineData("MERGE INTO INVOICES t USING (SELECT 1 AS N UNION ALL SELECT 9) s ON t.ID = s.N WHEN MATCHED THEN UPDATE SET NOTE = 'm' WHEN NOT MATCHED THEN INSERT (ID) VALUES (s.N)", "2,true,false")]
    [InlineData("EXECUTE IMMEDIATE 'DELETE FROM INVOICES'", "2,true,false")]
    [InlineData("TRUNCATE TABLE INVOICES", "?,?,?")]
    [InlineData("SELECT * FROM INVOICES", "?,?,?")]
    [InlineData("DROP TABLE INVOICES", "?,?,?")]
    public async Task The_rows_of_the_last_change_are_counted(string statement, string counted)
    {
        await using var bench = await ScriptBench.StartAsync();
        (await bench.ReturnedAsync($"BEGIN UPDATE INVOICES SET ID = ID; {statement}; RETURN NVL(SQLROWCOUNT::VARCHAR, '?') || ',' || NVL(SQLFOUND::VARCHAR, '?') || ',' || NVL(SQLNOTFOUND::VARCHAR, '?'); END;"))
            .ShouldBe(counted);
    }
}
