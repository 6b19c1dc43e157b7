using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Grants;
using Sluice.Sandbox.Snowflake.Queries;

namespace Sluice.Sandbox.Snowflake.Sessions;

/// <summary>A session of a user: what is current in it, its parameters and variables.</summary>
internal sealed class Session(long id, AccountState account, UserState user, RoleState role) : IDisposable
{
    private const int KeptRuns = 1_000;

    private DatabaseState? database;
    private SchemaState? schema;
    private WarehouseState? warehouse;

    public long Id => id;

    public AccountState Account => account;

    public UserState User => user;

    public RoleState Role { get; set; } = role;

    public bool SecondaryRolesAll { get; set; } = user.SecondaryRolesAll;

    /// <summary>USE SECONDARY ROLES with names: these alone.</summary>
    public IReadOnlyList<RoleState> SecondaryRoles { get; set; } = [];

    /// <summary>False where a token names the roles: others can't be taken.</summary>
    public bool MaySwitchRole { get; init; } = true;

    /// <summary>Roles an OAuth integration keeps from its sessions.</summary>
    public IReadOnlySet<string> BlockedRoles { get; init; } = new HashSet<string>();

    /// <summary>True for the account's own setup, which nothing is refused.</summary>
    public bool IsSetup { get; init; }

    /// <summary>How the login was made, for LOGIN_HISTORY and tests.</summary>
    public string AuthenticatedBy { get; init; } = "PASSWORD";

    public DatabaseState? Database
    {
        get => database is { IsDropped: false } ? database : null;
        set => database = value;
    }

    public SchemaState? Schema
    {
        get => schema is { IsDropped: false } && Database is not null ? schema : null;
        set => schema = value;
    }

    public WarehouseState? Warehouse
    {
        get => warehouse is { IsDropped: false } ? warehouse : null;
        set => warehouse = value;
    }

    public SessionParameters Parameters { get; } = new();

    /// <summary>SET variables, as SQL literals.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Runs of this session, the last one last; the oldest are forgotten.</summary>
    public List<QueryRun> Runs { get; } = [];

    /// <summary>Runs by the requestId they were asked with: a retried request finds its run here.</summary>
    public ConcurrentDictionary<string, QueryRun> ByRequest { get; } = new(StringComparer.Ordinal);

    public void Remember(QueryRun run)
    {
        lock (Runs)
        {
            Runs.Add(run);
            if (Runs.Count <= KeptRuns) return;
            if (Runs[0].RequestId is { } requestId) ByRequest.TryRemove(requestId, out _);
            Runs.RemoveAt(0);
        }
    }

    public EngineConnection? Engine { get; set; }

    public Access Access() => new(account, Role, SecondaryInForce, HasOwnPrivileges ? user : null, IsSetup);

    /// <summary>
    /// What was granted to the user counts only with all secondary roles in use (https://docs.snowflake.com/en/sql-reference/sql/grant-privilege-user).
    /// A session policy that allows some of them leaves it at that here, one that allows none does not: the documentation doesn't say.
    /// </summary>
    private bool HasOwnPrivileges => SecondaryRolesAll && SecondaryRoleRules.AllowsAny(Policy);

    /// <summary>The secondary roles the user still has.</summary>
    public IEnumerable<RoleState> SecondaryInForce => (SecondaryRolesAll
        ? user.Roles.Select(grant => grant.Role)
        : SecondaryRoles.Intersect(Grants.Access.Closure(user.Roles.Select(grant => grant.Role)))).Where(role => SecondaryRoleRules.Allows(account, Policy, role));

    /// <summary>The session policy in force: the user's, else the account's.</summary>
    public SchemaObject? Policy => user.SessionPolicy ?? account.Self.SessionPolicy;

    /// <summary>What every answer says about the session.</summary>
    public void Describe(JsonObject data)
    {
        data["finalDatabaseName"] = Database?.Name;
        data["finalSchemaName"] = Schema?.Name;
        data["finalWarehouseName"] = Warehouse?.Name;
        data["finalRoleName"] = Role.Name;
    }

    public void Dispose() => Engine?.Dispose();
}
