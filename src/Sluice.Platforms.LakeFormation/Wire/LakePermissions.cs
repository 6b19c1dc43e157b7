using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Lake Formation's permissions. Those Sluice has no use for are kept as one of two: harmless to data, or not known.</summary>
[Flags]
internal enum LakePermissions
{
    None = 0,
    Select = 1,
    Insert = 2,
    Delete = 4,
    Describe = 8,
    Alter = 16,
    Drop = 32,
    CreateTable = 64,
    CreateLFTag = 128,
    Associate = 256,
    All = 512,
    SuperUser = 1024,

    /// <summary>Making something new in the catalog: databases, catalogs, LF-Tag expressions. Reaches nothing that is there.</summary>
    CreateOther = 2048,

    /// <summary>One that is not listed here: what it reaches is not known.</summary>
    Unknown = 4096,

    /// <summary>What ALL (Super) on a table comprises.</summary>
    EveryTablePermission = Select | Insert | Delete | Describe | Alter | Drop,

    /// <summary>What ALL (Super) on a database comprises, of itself and not of its tables.</summary>
    EveryDatabasePermission = Describe | CreateTable | Alter | Drop,
}

/// <summary>Reads permissions.</summary>
internal static class LakePermissionNames
{
    /// <summary>The names as AWS spells them, for people.</summary>
    public static string Describe(this LakePermissions permissions) => string.Join(", ", permissions.Each().Select(Name));

    /// <summary>Each permission of a set, in one order.</summary>
    public static IEnumerable<LakePermissions> Each(this LakePermissions permissions) =>
        Enum.GetValues<LakePermissions>().Where(p => int.PopCount((int)p) == 1 && permissions.HasFlag(p));

    /// <summary>One permission as AWS spells it.</summary>
    public static string Name(this LakePermissions permission) => permission switch
    {
        LakePermissions.CreateTable => "CREATE_TABLE",
        LakePermissions.CreateLFTag => "CREATE_LF_TAG",
        LakePermissions.SuperUser => "SUPER_USER",
        LakePermissions.CreateOther => "CREATE_DATABASE",
        _ => permission.ToString().ToUpperInvariant(),
    };

    /// <summary>Reads a list of names, the reader being on the member's name.</summary>
    public static LakePermissions Next(ref Utf8JsonReader reader)
    {
        var permissions = LakePermissions.None;
        if (!reader.EnterList()) return permissions;
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            permissions |= reader.ValueTextEquals("SELECT"u8) ? LakePermissions.Select
                : reader.ValueTextEquals("INSERT"u8) ? LakePermissions.Insert
                : reader.ValueTextEquals("DELETE"u8) ? LakePermissions.Delete
                : reader.ValueTextEquals("DESCRIBE"u8) ? LakePermissions.Describe
                : reader.ValueTextEquals("ALTER"u8) ? LakePermissions.Alter
                : reader.ValueTextEquals("DROP"u8) ? LakePermissions.Drop
                : reader.ValueTextEquals("CREATE_TABLE"u8) ? LakePermissions.CreateTable
                : reader.ValueTextEquals("CREATE_LF_TAG"u8) ? LakePermissions.CreateLFTag
                : reader.ValueTextEquals("ASSOCIATE"u8) ? LakePermissions.Associate
                : reader.ValueTextEquals("ALL"u8) ? LakePermissions.All
                : reader.ValueTextEquals("SUPER_USER"u8) ? LakePermissions.SuperUser
                : reader.ValueTextEquals("CREATE_DATABASE"u8) || reader.ValueTextEquals("CREATE_CATALOG"u8)
                    || reader.ValueTextEquals("CREATE_LF_TAG_EXPRESSION"u8) ? LakePermissions.CreateOther
                : LakePermissions.Unknown;
        }

        return permissions;
    }
}
