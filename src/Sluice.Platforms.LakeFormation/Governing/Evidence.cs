namespace Sluice.Platforms.LakeFormation.Governing;

/// <summary>What speaks against Lake Formation governing an object. None: it is proven that it does.</summary>
[Flags]
internal enum Evidence
{
    None = 0,

    /// <summary>IAM_ALLOWED_PRINCIPALS has permissions on the table.</summary>
    IamOnTable = 1,

    /// <summary>IAM_ALLOWED_PRINCIPALS has permissions on the database.</summary>
    IamOnDatabase = 2,

    /// <summary>The table says that its location is not registered.</summary>
    NotRegistered = 4,

    /// <summary>New tables of the database get permissions for IAM_ALLOWED_PRINCIPALS.</summary>
    IamByDefault = 8,

    /// <summary>New tables of the database get permissions for someone else.</summary>
    OthersByDefault = 16,

    /// <summary>The table does not say whether its location is registered.</summary>
    RegistrationUnknown = 32,

    /// <summary>ListPermissions can't be read.</summary>
    PermissionsUnreadable = 64,

    /// <summary>The caller has no permission on the table by which ListPermissions would show those of others.</summary>
    NotCovered = 128,

    /// <summary>The object may carry LF-Tags that can't be read.</summary>
    TagsUnknown = 256,

    /// <summary>The view says that Lake Formation does not manage it.</summary>
    ViewNotManaged = 512,

    /// <summary>The caller has no permission on the database by which ListPermissions would show those of others.</summary>
    DatabaseNotCovered = 1024,

    /// <summary>IAM_ALLOWED_PRINCIPALS has permissions that may reach the object, in a form that doesn't tell whether they do.</summary>
    IamMayReach = 2048,

    /// <summary>Each of these alone proves that something else decides.</summary>
    Ungoverned = IamOnTable | IamOnDatabase | NotRegistered | IamByDefault | ViewNotManaged,
}
