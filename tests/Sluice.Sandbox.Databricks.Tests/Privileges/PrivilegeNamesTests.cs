using Sluice.Sandbox.Databricks.Privileges;

namespace Sluice.Sandbox.Databricks.Tests.Privileges;

public sealed class PrivilegeNamesTests
{
    [Fact]
    public void Every_privilege_is_found_under_both_of_its_spellings()
    {
        foreach (var privilege in Enum.GetValues<Privilege>().Where(privilege => privilege != Privilege.None))
        {
            var name = PrivilegeNames.Of(privilege).ShouldHaveSingleItem();
            PrivilegeNames.Find(name).ShouldBe(privilege);
            PrivilegeNames.Find(PrivilegeNames.Sql(privilege)).ShouldBe(privilege);
            name.ShouldNotContain(" ");
        }
    }

    [Fact]
    public void A_set_is_spelled_in_alphabetical_order() =>
        PrivilegeNames.Of(Privilege.UseSchema | Privilege.AllPrivileges | Privilege.Select).ShouldBe(["ALL_PRIVILEGES", "SELECT", "USE_SCHEMA"]);
}
