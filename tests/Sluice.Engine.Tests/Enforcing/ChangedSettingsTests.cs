using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Engine.Jobs;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;
using Sluice.Storage.History;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tests.Enforcing;

/// <summary>Settings that are changed while a reconcile is under way.</summary>
public sealed class ChangedSettingsTests
{
    private static readonly FactKey Audience = new(FactKind.Audience, null, "SLUICE_A1", "");

    private static readonly FactKey Grant = new(FactKind.Grant, new ObjectPath("pg", "db", "public", "t1"), "SLUICE_A1", "SELECT");

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Observe_while_the_platform_is_read_has_nothing_written()
    {
        var platform = GovernedPlatform.OfOneDatabase();
        await using var engine = await platform.StartAsync();
        platform.Desired = [Audience, Grant];
        platform.OnObserve = () => ObserveOnlyAsync(engine, platform);

        await ChangeSomethingAsync(engine);

        await EndedWithAsync(engine, "settings were changed");
        await EndedWithAsync(engine, "observed only");
        platform.Facts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Observe_in_the_middle_of_an_apply_leaves_what_was_not_done_yet()
    {
        var platform = GovernedPlatform.OfOneDatabase();
        await using var engine = await platform.StartAsync();
        platform.Desired = [Audience, Grant];
        platform.OnChange = () => ObserveOnlyAsync(engine, platform);

        await ChangeSomethingAsync(engine);

        await EndedWithAsync(engine, "settings were changed");
        await EndedWithAsync(engine, "observed only");
        platform.Facts.ShouldBe([Audience]);
        var plan = (await PlansAsync(engine)).ShouldHaveSingleItem();
        plan.State.ShouldBe(PlanState.Failed);
        plan.StateReason.ShouldNotBeNull().ShouldContain("settings were changed");
    }

    [Fact]
    public async Task Observe_in_the_middle_of_a_phase_stops_it_and_each_intent_gets_its_outcome()
    {
        var platform = GovernedPlatform.OfOneDatabase();
        await using var engine = await platform.StartAsync(
            new EngineOptions { RetryBaseDelay = TimeSpan.FromMilliseconds(20), PollInterval = TimeSpan.FromMilliseconds(100), ChangePollInterval = TimeSpan.FromMilliseconds(1) });
        platform.Desired = [Audience, Audience with { Subject = "SLUICE_A2" }, Audience with { Subject = "SLUICE_A3" }];
        platform.HangsAfter = 1;
        platform.OnChange = () => ObserveOnlyAsync(engine, platform);

        await ChangeSomethingAsync(engine);

        await EndedWithAsync(engine, "settings were changed");
        platform.Facts.Count.ShouldBe(1);
        await EndedWithAsync(engine, "observed only");
        platform.Facts.Count.ShouldBe(1);
        var connection = await ConnectionAsync(engine);
        var rows = (await engine.Get<IAuditStore>().ReadAsync(AuditStream.Of(connection.Id), 0, 1000, Ending)).Select(r => r.Event).ToList();
        rows.Count(r => r.Action == AuditAction.ChangeIntended).ShouldBe(3);
        var outcomes = rows.Where(r => r.Action == AuditAction.ChangeOutcome).Select(r => r.Details).ToList();
        outcomes.Count.ShouldBe(3);
        outcomes.Count(d => d.Contains("\"observed\":\"not made\"", StringComparison.Ordinal)).ShouldBe(2, string.Join(' ', outcomes));
        (await engine.Get<IChangeHistory>().RunsAsync(connection.Id, Ending)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_schedule_of_crawls_stops_nothing()
    {
        var platform = GovernedPlatform.OfOneDatabase();
        await using var engine = await platform.StartAsync();
        platform.Desired = [Audience, Grant];
        platform.OnChange = async () =>
        {
            platform.OnChange = static () => Task.CompletedTask;
            await engine.Connections.UpdateAsync("pg", EngineHost.Json("""{"settings":{"objectSyncEvery":"PT12H"}}"""), null, EngineHost.Admin, Ending);
        };

        await ChangeSomethingAsync(engine);

        await EndedWithAsync(engine, "\"made\":2");
        platform.Facts.ShouldBe([Audience, Grant], ignoreOrder: true);
    }

    [Fact]
    public async Task A_plan_that_was_cut_off_does_not_wait_for_ever_in_a_connection_that_only_observes_since()
    {
        var platform = GovernedPlatform.OfOneDatabase();
        await using var engine = await platform.StartAsync();
        platform.Desired = [Audience, Grant];
        platform.OnChange = async () =>
        {
            await ObserveOnlyAsync(engine, platform);
            platform.CutOffAfter = 0;
        };

        await ChangeSomethingAsync(engine);

        await EndedWithAsync(engine, "observed only");
        platform.Facts.ShouldBeEmpty();
        var plan = (await PlansAsync(engine)).ShouldHaveSingleItem();
        plan.State.ShouldBe(PlanState.Failed);
        plan.StateReason.ShouldNotBeNull().ShouldContain("became observe");
    }

    private static async Task ObserveOnlyAsync(EngineHost engine, GovernedPlatform platform)
    {
        platform.OnObserve = platform.OnChange = static () => Task.CompletedTask;
        await engine.Connections.UpdateAsync("pg", EngineHost.Json("""{"settings":{"mode":"observe"}}"""), null, EngineHost.Admin, Ending);
    }

    private static async Task ChangeSomethingAsync(EngineHost engine) =>
        await engine.Get<ITagStore>().AssignAsync((await ConnectionAsync(engine)).RootObjectId, null, ["T"], EngineHost.Admin.AsActor(), Ending);

    private static async Task EndedWithAsync(EngineHost engine, string output)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        ending.CancelAfter(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!(await engine.Jobs.SearchAsync(new JobQuery { Type = JobTypes.Reconcile, States = [JobState.Completed] }, EngineHost.Admin, Ending))
            .Jobs.Any(j => j.OutputJson?.Contains(output, StringComparison.Ordinal) == true))
            await look.WaitForNextTickAsync(ending.Token);
    }

    private static async Task<StoredConnection> ConnectionAsync(EngineHost engine) => (await engine.Get<IConnectionStore>().FindAsync("pg", Ending)).ShouldNotBeNull();

    private static async Task<IReadOnlyList<StoredPlan>> PlansAsync(EngineHost engine) =>
        await engine.Get<IPlanStore>().OfConnectionAsync((await ConnectionAsync(engine)).Id, null, 10, Ending);
}
