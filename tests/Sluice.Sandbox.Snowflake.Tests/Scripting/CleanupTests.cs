using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Tests.Scripting;

/// <summary>What an administrator writes scripts for: go through a listing, and take away what is in it.</summary>
public sealed class CleanupTests
{
    private static readonly string[] Roles =
    [
        "CREATE ROLE OLD_ONE", "CREATE ROLE OLD_TWO", "CREATE ROLE \"old three\"", "CREATE ROLE KEPT", "GRANT SELECT ON TABLE D.PUBLIC.INVOICES TO ROLE OLD_ONE",
        "GRANT ROLE OLD_ONE TO ROLE KEPT", "GRANT OWNERSHIP ON ROLE OLD_ONE TO ROLE ACCOUNTADMIN", "GRANT OWNERSHIP ON ROLE OLD_TWO TO ROLE ACCOUNTADMIN", "GRANT OWNERSHIP ON ROLE \"old three\" TO ROLE ACCOUNTADMIN",
    ];

    [Theory]
    // https://docs.snowflake.com/en/sql-reference/functions/result_scan, and LAST_QUERY_ID within the block.
    [InlineData(
        """
        DECLARE
          name VARCHAR;
          dropped INTEGER DEFAULT 0;
        BEGIN
          SHOW ROLES LIKE 'OLD%';
          LET found RESULTSET := (SELECT "name" AS NAME FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) ORDER BY 1);
          FOR row IN found DO
            name := '"' || row.NAME || '"';
            DROP ROLE IF EXISTS IDENTIFIER(:name);
            dropped := dropped + 1;
          END FOR;
          RETURN dropped;
        END;
        """)]
    [InlineData(
        """
        EXECUTE IMMEDIATE $$
        BEGIN
          LET pattern := 'OLD%';
          LET listed RESULTSET := (SHOW ROLES LIKE :pattern);
          LET dropped := 0;
          FOR role IN listed DO
            LET statement VARCHAR := 'DROP ROLE "' || role."name" || '"';
            EXECUTE IMMEDIATE :statement;
            dropped := dropped + 1;
          END FOR;
          RETURN dropped;
        END;
        $$
        """)]
    [InlineData(
        """
        DECLARE
          dropped INTEGER DEFAULT 0;
        BEGIN
          SHOW ROLES LIKE 'OLD%';
          LET id VARCHAR := SQLID;
          LET roles CURSOR FOR SELECT "name" FROM TABLE(RESULT_SCAN(:id));
          OPEN roles;
          LOOP
            LET name VARCHAR := '';
            FETCH roles INTO name;
            IF (name IS NULL) THEN
              BREAK;
            END IF;
            LET quoted VARCHAR := CONCAT('"', name, '"');
            DROP ROLE IDENTIFIER(:quoted);
            dropped := dropped + 1;
          END LOOP;
          CLOSE roles;
          RETURN dropped;
        END;
        """)]
    public async Task Roles_of_a_listing_are_dropped(string script)
    {
        await using var bench = await ScriptBench.StartAsync(Roles);
        (await bench.ReturnedAsync(script)).ShouldBe("3");
        (await bench.ScriptAsync("SHOW ROLES")).Column("name").ShouldBe(["ACCOUNTADMIN", "KEPT", "ORGADMIN", "PUBLIC", "SECURITYADMIN", "SLUICE_ROLE", "SYSADMIN", "USERADMIN"], ignoreOrder: true);
    }

    [Fact]
    public async Task Grants_are_revoked_and_policies_taken_off_one_by_one()
    {
        await using var bench = await ScriptBench.StartAsync(
            [.. Roles, "CREATE MASKING POLICY D.PUBLIC.STARS AS (V VARCHAR) RETURNS VARCHAR -> '***'", "GRANT OWNERSHIP ON MASKING POLICY D.PUBLIC.STARS TO ROLE ACCOUNTADMIN", "ALTER TABLE D.PUBLIC.INVOICES MODIFY COLUMN NOTE SET MASKING POLICY D.PUBLIC.STARS"]);
        (await bench.NotesAsync()).ShouldBe(["***", "***"]);
        (await bench.ReturnedAsync(
            """
            DECLARE
              done VARCHAR DEFAULT '';
            BEGIN
              LET grants RESULTSET := (SHOW GRANTS TO ROLE OLD_ONE);
              FOR g IN grants DO
                EXECUTE IMMEDIATE 'REVOKE ' || g."privilege" || ' ON ' || g."granted_on" || ' ' || g."name" || ' FROM ROLE OLD_ONE';
                done := done || g."privilege" || ';';
              END FOR;
              LET used RESULTSET := (SELECT REF_ENTITY_NAME AS T, REF_COLUMN_NAME AS C FROM TABLE(INFORMATION_SCHEMA.POLICY_REFERENCES(POLICY_NAME => 'D.PUBLIC.STARS')));
              FOR u IN used DO
                EXECUTE IMMEDIATE 'ALTER TABLE ' || u.T || ' MODIFY COLUMN ' || u.C || ' UNSET MASKING POLICY';
                done := done || u.C || ';';
              END FOR;
              DROP MASKING POLICY D.PUBLIC.STARS;
              RETURN done;
            END;
            """)).ShouldBe("SELECT;NOTE;");
        (await bench.NotesAsync()).ShouldBe(["one", "two"]);
        (await bench.ScriptAsync("SHOW GRANTS TO ROLE OLD_ONE")).Rows.ShouldBeEmpty();
    }

