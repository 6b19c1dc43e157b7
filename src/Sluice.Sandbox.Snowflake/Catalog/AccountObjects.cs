namespace Sluice.Sandbox.Snowflake.Catalog;

/// <summary>The account itself, on which global privileges are granted.</summary>
internal sealed class AccountSecurable(string name) : Securable(0, Domain.Account, name)
{
    /// <summary>In force for whoever has none of their own.</summary>
    public SchemaObject? SessionPolicy { get; set; }
}

/// <summary>An account role or, with a database, a database role.</summary>
internal sealed class RoleState(long id, string name, DatabaseState? database = null)
    : Securable(id, database is null ? Domain.Role : Domain.DatabaseRole, name)
{
    public DatabaseState? Database => database;

    /// <summary>The roles granted to this one, whose privileges it has too.</summary>
    public List<RoleGrant> Granted { get; } = [];

    public override string FullName => database is null ? base.FullName : $"{database.FullName}.{base.FullName}";

    public override Securable? Parent => database;
}

/// <summary>A role given to a role or user.</summary>
internal sealed record RoleGrant(RoleState Role, RoleState? GrantedBy, DateTimeOffset On);

internal sealed class UserState(long id, string name) : Securable(id, Domain.User, name)
{
    public string LoginName { get; set; } = name;

    public string? Password { get; set; }

    /// <summary>SubjectPublicKeyInfo in base 64, without the PEM lines, as RSA_PUBLIC_KEY takes it.</summary>
    public string? PublicKey { get; set; }

    public string? PublicKey2 { get; set; }

    public string? DefaultRole { get; set; }

    public string? DefaultWarehouse { get; set; }

    public string? DefaultNamespace { get; set; }

    /// <summary>DEFAULT_SECONDARY_ROLES: ALL unless set to none.</summary>
    public bool SecondaryRolesAll { get; set; } = true;

    /// <summary>In place of the account's.</summary>
    public SchemaObject? SessionPolicy { get; set; }

    public bool Disabled { get; set; }

    public string? Email { get; set; }

    public string Type { get; set; } = "PERSON";

    public List<string> AccessTokens { get; } = [];

    public List<RoleGrant> Roles { get; } = [];

    public DateTimeOffset? LastLogin { get; set; }
}

internal sealed class WarehouseState(long id, string name) : Securable(id, Domain.Warehouse, name)
{
    public bool Suspended { get; set; }

    /// <summary>AUTO_RESUME: a statement that comes in wakes it.</summary>
    public bool ResumesItself => Options.GetValueOrDefault("AUTO_RESUME") != "FALSE";

    public string Size { get; set; } = "X-Small";
}

internal sealed class IntegrationState(long id, string name, string type, string category) : Securable(id, Domain.Integration, name)
{
    public string Type { get; set; } = type;

    public string Category => category;

    public bool IsExternalOAuth => Type.StartsWith("EXTERNAL_OAUTH", StringComparison.Ordinal);

    /// <summary>EXTERNAL_OAUTH_BLOCKED_ROLES_LIST, to which the privileged roles always belong.</summary>
    public IReadOnlySet<string> BlockedRoles => new HashSet<string>([.. List("EXTERNAL_OAUTH_BLOCKED_ROLES_LIST"), "ACCOUNTADMIN", "ORGADMIN", "GLOBALORGADMIN", "SECURITYADMIN"]);

    /// <summary>An option that is one value or a list of them.</summary>
    public IReadOnlyList<string> List(string option) => Options.GetValueOrDefault(option)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public bool Enabled { get; set; } = true;
}

internal sealed class NetworkPolicyState(long id, string name) : Securable(id, Domain.NetworkPolicy, name);
