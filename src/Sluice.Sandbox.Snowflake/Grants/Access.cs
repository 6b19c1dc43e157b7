using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Grants;

/// <summary>What a set of active roles, and the user who has them, may see and do, decided once per statement.</summary>
internal sealed class Access
{
    private readonly AccountState account;
    private readonly HashSet<RoleState> active;
    private readonly UserState? user;
    private readonly Func<Securable, bool> inForce;
    private readonly Dictionary<(SchemaState, Domain), bool> sharedVisible = [];
    private readonly bool everything;

    /// <param name="account">The account.</param>
    /// <param name="primary">The role whose privileges CREATE asks for.</param>
    /// <param name="secondary">The secondary roles.</param>
    /// <param name="user">Whose own privileges count besides those of roles, if they do.</param>
    /// <param name="everything">True for the account's own setup, which nothing is refused.</param>
    public Access(AccountState account, RoleState primary, IEnumerable<RoleState> secondary, UserState? user = null, bool everything = false)
    {
        this.account = account;
        this.user = user;
        this.everything = everything;
        inForce = Holds;
        Primary = primary;
        PrimaryRoles = Closure([primary, account.Public]);
        active = Closure([primary, account.Public, .. secondary]);
        ManagesGrants = everything || Holds(account.Self, "MANAGE GRANTS");
    }

    public RoleState Primary { get; }

    /// <summary>All roles in force: primary, secondary and those they inherit from.</summary>
    public IReadOnlySet<RoleState> Active => active;

    public HashSet<RoleState> PrimaryRoles { get; }

    public bool ManagesGrants { get; }

    public bool Has(Securable securable, string privilege) => everything || Holds(securable, privilege);

    public bool HasAny(Securable securable, params ReadOnlySpan<string> privileges)
    {
        foreach (var privilege in privileges)
        {
            if (Has(securable, privilege)) return true;
        }

        return false;
    }

    /// <summary>As <see cref="Has"/>, by the primary role alone: CREATE statements are authorised so.</summary>
    public bool PrimaryHas(Securable securable, string privilege) => everything || Holds(securable, privilege, grantee => grantee is RoleState role && PrimaryRoles.Contains(role));

    public bool Owns(Securable securable) => everything || (securable.Owner is { } owner && active.Contains(owner));

    /// <summary>True when a privilege may be granted on: owned, held with the grant option, or by MANAGE GRANTS.</summary>
    public bool MayGrant(Securable securable, string privilege)
    {
        if (ManagesGrants) return true;
        if (securable is SchemaObject { Schema.IsManaged: true } managed) return Owns(managed.Schema);
        return Owns(securable) || OptionHolder(securable, privilege) is not null;
    }

    /// <summary>Who of those in force has a privilege with the grant option: the primary role, if it has (https://docs.snowflake.com/en/sql-reference/sql/show-grants).</summary>
    public Securable? OptionHolder(Securable securable, string privilege)
    {
        var holders = account.Grants.On(securable).Where(grant => grant.Privilege == privilege && grant.WithGrantOption && Holds(grant.Grantee)).Select(grant => grant.Grantee).ToArray();
        return holders.Contains(Primary) ? Primary : holders.FirstOrDefault();
    }

    /// <summary>True for a role that is in force, and for the user whose own privileges are.</summary>
    public bool Holds(Securable grantee) => grantee is RoleState role ? active.Contains(role) : grantee == user;

    /// <summary>True for what SHOW lists; MANAGE GRANTS shows everything, which INFORMATION_SCHEMA does not honour.</summary>
    public bool Sees(Securable securable, bool honoursManageGrants = true)
    {
        if (everything || (honoursManageGrants && ManagesGrants)) return true;
        return securable switch
        {
            RoleState or AccountSecurable => true,
            DatabaseState database => HoldsAny(database),
            SchemaState schema => HoldsAny(schema) && Enters(schema.Database),
            SchemaObject table => SeesObject(table),
            _ => HoldsAny(securable),
        };
    }

    /// <summary>
    /// True where a table can be described and get policies by a privilege on the account alone, such as APPLY MASKING POLICY
    /// (https://docs.snowflake.com/en/user-guide/security-column-intro#masking-policy-privileges).
    /// </summary>
    public bool MayDescribe(SchemaObject table) => table.Domain.IsTableLike() && Enters(table.Schema) && HasAny(account.Self, "APPLY MASKING POLICY", "APPLY ROW ACCESS POLICY", "APPLY TAG");

    /// <summary>True when what lies in a database or schema can be reached at all.</summary>
    public bool Enters(Securable container) => everything || container switch
    {
        SchemaState schema => (HasAny(schema, "USAGE") || schema.Name == "INFORMATION_SCHEMA") && Enters(schema.Database),
        _ => HasAny(container, "USAGE", "IMPORTED PRIVILEGES"),
    };

    public static HashSet<RoleState> Closure(IEnumerable<RoleState> roles)
    {
        HashSet<RoleState> reached = [];
        var waiting = new Stack<RoleState>(roles);
        while (waiting.TryPop(out var role))
        {
            if (!reached.Add(role)) continue;
            foreach (var grant in role.Granted) waiting.Push(grant.Role);
        }

        return reached;
    }

    private bool SeesObject(SchemaObject table)
    {
        if (!Enters(table.Schema)) return false;
        if (table.Schema.Name == "INFORMATION_SCHEMA") return true;
        if (table.Domain is Domain.MaskingPolicy or Domain.RowAccessPolicy && Has(account.Self, $"APPLY {table.Domain.Sql()}")) return true;
        if (!account.Grants.IsShared(table)) return HoldsAny(table);
        if (!sharedVisible.TryGetValue((table.Schema, table.Domain), out var visible)) sharedVisible[(table.Schema, table.Domain)] = visible = HoldsAny(table);
        return visible;
    }

    private bool Holds(Securable securable, string privilege) => Holds(securable, privilege, inForce);

    private bool Holds(Securable securable, string privilege, Func<Securable, bool> counts)
    {
        if (securable.Owner is { } owner && counts(owner)) return true;
        foreach (var grant in account.Grants.On(securable))
        {
            if (grant.Privilege == privilege && counts(grant.Grantee)) return true;
        }

        return privilege is "USAGE" or "SELECT" && HoldsImported(securable, counts);
    }

    /// <summary>IMPORTED PRIVILEGES on a shared database opens all there is in it.</summary>
    private bool HoldsImported(Securable securable, Func<Securable, bool> counts)
    {
        var database = securable as DatabaseState ?? (securable as SchemaState ?? securable.Parent as SchemaState)?.Database;
        return database is { IsReadOnly: true } && account.Grants.On(database).Any(grant => grant.Privilege == "IMPORTED PRIVILEGES" && counts(grant.Grantee));
    }

    private bool HoldsAny(Securable securable)
    {
        if (securable.Owner is { } owner && active.Contains(owner)) return true;
        foreach (var grant in account.Grants.On(securable))
        {
            if (Holds(grant.Grantee)) return true;
        }

        // The views of INFORMATION_SCHEMA are there for whoever is let into the database.
        return HoldsImported(securable, inForce) || (securable is SchemaState { Name: "INFORMATION_SCHEMA" } metadata && Enters(metadata.Database));
    }
}