    /// <summary>
    /// IDENTIFIER takes a variable wherever a name stands (https://docs.snowflake.com/en/sql-reference/identifier-literal); comments and LIKE of SHOW take
    /// one too (https://docs.snowflake.com/en/sql-reference/bind-variables).
    /// </summary>
    [Fact]
    public async Task Names_of_statements_come_from_variables()
    {
        await using var bench = await ScriptBench.StartAsync(Roles);
        (await bench.ReturnedAsync(
            """
            DECLARE
              parent VARCHAR DEFAULT 'KEPT';
              child VARCHAR DEFAULT 'OLD_TWO';
              invoices VARCHAR DEFAULT 'D.PUBLIC.INVOICES';
              said VARCHAR DEFAULT 'it''s said';
              granted INTEGER;
            BEGIN
              GRANT ROLE IDENTIFIER(:child) TO ROLE IDENTIFIER(:parent);
              GRANT SELECT ON TABLE IDENTIFIER(:invoices) TO ROLE IDENTIFIER(:child);
              SHOW GRANTS TO ROLE IDENTIFIER(:parent);
              SELECT COUNT(*) INTO :granted FROM TABLE(RESULT_SCAN(:SQLID));
              REVOKE ROLE IDENTIFIER(:child) FROM ROLE IDENTIFIER(:parent);
              CREATE OR REPLACE TABLE IDENTIFIER(:invoices) (ID NUMBER) COMMENT = :said;
              USE SCHEMA D.PUBLIC;
              SHOW TABLES LIKE 'INV%';
              RETURN granted || (SELECT "comment" FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())));
            END;
            """)).ShouldBe("2it's said");
        (await bench.ScriptAsync("SHOW GRANTS TO ROLE KEPT")).Column("name").ShouldBe(["OLD_ONE"]);
        (await bench.ScriptAsync("SHOW GRANTS TO ROLE OLD_TWO")).Rows.ShouldBeEmpty();
    }

    /// <summary>An anonymous block has the rights of its session: https://docs.snowflake.com/en/developer-guide/snowflake-scripting/blocks.</summary>
    [Fact]
    public async Task A_block_may_do_what_the_role_of_its_session_may()
    {
        await using var bench = await Bench.StartAsync(new()
        {
            Catalog = SnowflakeSandboxCatalog.Empty,
            Users = [new("U") { Password = "p", Roles = ["R", "OTHER"], DefaultRole = "R" }],
            Setup =
            [
                "CREATE DATABASE D", "CREATE TABLE D.PUBLIC.T AS SELECT 1 AS N", "CREATE TABLE D.PUBLIC.HIDDEN AS SELECT 2 AS N", "GRANT USAGE ON DATABASE D TO ROLE R", "GRANT USAGE ON SCHEMA D.PUBLIC TO ROLE R",
                "GRANT SELECT ON TABLE D.PUBLIC.T TO ROLE R", "GRANT USAGE ON DATABASE D TO ROLE OTHER", "GRANT USAGE ON SCHEMA D.PUBLIC TO ROLE OTHER", "GRANT SELECT ON TABLE D.PUBLIC.HIDDEN TO ROLE OTHER",
                "GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE R", "GRANT USAGE ON WAREHOUSE SLUICE_WH TO ROLE OTHER",
            ],
        });
        var client = await bench.As("U", "&warehouse=SLUICE_WH");
        (await client.QueryAsync("USE SECONDARY ROLES NONE")).ShouldSucceed();
        (await client.QueryAsync("BEGIN RETURN (SELECT N FROM D.PUBLIC.T) || CURRENT_ROLE(); END;")).ShouldSucceed().Rows.ShouldBe([["1R"]]);
        foreach (var script in (string[])["BEGIN RETURN (SELECT N FROM D.PUBLIC.HIDDEN); END;", "BEGIN SELECT N FROM D.PUBLIC.HIDDEN; END;", "BEGIN EXECUTE IMMEDIATE 'SELECT N FROM D.PUBLIC.HIDDEN'; END;"])
        {
            (await client.QueryAsync(script)).ShouldFail("002003");
        }

        (await client.QueryAsync("BEGIN DROP TABLE D.PUBLIC.T; END;")).ShouldFail("003001").Message!.ShouldStartWith("Uncaught exception of type 'STATEMENT_ERROR' on line 1 at position 6 : SQL access control error");
        (await client.QueryAsync("BEGIN USE ROLE OTHER; RETURN (SELECT N FROM D.PUBLIC.HIDDEN) || CURRENT_ROLE(); END;")).ShouldSucceed().Rows.ShouldBe([["2OTHER"]]);
    }

