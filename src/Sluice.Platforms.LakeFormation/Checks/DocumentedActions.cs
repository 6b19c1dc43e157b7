namespace Sluice.Platforms.LakeFormation.Checks;

/// <summary>The seventeen IAM actions that the documented policy gives the service principal, in its order.</summary>
internal static class DocumentedActions
{
    public const string GetDatabase = "glue:GetDatabase";
    public const string GetTables = "glue:GetTables";
    public const string GetDatabases = "glue:GetDatabases";
    public const string GetTable = "glue:GetTable";
    public const string ListPermissions = "lakeformation:ListPermissions";
    public const string GetResourceLFTags = "lakeformation:GetResourceLFTags";
    public const string ListLFTags = "lakeformation:ListLFTags";
    public const string GetLFTag = "lakeformation:GetLFTag";
    public const string SearchTables = "lakeformation:SearchTablesByLFTags";
    public const string SearchDatabases = "lakeformation:SearchDatabasesByLFTags";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        GetDatabase,
        GetTables,
        GetDatabases,
        GetTable,
        ListPermissions,
        "lakeformation:BatchGrantPermissions",
        "lakeformation:BatchRevokePermissions",
        "lakeformation:CreateLFTag",
        "lakeformation:UpdateLFTag",
        "lakeformation:DeleteLFTag",
        "lakeformation:AddLFTagsToResource",
        "lakeformation:RemoveLFTagsFromResource",
        GetResourceLFTags,
        ListLFTags,
        GetLFTag,
        SearchTables,
        SearchDatabases,
    ];
}
