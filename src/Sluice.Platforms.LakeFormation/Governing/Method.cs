using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>How Sluice could grant on an object, and what is missing for more.</summary>
internal sealed record Method(string Name, string? Limit)
{
    /// <summary>LF-Tags of ours can be assigned.</summary>
    public const string Tags = "tags";

    /// <summary>Only grants on the named object.</summary>
    public const string Named = "named";

    /// <summary>Nothing.</summary>
    public const string None = "none";

    private const LakePermissions NamedOnTable =
        LakePermissions.Select | LakePermissions.Describe | LakePermissions.Insert | LakePermissions.Delete;

    /// <summary>
    /// The method on a table. Assigning an LF-Tag takes Super or all six permissions with the grant option (Lake Formation guide, Assigning
    /// LF-Tags); the documented tag method gives four of them, and so only named grants.
    /// </summary>
    public static Method OnTable(LakePermissions grantable, bool tagCreator)
    {
        if (!grantable.HasFlag(LakePermissions.Select))
            return new Method(None, "this principal can't grant access here: it lacks SELECT with the grant option");
        var missing = LakePermissions.EveryTablePermission & ~grantable;
        if (missing == LakePermissions.None && tagCreator) return new Method(Tags, null);
        var limit = OnlyNamed(missing, tagCreator);
        return (NamedOnTable & ~grantable) is var lacking and not LakePermissions.None
            ? new Method(Named, $"{lacking.Describe()} can't be granted here: missing with the grant option; {limit}")
            : new Method(Named, limit);
    }

    /// <summary>The method on a database: DESCRIBE on it is what people need besides grants on its tables, and is granted by name.</summary>
    public static Method OnDatabase(LakePermissions grantable, bool tagCreator)
    {
        if (!grantable.HasFlag(LakePermissions.Describe))
            return new Method(None, "people can't be granted DESCRIBE on the database: this principal lacks it with the grant option");
        var missing = LakePermissions.EveryDatabasePermission & ~grantable;
        return missing == LakePermissions.None && tagCreator ? new Method(Tags, null) : new Method(Named, OnlyNamed(missing, tagCreator));
    }

    private static string OnlyNamed(LakePermissions missing, bool tagCreator)
    {
        var needs = missing == LakePermissions.None
            ? "being an LF-Tag creator"
            : $"{missing.Describe()} with the grant option{(tagCreator ? "" : " and being an LF-Tag creator")}";
        return $"named grants only: assigning LF-Tags also needs {needs}";
    }
}
