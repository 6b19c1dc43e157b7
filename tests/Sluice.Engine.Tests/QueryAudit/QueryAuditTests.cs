using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;
using Sluice.Engine.Errors;
using Sluice.Engine.Jobs;
using Sluice.Engine.People;
using Sluice.Engine.QueryAudit;
using Sluice.Platforms;
using Sluice.Storage;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;
using Sluice.Storage.Policies;
using Sluice.Storage.QueryAudit;
using Sluice.Storage.Tags;

namespace Sluice.Engine.Tests.QueryAudit;

/// <summary>Who queried what, taken from a platform.</summary>
public sealed class QueryAuditTests
{
    internal static readonly QueryAuditSource Source = new("history", new FeedTiming(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(10), TimeSpan.FromHours(2)));

    internal static readonly EngineOptions Options = new()
    {
        RetryBaseDelay = TimeSpan.FromMilliseconds(20), PollInterval = TimeSpan.FromMilliseconds(100), QueryAudit = new QueryAuditOptions { PageSize = 2 },
    };

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_people_ran_is_taken_once_with_person_objects_and_hash()
    {
        await using var engine = await StartAsync();
        // The schedule's own reading would take them before the one that is asked for.
        await engine.UntilAsync(JobTypes.QueryAudit);
        await GiveAsync(engine, "ada", "ADA");
        var shown = Events(5, "ADA").Append(Event("r1", "ROBOT")).ToList();
        engine.Platform.Queries = (_, window) => Pages(shown.Where(e => e.EndedAt >= window.From && e.EndedAt < window.To));

        (await ReadAsync(engine)).OutputJson.ShouldBe("""{"taken":{"history":6},"madeWay":false}""");
        (await ReadAsync(engine)).OutputJson.ShouldBe("""{"taken":{"history":0},"madeWay":false}""");

        var queries = engine.Get<IQueryAuditUseCases>();
        var adas = await queries.SearchAsync(new QuerySearch { Person = "ada" }, "PG", EngineHost.Admin, Ending);
        adas.Count.ShouldBe(5);
        var one = adas.Hits[0].Taken;
        one.PeopleKnownBy.ShouldBe(KnownBy.Taking);
        one.Event.Objects.ShouldHaveSingleItem().Columns.ShouldBe(["id"]);
        (one.Event.Text, one.Event.StatementHash).ShouldBe((null, StatementHash.Of("SELECT id FROM orders")));
        (await queries.SearchAsync(new QuerySearch { Object = new ObjectPath("PG", "shop") }, null, EngineHost.Admin, Ending)).Count.ShouldBe(6);
        var robot = (await queries.SearchAsync(new QuerySearch { Identity = "ROBOT" }, null, EngineHost.Admin, Ending)).Hits.ShouldHaveSingleItem().Taken;
        (robot.People.Count, robot.PeopleKnownBy).ShouldBe((0, KnownBy.Nothing));
        (await queries.SearchAsync(new QuerySearch(), "nowhere", EngineHost.Admin, Ending)).Count.ShouldBe(0);

        // Beside our own events, in one order.
        var both = await queries.TimelineAsync(new AuditQuery { Person = "ada" }, null, EngineHost.Admin, Ending);
        both.Hits.Count(h => h.Query is not null).ShouldBe(5);
        (await queries.TimelineAsync(new AuditQuery { Action = "query" }, "pg", EngineHost.Admin, Ending)).Count.ShouldBe(6);
        (await queries.TimelineAsync(new AuditQuery { Action = "connection" }, null, EngineHost.Admin, Ending)).Hits.ShouldAllBe(h => h.Own != null);
    }

    [Fact]
    public async Task What_is_shown_later_of_a_statement_is_added_to_what_was_taken()
    {
        await using var engine = await StartAsync();
        await engine.UntilAsync(JobTypes.QueryAudit);
        var (orders, copy) = (new ObjectPath("pg", "shop", "orders"), new ObjectPath("pg", "shop", "copy"));
        var shown = Event("q0", "ADA") with { ComesInPieces = true };
        engine.Platform.Queries = (_, window) => Pages([shown]);
        await ReadAsync(engine);
        shown = shown with { Objects = [new QueriedObject(orders, ["id", "mail"]), new QueriedObject(copy, ["id"], IsWritten: true)] };
        (await ReadAsync(engine)).OutputJson.ShouldBe("""{"taken":{"history":0},"madeWay":false}""");
        shown = shown with { Objects = [new QueriedObject(orders, ["mail"])] };
        await ReadAsync(engine);

        var taken = (await engine.Get<IQueryAuditUseCases>().SearchAsync(new QuerySearch(), "pg", EngineHost.Admin, Ending)).Hits.ShouldHaveSingleItem().Taken.Event;
        taken.Objects.Select(static o => $"{o.Path} {string.Join(',', o.Columns)}{(o.IsWritten ? " written" : "")}").ShouldBe(["pg/shop/orders id,mail", "pg/shop/copy id written"]);
    }

