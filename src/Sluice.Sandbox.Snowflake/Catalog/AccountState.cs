using Sluice.Sandbox.Snowflake.Grants;

namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>Everything an account holds. Reset by being made anew.</summary>
internal sealed class AccountState
{
    private readonly List<SchemaState> generated = [];
    private long lastId;

    public AccountState(string name, DateTimeOffset now)
    {
        Self = new(name);
        foreach (var role in (string[])["ORGADMIN", "ACCOUNTADMIN", "SECURITYADMIN", "USERADMIN", "SYSADMIN", "PUBLIC"])
        {
            Roles[role] = new(NextId(), role) { CreatedOn = now, Comment = SystemRoleComments.Of(role) };
        }

        Roles["ACCOUNTADMIN"].Granted.AddRange([new(Roles["SECURITYADMIN"], null, now), new(Roles["SYSADMIN"], null, now)]);
        Roles["SECURITYADMIN"].Granted.Add(new(Roles["USERADMIN"], null, now));
        void Give(string role, params string[] privileges)
        {
            foreach (var privilege in privileges) Grants.Add(Self, new(privilege, Roles[role], WithGrantOption: true, GrantedBy: null, now));
        }

        Give("ACCOUNTADMIN", [.. Privileges.OnAccount]);
        Give("SECURITYADMIN", "MANAGE GRANTS", "CREATE ROLE", "CREATE USER", "CREATE NETWORK POLICY");
        Give("USERADMIN", "CREATE ROLE", "CREATE USER");
        Give("SYSADMIN", "CREATE DATABASE", "CREATE WAREHOUSE");
    }

    public AccountSecurable Self { get; }

    public SortedDictionary<string, DatabaseState> Databases { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, RoleState> Roles { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, UserState> Users { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, WarehouseState> Warehouses { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, IntegrationState> Integrations { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, NetworkPolicyState> NetworkPolicies { get; } = new(StringComparer.Ordinal);

    /// <summary>What was dropped and can come back, the last one last.</summary>
    public List<Securable> Dropped { get; } = [];

    public GrantBook Grants { get; } = new();

    public TagBook Tags { get; } = new();

    public RoleState Public => Roles["PUBLIC"];

    public IEnumerable<SchemaState> Schemas => Databases.Values.SelectMany(database => database.Schemas.Values);

    public IEnumerable<RoleState> AllRoles => Roles.Values.Concat(Databases.Values.SelectMany(database => database.Roles.Values));

    public long NextId() => Interlocked.Increment(ref lastId);

    public SchemaState AddGenerated(DatabaseState database, string name, GeneratedTables source)
    {
        var schema = new SchemaState(NextId(), name, database, source);
        database.Schemas[name] = schema;
        generated.Add(schema);
        return schema;
    }

    /// <summary>What an id in the grant book stands for; null when it is gone.</summary>
    public Securable? Find(long id)
    {
        if (id == 0) return Self;
        if (id >= GeneratedTables.FirstId)
        {
            var (ordinal, index) = GeneratedTables.Split(id);
            var schema = generated[ordinal];
            return schema.ById(id) ?? schema.Generated(index);
        }

        return AccountLevel().FirstOrDefault(candidate => candidate.Id == id)
            ?? Schemas.FirstOrDefault(schema => schema.Id == id)
            ?? (Securable?)Schemas.Select(schema => schema.ById(id)).FirstOrDefault(found => found is not null);
    }

    public IEnumerable<Securable> AccountLevel() =>
        [.. Databases.Values, .. Warehouses.Values, .. Integrations.Values, .. NetworkPolicies.Values, .. Users.Values, .. AllRoles];
}
