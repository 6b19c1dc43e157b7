using Sluice.Core.Catalog;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>The SQL of changes.</summary>
internal static class Statements
{
    /// <summary>The definition of a role of ours: nobody logs in as it, and it can do nothing but hold grants.</summary>
    public const string PlainRole = "NOLOGIN";

    // In a GRANT these two are words even in quotes: "public" would be everybody.
    private static readonly string[] Words = ["public", "none"];

    /// <summary>What keeps a text from being the name of a role, or null.</summary>
    public static string? RoleProblem(string name) =>
        Quote.NameProblem(name) ?? (Words.Contains(name, StringComparer.Ordinal) ? "is a word of PostgreSQL's own" : null);

    /// <summary>A role as it stands in a GRANT.</summary>
    /// <exception cref="ArgumentException">No role can have this name.</exception>
    public static string Role(string name) =>
        RoleProblem(name) is { } problem ? throw new ArgumentException($"The role's name {problem}.", nameof(name)) : Quote.Identifier(name);

    /// <summary>An object as it stands in a GRANT.</summary>
    public static string Target(ObjectPath path) => path.Depth switch
    {
        1 => $"DATABASE {Quote.Identifier(path.Name)}",
        2 => $"SCHEMA {Quote.Identifier(path.Name)}",
        _ => $"TABLE {Table(path)}",
    };

    /// <summary>A table's name with its schema.</summary>
    public static string Table(ObjectPath path) => $"{Quote.Identifier(path.Parent!.Name)}.{Quote.Identifier(path.Name)}";

    /// <summary>Makes an audience.</summary>
    public static IReadOnlyList<string> CreateRole(string role, InstanceMark mark) =>
        [$"CREATE ROLE {Role(role)} {PlainRole}", $"COMMENT ON ROLE {Role(role)} IS {Quote.Literal(mark.Comment)}"];

    /// <summary>Makes an audience that somebody changed what it was.</summary>
    public static string ResetRole(string role) => $"ALTER ROLE {Role(role)} {PlainRole} NOCREATEDB NOCREATEROLE INHERIT";

    /// <summary>Lets the account make what another role owns.</summary>
    public static string JoinAccount(string role, int serverVersion) => $"GRANT {Role(role)} TO SESSION_USER{(serverVersion >= 16 ? " WITH INHERIT TRUE, SET TRUE" : "")}";

    /// <summary>Removes an audience.</summary>
    public static string DropRole(string role) => $"DROP ROLE {Role(role)}";

    /// <summary>Adds a member. Since 16 a membership says for itself whether it passes on what the role is granted.</summary>
    public static string AddMember(string role, string member, int serverVersion) =>
        $"GRANT {Role(role)} TO {Role(member)}{(serverVersion >= 16 ? " WITH INHERIT TRUE" : "")}";

    /// <summary>Takes away what lets a member make others members.</summary>
    public static string WithoutAdmin(string role, string member) => $"REVOKE ADMIN OPTION FOR {Role(role)} FROM {Role(member)}";

    /// <summary>Removes a member.</summary>
    public static string RemoveMember(string role, string member) => $"REVOKE {Role(role)} FROM {Role(member)}";

    /// <summary>Grants.</summary>
    public static string Grant(ObjectPath path, IEnumerable<Privilege> privileges, string role, bool isGrantable = false) =>
        $"GRANT {string.Join(", ", privileges)} ON {Target(path)} TO {Role(role)}{(isGrantable ? " WITH GRANT OPTION" : "")}";

    /// <summary>Revokes. What others were granted in turn stays, and then the statement fails: nobody else's grant is touched.</summary>
    public static string Revoke(ObjectPath path, Privilege privilege, string role) => $"REVOKE {privilege} ON {Target(path)} FROM {Role(role)}";

    /// <summary>Takes away what lets a grantee grant in turn.</summary>
    public static string WithoutGrantOption(ObjectPath path, Privilege privilege, string role) =>
        $"REVOKE GRANT OPTION FOR {privilege} ON {Target(path)} FROM {Role(role)}";

    /// <summary>Acts as another role until the transaction ends, or <see cref="ResetActing"/>.</summary>
    public static string ActAs(string role) => $"SET LOCAL ROLE {Quote.Identifier(role)}";

    /// <summary>Acts as the account again.</summary>
    public const string ResetActing = "RESET ROLE";
}
