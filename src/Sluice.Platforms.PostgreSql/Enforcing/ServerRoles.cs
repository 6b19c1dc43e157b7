using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>A role of the server.</summary>
internal sealed record ServerRole
{
    public required long Oid { get; init; }

    public required SharedText Name { get; init; }

    public required bool CanLogin { get; init; }

    public required bool IsSuperuser { get; init; }

    public required bool MayCreateRoles { get; init; }

    public required bool MayCreateDatabases { get; init; }

    public required bool Replicates { get; init; }

    public required bool BypassesRowSecurity { get; init; }

    public required bool Inherits { get; init; }

    /// <summary>Whether it is the account we are logged in as.</summary>
    public required bool IsAccount { get; init; }

    /// <summary>Whose it is by its comment; of a role whose name is none of Sluice's, nobody's.</summary>
    public required MarkOwner Owner { get; init; }

    /// <summary>What it is, in the terms of <see cref="Statements.PlainRole"/>.</summary>
    public string Definition => string.Join(' ', Words());

    private IEnumerable<string> Words()
    {
        yield return CanLogin ? "LOGIN" : Statements.PlainRole;
        if (IsSuperuser) yield return "SUPERUSER";
        if (MayCreateRoles) yield return "CREATEROLE";
        if (MayCreateDatabases) yield return "CREATEDB";
        if (Replicates) yield return "REPLICATION";
        if (BypassesRowSecurity) yield return "BYPASSRLS";
        if (!Inherits) yield return "NOINHERIT";
    }
}

/// <summary>A membership.</summary>
/// <param name="Role">Of which role, by oid.</param>
/// <param name="Member">Who, by oid.</param>
/// <param name="HasAdmin">Whether the member can make others members.</param>
/// <param name="Inherits">Whether the member has what the role has.</param>
/// <param name="MaySet">Whether the member can act as the role.</param>
internal sealed record RoleMembership(long Role, long Member, bool HasAdmin, bool Inherits, bool MaySet);

/// <summary>The roles of a server and who is a member of whom.</summary>
internal sealed class ServerRoles
{
    private readonly Dictionary<long, ServerRole> _byOid;
    private readonly Dictionary<string, ServerRole> _byName;
    private readonly ILookup<long, RoleMembership> _ofMember;

    private ServerRoles(IReadOnlyList<ServerRole> roles, IReadOnlyList<RoleMembership> memberships)
    {
        Memberships = memberships;
        _byOid = roles.ToDictionary(r => r.Oid);
        _byName = roles.Where(r => r.Name.IsExact).ToDictionary(r => r.Name.Text, StringComparer.Ordinal);
        _ofMember = memberships.ToLookup(m => m.Member);
        Account = roles.First(r => r.IsAccount);
    }

    /// <summary>Every role.</summary>
    public IReadOnlyCollection<ServerRole> All => _byOid.Values;

    /// <summary>Every membership.</summary>
    public IReadOnlyList<RoleMembership> Memberships { get; }

    /// <summary>The account we are logged in as.</summary>
    public ServerRole Account { get; }

    /// <summary>Reads them.</summary>
    public static Task<ServerRoles> ReadAsync(
        DatabaseConnection database, NativeNames names, InstanceMark mark, CancellationToken cancellationToken) => database.ReadAsync(
        [
            new Query(EnforcingQueries.Roles, names.AudiencePrefix, names.PersonPrefix, names.ViewOwner),
            new Query(EnforcingQueries.Memberships(database.ServerVersion)),
        ],
        async answer =>
        {
            var roles = await answer.RowsAsync(async r => new ServerRole
            {
                Oid = await r.LongAsync(),
                Name = await r.SharedTextAsync(),
                CanLogin = await r.BooleanAsync(),
                IsSuperuser = await r.BooleanAsync(),
                MayCreateRoles = await r.BooleanAsync(),
                MayCreateDatabases = await r.BooleanAsync(),
                Replicates = await r.BooleanAsync(),
                BypassesRowSecurity = await r.BooleanAsync(),
                Inherits = await r.BooleanAsync(),
                IsAccount = await r.BooleanAsync(),
                Owner = mark.OwnerOf(await r.OptionalTextAsync()),
            });
            await answer.NextResultAsync();
            return new ServerRoles(roles, await answer.RowsAsync(static async r => new RoleMembership(
                await r.LongAsync(), await r.LongAsync(), await r.BooleanAsync(), await r.BooleanAsync(), await r.BooleanAsync())));
        },
        cancellationToken);

    /// <summary>The role of an oid; null for PUBLIC, and for one that was dropped meanwhile.</summary>
    public ServerRole? Find(long oid) => _byOid.GetValueOrDefault(oid);

    /// <summary>The role of a name.</summary>
    public ServerRole? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The roles of this instance.</summary>
    public IEnumerable<ServerRole> Ours => All.Where(r => r.Owner == MarkOwner.ThisInstance);

    /// <summary>Whose rights a role can come to have by memberships: those it has at once, and those it can act as. Itself left out.</summary>
    public IReadOnlyList<ServerRole> Reachable(ServerRole role)
    {
        var found = new List<ServerRole>();
        var seen = new HashSet<long> { role.Oid };
        var open = new Queue<long>([role.Oid]);
        while (open.TryDequeue(out var next))
        {
            foreach (var membership in _ofMember[next].Where(m => m.Inherits || m.MaySet))
            {
                if (!seen.Add(membership.Role) || Find(membership.Role) is not { } above) continue;
                found.Add(above);
                open.Enqueue(above.Oid);
            }
        }

        return found;
    }
}
