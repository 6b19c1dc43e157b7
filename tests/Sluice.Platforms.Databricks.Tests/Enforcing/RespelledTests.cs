using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>A person whose identity is registered in another spelling by now: to Databricks it is the same user.</summary>
public sealed class RespelledTests : IAsyncLifetime
{
    private const string Select = "SELECT email FROM cases.s.t";

    private static readonly ObjectPath Path = new("unity", "cases", "s", "t");
    private static readonly GovernedColumn[] Columns = [new("id", "bigint", []), new("email", "string", [])];

    private EnforcedUnity _unity = null!;

    public async ValueTask InitializeAsync()
    {
        _unity = await EnforcedUnity.StartAsync([Ann, Bob, Cat]);
        _unity.Sandbox.Change("CREATE SCHEMA cases.s");
        _unity.Sandbox.Change("CREATE TABLE cases.s.t (id BIGINT, email STRING)");
    }

    public ValueTask DisposeAsync() => _unity.DisposeAsync();

    [Fact]
    public async Task They_keep_what_they_have_until_no_policy_asks_for_it()
    {
        AccessIntent Spelled(string name, AccessRule read) => Intent([new IdentityHolders(name, [People.Person(Ann, ["Sales"])])], Object(Readable(read), Path, columns: Columns));
        await _unity.EnforceAsync(Spelled(Ann, People.Rule("Sales")), "as she was");

        (await _unity.PlanAsync(Spelled("Ann@acme.example", People.Rule("Sales")))).Changes.Select(static c => c.ToString()).ShouldBeEmpty();
        (await _unity.ReadAsAsync(Ann, Select)).Refusal.ShouldBeNull();

        await _unity.EnforceAsync(Spelled("Ann@acme.example", AccessRule.Nobody), "nobody");
        (await _unity.ReadAsAsync(Ann, Select)).Refusal.ShouldNotBeNull();
    }
}
