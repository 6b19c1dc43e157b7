using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.LakeFormation;

namespace Sluice.Sandbox.Aws.Tests.LakeFormation;

public sealed class AccessRulesTests
{
    private const string Account = "123456789012";
    private const string Ada = $"arn:aws:iam::{Account}:user/ada";

    private readonly GrantStore grants = new();
    private readonly DatabaseState database = DemoCatalog.Read(
        """
        database d [k=a]
        table plain
          x int
        table other [k=b]
          x int
        table mixed
          x int
          y int [k=b]
        """,
        ordinal: 0);

    // "Only DESCRIBE is granted" where all columns are needed; Super comes to SELECT and DESCRIBE.
    [Theory]
    [InlineData("INSERT", "DESCRIBE")]
    [InlineData("ALTER,DROP,DELETE", "DESCRIBE")]
    [InlineData("SELECT", "SELECT,DESCRIBE")]
    [InlineData("SELECT,INSERT", "SELECT,DESCRIBE")]
    [InlineData("ALL", "SELECT,DESCRIBE")]
    [InlineData("DESCRIBE", "DESCRIBE")]
    public void Reaching_only_some_columns_a_permission_is_worth_less(string grantedNames, string worth)
    {
        var granted = LakeInput.Permissions(grantedNames.Split(','));
        Grant(new TagPolicy(OnTables: true, new([("k", ["a"])])), granted);
        var access = On("mixed");
        access.Granted.ShouldBe(LakeInput.Permissions(worth.Split(',')));
        access.Columns.ShouldBe(["x"]);
        On("plain").Granted.ShouldBe(LakePermissionNames.Expand(granted));
        On("plain").Columns.ShouldBeNull();
        On("other").IsVisible.ShouldBeFalse();
    }

    [Fact]
    public void An_expression_on_databases_says_nothing_about_tables()
    {
        Grant(new TagPolicy(OnTables: false, new([("k", ["a"])])), LakePermissions.Describe);
        On("plain").IsVisible.ShouldBeFalse();
        Rules().On(database).Granted.ShouldBe(LakePermissions.Describe);
    }

    [Fact]
    public void All_keys_of_an_expression_must_be_met()
    {
        Grant(new TagPolicy(OnTables: true, new([("k", ["a"]), ("missing", ["x"])])), LakePermissions.Select);
        On("plain").IsVisible.ShouldBeFalse();
    }

    [Fact]
    public void A_grant_on_all_tables_reaches_each_of_its_database()
    {
        Grant(new AllTables("d"), LakePermissions.Select);
        On("other").Granted.ShouldBe(LakePermissions.Select);
        On("mixed").Columns.ShouldBeNull();
    }

    [Fact]
    public void Grants_on_columns_add_up()
    {
        Grant(new TableColumns("d", "mixed", ["x"], Excluded: false), LakePermissions.Select);
        On("mixed").Columns.ShouldBe(["x"]);
        Grant(new TableColumns("d", "mixed", ["x"], Excluded: true), LakePermissions.Select);
        On("mixed").Columns!.Order().ShouldBe(["x", "y"]);
    }

    [Fact]
    public void The_grant_option_is_not_the_permission_to_grant_more()
    {
        Grant(new NamedTable("d", "plain"), LakePermissions.Select | LakePermissions.Insert, LakePermissions.Select);
        On("plain").CanGrant(LakePermissions.Select).ShouldBeTrue();
        On("plain").CanGrant(LakePermissions.Insert).ShouldBeFalse();
        On("plain").CanGrant(LakePermissions.All).ShouldBeFalse();
    }

    private void Grant(LakeResource resource, LakePermissions granted, LakePermissions grantable = default) =>
        grants.Add(Ada, resource, granted, grantable, now: 0, by: Ada);

    private Access On(string table) => Rules().On(database.Find(table)!.Value);

    private AccessRules Rules() => new(grants, new(), new(new() { Name = "ada" }, Ada, Ada, Account, "AIDA", IsSession: false), Account);
}
