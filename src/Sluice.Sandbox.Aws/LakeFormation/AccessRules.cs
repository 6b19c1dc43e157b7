using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>
/// Works out a caller's access: named grants, grants on tag expressions, and those of IAM_ALLOWED_PRINCIPALS, which everyone is.
/// </summary>
internal sealed class AccessRules(GrantStore grants, TagStore tags, Caller caller, string accountId)
{
    public const string IamAllowedPrincipals = "IAM_ALLOWED_PRINCIPALS";

    private static readonly IReadOnlySet<string> NoColumns = new HashSet<string>();

    private readonly Holdings[] holdings =
    [
        .. new[] { caller.PrincipalArn, IamAllowedPrincipals, $"{accountId}:IAMPrincipals" }
            .Select(grants.Of)
            .OfType<Holdings>(),
    ];

    public bool IsAdministrator => caller.Principal.IsDataLakeAdministrator;

    public Caller Caller => caller;

    public Access OnCatalog() => IsAdministrator ? Access.Full : Sum(new WholeCatalog().Key);

    public Access On(DatabaseState database)
    {
        if (IsAdministrator) return Access.Full;
        var access = Sum(new NamedDatabase(database.Name).Key);
        foreach (var holding in holdings)
        {
            foreach (var policy in holding.Policies)
            {
                if (policy.Resource is TagPolicy { OnTables: false } on && on.Expression.Matches(TagAssignment.NoTags, database.Tags)) access = Plus(access, policy);
            }
        }

        return access;
    }

    /// <summary>A database shows when it is permitted itself, or when something in it is: its DESCRIBE is then implied.</summary>
    public bool Sees(DatabaseState database)
    {
        if (On(database).IsVisible) return true;
        foreach (var holding in holdings)
        {
            if (holding.Databases.ContainsKey(database.Name)) return true;
            if (holding.Policies.Any(policy => policy.Resource is TagPolicy { OnTables: true } on && on.Expression.Matches(TagAssignment.NoTags, database.Tags))) return true;
        }

        return false;
    }

    public Access On(TableEntry table) => On(table, static _ => true);

    /// <summary>Of the grants that let the data be read alone: what is granted to write opens no column.</summary>
    public Access OnDataOf(TableEntry table) => On(table, static grant => LakePermissionNames.Expand(grant.Granted).HasFlag(LakePermissions.Select));

    private Access On(TableEntry table, Func<Grant, bool> counts)
    {
        if (IsAdministrator) return Access.Full;
        var sum = new TableSum();
        foreach (var holding in holdings)
        {
            if (holding.Databases.ContainsKey(table.Database.Name))
            {
                foreach (var grant in holding.On(new NamedTable(table.Database.Name, table.Name).Key).Where(counts)) sum.AddNamed(grant, table);
                foreach (var grant in holding.On(new AllTables(table.Database.Name).Key).Where(counts)) sum.AddNamed(grant, table);
            }

            if (holding.Policies.Count == 0) continue;
            var assigned = table.Assigned;
            foreach (var policy in holding.Policies.Where(counts))
            {
                if (policy.Resource is TagPolicy { OnTables: true } on) sum.AddPolicy(policy, on.Expression, table, assigned);
            }
        }

        return sum.Access;
    }

    /// <summary>The permissions on one value of a tag; its creator holds all.</summary>
    public (LakePermissions Granted, LakePermissions Grantable) On(LFTag tag, string value)
    {
        if (tag.Creator == caller.PrincipalArn || IsAdministrator) return (LakePermissions.OnTag, LakePermissions.OnTag);
        LakePermissions granted = default, grantable = default;
        foreach (var grant in holdings.SelectMany(holding => holding.Tags))
        {
            if (grant.Resource is not TagValues on || on.TagKey != tag.Key || !on.Covers(value)) continue;
            granted |= grant.Granted;
            grantable |= grant.Grantable;
        }

        return (granted, grantable);
    }

    /// <summary>Any permission on a tag shows it.</summary>
    public bool Sees(LFTag tag, string value) => On(tag, value).Granted != default;

    public bool Sees(string key, string value) => tags.Find(key) is { } tag && Sees(tag, value);

    public bool MayCreateTags => OnCatalog().Granted.HasFlag(LakePermissions.CreateLFTag);

    public bool MayGrantWith(TagExpression expression) => expression.Conditions.All(condition =>
        tags.Find(condition.Key) is { } tag
        && condition.Value.All(value => On(tag, value).Granted.HasFlag(LakePermissions.GrantWithLFTagExpression)));

    /// <summary>Grantable permissions the caller itself holds on exactly this resource.</summary>
    public LakePermissions HeldOn(LakeResource resource) =>
        LakePermissionNames.Expand(grants.Find(caller.PrincipalArn, resource)?.Grantable ?? default);

    private Access Sum(string scope)
    {
        var access = default(Access);
        foreach (var holding in holdings)
        {
            foreach (var grant in holding.On(scope)) access = Plus(access, grant);
        }

        return access;
    }

    private static Access Plus(Access access, Grant grant) => access with
    {
        Granted = access.Granted | LakePermissionNames.Expand(grant.Granted),
        Grantable = access.Grantable | LakePermissionNames.Expand(grant.Grantable),
    };

    /// <summary>Adds up grants on a table, remembering whether they reach all columns.</summary>
    private struct TableSum
    {
        private LakePermissions granted;
        private LakePermissions grantable;
        private bool everyColumn;
        private HashSet<string>? columns;

        public readonly Access Access => new(granted, grantable, everyColumn ? null : columns ?? NoColumns);

        public void AddNamed(Grant grant, TableEntry table)
        {
            granted |= LakePermissionNames.Expand(grant.Granted);
            grantable |= LakePermissionNames.Expand(grant.Grantable);
            if (grant.Resource is TableColumns some) AddColumns(table.Definition.AllColumns.Select(column => column.Name).Where(some.Covers));
            else everyColumn = true;
        }

        public void AddPolicy(Grant policy, TagExpression expression, TableEntry table, TagAssignment assigned)
        {
            var inherited = table.Database.Tags;
            var matches = expression.Matches(inherited, assigned.Table);
            var overridden = assigned.Columns.Any(column => expression.Mentions(column.Value));
            if (matches && !overridden)
            {
                granted |= LakePermissionNames.Expand(policy.Granted);
                grantable |= LakePermissionNames.Expand(policy.Grantable);
                everyColumn = true;
                return;
            }

            if (!overridden) return;
            var inForce = TagAssignment.Over(inherited, assigned.Table);
            var reached = table.Definition.AllColumns.Select(column => column.Name).Where(column => expression.Matches(inForce, assigned.On(column))).ToArray();
            if (reached.Length == 0) return;

            // Reaching only some columns, Super is worth SELECT and DESCRIBE, and what needs them all is worth DESCRIBE.
            granted |= Degrade(policy.Granted);
            grantable |= Degrade(policy.Grantable);
            AddColumns(reached);
        }

        private static LakePermissions Degrade(LakePermissions permissions) =>
            permissions == default ? default
            : permissions.HasFlag(LakePermissions.All) ? LakePermissions.Select | LakePermissions.Describe
            : (permissions & LakePermissions.Select) | LakePermissions.Describe;

        private void AddColumns(IEnumerable<string> names) => (columns ??= []).UnionWith(names);
    }
}
