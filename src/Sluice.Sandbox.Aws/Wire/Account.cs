using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Identity;
using Sluice.Sandbox.Aws.LakeFormation;

namespace Sluice.Sandbox.Aws.Wire;

/// <summary>The account's state: catalog, LF-Tags and grants. Reset by being made anew.</summary>
internal sealed class Account
{
    public Account(AwsSandboxOptions options)
    {
        var seed = CatalogSeed.For(options.Catalog);
        Catalog = new(seed.Databases);
        var administrator = $"arn:aws:iam::{options.AccountId}:user/{SandboxCast.Administrator}";
        foreach (var (key, values) in seed.Tags) Tags.Put(new(key, [.. values.Order(StringComparer.Ordinal)], administrator));
        var service = new ServiceSetup(this, administrator, options.Clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000d);
        service.LeaveUnderIam();
        service.Grant($"arn:aws:iam::{options.AccountId}:user/{SandboxCast.ServiceUser}", options.ServiceGrants);
        service.Grant($"arn:aws:iam::{options.AccountId}:role/{SandboxCast.ServiceRole}", options.ServiceGrants);
        service.GrantAnalyst($"arn:aws:iam::{options.AccountId}:user/{SandboxCast.Analyst}");
    }

    public CatalogState Catalog { get; }

    public TagStore Tags { get; } = new();

    public GrantStore Grants { get; } = new();
}

/// <summary>The grants an account starts with.</summary>
internal sealed class ServiceSetup(Account account, string by, double now)
{
    private static readonly LakePermissions Documented =
        LakePermissions.Select | LakePermissions.Describe | LakePermissions.Insert | LakePermissions.Delete;

    public void LeaveUnderIam()
    {
        foreach (var database in account.Catalog.All.Where(database => database.Definition.UnderIam))
        {
            Add(AccessRules.IamAllowedPrincipals, new NamedDatabase(database.Name), LakePermissions.All, default);
            foreach (var table in database.After(null)) Add(AccessRules.IamAllowedPrincipals, new NamedTable(database.Name, table.Name), LakePermissions.All, default);
        }
    }

    public void Grant(string principal, ServiceGrants grants)
    {
        if (grants == ServiceGrants.None) return;
        var governed = new TagExpression([(CatalogSeed.GovernedKey, [CatalogSeed.GovernedValue])]);
        var grantable = grants != ServiceGrants.DescribeOnly;
        var table = grantable ? Documented : LakePermissions.Describe;
        Add(principal, new TagPolicy(OnTables: false, governed), LakePermissions.Describe, grantable ? LakePermissions.Describe : default);
        Add(principal, new TagPolicy(OnTables: true, governed), table, grantable ? table : default);
        foreach (var tag in account.Tags.All) Add(principal, new TagValues(tag.Key, ["*"]), LakePermissions.Describe, default);
        if (grantable) Add(principal, new WholeCatalog(), LakePermissions.CreateLFTag, LakePermissions.CreateLFTag);
        if (grants != ServiceGrants.Super) return;
        foreach (var database in account.Catalog.All.Where(database => !database.Definition.UnderIam))
        {
            Add(principal, new NamedDatabase(database.Name), LakePermissions.All, LakePermissions.All);
            Add(principal, new AllTables(database.Name), LakePermissions.All, LakePermissions.All);
        }
    }

    public void GrantAnalyst(string principal)
    {
        foreach (var table in account.Catalog.TablesAfter(null, null).Where(table => !table.Database.Definition.UnderIam).Take(1))
        {
            Add(principal, new NamedTable(table.Database.Name, table.Name), LakePermissions.Select | LakePermissions.Describe, default);
        }
    }

    private void Add(string principal, LakeResource resource, LakePermissions granted, LakePermissions grantable) =>
        account.Grants.Add(principal, resource, granted, grantable, now, by);
}
