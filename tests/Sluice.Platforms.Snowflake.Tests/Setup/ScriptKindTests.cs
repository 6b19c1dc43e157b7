using Sluice.Platforms.Tests.Support;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>Every kind of statement in the setup scripts, beside the page of Snowflake's that it follows.</summary>
public sealed class ScriptKindTests
{
    private const string Reference = "https://docs.snowflake.com/en/sql-reference/";

    // The first whose words begin a kind.
    private static readonly (string Start, string Page)[] Pages =
    [
        (":=", "../developer-guide/snowflake-scripting/variables"),
        ("ALTER", "sql/alter-table"),
        ("BEGIN", "snowflake-scripting/begin"),
        ("CREATE DATABASE", "sql/create-database"),
        ("CREATE ROLE", "sql/create-role"),
        ("CREATE SCHEMA", "sql/create-schema"),
        ("CREATE USER", "sql/create-user"),
        ("DECLARE", "snowflake-scripting/declare"),
        ("DROP DATABASE", "sql/drop-database"),
        ("DROP ROLE", "sql/drop-role"),
        ("DROP ROW ACCESS POLICY", "sql/alter-table"),
        ("DROP USER", "sql/drop-user"),
        ("ELSE", "snowflake-scripting/if"),
        ("END FOR", "snowflake-scripting/for"),
        ("END IF", "snowflake-scripting/if"),
        ("END REPEAT", "snowflake-scripting/repeat"),
        ("END", "snowflake-scripting/begin"),
        ("EXCEPTION", "snowflake-scripting/exception"),
        ("EXECUTE IMMEDIATE", "sql/execute-immediate"),
        ("FOR", "snowflake-scripting/for"),
        ("GRANT DATABASE ROLE", "sql/grant-database-role"),
        ("GRANT ROLE", "sql/grant-role"),
        ("GRANT ", "sql/grant-privilege"),
        ("IF", "snowflake-scripting/if"),
        ("INTEGER", "snowflake-scripting/declare"),
        ("MODIFY COLUMN", "sql/alter-table-column"),
        ("RAISE", "snowflake-scripting/raise"),
        ("REPEAT", "snowflake-scripting/repeat"),
        ("RESULTSET", "../developer-guide/snowflake-scripting/resultsets"),
        ("REVOKE DATABASE ROLE", "sql/revoke-database-role"),
        ("REVOKE ROLE", "sql/revoke-role"),
        ("REVOKE ", "sql/revoke-privilege"),
        ("SELECT", "constructs/values"),
        ("SET", "sql/set"),
        ("SHOW DATABASES", "sql/show-databases"),
        ("SHOW MASKING POLICIES", "sql/show-masking-policies"),
        ("SHOW ROLES", "sql/show-roles"),
        ("SHOW ROW ACCESS POLICIES", "sql/show-row-access-policies"),
        ("SHOW USERS", "sql/show-users"),
        ("UNSET MASKING POLICY", "sql/alter-table-column"),
        ("UNSET", "sql/unset"),
        ("UNTIL", "snowflake-scripting/repeat"),
        ("USE ROLE", "sql/use-role"),
        ("USE WAREHOUSE", "sql/use-warehouse"),
        ("VARCHAR", "snowflake-scripting/declare"),
        ("WHEN", "snowflake-scripting/exception"),
    ];

    [Fact]
    public void Each_follows_a_page() => ScriptKinds.Check(static kind =>
        Pages.FirstOrDefault(p => kind.StartsWith(p.Start, StringComparison.Ordinal)).Page is { } page ? new Uri(new Uri(Reference), page).AbsoluteUri : null);
}
