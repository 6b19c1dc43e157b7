using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Tests.Fakes;
using static Sluice.Platforms.Databricks.Tests.Enforcing.Governed;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>A warehouse that is deleted while changes are made.</summary>
public sealed class GoneWarehouseTests : IAsyncLifetime
{
    private const string Table = "table/sales.orders.lines", Schema = "schema/sales.orders", Catalog = "catalog/sales";

    private FakeWorkspace _workspace = null!;
    private FakeGrants _grants = null!;
    private IPlatformSession _session = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.Store.Add("sales", new FakeSchema("orders", new FakeTable("lines", new("id", "bigint"), new("email", "string")))).Owner = FakeWorkspace.Principal;
        _grants = new FakeGrants(_workspace, Table, Schema, Catalog).Grant(Catalog, FakeWorkspace.Principal, "MANAGE", "SELECT", "MODIFY", "USE_CATALOG", "USE_SCHEMA");
        _session = _workspace.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _workspace.DisposeAsync();
    }

    [Fact]
    public async Task What_it_could_not_take_away_is_not_told_to_be_gone()
    {
        _workspace.On("POST", "/api/2.0/sql/statements", static _ => new FakeWorkspace.Answer("""{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"SQL warehouse abc does not exist."}""", 404));
        Change[] changes =
        [
            new(ChangePhase.Know, ChangeVerb.Remove, new FactKey(FactKind.Exemption, null, Ann, "x"), "", ""),
            new(ChangePhase.Unprotect, ChangeVerb.Remove, new FactKey(FactKind.Mask, Lines, "email"), "mask_x []\nx", ""),
            new(ChangePhase.Clean, ChangeVerb.Remove, new FactKey(FactKind.Support, null, "functions.mask_x"), "", ""),
        ];

        (await ApplyAsync(_session, Intent([Person(Ann)], Object(Readable(AccessRule.Nobody))), changes)).ShouldAllBe(static o => o.Error != null);
    }
}
