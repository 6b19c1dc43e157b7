namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>What the comments of the roles every account has say.</summary>
internal static class SystemRoleComments
{
    public static string Of(string role) => role switch
    {
        "ACCOUNTADMIN" => "Account administrator can manage all aspects of the account.",
        "SECURITYADMIN" => "Security administrator can manage security aspects of the account.",
        "USERADMIN" => "User administrator can create and manage users and roles",
        "SYSADMIN" => "System administrator can create and manage databases and warehouses.",
        "ORGADMIN" => "Organization administrator can manage the organization.",
        _ => "Public role is automatically available to every user in the account.",
    };
}
