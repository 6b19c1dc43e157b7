namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>What the system role may do in the account, as the setup script grants it and the checks ask for it.</summary>
internal static class SystemPrivileges
{
    /// <summary>The database role of the account's own views of queries, accesses, policies and tags ("Account Usage", database roles).</summary>
    public const string ViewsRole = "SNOWFLAKE.GOVERNANCE_VIEWER";

    /// <summary>The database role of the account's own view of all grants, which alone tells of those straight to users ("Account Usage", database roles).</summary>
    public const string GrantsRole = "SNOWFLAKE.SECURITY_VIEWER";

    /// <summary>On the account.</summary>
    public static readonly IReadOnlyList<string> OnAccount = ["APPLY MASKING POLICY", "APPLY ROW ACCESS POLICY", "MANAGE GRANTS", "CREATE ROLE"];

    /// <summary>On a schema of Sluice's database.</summary>
    public static IReadOnlyList<string> OnSchema(string schema) => schema switch
    {
        DatabaseLayout.SystemSchema => ["USAGE", "CREATE TABLE", "CREATE VIEW"],
        DatabaseLayout.PolicySchema => ["USAGE", "CREATE MASKING POLICY", "CREATE ROW ACCESS POLICY"],
        DatabaseLayout.FunctionSchema => ["USAGE", "CREATE FUNCTION"],
        _ => throw new ArgumentOutOfRangeException(nameof(schema), schema, "No schema of Sluice's database."),
    };
}
