using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>The SQL of changes, by Snowflake's reference of commands (https://docs.snowflake.com/en/sql-reference/sql-all).</summary>
internal static class Statements
{
    /// <summary>An object's name in its containers.</summary>
    public static string Name(ObjectPath path) => Quote.Path([.. path.Names.Skip(1)]);

    /// <summary>Makes an audience.</summary>
    public static string CreateRole(string role, string comment) => $"CREATE ROLE {Quote.Identifier(role)} COMMENT = {Quote.Literal(comment)}";

    /// <summary>Removes an audience, and with it all that it was granted.</summary>
    public static string DropRole(string role) => $"DROP ROLE IF EXISTS {Quote.Identifier(role)}";

    /// <summary>Writes the comment of a role.</summary>
    public static string Comment(string role, string comment) => $"ALTER ROLE {Quote.Identifier(role)} SET COMMENT = {Quote.Literal(comment)}";

    /// <summary>Adds a member.</summary>
    public static string AddMember(string role, string member) => $"GRANT ROLE {Quote.Identifier(role)} TO {RoleMember.Grantee(member)}";

    /// <summary>Removes a member.</summary>
    public static string RemoveMember(string role, string member) => $"REVOKE ROLE {Quote.Identifier(role)} FROM {RoleMember.Grantee(member)}";

    /// <summary>Grants to a role, or to the user whom the privileges are of.</summary>
    public static string Grant(ObjectPath path, IReadOnlyList<Privilege> privileges, string grantee) =>
        $"GRANT {string.Join(", ", privileges.Select(p => p.Name))} ON {Target(path, privileges[0].On)} TO {Grantee(privileges[0], grantee)}";

    /// <summary>Revokes from a role, or from the user whom the privileges are of.</summary>
    /// <param name="path">On what.</param>
    /// <param name="privileges">Of one grantee.</param>
    /// <param name="grantee">From whom.</param>
    /// <param name="isPassedOn">Whether the grantee may have granted them in turn: that goes with them, for Snowflake refuses to revoke them otherwise (https://docs.snowflake.com/en/sql-reference/sql/revoke-privilege).</param>
    public static string Revoke(ObjectPath path, IReadOnlyList<Privilege> privileges, string grantee, bool isPassedOn) =>
        $"REVOKE {string.Join(", ", privileges.Select(p => p.Name))} ON {Target(path, privileges[0].On)} FROM {Grantee(privileges[0], grantee)}{(isPassedOn ? " CASCADE" : "")}";

    /// <summary>Whether what is revoked from a role of ours may have been passed on. What others granted is revoked without what was passed on: Snowflake refuses it, and the plan says so.</summary>
    public static bool IsPassedOn(Change removed) => removed is { Restore: null, Definition.Length: > 0 } && !Privilege.Parse(removed.Key.Detail).IsOfUser;

    /// <summary>Takes away what lets a grantee grant in turn.</summary>
    public static string WithoutGrantOption(ObjectPath path, Privilege privilege, string role) =>
        $"REVOKE GRANT OPTION FOR {privilege.Name} ON {Target(path, privilege.On)} FROM ROLE {Quote.Identifier(role)} CASCADE";

    /// <summary>Makes a policy.</summary>
    /// <param name="kind">As <see cref="NativeNames.KindOf"/> says.</param>
    /// <param name="policy">As it stands in a statement.</param>
    /// <param name="text">What follows.</param>
    /// <param name="comment">The mark.</param>
    /// <param name="isShared">Whether its column may be asked by a row access policy too.</param>
    public static string CreatePolicy(string kind, string policy, string text, string comment, bool isShared = false) =>
        $"CREATE {kind} {policy} {text} COMMENT = {Quote.Literal(comment)}{(isShared ? " EXEMPT_OTHER_POLICIES = TRUE" : "")}";

    /// <summary>Gives a policy its expression, while it stays set.</summary>
    public static string SetBody(string kind, string policy, string body) => $"ALTER {kind} {policy} SET BODY -> {body}";

    /// <summary>Removes a policy.</summary>
    public static string DropPolicy(string kind, string policy) => $"DROP {kind} IF EXISTS {policy}";

    /// <summary>Masks a column.</summary>
    /// <param name="of">The object with its kind: <see cref="Altered"/>.</param>
    /// <param name="column">The column.</param>
    /// <param name="policy">As it stands in a statement.</param>
    /// <param name="columns">In parentheses, the masked one first.</param>
    /// <param name="isReplacing">Whether the policy that is set goes in the same statement.</param>
    public static string Mask(string of, string column, string policy, string columns, bool isReplacing) =>
        $"ALTER {of} MODIFY COLUMN {Quote.Identifier(column)} SET MASKING POLICY {policy} USING {columns}{(isReplacing ? " FORCE" : "")}";

    /// <summary>Takes a column's mask away.</summary>
    public static string Unmask(string of, string column) => $"ALTER {of} MODIFY COLUMN {Quote.Identifier(column)} UNSET MASKING POLICY";

    /// <summary>Filters rows; the policy that did it before, if there is one, goes in the same statement.</summary>
    public static string Filter(string of, string? before, string policy, string columns) =>
        $"ALTER {of} {(before is null ? "" : $"DROP ROW ACCESS POLICY {before}, ")}ADD ROW ACCESS POLICY {policy} ON {columns}";

    /// <summary>Takes a filter away.</summary>
    public static string Unfilter(string of, string policy) => $"ALTER {of} DROP ROW ACCESS POLICY {policy}";

    /// <summary>The object of a mask or row rule as ALTER names it: every kind of table is a TABLE there.</summary>
    public static string Altered(FactKey key) => $"{(key.Detail == PolicyText.OnView ? "VIEW" : "TABLE")} {Name(key.Object!)}";

    private static string Grantee(Privilege privilege, string name) => $"{(privilege.IsOfUser ? "USER" : "ROLE")} {Quote.Identifier(name)}";

    private static string Target(ObjectPath path, string kind) => path.Depth switch
    {
        1 => $"DATABASE {Name(path)}",
        2 => $"SCHEMA {Name(path)}",
        _ => $"{kind} {Name(path)}",
    };
}
