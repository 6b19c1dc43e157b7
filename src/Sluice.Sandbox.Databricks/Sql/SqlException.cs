using Sluice.Sandbox.Databricks.Catalog;

namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>
/// A statement's failure: an error class and its SQLSTATE, from https://docs.databricks.com/aws/en/error-messages/error-classes.
/// </summary>
internal sealed class SqlException : Exception
{
    public SqlException(string condition, string sqlState, string text, string code = "BAD_REQUEST")
        : base($"[{condition}] {text} SQLSTATE: {sqlState}") => (Condition, SqlState, Code) = (condition, sqlState, code);

    private SqlException(string condition, string text) : base($"[{condition}] {text}") => (Condition, SqlState, Code) = (condition, null, "BAD_REQUEST");

    private SqlException(string message) : base(message) => (Condition, SqlState, Code) = ("", null, "BAD_REQUEST");

    public string Condition { get; }

    /// <summary>Null for what the API refuses around the statement, and for the few conditions that have none.</summary>
    public string? SqlState { get; }

    /// <summary>status.error.error_code of the Statement Execution API.</summary>
    public string Code { get; }

    /// <summary>A result that INLINE disposition doesn't hold.</summary>
    public static SqlException TooLargeInline(long most) =>
        new($"Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result size of at most {most} bytes. Please execute the statement with disposition=EXTERNAL_LINKS if you want to download the full result.");

    public static SqlException Syntax(string near, int position) =>
        new("PARSE_SYNTAX_ERROR", "42601", $"Syntax error at or near {near}.{Where(position)}");

    public static SqlException NoRelation(string name) =>
        new("TABLE_OR_VIEW_NOT_FOUND", "42P01", $"The table or view {name} cannot be found. Verify the spelling and correctness of the schema and catalog.");

    public static SqlException NoSchema(string name) =>
        new("SCHEMA_NOT_FOUND", "42704", $"The schema {name} cannot be found. Verify the spelling and correctness of the schema and catalog.");

    public static SqlException NoCatalog(string name) =>
        new("NO_SUCH_CATALOG_EXCEPTION", "42704", $"Catalog '{name}' was not found. Please verify that it exists.");

    public static SqlException NoFunction(string name) =>
        new("UNRESOLVED_ROUTINE", "42883", $"Cannot resolve routine {name} on search path.");

    public static SqlException NoVariable(string name) =>
        new("UNRESOLVED_VARIABLE", "42883", $"Cannot resolve variable {name} on search path `SYSTEM`.`SESSION`.");

    /// <summary>What raise_error and assert_true end a statement with.</summary>
    public static SqlException Raised(string text) => new("USER_RAISED_EXCEPTION", "P0001", text);

    public static SqlException NoColumn(string name) =>
        new("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703", $"A column, variable, or function parameter with name {name} cannot be resolved.");

    public static SqlException Refused(string text) =>
        new("INSUFFICIENT_PERMISSIONS", "42501", $"Insufficient privileges: {text}");

    public static SqlException NoPrincipal(string name) =>
        new("PRINCIPAL_DOES_NOT_EXIST", "42704", $"Could not find principal with name {name}");

    /// <summary>From https://docs.databricks.com/aws/en/error-messages/row-column-access-error-class, which assigns no SQLSTATE.</summary>
    public static SqlException Guard(string condition, string text) => new($"ROW_COLUMN_ACCESS.{condition}", text);

    /// <summary>From https://docs.databricks.com/aws/en/error-messages/materialized-view-operation-not-allowed-error-class and its sister of streaming tables.</summary>
    public static SqlException Pipelined(string condition, string text) => new(condition, "42601", text);

    public static SqlException Unsupported(string text) => new("UNSUPPORTED_FEATURE", "0A000", text);

    /// <summary>From https://docs.databricks.com/aws/en/error-messages/error-classes and what the service is seen to say.</summary>
    public static SqlException Quota(string made, ResourceQuota quota) =>
        new("QUOTA_EXCEEDED.UC_RESOURCE_QUOTA_EXCEEDED", "54000", $"Cannot create 1 {made}(s) in {quota.ParentType[0]}{quota.ParentType[1..].ToLowerInvariant()} {quota.ParentName} (estimated count: {quota.Count}, limit: {quota.Limit}).");

    public static SqlException Parameter(string text) => new("INVALID_PARAMETER_VALUE", "22023", text);

    private static string Where(int position) => position < 0 ? "" : $" (position {position})";
}
