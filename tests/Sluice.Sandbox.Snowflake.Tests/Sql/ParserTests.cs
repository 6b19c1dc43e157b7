using CsCheck;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Tests.Sql;

public sealed class ParserTests
{
    private static readonly string[] Words =
    [
        "GRANT", "SELECT", "ON", "ALL", "TABLES", "IN", "SCHEMA", "s", "TO", "ROLE", "r", "CREATE", "TABLE", "(", ")", ",", "a", "NUMBER", "SHOW", "LIKE", "'x'", "ALTER", "SET", "TAG", "=", "DROP",
        "COLUMN", "FUTURE", ".", "1",
    ];

    [Theory]
    [InlineData("CREATE OR REPLACE TRANSIENT TABLE a.b.c (id NUMBER(38, 0) NOT NULL PRIMARY KEY DEFAULT 0 COMMENT 'x', n VARCHAR(10) WITH TAG (t = 'v'), CONSTRAINT pk PRIMARY KEY (id)) CLUSTER BY (id) COPY GRANTS COMMENT = 'c'")]
    [InlineData("CREATE TABLE IF NOT EXISTS t CLONE s")]
    [InlineData("CREATE TABLE t (a NUMBER WITH MASKING POLICY p USING (a, b)) WITH ROW ACCESS POLICY r ON (a)")]
    [InlineData("CREATE TABLE t AS SELECT 1 AS x")]
    [InlineData("CREATE SECURE VIEW IF NOT EXISTS v (a COMMENT 'one', b) COMMENT = 'c' AS SELECT 1, 2")]
    [InlineData("CREATE VIEW v COPY GRANTS AS WITH x AS (SELECT 1) SELECT * FROM x")]
    [InlineData("CREATE MATERIALIZED VIEW v AS SELECT 1 AS a")]
    [InlineData("CREATE EVENT TABLE e")]
    [InlineData("CREATE DYNAMIC TABLE d TARGET_LAG = '1 minute' WAREHOUSE = w REFRESH_MODE = AUTO AS SELECT 1 AS a")]
    [InlineData("CREATE MASKING POLICY p AS (v VARCHAR, r VARCHAR) RETURNS VARCHAR -> CASE WHEN r = 'x' THEN v ELSE '***' END COMMENT = 'm' EXEMPT_OTHER_POLICIES = TRUE")]
    [InlineData("CREATE ROW ACCESS POLICY p AS (v VARCHAR) RETURNS BOOLEAN -> v = CURRENT_ROLE()")]
    [InlineData("CREATE SECURE FUNCTION f(a VARCHAR) RETURNS BOOLEAN MEMOIZABLE AS $$ a = 'x' $$")]
    [InlineData("CREATE TAG t ALLOWED_VALUES 'a', 'b' COMMENT = 'x'")]
    [InlineData("CREATE SECURITY INTEGRATION i TYPE = EXTERNAL_OAUTH ENABLED = TRUE EXTERNAL_OAUTH_TYPE = CUSTOM EXTERNAL_OAUTH_ISSUER = 'x' EXTERNAL_OAUTH_AUDIENCE_LIST = ('a', 'b')")]
    [InlineData("CREATE USER u PASSWORD = 'p' DEFAULT_ROLE = r DEFAULT_SECONDARY_ROLES = ('ALL') TYPE = SERVICE")]
    [InlineData("CREATE DATABASE ROLE d.r COMMENT = 'x'")]
    [InlineData("CREATE NETWORK POLICY n ALLOWED_IP_LIST = ('10.0.0.0/8')")]
    [InlineData("ALTER TABLE t RENAME TO u")]
    [InlineData("ALTER TABLE IF EXISTS t ADD COLUMN a NUMBER, b VARCHAR NOT NULL")]
    [InlineData("ALTER TABLE t DROP COLUMN a, b")]
    [InlineData("ALTER TABLE t RENAME COLUMN a TO b")]
    [InlineData("ALTER TABLE t MODIFY COLUMN a SET MASKING POLICY d.s.p USING (a, b) FORCE")]
    [InlineData("ALTER TABLE t MODIFY COLUMN a UNSET MASKING POLICY, COLUMN b SET TAG x = 'y'")]
    [InlineData("ALTER TABLE t ALTER (a SET DATA TYPE VARCHAR(20), b COMMENT 'c', c DROP NOT NULL)")]
    [InlineData("ALTER TABLE t DROP ROW ACCESS POLICY p, ADD ROW ACCESS POLICY q ON (a)")]
    [InlineData("ALTER TABLE t DROP ALL ROW ACCESS POLICIES")]
    [InlineData("ALTER TABLE t SET TAG a = 'b', d.s.c = 'd'")]
    [InlineData("ALTER VIEW v UNSET TAG a, b")]
    [InlineData("ALTER TAG t ADD ALLOWED_VALUES 'x'")]
    [InlineData("ALTER TAG t SET MASKING POLICY p")]
    [InlineData("ALTER MASKING POLICY p SET BODY -> 'x'")]
    [InlineData("ALTER SCHEMA s ENABLE MANAGED ACCESS")]
    [InlineData("ALTER WAREHOUSE w SUSPEND")]
    [InlineData("ALTER SESSION SET QUERY_TAG = 'x', TIMEZONE = 'UTC'")]
    [InlineData("ALTER USER u UNSET RSA_PUBLIC_KEY")]
    [InlineData("COMMENT IF EXISTS ON COLUMN d.s.t.c IS 'x'")]
    [InlineData("COMMENT ON TABLE t IS $$x$$")]
    [InlineData("DROP MASKING POLICY IF EXISTS d.s.p")]
    [InlineData("GRANT SELECT, INSERT ON TABLE d.s.t TO ROLE r WITH GRANT OPTION")]
    [InlineData("GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA d.s TO DATABASE ROLE d.r")]
    [InlineData("GRANT SELECT ON FUTURE MATERIALIZED VIEWS IN DATABASE d TO ROLE r")]
    [InlineData("GRANT OWNERSHIP ON ALL TABLES IN SCHEMA s TO ROLE r COPY CURRENT GRANTS")]
    [InlineData("GRANT IMPORTED PRIVILEGES ON DATABASE SNOWFLAKE TO ROLE r")]
    [InlineData("GRANT APPLY ROW ACCESS POLICY ON ACCOUNT TO ROLE r")]
    [InlineData("GRANT CREATE MASKING POLICY ON SCHEMA s TO r")]
    [InlineData("GRANT ROLE a TO USER b")]
    [InlineData("GRANT DATABASE ROLE d.a TO DATABASE ROLE d.b")]
    [InlineData("GRANT USAGE ON FUNCTION d.s.f(VARCHAR, NUMBER) TO ROLE r")]
    [InlineData("REVOKE GRANT OPTION FOR SELECT ON VIEW v FROM ROLE r CASCADE")]
    [InlineData("SHOW TERSE SCHEMAS LIKE 'a%' IN DATABASE d STARTS WITH 'B' LIMIT 10 FROM 'x'")]
    [InlineData("SHOW FUTURE GRANTS IN SCHEMA d.s")]
    [InlineData("SHOW FUTURE GRANTS TO ROLE r")]
    [InlineData("SHOW GRANTS OF DATABASE ROLE d.r")]
    [InlineData("SHOW GRANTS")]
    [InlineData("SHOW PARAMETERS LIKE 'Q%' IN SESSION")]
    [InlineData("SHOW SECURITY INTEGRATIONS")]
    [InlineData("SHOW COLUMNS IN TABLE d.s.t")]
    [InlineData("SHOW USER FUNCTIONS IN SCHEMA s")]
    [InlineData("DESC TABLE t")]
    [InlineData("USE d.s")]
    [InlineData("SET (a, b) = (1, 'x')")]
    [InlineData("BEGIN TRANSACTION NAME t1")]
    [InlineData("TRUNCATE TABLE IF EXISTS t")]
    [InlineData("MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a)")]
    public void A_statement_is_understood(string sql) => StatementParser.Parse(sql).ShouldNotBeNull();

    [Theory]
    [InlineData("SELEC 1", "SELEC")]
    [InlineData("CREATE TABEL t (a NUMBER)", "TABEL")]
    [InlineData("GRANT SELECT ON TABLE t TO", "<EOF>")]
    [InlineData("SHOW TABLES IN", "<EOF>")]
    [InlineData("DROP", "<EOF>")]
    [InlineData("USE ROLE r s", "s")]
    [InlineData("ALTER TABLE t FROBNICATE", "FROBNICATE")]
    public void A_syntax_error_names_what_was_not_expected(string sql, string near)
    {
        var problem = Should.Throw<SnowflakeException>(() => StatementParser.Parse(sql));
        problem.Code.ShouldBe("001003");
        problem.SqlState.ShouldBe("42000");
        problem.Message.ShouldContain($"unexpected '{near}'");
    }

    [Fact]
    public void Any_mixture_of_words_is_parsed_or_refused() =>
        Gen.Int[0, Words.Length - 1].Select(index => Words[index])
            .Array[1, 12].Sample(words =>
            {
                try
                {
                    StatementParser.Parse(string.Join(' ', words));
                }
                catch (SnowflakeException problem)
                {
                    problem.Code.ShouldBeOneOf("001003", "002040", "000002");
                }
            });
}