    [Fact]
    public async Task A_reading_that_breaks_off_goes_on_and_takes_each_event_once()
    {
        await using var engine = await StartAsync();
        var shown = Events(7, "ADA").ToList();
        var calls = 0;
        engine.Platform.Queries = (_, window) => Broken(shown.Where(e => e.EndedAt >= window.From && e.EndedAt < window.To), breakAfter: ++calls <= 3 ? calls : null);

        // The schedule's own reading may have met some of the breaks.
        (await ReadAsync(engine)).State.ShouldBe(JobState.Completed);
        calls.ShouldBeGreaterThan(3);
        var page = await engine.Get<IQueryAuditUseCases>().SearchAsync(new QuerySearch { Size = 100 }, "pg", EngineHost.Admin, Ending);
        page.Hits.Select(static h => h.Taken.Event.EventId).Order(StringComparer.Ordinal).ShouldBe(shown.Select(static s => s.EventId));
    }

    [Fact]
    public async Task A_source_that_can_not_be_read_says_nothing_of_the_connection()
    {
        await using var engine = await StartAsync();
        engine.Platform.Queries = (_, _) => throw new PlatformException(PlatformFailure.AccessDenied, "No role may read it.");
        var job = await ReadAsync(engine);
        (job.State, job.Error).ShouldBe((JobState.Failed, "No role may read it."));
        (await engine.Connections.ReadAsync("pg", EngineHost.Admin, Ending)).Stored.Status.ShouldBe(ConnectionStatus.Inactive);
    }

    [Fact]
    public async Task The_schedule_reads_it_and_the_texts_are_kept_where_that_is_asked_for()
    {
        var shown = Events(2, "ADA").ToList();
        var platform = new FakePlatform { AuditSources = [Source] };
        await using var engine = await StartAsync(platform, Options with { QueryAudit = new QueryAuditOptions { KeepsText = true, ReadEvery = TimeSpan.FromMilliseconds(300) } });
        platform.Queries = (_, window) => Pages(shown.Select(e => e with { StartedAt = window.ReadAt.AddSeconds(-1), EndedAt = window.ReadAt.AddSeconds(-1) }).Where(e => e.EndedAt >= window.From));
        var queries = engine.Get<IQueryAuditUseCases>();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        QueryPage page;
        do page = await queries.SearchAsync(new QuerySearch(), "pg", EngineHost.Admin, Ending);
        while (page.Count < 2 && await look.WaitForNextTickAsync(Ending));
        page.Hits.ShouldAllBe(h => h.Taken.Event.Text == "SELECT id FROM orders");
    }

    [Fact]
    public async Task The_policies_on_an_object_are_those_of_then_where_nothing_was_changed_since_and_else_said_to_be_of_now()
    {
        var platform = new FakePlatform { AuditSources = [Source] };
        foreach (var path in (string[])["shop", "shop/orders"]) platform.Add(path);
        await using var engine = await StartAsync(platform, isActive: true);
        var before = Event("q0", "ADA");
        await PutAsync(engine, "share", "open");
        await engine.Get<ITagStore>().AssignAsync((await engine.ReadAsync("pg", "shop", "orders")).Object.Id, null, ["open"], new Actor("u", "U"), Ending);
        var shown = new List<QueryEvent> { before };
        platform.Queries = (_, window) => Pages(shown.Where(e => e.EndedAt >= window.From && e.EndedAt < window.To));

        // Nothing was ever enforced here: no policy was in force.
        await ReadAsync(engine);
        (await TakenAsync("q0")).ShouldBe(("", KnownBy.Nothing));

        await ReconciledAsync(engine);
        shown.AddRange([before with { EventId = "q1" }, Event("q2", "ADA")]);
        await ReadAsync(engine);
        (await TakenAsync("q1")).ShouldBe(("share", KnownBy.Taking), "the policy came after the query began");
        (await TakenAsync("q2")).ShouldBe(("share", KnownBy.History));

        async Task<(string Policies, KnownBy By)> TakenAsync(string id)
        {
            var page = await engine.Get<IQueryAuditUseCases>().SearchAsync(new QuerySearch { Size = 100 }, "pg", EngineHost.Admin, Ending);
            var taken = page.Hits.Single(h => h.Taken.Event.EventId == id).Taken;
            return (string.Join(' ', taken.Policies.GetValueOrDefault(taken.Event.Objects[0].Path) ?? []), taken.PoliciesKnownBy);
        }
    }

