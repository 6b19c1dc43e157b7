namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>What the system role may do in the account, as the setup script grants it and the checks ask for it.</summary>
internal static class SystemPrivileges
{
    /// <summary>The database role of the account's own views of queries, accesses, policies and tags ("Account Usage", database roles).</summary>
    public const string ViewsRole = "SNOWFLAKE.GOVERNANCE_VIEWER";

    /// <summary>On the account.</summary>
    public static readonly IReadOnlyList<string> OnAccount = ["APPLY MASKING POLICY", "APPLY ROW ACCESS POLICY", "MANAGE GRANTS", "CREATE ROLE"];
}
