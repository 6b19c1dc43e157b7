using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Tests.Privileges;

public sealed class PrivilegeNamesTests
{
    [Theory]
    [InlineData("SELECT", "SELECT", Privilege.Select)]
    [InlineData("USE_CATALOG", "USE CATALOG", Privilege.UseCatalog)]
    [InlineData("APPLY_TAG", "APPLY TAG", Privilege.ApplyTag)]
    [InlineData("ALL_PRIVILEGES", "ALL PRIVILEGES", Privilege.AllPrivileges)]
    [InlineData("CREATE_MATERIALIZED_VIEW", "CREATE MATERIALIZED VIEW", Privilege.CreateMaterializedView)]
    [InlineData("EXTERNAL_USE_SCHEMA", "EXTERNAL USE SCHEMA", Privilege.ExternalUseSchema)]
    [InlineData("CREATE_EXTERNAL_METADATA", "CREATE EXTERNAL METADATA", Privilege.CreateExternalMetadata)]
    [InlineData("SET_SHARE_PERMISSION", "SET SHARE PERMISSION", Privilege.SetSharePermission)]
    [InlineData("USE_MARKETPLACE_ASSETS", "USE MARKETPLACE ASSETS", Privilege.UseMarketplaceAssets)]
    internal void A_privilege_is_spelled_with_underscores_over_rest_and_with_blanks_in_sql(string rest, string sql, Privilege privilege)
    {
        PrivilegeNames.Of(privilege).ShouldBe([rest]);
        PrivilegeNames.Sql(privilege).ShouldBe(sql);
        PrivilegeNames.Find(rest).ShouldBe(privilege);
        PrivilegeNames.Find(sql.ToLowerInvariant()).ShouldBe(privilege);
    }

    [Theory]
    [InlineData("OWN")]
    [InlineData("NONE")]
    [InlineData("")]
    [InlineData("USECATALOG")]
    public void What_is_no_privilege_is_not_found(string name) => PrivilegeNames.Find(name).ShouldBeNull();

    [Fact]
    public void A_set_is_spelled_in_alphabetical_order() =>
        PrivilegeNames.Of(Privilege.UseSchema | Privilege.AllPrivileges | Privilege.Select).ShouldBe(["ALL_PRIVILEGES", "SELECT", "USE_SCHEMA"]);
}
