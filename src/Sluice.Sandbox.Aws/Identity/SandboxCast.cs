namespace Sluice.Sandbox.Aws.Identity;

/// <summary>The principals every sandbox has.</summary>
public static class SandboxCast
{
    /// <summary>The user with the documented actions, for access key connections.</summary>
    public const string ServiceUser = "sluice-service";

    /// <summary>The role with the documented actions, for assumed role connections.</summary>
    public const string ServiceRole = "sluice-service-role";

    /// <summary>The identity of a Sluice server, in an account of its own; it may do nothing but assume roles.</summary>
    public const string Server = "sluice-server";

    /// <summary>The data lake administrator.</summary>
    public const string Administrator = "lake-admin";

    /// <summary>A person who reads one table by a named grant and nothing else.</summary>
    public const string Analyst = "analyst";

    /// <summary>The account <see cref="Server"/> lives in.</summary>
    public const string ServerAccountId = "999988887777";

    /// <summary>The 17 actions the connection API documents for the service principal.</summary>
    public static IReadOnlyList<string> DocumentedActions { get; } =
    [
        "glue:GetDatabase",
        "glue:GetTables",
        "glue:GetDatabases",
        "glue:GetTable",
        "lakeformation:ListPermissions",
        "lakeformation:BatchGrantPermissions",
        "lakeformation:BatchRevokePermissions",
        "lakeformation:CreateLFTag",
        "lakeformation:UpdateLFTag",
        "lakeformation:DeleteLFTag",
        "lakeformation:AddLFTagsToResource",
        "lakeformation:RemoveLFTagsFromResource",
        "lakeformation:GetResourceLFTags",
        "lakeformation:ListLFTags",
        "lakeformation:GetLFTag",
        "lakeformation:SearchTablesByLFTags",
        "lakeformation:SearchDatabasesByLFTags",
    ];

    internal static IEnumerable<SandboxPrincipal> For(AwsSandboxOptions options)
    {
        SandboxPrincipal[] standard =
        [
            new() { Name = Administrator, Allow = ["*"], IsDataLakeAdministrator = true },
            new() { Name = ServiceUser, Allow = options.ServiceActions },
            new()
            {
                Name = ServiceRole,
                IsRole = true,
                Allow = options.ServiceActions,
                TrustedPrincipals = [$"arn:aws:iam::{ServerAccountId}:user/{Server}"],
                ExternalId = options.ExternalId,
            },
            new() { Name = Server, AccountId = ServerAccountId, Allow = ["sts:AssumeRole"] },
            new() { Name = Analyst, Allow = ["glue:Get*", "lakeformation:ListPermissions"] },
        ];
        var replaced = options.Principals.Select(principal => principal.Name).ToHashSet();
        return standard.Where(principal => !replaced.Contains(principal.Name)).Concat(options.Principals);
    }
}
