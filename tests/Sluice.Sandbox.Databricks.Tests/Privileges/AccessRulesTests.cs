using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Tests.Privileges;

public sealed class AccessRulesTests
{
    private const string Table = "sales.customers.addresses";

    private static readonly WorkspaceState Start = WorkspaceSeed.For(new() { ServiceGrants = ServiceGrants.None });

    /// <summary>Who was granted what where, and what the analyst, who is in analysts-emea in analysts, then can on the table.</summary>
    public static TheoryData<string, bool, bool, bool, bool, bool> Cases => new()
    {
        // Grants; may select; may modify; manages; browses; tags.
        { "", false, false, false, false, false },
        { "analyst@acme.example SELECT sales.customers.addresses", false, false, false, false, false },
        { "analyst@acme.example SELECT sales.customers.addresses; analysts USE_SCHEMA sales.customers", true, false, false, false, false },
        { "analysts-emea SELECT,USE_SCHEMA sales", true, false, false, false, false },
        { "account users SELECT,USE_SCHEMA sales.customers", true, false, false, false, false },
        { "data-engineers SELECT,USE_SCHEMA sales", false, false, false, false, false },
        { "analysts ALL_PRIVILEGES sales", true, true, false, true, true },
        { "analysts ALL_PRIVILEGES sales.customers.addresses", false, false, false, false, false },
        { "analysts ALL_PRIVILEGES sales.customers", true, true, false, false, true },
        { "analysts MODIFY,USE_SCHEMA sales.customers", false, true, false, false, false },
        { "analysts MANAGE sales.customers.addresses", false, false, false, false, false },
        { "analysts MANAGE,USE_SCHEMA sales.customers", false, false, true, false, false },
        { "analysts APPLY_TAG sales.customers.addresses", false, false, false, false, false },
        { "analysts APPLY_TAG,USE_SCHEMA sales.customers", false, false, false, false, true },
        { "analysts BROWSE sales", false, false, false, true, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Grants_inherit_downwards_and_need_the_use_of_their_containers(string grants, bool select, bool modify, bool manages, bool browses, bool tags)
    {
        var state = Given(Start, grants);
        var holding = HoldingOf(state, SandboxCast.Analyst, Table);
        holding.Can(Privilege.Select).ShouldBe(select);
        holding.Can(Privilege.Modify).ShouldBe(modify);
        holding.Manages.ShouldBe(manages);
        holding.Browses.ShouldBe(browses);
        holding.Tags.ShouldBe(tags);
    }

    [Theory]
    [InlineData(SandboxCast.Administrator, false, true, true)]
    [InlineData(SandboxCast.MetastoreAdministrator, false, true, true)]
    [InlineData(SandboxCast.AccountAdministrator, false, false, false)]
    [InlineData(SandboxCast.WorkspaceAdministrator, false, false, false)]
    [InlineData(SandboxCast.Engineer, true, true, true)]
    [InlineData(SandboxCast.Analyst, false, false, false)]
    public void A_metastore_admin_grants_and_reads_nothing_an_owner_does_both(string principal, bool select, bool manages, bool grants)
    {
        var holding = HoldingOf(Start, principal, Table);
        holding.Can(Privilege.Select).ShouldBe(select);
        holding.Manages.ShouldBe(manages);
        // Tags are the owner's: a metastore admin asks for APPLY TAG like anybody else.
        holding.Tags.ShouldBe(select);
        Rules(Start, principal).MayGrant(Start.Find(SecurableKind.Table, Table.Split('.'))!).ShouldBe(grants);
    }

    [Fact]
    public void The_owner_of_a_schema_grants_on_its_tables_and_does_not_read_them()
    {
        var schema = Start.Find(SecurableKind.Schema, "sales", "customers")!;
        var state = Start.Replace(schema, schema.Schema! with { Owner = SandboxCast.Analyst });
        var holding = HoldingOf(state, SandboxCast.Analyst, Table);
        holding.Has(Privilege.Select).ShouldBeFalse();
        holding.Manages.ShouldBeTrue();
        HoldingOf(Given(state, "analyst@acme.example SELECT sales.customers.addresses"), SandboxCast.Analyst, Table).Can(Privilege.Select).ShouldBeTrue();
    }

    [Fact]
    public void All_privileges_leave_out_what_must_be_granted_by_name()
    {
        var holding = HoldingOf(Given(Start, "analysts ALL_PRIVILEGES sales.customers"), SandboxCast.Analyst, "sales.customers");
        holding.Has(Privilege.CreateTable).ShouldBeTrue();
        holding.Has(Privilege.Manage).ShouldBeFalse();
        holding.Has(Privilege.ExternalUseSchema).ShouldBeFalse();
    }

    [Theory]
    [InlineData(SandboxCast.Administrator, true)]
    [InlineData(SandboxCast.MetastoreAdministrator, false)]
    [InlineData(SandboxCast.AccountAdministrator, false)]
    public void On_the_system_catalog_only_who_is_both_admins_grants(string principal, bool grants) =>
        Rules(Start, principal).MayGrant(Start.Find(SecurableKind.Schema, "system", "access")!).ShouldBe(grants);

    [Fact]
    public void In_the_system_catalog_schemas_are_opened_one_by_one()
    {
        var state = Given(Start, "analysts USE_CATALOG,USE_SCHEMA,SELECT system", SandboxCast.Administrator);
        HoldingOf(state, SandboxCast.Analyst, "system.access.audit").Can(Privilege.Select).ShouldBeFalse();
        HoldingOf(Given(state, "analysts USE_SCHEMA system.access", SandboxCast.Administrator), SandboxCast.Analyst, "system.access.audit").Can(Privilege.Select).ShouldBeTrue();
    }

    [Theory]
    [InlineData("analysts USE_CATALOG sales.customers", "INVALID_PARAMETER_VALUE")]
    [InlineData("analysts EXECUTE sales.customers.addresses", "INVALID_PARAMETER_VALUE")]
    [InlineData("analysts MODIFY sales.orders.open_orders", "INVALID_PARAMETER_VALUE")]
    [InlineData("analysts BROWSE sales.customers", "INVALID_PARAMETER_VALUE")]
    [InlineData("nobody SELECT sales", "PRINCIPAL_DOES_NOT_EXIST")]
    [InlineData("admins SELECT sales", "PRINCIPAL_DOES_NOT_EXIST")]
    public void What_does_not_fit_is_not_granted(string grants, string code) =>
        Should.Throw<DatabricksException>(() => Given(Start, grants)).Code.ShouldBe(code);

    [Theory]
    [InlineData(SandboxCast.Engineer, true)]
    [InlineData(SandboxCast.Administrator, false)]
    [InlineData(SandboxCast.Analyst, false)]
    public void Only_the_catalogs_owner_lets_a_schema_be_used_from_outside(string by, bool may)
    {
        var state = Given(Start, "analysts MANAGE,USE_SCHEMA sales.customers");
        if (may) Given(state, "analysts EXTERNAL_USE_SCHEMA sales.customers", by).ShouldNotBeSameAs(state);
        else Should.Throw<DatabricksException>(() => Given(state, "analysts EXTERNAL_USE_SCHEMA sales.customers", by)).Message.ShouldBe("User is not an owner of Catalog 'sales'.");
    }

    [Fact]
    public void A_refused_grant_says_what_is_missing()
    {
        Should.Throw<DatabricksException>(() => Given(Start, "analysts SELECT sales.orders.order_lines", SandboxCast.Analyst)).Message.ShouldBe("User does not have MANAGE on Table 'sales.orders.order_lines'.");
        Should.Throw<DatabricksException>(() => Given(Start, "analysts SELECT people.payroll.salaries", SandboxCast.Analyst)).Message.ShouldBe("User does not have USE CATALOG on Catalog 'people'.");
    }

    private static WorkspaceState Given(WorkspaceState state, string grants, string by = SandboxCast.Administrator)
    {
        foreach (var grant in grants.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = grant.Split(' ');
            var name = words[^1].Split('.');
            var privileges = words[^2].Split(',').Aggregate(Privilege.None, (set, word) => set | PrivilegeNames.Find(word)!.Value);
            var kind = name.Length switch { 1 => SecurableKind.Catalog, 2 => SecurableKind.Schema, _ => SecurableKind.Table };
            state = GrantChanges.Apply(state, CallerOf(state, by), state.Find(kind, name)!, [new(string.Join(' ', words[..^2]), privileges, Privilege.None)]);
        }

        return state;
    }

    private static Holding HoldingOf(WorkspaceState state, string principal, string name)
    {
        var parts = name.Split('.');
        return Rules(state, principal).On(state.Find(parts.Length == 3 ? SecurableKind.Table : SecurableKind.Schema, parts)!);
    }

    private static AccessRules Rules(WorkspaceState state, string principal) => new(state, CallerOf(state, principal));

    private static Caller CallerOf(WorkspaceState state, string principal) => state.Principals.CallerOf(state.Principals.Find(principal)!);
}
