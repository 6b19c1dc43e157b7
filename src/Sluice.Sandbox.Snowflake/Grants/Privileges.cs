using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Grants;

/// <summary>Which privileges each kind of object knows (Access control privileges in Snowflake's reference).</summary>
internal static class Privileges
{
    public static IReadOnlyList<string> OnAccount { get; } =
    [
        "APPLY MASKING POLICY", "APPLY ROW ACCESS POLICY", "APPLY SESSION POLICY", "APPLY TAG", "ATTACH POLICY", "AUDIT", "CREATE ACCOUNT",
        "CREATE API INTEGRATION", "CREATE DATABASE", "CREATE INTEGRATION", "CREATE NETWORK POLICY", "CREATE ROLE", "CREATE SECURITY INTEGRATION",
        "CREATE SHARE", "CREATE USER", "CREATE WAREHOUSE", "EXECUTE MANAGED TASK", "EXECUTE TASK", "IMPORT SHARE", "MANAGE GRANTS",
        "MANAGE WAREHOUSES", "MONITOR EXECUTION", "MONITOR SECURITY", "MONITOR USAGE", "OVERRIDE SHARE RESTRICTIONS", "PURCHASE DATA EXCHANGE LISTING",
        "RESOLVE ALL",
    ];

    private static readonly string[] InSchema =
    [
        "ADD SEARCH OPTIMIZATION", "CREATE DYNAMIC TABLE", "CREATE EVENT TABLE", "CREATE EXTERNAL TABLE", "CREATE FILE FORMAT", "CREATE FUNCTION",
        "CREATE ICEBERG TABLE", "CREATE MASKING POLICY", "CREATE MATERIALIZED VIEW", "CREATE PIPE", "CREATE PROCEDURE", "CREATE ROW ACCESS POLICY",
        "CREATE SEQUENCE", "CREATE SESSION POLICY", "CREATE STAGE", "CREATE STREAM", "CREATE TABLE", "CREATE TAG", "CREATE TASK",
        "CREATE TEMPORARY TABLE", "CREATE VIEW", "MODIFY", "MONITOR", "USAGE",
    ];

    private static readonly string[] OnTable = ["DELETE", "EVOLVE SCHEMA", "INSERT", "REBUILD", "REFERENCES", "SELECT", "TRUNCATE", "UPDATE"];

    /// <summary>All privileges of a kind of object, without OWNERSHIP.</summary>
    public static IReadOnlyList<string> Of(Domain domain) => domain switch
    {
        Domain.Account => OnAccount,
        Domain.Database => ["APPLYBUDGET", "CREATE DATABASE ROLE", "CREATE SCHEMA", "IMPORTED PRIVILEGES", "MODIFY", "MONITOR", "REFERENCE_USAGE", "USAGE"],
        Domain.Schema => InSchema,
        Domain.Table or Domain.EventTable or Domain.IcebergTable => OnTable,
        Domain.View or Domain.MaterializedView => ["DELETE", "INSERT", "REFERENCES", "SELECT", "TRUNCATE", "UPDATE"],
        Domain.ExternalTable => ["REFERENCES", "SELECT"],
        Domain.DynamicTable => ["MONITOR", "OPERATE", "SELECT"],
        Domain.Warehouse => ["APPLYBUDGET", "MODIFY", "MONITOR", "OPERATE", "USAGE"],
        Domain.User => ["APPLY SESSION POLICY", "MONITOR"],
        Domain.Tag => ["APPLY", "READ"],
        Domain.MaskingPolicy or Domain.RowAccessPolicy or Domain.SessionPolicy => ["APPLY"],
        Domain.Integration => ["USAGE", "USE_ANY_ROLE"],
        Domain.Function or Domain.Procedure or Domain.Sequence or Domain.FileFormat => ["USAGE"],
        Domain.Stage => ["READ", "USAGE", "WRITE"],
        _ => [],
    };

    /// <summary>Those of them that a user can be given: none to create, nor ownership (https://docs.snowflake.com/en/sql-reference/sql/grant-privilege-user).</summary>
    public static IReadOnlyList<string> ToUser(Domain domain) => domain switch
    {
        Domain.View or Domain.MaterializedView => ["REFERENCES", "SELECT"],
        Domain.User => ["MONITOR"],
        _ => [.. Of(domain).Where(privilege => !privilege.StartsWith("CREATE ", StringComparison.Ordinal) && privilege is not ("REBUILD" or "REFERENCE_USAGE"))],
    };
}
