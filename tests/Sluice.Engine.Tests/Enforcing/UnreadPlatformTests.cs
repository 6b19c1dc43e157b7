using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Engine.Jobs;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tests.Enforcing;

/// <summary>When a change has a platform read, and when not.</summary>
public sealed class UnreadPlatformTests
{
    private static readonly FactKey Grant = new(FactKind.Grant, new ObjectPath("pg", "db", "public", "t1"), "ada", "SELECT");

    private static readonly FactKey More = Grant with { Subject = "bob" };

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_that_asks_nothing_else_of_a_platform_does_not_have_it_read()
    {
        var platform = Platform();
        await using var engine = await KeptAsync(platform);
        var before = platform.Observations;

        await ChangeSomethingAsync(engine);
        await ChangeSomethingAsync(engine);

        platform.Observations.ShouldBe(before);
    }

    [Fact]
    public async Task A_change_that_asks_something_else_of_it_does()
    {
        var platform = Platform();
        await using var engine = await KeptAsync(platform);
        platform.Desired = [Grant, More];

        await ChangeSomethingAsync(engine);

        platform.Facts.ShouldBe([Grant, More], ignoreOrder: true);
    }

    [Fact]
    public async Task What_was_changed_there_is_mended_after_a_crawl()
    {
        var platform = Platform();
        await using var engine = await KeptAsync(platform);
        platform.Facts.Clear();

        await engine.CrawlAsync("pg");

        await UntilAsync(() => Task.FromResult(platform.Facts.Contains(Grant)));
    }

    [Fact]
    public async Task A_connection_whose_settings_changed_is_read()
    {
        var platform = Platform();
        await using var engine = await KeptAsync(platform);
        var before = platform.Observations;

        await engine.Connections.UpdateAsync("pg", EngineHost.Json("""{"settings":{"mode":"upsert-only"}}"""), null, EngineHost.Admin, Ending);
        await ChangeSomethingAsync(engine);

        platform.Observations.ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task A_platform_that_was_only_observed_is_read_by_each_change()
    {
        var platform = Platform();
        platform.Facts.Clear();
        await using var engine = await platform.StartAsync();
        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", EngineHost.Json("""{"settings":{"mode":"observe"}}"""), null, EngineHost.Admin, Ending));
        await ChangeSomethingAsync(engine);
        var before = platform.Observations;

        await ChangeSomethingAsync(engine);

        platform.Observations.ShouldBeGreaterThan(before);
        platform.Facts.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_stopped_apply_has_made_is_taken_back_when_the_policies_are_what_they_were()
    {
        var platform = Platform();
        await using var engine = await KeptAsync(platform);
        platform.Desired = [Grant, More];
        platform.OnChange = async () =>
        {
            // Made, and then the job is stopped before anybody hears of it; what was asked for is put back at once.
            platform.Facts.Add(More);
            platform.Desired = [Grant];
            platform.OnChange = static () => Task.CompletedTask;
            var running = (await engine.Jobs.SearchAsync(new JobQuery { Type = JobTypes.Reconcile, States = [JobState.Active] }, EngineHost.Admin, Ending)).Jobs.Single();
            await engine.Jobs.CancelAsync(running.Id, EngineHost.Admin, Ending);
            throw new OperationCanceledException("It was stopped.");
        };

        await ChangeSomethingAsync(engine);

        platform.Facts.ShouldBe([Grant]);
    }

    private static GovernedPlatform Platform()
    {
        var platform = GovernedPlatform.OfOneDatabase();
        platform.Desired = [Grant];
        platform.Facts.Add(Grant);
        return platform;
    }

    // Its platform was seen to be what is asked for.
    private static async Task<EngineHost> KeptAsync(GovernedPlatform platform)
    {
        var engine = await platform.StartAsync();
        await ChangeSomethingAsync(engine);
        platform.Observations.ShouldBeGreaterThan(0);
        return engine;
    }

    // Whatever it is, until the connection is reconciled with it.
    private static async Task ChangeSomethingAsync(EngineHost engine)
    {
        var connection = (await engine.Get<IConnectionStore>().FindAsync("pg", Ending)).ShouldNotBeNull();
        await engine.Get<ITagStore>().AssignAsync(connection.RootObjectId, null, [$"T{Guid.NewGuid():n}"], EngineHost.Admin.AsActor(), Ending);
        var plans = engine.Get<IPlanStore>();
        await UntilAsync(async () => (await plans.EnforcementAsync(connection.Id, Ending))?.ReconciledRevision == await plans.AccessRevisionAsync(Ending));
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        ending.CancelAfter(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isSo()) await look.WaitForNextTickAsync(ending.Token);
    }
}