    [Fact]
    public async Task Where_it_is_off_nobody_reads_it()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform { AuditSources = [Source] }, options: Options);
        await engine.RegisterAndCrawlAsync();
        var refused = await Should.ThrowAsync<RequestRefusedException>(engine.Get<IQueryAuditUseCases>().ReadNowAsync("pg", EngineHost.Admin, Ending));
        refused.Code.ShouldBe(ErrorCode.WrongState);
        await engine.Get<QueryAudits>().AddDueAsync(await engine.Get<IConnectionStore>().ListAsync(Ending), TimeProvider.System.GetUtcNow(), Ending);
        (await engine.Jobs.SearchAsync(new JobQuery { Type = JobTypes.QueryAudit }, EngineHost.Admin, Ending)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_old_is_deleted_by_the_housekeeping()
    {
        await using var engine = await StartAsync(options: Options with { QueryAudit = new QueryAuditOptions { Keep = TimeSpan.FromMilliseconds(1), PruneSize = 2 } });
        await using var keeping = await StartAsync(new FakePlatform { AuditSources = [Source] });
        foreach (var each in (EngineHost[])[engine, keeping])
        {
            var shown = Events(5, "ADA").ToList();
            each.Platform.Queries = (_, _) => Pages(shown);
            var store = each.Get<IQueryAuditStore>();
            var connection = (await each.Get<IConnectionStore>().ListAsync(Ending)).Single();
            var fence = (await each.Get<IConnectionStore>().TakeLeaseAsync(connection.Id, Ending))!.Value;
            var now = TimeProvider.System.GetUtcNow();
            await store.RecordAsync(
                fence, "pg", "history", [.. shown.Select(static e => new TakenQuery(e, [], KnownBy.Nothing, new Dictionary<ObjectPath, IReadOnlyList<string>>(), KnownBy.Nothing))],
                FeedCursor.StartingAt(now), Ending);
            await each.Get<Housekeeping>().RunOnceAsync(Ending);
            (await store.SearchAsync(new QuerySearch(), Ending)).Count.ShouldBe(each == engine ? 0 : 5);
        }
    }

    internal static async Task<EngineHost> StartAsync(FakePlatform? platform = null, EngineOptions? options = null, bool isActive = false)
    {
        var engine = await EngineHost.StartAsync(platform ?? new FakePlatform { AuditSources = [Source] }, options: options ?? Options);
        var payload = JsonSerializer.SerializeToNode(EngineHost.Payload("pg", "db", isActive))!;
        payload["nativeIntegration"] = JsonSerializer.SerializeToNode(new { type = "PostgreSQL", config = new { database = "d", audit = new { enabled = true } } });
        await engine.WaitAsync(await engine.Connections.RegisterAsync(JsonSerializer.SerializeToElement(payload), EngineHost.Admin, Ending));
        return engine;
    }

    internal static Task PutAsync(EngineHost engine, string key, string tag) => engine.Get<IPolicyStore>().WriteAsync(
        [new PolicyPut(key, key, "subscription", false, $$$"""{"policyKey": "{{{key}}}", "name": "{{{key}}}", "type": "subscription", "circumstances": [{"type": "tags", "tag": "{{{tag}}}"}], "actions": {"type": "anyone", "accessGrant": "READ"}}""")],
        [], new Actor("u", "U"), Ending);

    // As after an apply: this platform enforces nothing by itself. A job of the engine's own may want the lease at the same moment.
    internal static async Task ReconciledAsync(EngineHost engine)
    {
        var connection = (await engine.Get<IConnectionStore>().ListAsync(Ending)).Single();
        for (var isRecorded = false; !isRecorded;)
        {
            var fence = (await engine.Get<IConnectionStore>().TakeLeaseAsync(connection.Id, Ending))!.Value;
            var now = TimeProvider.System.GetUtcNow();
            try
            {
                await engine.Get<IPlanStore>().RecordAsync(fence, new StoredEnforcement(1, now, null, now), Ending);
                isRecorded = true;
            }
            catch (StaleWriterException)
            {
                // Another took it in between.
            }
        }
    }

    internal static async Task GiveAsync(EngineHost engine, string username, string identity)
    {
        await engine.Get<UserUseCases>().AddAsync(EngineHost.Json($$"""{"username": "{{username}}", "displayName": "{{username}}"}"""), EngineHost.Admin, Ending);
        await engine.Get<IdentityUseCases>().AddAsync(username, EngineHost.Json($$"""{"connectionKey": "pg", "name": "{{identity}}"}"""), null, EngineHost.Admin, Ending);
    }

    internal static async Task<StoredJob> ReadAsync(EngineHost engine) =>
        await engine.WaitAsync(await engine.Get<IQueryAuditUseCases>().ReadNowAsync("pg", EngineHost.Admin, Ending));

    private static IEnumerable<QueryEvent> Events(int count, string identity) => Enumerable.Range(0, count).Select(i => Event($"q{i}", identity));

    internal static QueryEvent Event(string id, string identity)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new QueryEvent
        {
            EventId = id, Identity = identity, Kind = "SELECT", StartedAt = now, EndedAt = now, Text = "SELECT id FROM orders", StatementHash = StatementHash.Of("SELECT id FROM orders"),
            Objects = [new QueriedObject(new ObjectPath("pg", "shop", "orders"), ["id"])],
        };
    }

    internal static async IAsyncEnumerable<IReadOnlyList<QueryEvent>> Pages(IEnumerable<QueryEvent> events)
    {
        await Task.Yield();
        foreach (var page in events.Chunk(3)) yield return page;
    }

    private static async IAsyncEnumerable<IReadOnlyList<QueryEvent>> Broken(IEnumerable<QueryEvent> events, int? breakAfter)
    {
        await Task.Yield();
        var arrived = 0;
        foreach (var each in events)
        {
            if (arrived++ == breakAfter * 2) throw new PlatformException(PlatformFailure.Unreachable, "The line is dead.");
            yield return [each];
        }
    }
}
