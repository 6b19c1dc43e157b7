namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>The page of Snowflake's documentation that a kind of statement follows.</summary>
internal static class VendorPages
{
    private const string Reference = "https://docs.snowflake.com/en/sql-reference/";

    // The first whose words begin a kind, and whose other words stand in it.
    private static readonly (string Start, string Part, string Page)[] Pages =
    [
        ("ALTER MASKING POLICY", "", "sql/alter-masking-policy"),
        ("ALTER ROLE", "", "sql/alter-role"),
        ("ALTER ROW ACCESS POLICY", "", "sql/alter-row-access-policy"),
        ("ALTER TABLE", "MASKING POLICY", "sql/alter-table-column"),
        ("ALTER TABLE", "ROW ACCESS POLICY", "sql/alter-table"),
        ("ALTER VIEW", "", "sql/alter-view"),
        ("CREATE MASKING POLICY", "", "sql/create-masking-policy"),
        ("CREATE OR REPLACE FUNCTION", "", "sql/create-function"),
        ("CREATE ROLE", "", "sql/create-role"),
        ("CREATE ROW ACCESS POLICY", "", "sql/create-row-access-policy"),
        ("CREATE TABLE", "", "sql/create-table"),
        ("DESCRIBE MASKING POLICY", "", "sql/desc-masking-policy"),
        ("DESCRIBE ROW ACCESS POLICY", "", "sql/desc-row-access-policy"),
        ("DROP FUNCTION", "", "sql/drop-function"),
        ("DROP MASKING POLICY", "", "sql/drop-masking-policy"),
        ("DROP ROLE", "", "sql/drop-role"),
        ("DROP ROW ACCESS POLICY", "", "sql/drop-row-access-policy"),
        ("DROP TABLE", "", "sql/drop-table"),
        ("GRANT ROLE", "", "sql/grant-role"),
        ("GRANT …", " TO USER ", "sql/grant-privilege-user"),
        ("GRANT …", " TO ROLE ", "sql/grant-privilege"),
        ("INSERT INTO", "", "sql/insert"),
        ("MERGE INTO", "", "sql/merge"),
        ("REVOKE GRANT OPTION FOR", " FROM USER ", "sql/revoke-privilege-user"),
        ("REVOKE GRANT OPTION FOR", " FROM ROLE ", "sql/revoke-privilege"),
        ("REVOKE ROLE", "", "sql/revoke-role"),
        ("REVOKE …", " FROM USER ", "sql/revoke-privilege-user"),
        ("REVOKE …", " FROM ROLE ", "sql/revoke-privilege"),
        ("SELECT COALESCE(q.END_TIME", "ACCOUNT_USAGE.ACCESS_HISTORY", "account-usage/access_history"),
        ("SELECT", "ACCOUNT_USAGE.QUERY_HISTORY", "account-usage/query_history"),
        ("SELECT", "ACCOUNT_USAGE.ACCESS_HISTORY", "account-usage/access_history"),
        ("SELECT", "ACCOUNT_USAGE.GRANTS_TO_ROLES", "account-usage/grants_to_roles"),
        ("SELECT", "ACCOUNT_USAGE.TAG_REFERENCES", "account-usage/tag_references"),
        ("SELECT", "INFORMATION_SCHEMA.POLICY_REFERENCES", "functions/policy_references"),
        ("SELECT", "INFORMATION_SCHEMA.TABLE_PRIVILEGES", "info-schema/table_privileges"),
        ("SELECT", "INFORMATION_SCHEMA.COLUMNS", "info-schema/columns"),
        ("SELECT", "INFORMATION_SCHEMA.TABLES", "info-schema/tables"),
        ("SELECT", "INFORMATION_SCHEMA.SCHEMATA", "info-schema/schemata"),
        ("SELECT", "CURRENT_ORGANIZATION_NAME()", "functions/current_organization_name"),
        ("SELECT", "CURRENT_USER()", "functions/current_user"),
        ("SELECT", "TO_JSON(KNOWN)", "functions/to_json"),
        ("SELECT IDENTITY", "", "sql/select"),
        ("SELECT \"\"(", "", "../developer-guide/udf/udf-calling-sql"),
        ("SELECT COUNT(*)", "", "functions/count"),
        ("SHOW COLUMNS", "", "sql/show-columns"),
        ("SHOW DATABASES", "", "sql/show-databases"),
        ("SHOW GRANTS", "", "sql/show-grants"),
        ("SHOW MASKING POLICIES", "", "sql/show-masking-policies"),
        ("SHOW MATERIALIZED VIEWS", "", "sql/show-materialized-views"),
        ("SHOW ROLES", "", "sql/show-roles"),
        ("SHOW ROW ACCESS POLICIES", "", "sql/show-row-access-policies"),
        ("SHOW SCHEMAS", "", "sql/show-schemas"),
        ("SHOW TABLES", "", "sql/show-tables"),
        ("SHOW USER FUNCTIONS", "", "sql/show-user-functions"),
        ("SHOW VIEWS", "", "sql/show-views"),
        ("SHOW WAREHOUSES", "", "sql/show-warehouses"),
        ("USE SECONDARY ROLES", "", "sql/use-secondary-roles"),
    ];

    /// <summary>Its address; null where none is known.</summary>
    public static string? Of(string kind) =>
        Pages.FirstOrDefault(p => kind.StartsWith(p.Start, StringComparison.Ordinal) && kind.Contains(p.Part, StringComparison.Ordinal)).Page is { } page ? new Uri(new Uri(Reference), page).AbsoluteUri : null;
}
