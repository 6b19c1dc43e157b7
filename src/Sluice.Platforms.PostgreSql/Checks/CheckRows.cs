using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Checks;

/// <summary>The account, and the server as it sees it.</summary>
internal sealed record AccountRow(
    string Name, bool IsSuperuser, bool MayCreateRoles, bool IsStandby, string ServerVersion, bool MayReadSystemIdentifier);

/// <summary>A database and what the account may do with it.</summary>
internal sealed record DatabasePrivileges(SharedText Name, bool Connect, bool Create);

/// <summary>An owner of tables in one database.</summary>
internal sealed record OwnerRow(SharedText Role, bool IsSuperuser, long Tables, bool IsMember)
{
    /// <summary>Whether the account can act as the role, which takes its name.</summary>
    public bool MayActAs => IsMember && Role.IsExact;
}

/// <summary>Who owns Sluice's schema in a database.</summary>
internal sealed record OwnSchemaRow(SharedText Owner, bool MayActAs);

/// <summary>What one database says of its owners; or why it could not be asked.</summary>
internal sealed record DatabaseOwners(string Database, IReadOnlyList<OwnerRow> Owners, OwnSchemaRow? OwnSchema, string? Unread = null);
