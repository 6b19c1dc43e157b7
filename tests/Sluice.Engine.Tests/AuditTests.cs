using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Engine.Auditing;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.Audit;
using Sluice.Storage.Server;
using Sluice.Storage.Vault;

namespace Sluice.Engine.Tests;

public sealed class AuditTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_people_do_is_recorded_and_no_secret_with_it()
    {
        var platform = new FakePlatform();
        platform.Add("db", ObjectKind.Database);
        platform.Add("db/t1");
        await using var engine = await EngineHost.StartAsync(platform);
        await engine.RegisterAndCrawlAsync();
        await engine.Connections.UpdateAsync(
            "pg",
            EngineHost.Json($$$"""{"connection":{"technology":"PostgreSQL","hostname":"db","password":"{{{FakePlatform.Password}}}"},"settings":{"mode":"observe"}}"""),
            null, EngineHost.Admin, Ending);
        await engine.CrawlAsync("pg", "db");
        await engine.Catalog.DeleteAsync(new ObjectPath("pg", "db", "t1"), null, EngineHost.Admin, Ending);
        await engine.Catalog.DeleteAsync(new ObjectPath("pg"), null, EngineHost.Admin, Ending);

        var rows = await RowsAsync(engine);
        rows.Select(r => r.Event.Action).ShouldBe(
            [
                AuditAction.ConnectionRegistered, AuditAction.ConnectionUpdated, AuditAction.ConnectionDeleted, AuditAction.CrawlAsked, AuditAction.ObjectDeleted,
            ],
            ignoreOrder: true);
        rows.ShouldAllBe(r => r.Event.ActorId == EngineHost.Admin.Id);
        foreach (var row in rows) row.ToString().ShouldNotContain(FakePlatform.Password);
        rows.Single(r => r.Event.Action == AuditAction.ConnectionUpdated).Event.Details.ShouldContain("\"secrets\":[\"password\"]");
        (await engine.Get<AuditTrail>().VerifyAsync([], Ending)).ShouldAllBe(r => r.IsIntact);
    }

    [Fact]
    public async Task Rows_of_before_a_rotation_of_the_vaults_key_verify_after_it()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAsync();
        await engine.Get<ISecretVault>().RotateAsync(Ending);
        await engine.Catalog.DeleteAsync(new ObjectPath("pg"), null, EngineHost.Admin, Ending);
        (await RowsAsync(engine)).Select(r => r.KeyId).Distinct().Count().ShouldBe(2);
        (await engine.Get<AuditTrail>().VerifyAsync([], Ending)).ShouldAllBe(r => r.IsIntact);
    }

    [Fact]
    public async Task A_change_of_a_platform_has_two_rows()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        var (connection, plan) = (Guid.NewGuid(), Guid.NewGuid());
        var change = new Change(ChangePhase.Grant, ChangeVerb.Add, new FactKey(FactKind.Grant, new ObjectPath("pg", "db", "t"), "aud", "READ"), "SELECT", "policy sales-eu");
        var recorder = engine.Get<AuditRecorder>();
        await recorder.IntendedAsync(connection, plan, EngineHost.Admin.AsActor(), [change], Ending);
        await recorder.EndedAsync(connection, plan, EngineHost.Admin.AsActor(), [new ChangeOutcome(change, "no such role", IsTransient: false)], Ending);
        var rows = await engine.Get<IAuditStore>().ReadAsync(AuditStream.Of(connection), 0, 10, Ending);
        rows.Select(r => (r.Event.Action, r.Event.PlanId, r.Event.Object)).ShouldBe(
            [(AuditAction.ChangeIntended, plan, change.Key.Object), (AuditAction.ChangeOutcome, plan, change.Key.Object)]);
        rows[1].Event.Details.ShouldContain("no such role");
    }

    [Fact]
    public async Task Checkpoints_go_to_the_file_once_and_rows_go_only_up_to_one_that_is_old()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        var file = Path.Combine(engine.Directory, "checkpoints.jsonl");
        var clock = new MovedTime();
        var keeper = new CheckpointKeeper(
            engine.Get<IAuditStore>(), engine.Get<IAuditKeys>(), [new CheckpointFile(file)], engine.Get<IServerLock>(), clock,
            Options.Create(new EngineOptions { Audit = new AuditOptions { Keep = TimeSpan.FromDays(2) } }), NullLogger<CheckpointKeeper>.Instance);
        await engine.RegisterAsync();
        await keeper.RunOnceAsync(Ending);
        await keeper.RunOnceAsync(Ending);
        var checkpoint = AuditCheckpoint.Read((await File.ReadAllLinesAsync(file, Ending)).ShouldHaveSingleItem()).ShouldNotBeNull();
        (checkpoint.Stream, checkpoint.Sequence).ShouldBe((AuditStream.Administration, 1));

        await engine.Catalog.DeleteAsync(new ObjectPath("pg"), null, EngineHost.Admin, Ending);
        await keeper.RunOnceAsync(Ending);
        (await File.ReadAllLinesAsync(file, Ending)).Length.ShouldBe(1);
        clock.By = TimeSpan.FromHours(1);
        await keeper.RunOnceAsync(Ending);
        (await File.ReadAllLinesAsync(file, Ending)).Length.ShouldBe(2);
        (await engine.Get<AuditTrail>().VerifyAsync([checkpoint], Ending)).ShouldAllBe(r => r.IsIntact);

        clock.By = TimeSpan.FromDays(2) + TimeSpan.FromMinutes(1);
        await keeper.RunOnceAsync(Ending);
        (await RowsAsync(engine)).Select(r => (r.Event.Sequence, r.Event.Action)).ShouldBe([(2, AuditAction.ConnectionDeleted), (3, AuditAction.Pruned)]);
        (await engine.Get<AuditTrail>().VerifyAsync([checkpoint], Ending)).ShouldAllBe(r => r.IsIntact);
    }

    [Fact]
    public async Task The_audit_trail_is_for_those_with_AUDIT_and_a_checkpoint_must_be_one()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAsync("Lake");
        var audit = engine.Get<IAuditUseCases>();
        var others = new Caller("bob", "Bob", null, new HashSet<string>(Permission.All.Where(p => p != Permission.Audit)));
        (await Should.ThrowAsync<RequestRefusedException>(() => audit.SearchAsync(new AuditQuery(), null, others, Ending))).Code.ShouldBe(ErrorCode.Forbidden);
        (await Should.ThrowAsync<RequestRefusedException>(() => audit.VerifyAsync(default, others, Ending))).Code.ShouldBe(ErrorCode.Forbidden);
        Should.Throw<RequestRefusedException>(() => audit.Export(others, Ending)).Code.ShouldBe(ErrorCode.Forbidden);

        var body = EngineHost.Json("""{"checkpoints":[{"stream":"administration"}],"other":1}""");
        var refused = await Should.ThrowAsync<RequestRefusedException>(() => audit.VerifyAsync(body, EngineHost.Admin, Ending));
        refused.Problems!.Select(p => p.Path).ShouldBe(["$.checkpoints[0]", "$.other"], ignoreOrder: true);
        (await audit.SearchAsync(new AuditQuery { Object = new ObjectPath("LAKE") }, null, EngineHost.Admin, Ending)).Count.ShouldBe(1);
        (await audit.SearchAsync(new AuditQuery(), "lake", EngineHost.Admin, Ending)).Count.ShouldBe(0);
        (await audit.SearchAsync(new AuditQuery(), "administration", EngineHost.Admin, Ending)).Count.ShouldBe(1);
    }

    private static async Task<List<AuditRow>> RowsAsync(EngineHost engine)
    {
        var rows = new List<AuditRow>();
        await foreach (var row in engine.Get<IAuditUseCases>().Export(EngineHost.Admin, Ending)) rows.Add(row);
        return rows;
    }

    /// <summary>The system's clock, moved on.</summary>
    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + By;
    }
}
