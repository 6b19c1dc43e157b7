namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Lake Formation's permissions as a set.</summary>
[Flags]
internal enum LakePermissions
{
    None = 0,
    All = 1 << 0,
    Select = 1 << 1,
    Alter = 1 << 2,
    Drop = 1 << 3,
    Delete = 1 << 4,
    Insert = 1 << 5,
    Describe = 1 << 6,
    CreateDatabase = 1 << 7,
    CreateTable = 1 << 8,
    DataLocationAccess = 1 << 9,
    CreateLFTag = 1 << 10,
    Associate = 1 << 11,
    GrantWithLFTagExpression = 1 << 12,
    CreateLFTagExpression = 1 << 13,
    CreateCatalog = 1 << 14,
    SuperUser = 1 << 15,

    OnCatalog = CreateDatabase | CreateLFTag | CreateLFTagExpression | CreateCatalog | SuperUser | Describe | Alter | Drop | All,
    OnDatabase = All | Alter | Drop | Describe | CreateTable,
    OnTable = All | Select | Alter | Drop | Delete | Insert | Describe,
    OnTag = Alter | Drop | Describe | Associate | GrantWithLFTagExpression,

    /// <summary>What an LF-Tag may need besides Super to be assigned to a table or its columns.</summary>
    ToTagTable = Describe | Alter | Drop | Insert | Select | Delete,

    /// <summary>What an LF-Tag may need besides Super to be assigned to a database.</summary>
    ToTagDatabase = Describe | CreateTable | Alter | Drop,

    /// <summary>What Super is worth on a resource of any kind.</summary>
    Everything = (1 << 16) - 1,
}

/// <summary>The wire names of permissions.</summary>
internal static class LakePermissionNames
{
    private static readonly (LakePermissions Permission, string Name)[] Names =
    [
        (LakePermissions.All, "ALL"),
        (LakePermissions.Select, "SELECT"),
        (LakePermissions.Alter, "ALTER"),
        (LakePermissions.Drop, "DROP"),
        (LakePermissions.Delete, "DELETE"),
        (LakePermissions.Insert, "INSERT"),
        (LakePermissions.Describe, "DESCRIBE"),
        (LakePermissions.CreateDatabase, "CREATE_DATABASE"),
        (LakePermissions.CreateTable, "CREATE_TABLE"),
        (LakePermissions.DataLocationAccess, "DATA_LOCATION_ACCESS"),
        (LakePermissions.CreateLFTag, "CREATE_LF_TAG"),
        (LakePermissions.Associate, "ASSOCIATE"),
        (LakePermissions.GrantWithLFTagExpression, "GRANT_WITH_LF_TAG_EXPRESSION"),
        (LakePermissions.CreateLFTagExpression, "CREATE_LF_TAG_EXPRESSION"),
        (LakePermissions.CreateCatalog, "CREATE_CATALOG"),
        (LakePermissions.SuperUser, "SUPER_USER"),
    ];

    public static LakePermissions? Parse(string name)
    {
        foreach (var known in Names)
        {
            if (known.Name == name) return known.Permission;
        }

        return null;
    }

    public static IEnumerable<string> Of(LakePermissions permissions) =>
        Names.Where(known => permissions.HasFlag(known.Permission)).Select(known => known.Name);

    /// <summary>Super stands for all others.</summary>
    public static LakePermissions Expand(LakePermissions permissions) =>
        permissions.HasFlag(LakePermissions.All) ? LakePermissions.Everything : permissions;
}
