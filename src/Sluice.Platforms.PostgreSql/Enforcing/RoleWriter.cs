using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>Makes and removes audiences and their members.</summary>
internal sealed class RoleWriter(WriteTransaction transaction, NativeNames names, InstanceMark mark)
{
    private const string RolesNamed = """
        SELECT pg_catalog.textsend(r.rolname::text), pg_catalog.left(pg_catalog.shobj_description(r.oid, 'pg_authid'), 1000)
        FROM pg_catalog.pg_roles r WHERE r.rolname = ANY ($1::pg_catalog.name[])
        """;

    private const string MembersOf = """
        SELECT pg_catalog.textsend(r.rolname::text), pg_catalog.textsend(e.rolname::text)
        FROM pg_catalog.pg_auth_members m
        JOIN pg_catalog.pg_roles r ON r.oid = m.roleid
        JOIN pg_catalog.pg_roles e ON e.oid = m.member
        WHERE r.rolname = ANY ($1::pg_catalog.name[])
        """;

    /// <summary>Makes changes of audiences and members.</summary>
    public async Task WriteAsync(IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0) return;
        var owners = await OwnersAsync([.. changes.Select(c => c.Key.Subject)]);
        var there = changes.Any(IsMemberRemoved) ? await MembersAsync([.. changes.Where(IsMemberRemoved).Select(c => c.Key.Subject)]) : [];
        await transaction.ExecuteAsync([.. changes.SelectMany(c => StatementsOf(c, owners, there))]);
    }

    /// <summary>Makes sure that the roles of a grant are ours, where their names say so.</summary>
    /// <exception cref="PlatformException">One is somebody else's.</exception>
    public async Task CheckAsync(IEnumerable<string> grantees)
    {
        var owners = await OwnersAsync([.. grantees.Where(names.IsRole)]);
        foreach (var (role, owner) in owners)
            if (owner != MarkOwner.ThisInstance) throw NotOurs(role, owner);
    }

    /// <summary>Those of the roles that exist.</summary>
    public async Task<IReadOnlySet<string>> ExistingAsync(IEnumerable<string> grantees) =>
        (await OwnersAsync([.. grantees])).Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a grantee is a role of ours; one whose name says so was checked.</summary>
    public bool IsOurs(string grantee) => names.IsRole(grantee);

    private IEnumerable<string> StatementsOf(Change change, Dictionary<string, MarkOwner> owners, HashSet<(string Role, string Member)> there)
    {
        var (role, member) = (change.Key.Subject, change.Key.Detail);
        var exists = owners.TryGetValue(role, out var owner);
        if (exists && owner != MarkOwner.ThisInstance) throw NotOurs(role, owner);
        return (change.Key.Kind, change.Verb) switch
        {
            (FactKind.Audience, ChangeVerb.Remove) => exists ? [Statements.DropRole(role)] : [],
            (FactKind.Audience, _) => [.. exists ? [Statements.ResetRole(role)] : Statements.CreateRole(role, mark), .. Joined(role)],
            (_, ChangeVerb.Remove) => there.Contains((role, member)) ? [Statements.RemoveMember(role, member)] : [],
            (_, ChangeVerb.Replace) => [Statements.WithoutAdmin(role, member), Statements.AddMember(role, member, transaction.ServerVersion)],
            _ => [Statements.AddMember(role, member, transaction.ServerVersion)],
        };
    }

    private IEnumerable<string> Joined(string role) => role == names.ViewOwner ? [Statements.JoinAccount(role, transaction.ServerVersion)] : [];

    private async Task<Dictionary<string, MarkOwner>> OwnersAsync(IReadOnlyList<string> roles)
    {
        if (roles.Count == 0) return [];
        var found = await transaction.ReadAsync(
            new Query(RolesNamed, (object)roles.Distinct(StringComparer.Ordinal).ToArray()),
            async r => (Name: (await r.SharedTextAsync()).Text, Owner: mark.OwnerOf(await r.OptionalTextAsync())));
        return found.ToDictionary(f => f.Name, f => f.Owner, StringComparer.Ordinal);
    }

    private async Task<HashSet<(string Role, string Member)>> MembersAsync(IReadOnlyList<string> roles) =>
        [.. await transaction.ReadAsync(
            new Query(MembersOf, (object)roles.Distinct(StringComparer.Ordinal).ToArray()),
            static async r => ((await r.SharedTextAsync()).Text, (await r.SharedTextAsync()).Text))];

    private static bool IsMemberRemoved(Change change) => change is { Key.Kind: FactKind.Member, Verb: ChangeVerb.Remove };

    private static PlatformException NotOurs(string role, MarkOwner owner) => new(
        PlatformFailure.Refused,
        $"Role {role} was made by {(owner == MarkOwner.OtherInstance ? "another instance of Sluice" : "somebody else")}, so it is not used and not changed. "
        + "Choose another prefix for this connection, or remove the role");
}
