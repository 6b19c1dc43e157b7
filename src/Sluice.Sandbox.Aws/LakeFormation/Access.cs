namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>What a caller may do with one resource.</summary>
/// <param name="Granted">Permissions held, Super expanded.</param>
/// <param name="Grantable">Permissions that may be passed on.</param>
/// <param name="Columns">The only columns seen; null for all.</param>
internal readonly record struct Access(LakePermissions Granted, LakePermissions Grantable, IReadOnlySet<string>? Columns)
{
    public static readonly Access Full = new(LakePermissions.Everything, LakePermissions.Everything, null);

    public bool IsVisible => Granted != LakePermissions.None;

    public bool CanGrant(LakePermissions permissions) =>
        Grantable.HasFlag(LakePermissions.All) || (Grantable & permissions) == permissions;
}
