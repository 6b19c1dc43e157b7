using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>A grant on an object or on what it lies in.</summary>
/// <param name="Object">On what.</param>
/// <param name="Privilege">What, with the kind of the object.</param>
/// <param name="Grantee">To which role.</param>
/// <param name="IsGrantable">Whether the grantee can grant it in turn.</param>
internal sealed record ObjectGrant(ObjectPath Object, Privilege Privilege, RoleName Grantee, bool IsGrantable);

/// <summary>A grant straight to a user, which no role is between.</summary>
/// <param name="Object">On what.</param>
/// <param name="Privilege">What.</param>
/// <param name="User">To whom.</param>
internal sealed record UserGrant(ObjectPath Object, string Privilege, string User);