    /// <summary>
    /// Each statement has an id of its own (https://docs.snowflake.com/en/developer-guide/snowflake-scripting/query-id), and knows by whom it was executed
    /// (https://docs.snowflake.com/en/release-notes/bcr-bundles/2023_08/bcr-1265).
    /// </summary>
    [Fact]
    public async Task Statements_of_a_block_are_in_the_history_each_by_itself()
    {
        await using var bench = await ScriptBench.StartAsync();
        var block = (await bench.ScriptAsync("BEGIN LET x := 1; INSERT INTO INVOICES (ID) VALUES (:x); EXECUTE IMMEDIATE 'BEGIN DELETE FROM INVOICES; END'; DROP TABLE NOWHERE; EXCEPTION WHEN OTHER THEN RETURN SQLID; END;")).ShouldSucceed();
        var history = (await bench.Admin.QueryAsync($"SELECT QUERY_ID, QUERY_TEXT, QUERY_TYPE, EXECUTION_STATUS, ERROR_CODE FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY WHERE QUERY_ID >= '{block.QueryId}' ORDER BY QUERY_ID")).ShouldSucceed();
        history.Rows.Select(row => string.Join('|', row[1..])).ShouldBe(
        [
            $"BEGIN LET x := 1; INSERT INTO INVOICES (ID) VALUES (:x); EXECUTE IMMEDIATE 'BEGIN DELETE FROM INVOICES; END'; DROP TABLE NOWHERE; EXCEPTION WHEN OTHER THEN RETURN SQLID; END;|BLOCK|SUCCESS|",
            "INSERT INTO INVOICES (ID) VALUES (:x)|INSERT|SUCCESS|", "BEGIN DELETE FROM INVOICES; END|BLOCK|SUCCESS|", "DELETE FROM INVOICES|DELETE|SUCCESS|", "DROP TABLE NOWHERE|DROP_TABLE|FAIL|002003",
        ]);
        // The last that was run to its end.
        block.Rows.ShouldBe([[history.Rows[2][0]]]);
        var accesses = (await bench.Admin.QueryAsync($"SELECT QUERY_ID, PARENT_QUERY_ID, ROOT_QUERY_ID FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY WHERE QUERY_ID >= '{block.QueryId}' ORDER BY QUERY_ID")).ShouldSucceed();
        accesses.Rows.ShouldBe([[history.Rows[1][0], block.QueryId, block.QueryId], [history.Rows[3][0], history.Rows[2][0], block.QueryId]]);
    }

    /// <summary>After a script, its answer is what RESULT_SCAN reads: https://docs.snowflake.com/en/developer-guide/snowflake-scripting/resultsets.</summary>
    [Fact]
    public async Task The_last_query_after_a_script_is_the_script_and_in_it_the_statement_before()
    {
        await using var bench = await ScriptBench.StartAsync();
        (await bench.ScriptAsync("SELECT 'before' AS A")).ShouldSucceed();
        (await bench.Admin.QueryAsync("BEGIN LET r RESULTSET := (SELECT A FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))); SELECT 'inner' AS A; SELECT 'later' AS B; LET s RESULTSET := (SELECT A FROM TABLE(RESULT_SCAN(LAST_QUERY_ID(-2)))); RETURN TABLE(s); END;"))
            .ShouldSucceed().Rows.ShouldBe([["inner"]]);
        (await bench.Admin.QueryAsync("SELECT A || '!' FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))")).ShouldSucceed().Rows.ShouldBe([["inner!"]]);
        (await bench.Admin.QueryAsync("EXECUTE IMMEDIATE 'SHOW TABLES IN SCHEMA D.PUBLIC'")).ShouldSucceed();
        (await bench.Admin.QueryAsync("SELECT \"name\" FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))")).ShouldSucceed().Rows.ShouldBe([["INVOICES"]]);
    }
}
