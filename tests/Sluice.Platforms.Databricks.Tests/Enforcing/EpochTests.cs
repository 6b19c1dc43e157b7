using Sluice.Platforms.Databricks.Tests.Fakes;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>The count of applies, in a table's comment.</summary>
public sealed class EpochTests : IAsyncLifetime
{
    private static readonly InstanceMark Mark = new(FakeWorkspace.Instance);

    private readonly List<string> _statements = [];
    private FakeWorkspace _workspace = null!;
    private IPlatformSession _session = null!;

    private IKeepsEpoch Epoch => (IKeepsEpoch)_session;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.OnStatement(statement =>
        {
            _statements.Add(statement);
            return FakeWorkspace.Succeeded([]);
        });
        _session = _workspace.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _workspace.DisposeAsync();
    }

    [Fact]
    public async Task The_first_count_makes_the_table()
    {
        (await Epoch.ReadEpochAsync("SLUICE", Token)).ShouldBeNull();

        await Epoch.WriteEpochAsync("SLUICE", 1, Token);

        _statements.ShouldBe([$"CREATE TABLE IF NOT EXISTS `sluice`.`entitlements`.`epoch` (nothing STRING) COMMENT '{Mark.CommentAt(1)}'"]);
    }

    [Fact]
    public async Task The_next_ones_are_comments()
    {
        Has(Mark.CommentAt(7));
        (await Epoch.ReadEpochAsync("SLUICE", Token)).ShouldBe(7);

        await Epoch.WriteEpochAsync("SLUICE", 8, Token);
        await Epoch.RemoveEpochAsync("SLUICE", Token);

        _statements.ShouldBe([$"COMMENT ON TABLE `sluice`.`entitlements`.`epoch` IS '{Mark.CommentAt(8)}'", "DROP TABLE IF EXISTS `sluice`.`entitlements`.`epoch`"]);
    }

    [Theory]
    [InlineData("Made by Sluice, instance other. It is used by that Sluice alone: leave this comment as it is. Epoch 9.")]
    [InlineData("somebody's own")]
    [InlineData("")]
    public async Task A_table_that_is_not_ours_is_left_alone(string comment)
    {
        Has(comment);

        (await Epoch.ReadEpochAsync("SLUICE", Token)).ShouldBeNull();
        (await Should.ThrowAsync<PlatformException>(() => Epoch.WriteEpochAsync("SLUICE", 3, Token))).Message.ShouldContain("not made by this instance");
        await Epoch.RemoveEpochAsync("SLUICE", Token);
        _statements.ShouldBeEmpty();
    }

    private void Has(string comment) => _workspace.Store.Catalogs.Single(static c => c.Name == "sluice").Schemas.Add(new FakeSchema("entitlements", new FakeTable("epoch") { Comment = comment }));
}
