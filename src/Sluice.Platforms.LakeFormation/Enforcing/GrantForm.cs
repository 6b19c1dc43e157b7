using System.Text.Json;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>How a named grant stands: the definition of its fact. What Sluice grants is plain.</summary>
internal static class GrantForm
{
    /// <summary>May be used and not passed on.</summary>
    public const string Plain = "";

    private const string Passable = "with the grant option";
    private const string OnlyPassable = "the grant option alone";

    /// <summary>The form of a permission as an entry lists it.</summary>
    public static string Of(LakePermission entry, LakePermissions permission) =>
        !entry.Grantable.HasFlag(permission) ? Plain : entry.Granted.HasFlag(permission) ? Passable : OnlyPassable;

    /// <summary>The form of a grant that was kept as an entry of BatchGrantPermissions.</summary>
    /// <exception cref="FormatException">It is no such entry.</exception>
    public static string OfKept(string entry)
    {
        try
        {
            using var json = JsonDocument.Parse(entry);
            var (isGranted, isPassable) = (HasAny(json.RootElement, "Permissions"), HasAny(json.RootElement, "PermissionsWithGrantOption"));
            return (isGranted, isPassable) switch
            {
                (true, false) => Plain,
                (true, true) => Passable,
                (false, true) => OnlyPassable,
                _ => throw new FormatException($"What was kept of the grant grants nothing: {entry}"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"What was kept of the grant is no entry of BatchGrantPermissions: {entry}", e);
        }
    }

    private static bool HasAny(JsonElement entry, string member) => entry.TryGetProperty(member, out var permissions) && permissions.GetArrayLength() > 0;

    /// <summary>The entry that makes, or takes away, a named grant of this form.</summary>
    public static LakePermission Entry(FactKey key, string form)
    {
        var privilege = Privilege.Parse(key.Detail);
        return new LakePermission(
            key.Subject,
            privilege.ResourceAt(key.Object!),
            form == OnlyPassable ? LakePermissions.None : privilege.Permission,
            form == Plain ? LakePermissions.None : privilege.Permission);
    }

    /// <summary>The entry that takes the grant option from a named grant and leaves the grant.</summary>
    public static LakePermission GrantOption(FactKey key) => Entry(key, OnlyPassable);
}
