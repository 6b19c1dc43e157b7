using Sluice.Platforms.Snowflake.Enforcing;
using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>Every kind of statement in the setup scripts, beside the page of Snowflake's that it follows.</summary>
public sealed class ScriptKindTests
{
    private static readonly Uri Reference = new("https://docs.snowflake.com/en/sql-reference/");

    private static readonly (string Words, string Page)[] Pages =
    [
        ("… :=", "../developer-guide/snowflake-scripting/variables"),
        ("… EXCEPTION", "snowflake-scripting/declare"),
        ("… INTEGER", "snowflake-scripting/declare"),
        ("… RESULTSET", "../developer-guide/snowflake-scripting/resultsets"),
        ("… VARCHAR", "snowflake-scripting/declare"),
        ("ALTER", "sql/alter-table"),
        ("ALTER USER … ADD PROGRAMMATIC ACCESS TOKEN ", "sql/alter-user-add-programmatic-access-token"),
        ("ALTER USER … SET ", "sql/alter-user"),
        ("BEGIN", "snowflake-scripting/begin"),
        ("CREATE DATABASE ", "sql/create-database"),
        ("CREATE SCHEMA ", "sql/create-schema"),
        ("CREATE USER ", "sql/create-user"),
        ("DECLARE", "snowflake-scripting/declare"),
        ("DROP DATABASE ", "sql/drop-database"),
        ("DROP ROW ACCESS POLICY", "sql/alter-table"),
        ("DROP USER ", "sql/drop-user"),
        ("ELSE", "snowflake-scripting/if"),
        ("END", "snowflake-scripting/begin"),
        ("END FOR", "snowflake-scripting/for"),
        ("END IF", "snowflake-scripting/if"),
        ("EXCEPTION", "snowflake-scripting/exception"),
        ("EXECUTE IMMEDIATE", "sql/execute-immediate"),
        ("FOR", "snowflake-scripting/for"),
        ("FROM", "sql/show-roles"),
        ("GRANT DATABASE ROLE ", "sql/grant-database-role"),
        ("IF", "snowflake-scripting/if"),
        ("MODIFY COLUMN", "sql/alter-table-column"),
        ("RAISE", "snowflake-scripting/raise"),
        ("REPEAT", "snowflake-scripting/repeat"),
        ("REVOKE DATABASE ROLE ", "sql/revoke-database-role"),
        ("SELECT COLUMN1 AS STATEMENT FROM VALUES", "constructs/values"),
        ("SET", "sql/set"),
        ("SHOW USERS ", "sql/show-users"),
        ("TABLE", "sql/alter-table"),
        ("UNSET", "sql/unset"),
        ("UNSET MASKING POLICY", "sql/alter-table-column"),
        ("UNTIL", "snowflake-scripting/repeat"),
        ("USE ROLE ", "sql/use-role"),
        ("USE WAREHOUSE ", "sql/use-warehouse"),
        ("VIEW", "sql/alter-view"),
        ("WHEN STATEMENT_ERROR THEN", "snowflake-scripting/exception"),
    ];

    [Fact]
    public void Each_follows_a_page() => ScriptKinds.Check(Reference, Pages, static kind => VendorPages.Of(StatementKind.Of(kind).Single()));
}
