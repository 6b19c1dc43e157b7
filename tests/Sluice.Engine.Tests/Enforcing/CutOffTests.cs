using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;
using Sluice.Storage.History;
using Sluice.Storage.Plans;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tests.Enforcing;

/// <summary>What a crash in the middle of an apply leaves, and what an older backup of the database would do.</summary>
public sealed class CutOffTests
{
    private static readonly FactKey[] Grants =
        [.. from table in (string[])["t1", "t2"] from person in (string[])["ada", "bob"] select new FactKey(FactKind.Grant, new ObjectPath("pg", "db", "public", table), person, "SELECT")];

    // What is there before: two audiences of one person each.
    private static readonly FactKey[] There =
        [.. ((string[])["ada", "bob"]).SelectMany(static a => (FactKey[])[new FactKey(FactKind.Audience, null, a), new FactKey(FactKind.Member, null, a, $"{a}@pg")])];

    private static readonly FactKey More = new(FactKind.Grant, new ObjectPath("pg", "db", "public", "t3"), "ada", "SELECT");

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_confirmed_plan_that_was_cut_off_goes_on_without_a_second_confirmation_and_each_intent_has_its_outcome()
    {
        var platform = Platform();
        await using var engine = await StartAsync(platform);
        var held = await HeldAsync(engine);
        platform.CutOffAfter = 2;

        await ConfirmAsync(engine, held);

        var plan = await engine.Get<IPlanUseCases>().ReadAsync(held, EngineHost.Admin, Ending);
        plan.Stored.State.ShouldBe(PlanState.Applied, plan.Stored.StateReason);
        platform.Facts.ShouldBe([.. There, .. Grants], ignoreOrder: true);
        var rows = await RowsAsync(engine, plan.Stored.ConnectionId, held);
        rows.Count(r => r.Action == AuditAction.ChangeIntended).ShouldBe(6, "four, and the two that were left");
        var outcomes = rows.Where(r => r.Action == AuditAction.ChangeOutcome).Select(r => r.Details).ToList();
        outcomes.Count(d => d.Contains("\"observed\":\"made\"", StringComparison.Ordinal)).ShouldBe(2);
        outcomes.Count(d => d.Contains("\"observed\":\"not made\"", StringComparison.Ordinal)).ShouldBe(2);
        outcomes.Count(d => d.Contains("\"result\":\"done\"", StringComparison.Ordinal)).ShouldBe(2);
        (await engine.Get<IChangeHistory>().InForceAsync(plan.Stored.ConnectionId, Ending)).ShouldBe(There.Concat(Grants).Select(FactId.Of), ignoreOrder: true);
        (await engine.Get<IChangeHistory>().RunsAsync(plan.Stored.ConnectionId, Ending)).ShouldBeEmpty();
        (await engine.Get<AuditTrail>().VerifyAsync([], Ending)).ShouldAllBe(r => r.IsIntact);
    }

    [Fact]
    public async Task What_was_not_confirmed_is_not_done_with_what_was_left()
    {
        var platform = Platform();
        await using var engine = await StartAsync(platform);
        var held = await HeldAsync(engine);
        (platform.CutOffAfter, platform.OnCutOff) = (1, () => platform.Desired = [.. There, .. Grants, More]);

        await ConfirmAsync(engine, held);

        var plan = await engine.Get<IPlanUseCases>().ReadAsync(held, EngineHost.Admin, Ending);
        (plan.Stored.State, plan.Stored.StateReason).ShouldBe((PlanState.Failed, "It was cut off, and what it was made from has changed since: what was left of it was not done. Make a new plan."));
        platform.Facts.Count.ShouldBe(There.Length + 1);
        var next = (await engine.Get<IPlanUseCases>().ListAsync("pg", EngineHost.Admin, Ending)).Where(p => p.State == PlanState.Held).ShouldHaveSingleItem();
        next.ChangeCount.ShouldBe(4);
    }

    [Fact]
    public async Task What_somebody_else_took_away_ends_in_the_history_when_it_is_seen_missing()
    {
        var platform = Platform();
        await using var engine = await StartAsync(platform);
        await ConfirmAsync(engine, await HeldAsync(engine));
        var connection = (await engine.Get<IConnectionStore>().FindAsync("pg", Ending)).ShouldNotBeNull();
        platform.Facts.Remove(Grants[0]).ShouldBeTrue();
        platform.Desired = [.. There, .. Grants[1..]];

        await ChangeSomethingAsync(engine);
        await UntilAsync(async () => (await engine.Get<IChangeHistory>().InForceAsync(connection.Id, Ending)).Count == There.Length + 3);

        var now = await engine.Get<IAccessHistory>().AtAsync(Grants[0].Object!, TimeProvider.System.GetUtcNow(), Ending);
        now.Readers.Select(r => r.Identity).ShouldBe(["bob@pg"]);
    }

