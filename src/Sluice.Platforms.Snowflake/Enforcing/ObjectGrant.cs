using Sluice.Core.Catalog;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>A grant on an object or on what it lies in.</summary>
/// <param name="Object">On what.</param>
/// <param name="Privilege">What, with the kind of the object.</param>
/// <param name="Grantee">To which role.</param>
/// <param name="IsGrantable">Whether the grantee can grant it in turn.</param>
internal sealed record ObjectGrant(ObjectPath Object, Privilege Privilege, RoleName Grantee, bool IsGrantable);

/// <summary>
/// A grant straight to a user, which no role is between: it counts in sessions in which all secondary roles are in use
/// (https://docs.snowflake.com/en/user-guide/security-access-control-overview).
/// </summary>
/// <param name="Object">On what.</param>
/// <param name="Privilege">What, with the kind of the object.</param>
/// <param name="User">To whom.</param>
/// <param name="IsGrantable">Whether the user can grant it in turn.</param>
internal sealed record UserGrant(ObjectPath Object, Privilege Privilege, string User, bool IsGrantable);