    [Fact]
    public async Task A_platform_that_is_ahead_of_the_database_is_only_observed_until_a_governor_confirms()
    {
        var platform = Platform();
        await using var engine = await StartAsync(platform);
        await ConfirmAsync(engine, await HeldAsync(engine));
        platform.Epoch.ShouldBe(1);
        platform.Epoch = 9;
        platform.Desired = [.. There, .. Grants, More];

        await ChangeSomethingAsync(engine);
        await UntilAsync(async () => (await ConnectionAsync()).Status == ConnectionStatus.Unhealthy);

        (await ConnectionAsync()).StatusReason.ShouldNotBeNull().ShouldContain("confirm-restore pg");
        platform.Facts.ShouldNotContain(More);
        var plans = engine.Get<IPlanUseCases>();
        var plan = await plans.MakeAsync(EngineHost.Json("""{"connectionKey":"pg"}"""), EngineHost.Admin, Ending);
        (await Should.ThrowAsync<RequestRefusedException>(() => plans.ApplyAsync(plan.Stored.Id, EngineHost.Admin, Ending))).Code.ShouldBe(ErrorCode.WrongState);
        await engine.WaitAsync(await engine.Connections.CheckAsync("pg", EngineHost.Admin, Ending));
        (await ConnectionAsync()).Status.ShouldBe(ConnectionStatus.Unhealthy, "a passed check says nothing of it");

        var restores = engine.Get<IRestoreUseCase>();
        var admin = new Caller("bob", "Bob", null, new HashSet<string>(Permission.All.Where(p => p != Permission.Governance)));
        (await Should.ThrowAsync<RequestRefusedException>(() => restores.ConfirmAsync("pg", admin, Ending))).Code.ShouldBe(ErrorCode.Forbidden);
        await engine.WaitAsync(await restores.ConfirmAsync("pg", EngineHost.Admin, Ending));
        await UntilAsync(() => Task.FromResult(platform.Facts.Contains(More)));
        platform.Epoch.ShouldBe(10);
        (await ConnectionAsync()).Status.ShouldNotBe(ConnectionStatus.Unhealthy);
        (await Should.ThrowAsync<RequestRefusedException>(() => restores.ConfirmAsync("pg", EngineHost.Admin, Ending))).Code.ShouldBe(ErrorCode.WrongState);

        async Task<StoredConnection> ConnectionAsync() => (await engine.Get<IConnectionStore>().FindAsync("pg", Ending)).ShouldNotBeNull();
    }

    private static GovernedPlatform Platform()
    {
        var platform = GovernedPlatform.OfOneDatabase();
        platform.Desired = [.. There, .. Grants];
        platform.Facts.UnionWith(There);
        return platform;
    }

    private static async Task<EngineHost> StartAsync(GovernedPlatform platform)
    {
        var engine = await platform.StartAsync();
        await engine.WaitAsync(await engine.Connections.UpdateAsync("pg", EngineHost.Json("""{"settings":{"guard":{"maxGained":1}}}"""), null, EngineHost.Admin, Ending));
        return engine;
    }

    private static async Task<Guid> HeldAsync(EngineHost engine)
    {
        await ChangeSomethingAsync(engine);
        StoredPlan? held = null;
        await UntilAsync(async () => (held = (await engine.Get<IPlanUseCases>().ListAsync("pg", EngineHost.Admin, Ending)).FirstOrDefault(p => p.State == PlanState.Held)) is not null);
        return held!.Id;
    }

    private static async Task ConfirmAsync(EngineHost engine, Guid plan)
    {
        var accepted = await engine.Get<IPlanUseCases>().ConfirmAsync(plan, EngineHost.Admin, Ending);
        await engine.WaitAsync(new Accepted(new ObjectPath("pg"), accepted.BulkId));
    }

    // Whatever it is: the connection is looked at again.
    private static async Task ChangeSomethingAsync(EngineHost engine)
    {
        var connection = (await engine.Get<IConnectionStore>().FindAsync("pg", Ending)).ShouldNotBeNull();
        await engine.Get<ITagStore>().AssignAsync(connection.RootObjectId, null, [$"T{Guid.NewGuid():n}"], EngineHost.Admin.AsActor(), Ending);
    }

    private static async Task<List<AuditEvent>> RowsAsync(EngineHost engine, Guid connectionId, Guid planId) =>
        [.. (await engine.Get<IAuditStore>().ReadAsync(AuditStream.Of(connectionId), 0, 1000, Ending)).Select(r => r.Event).Where(e => e.PlanId == planId)];

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        ending.CancelAfter(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await isSo()) await look.WaitForNextTickAsync(ending.Token);
    }
}
