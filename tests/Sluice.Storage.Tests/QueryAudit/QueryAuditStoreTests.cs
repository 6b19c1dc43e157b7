using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;
using Sluice.Storage.Audit;
using Sluice.Storage.QueryAudit;

namespace Sluice.Storage.Tests.QueryAudit;

public sealed class QueryAuditStoreTests
{
    private const string Source = "history";
    private static readonly FeedCursor Cursor = new(Samples.At, Samples.At.AddHours(5));

    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_was_taken_is_read_back_whole_with_the_cursor(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (store, fence) = await StartAsync(database);
        var full = Query("q1", 1, ("u-1", "ada"), Table("ORDERS", "ID", "it\"s"), Table("SÄLE\\S")) with
        {
            PeopleKnownBy = KnownBy.History, PoliciesKnownBy = KnownBy.Taking, Policies = new Dictionary<ObjectPath, IReadOnlyList<string>> { [Table("ORDERS").Path] = ["mask", "rows"] },
        };
        full = full with
        {
            Event = full.Event with { Text = "SELECT \0 \uD800", StatementHash = StatementHash.Of("x"), Workspace = "12", PlatformPolicies = ["P"], Succeeded = false },
        };
        await store.RecordAsync(fence, "snow", Source, [Query("q0", 0), full], Cursor, Ending);

        (await store.CursorAsync(fence.ConnectionId, Source, Ending)).ShouldBe(Cursor);
        (await store.CursorAsync(fence.ConnectionId, "other", Ending)).ShouldBeNull();
        (await store.TakenAsync(fence.ConnectionId, Source, ["q1", "q2"], Ending)).ShouldBe(["q1"]);
        (await store.TakenAsync(fence.ConnectionId, "other", ["q1"], Ending)).ShouldBeEmpty();
        var read = await store.ReadAsync(fence.ConnectionId, 1, 10, Ending);
        var stored = read.ShouldHaveSingleItem();
        (stored.ConnectionKey, stored.Sequence, stored.Source).ShouldBe(("snow", 2, Source));
        stored.Taken.Event.Text.ShouldBe("SELECT \uFFFD \uFFFD");
        (stored.Taken.Event.StartedAt, stored.Taken.Event.EndedAt).ShouldBe((full.Event.StartedAt, full.Event.EndedAt));
        (stored.Taken.Event.Succeeded, stored.Taken.Event.Workspace, stored.Taken.Event.StatementHash).ShouldBe((false, "12", StatementHash.Of("x")));
        stored.Taken.Event.PlatformPolicies.ShouldBe(["P"]);
        stored.Taken.People.ShouldBe([new QueryPerson("u-1", "ada")]);
        (stored.Taken.PeopleKnownBy, stored.Taken.PoliciesKnownBy).ShouldBe((KnownBy.History, KnownBy.Taking));
        stored.Taken.Event.Objects.Select(static o => o.Path).ShouldBe(full.Event.Objects.Select(static o => o.Path));
        stored.Taken.Event.Objects[0].Columns.ShouldBe(["ID", "it\"s"]);
        stored.Taken.Policies[Table("ORDERS").Path].ShouldBe(["mask", "rows"]);
        (await store.StreamsAsync(Ending)).ShouldBe([(fence.ConnectionId, 2L)]);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_event_that_is_there_or_a_lease_that_is_lost_leaves_nothing_behind(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (store, fence) = await StartAsync(database);
        await store.RecordAsync(fence, "snow", Source, [Query("q0", 0)], Cursor, Ending);
        await Should.ThrowAsync<Exception>(store.RecordAsync(fence, "snow", Source, [Query("q1", 1), Query("q0", 0)], Cursor with { Watermark = Samples.At.AddDays(1) }, Ending));
        await database.Connections.TakeLeaseAsync(fence.ConnectionId, Ending);
        await Should.ThrowAsync<StaleWriterException>(store.RecordAsync(fence, "snow", Source, [Query("q2", 2)], Cursor with { Watermark = Samples.At.AddDays(1) }, Ending));

        (await store.ReadAsync(fence.ConnectionId, 0, 10, Ending)).Select(static q => q.Taken.Event.EventId).ShouldBe(["q0"]);
        (await store.CursorAsync(fence.ConnectionId, Source, Ending)).ShouldBe(Cursor);
        (await database.NumberAsync("SELECT count(*) FROM query_event_objects")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_is_shown_later_of_an_event_is_added_and_what_is_there_stays(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (store, fence) = await StartAsync(database);
        var orders = Table("ORDERS").Path;
        var first = Query("q0", 0, ("u-1", "ada"), Table("ORDERS", "ID")) with { PoliciesKnownBy = KnownBy.History, Policies = new Dictionary<ObjectPath, IReadOnlyList<string>> { [orders] = ["mask"] } };
        await store.RecordAsync(fence, "snow", Source, [first, Query("q1", 1, ("u-1", "ada"), Table("ORDERS"))], Cursor, Ending);

        var since = Query("q0", 0, null, Table("ORDERS", "MAIL", "ID"), Table("CUSTOMERS", "ID")) with
        {
            PoliciesKnownBy = KnownBy.Taking, Policies = new Dictionary<ObjectPath, IReadOnlyList<string>> { [orders] = ["other"], [Table("CUSTOMERS").Path] = ["rows"] },
        };
        // Adding twice is adding once, and what was never taken is not taken so.
        for (var i = 0; i < 2; i++) await store.GrowAsync(fence, Source, [since, Query("q9", 1, null, Table("ORDERS"))], Ending);
        await store.GrowAsync(fence, "other", [Query("q1", 1, null, Table("SECRETS"))], Ending);

        var stored = await store.ReadAsync(fence.ConnectionId, 0, 10, Ending);
        stored.Select(static q => (q.Sequence, q.Taken.Event.EventId)).ShouldBe([(1, "q0"), (2, "q1")]);
        var (grown, other) = (stored[0].Taken, stored[1].Taken);
        grown.Event.Objects.Select(static o => $"{o.Path.Names[^1]} {string.Join(',', o.Columns)}").ShouldBe(["ORDERS ID,MAIL", "CUSTOMERS ID"]);
        (grown.Policies[orders].Single(), grown.Policies[Table("CUSTOMERS").Path].Single(), grown.PoliciesKnownBy).ShouldBe(("mask", "rows", KnownBy.Taking));
        (grown.People.Single().Username, other.Event.Objects.Single().Path, other.PoliciesKnownBy).ShouldBe(("ada", orders, KnownBy.Nothing));
        (await store.ObjectsAsync(fence.ConnectionId, Source, ["q0", "q9"], Ending)).Select(static o => (o.Key, o.Value.Count)).ShouldBe([("q0", 2)]);

        await database.Connections.TakeLeaseAsync(fence.ConnectionId, Ending);
        await Should.ThrowAsync<StaleWriterException>(store.GrowAsync(fence, Source, [since], Ending));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_search_finds_by_person_identity_object_and_time_and_the_newest_first(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (store, fence) = await StartAsync(database);
        var (_, other) = await StartAsync(database, "other");
        await store.RecordAsync(
            fence, "snow", Source,
            [
                Query("q0", 0, ("u-1", "ada"), Table("ORDERS")), Query("q1", 1, ("u-2", "ben"), Table("ORDERS"), Table("CUSTOMERS")),
                Query("q2", 2, ("u-1", "ada"), Table("ORDERS_OLD")), Query("q3", 3),
            ],
            Cursor, Ending);
        await store.RecordAsync(other, "other", Source, [Query("q0", 4, ("u-1", "ada"), Table("ORDERS"))], Cursor, Ending);

        (await FindAsync(new QuerySearch())).ShouldBe("5: q0 q3 q2 q1 q0");
        (await FindAsync(new QuerySearch { ConnectionId = fence.ConnectionId, Size = 2, Offset = 1 })).ShouldBe("4: q2 q1");
        (await FindAsync(new QuerySearch { ConnectionId = fence.ConnectionId, Person = "u-1" })).ShouldBe("2: q2 q0");
        (await FindAsync(new QuerySearch { ConnectionId = fence.ConnectionId, Person = "ben" })).ShouldBe("1: q1");
        (await FindAsync(new QuerySearch { Identity = "BEN" })).ShouldBe("1: q1");
        (await FindAsync(new QuerySearch { Identity = "ben" })).ShouldBe("0: ");
        (await FindAsync(new QuerySearch { Object = Table("ORDERS").Path })).ShouldBe("3: q0 q1 q0");
        (await FindAsync(new QuerySearch { Object = Table("CUSTOMERS").Path })).ShouldBe("1: q1");
        (await FindAsync(new QuerySearch { Object = new ObjectPath("snow", "SALES") })).ShouldBe("4: q0 q2 q1 q0");
        (await FindAsync(new QuerySearch { Object = new ObjectPath("snow", "SALE") })).ShouldBe("0: ");
        (await FindAsync(new QuerySearch { From = Samples.At.AddMinutes(1), To = Samples.At.AddMinutes(3) })).ShouldBe("2: q2 q1");
        (await FindAsync(new QuerySearch { Person = "\0" })).ShouldBe("0: ");

        async Task<string> FindAsync(QuerySearch search)
        {
            var page = await store.SearchAsync(search, Ending);
            return $"{page.Count}: {string.Join(' ', page.Hits.Select(static h => h.Taken.Event.EventId))}";
        }
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Both_trails_stand_in_one_order(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (store, fence) = await StartAsync(database);
        await database.ExecuteAsync("DELETE FROM audit_events");
        await database.Audit.AppendAsync([Own(1, "a.one"), Own(3, "b.two")], Ending);
        await store.RecordAsync(fence, "snow", Source, [Query("q0", 0), Query("q2", 2, ("u-1", "ada"), Table("ORDERS"))], Cursor, Ending);

        (await PageAsync(new AuditQuery(), new QuerySearch(), 0, 10)).ShouldBe("4: b.two q2 a.one q0");
        (await PageAsync(new AuditQuery(), new QuerySearch(), 1, 2)).ShouldBe("4: q2 a.one");
        (await PageAsync(null, new QuerySearch { Person = "ada" }, 0, 10)).ShouldBe("1: q2");
        (await PageAsync(new AuditQuery { Action = "a" }, null, 0, 10)).ShouldBe("1: a.one");
        (await PageAsync(new AuditQuery { Person = "ada", From = Samples.At }, new QuerySearch { Person = "ada", From = Samples.At }, 0, 10)).ShouldBe("1: q2");
        (await PageAsync(null, null, 0, 10)).ShouldBe("0: ");

        async Task<string> PageAsync(AuditQuery? own, QuerySearch? queries, int offset, int size)
        {
            var page = await store.TimelineAsync(own, queries, offset, size, Ending);
            return $"{page.Count}: {string.Join(' ', page.Hits.Select(static h => h.Own?.Event.Action ?? h.Query!.Taken.Event.EventId))}";
        }
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_is_old_goes_some_at_a_time_and_is_never_asked_for_again(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (store, fence) = await StartAsync(database);
        await store.RecordAsync(
            fence, "snow", Source, [.. Enumerable.Range(0, 5).Select(static i => Query($"q{i}", i, ("u-1", "ada"), Table("ORDERS")))],
            Cursor with { Watermark = Samples.At }, Ending);
        var before = Samples.At.AddMinutes(3);
        (await store.PruneAsync(before, 2, Ending)).ShouldBe(2);
        (await store.PruneAsync(before, 2, Ending)).ShouldBe(1);
        (await store.PruneAsync(before, 2, Ending)).ShouldBe(0);

        (await store.ReadAsync(fence.ConnectionId, 0, 10, Ending)).Select(static q => q.Taken.Event.EventId).ShouldBe(["q3", "q4"]);
        foreach (var table in (string[])["query_event_objects", "query_event_people"]) (await database.NumberAsync($"SELECT count(*) FROM {table}")).ShouldBe(2);
        var cursor = (await store.CursorAsync(fence.ConnectionId, Source, Ending)).ShouldNotBeNull();
        cursor.Next(new FeedTiming(TimeSpan.FromHours(1), TimeSpan.FromHours(9), TimeSpan.FromDays(1)), Samples.At.AddDays(1)).From.ShouldBe(before);

        // Numbers go on, and a connection that is deleted leaves its events, but no cursor.
        await store.RecordAsync(fence, "snow", Source, [Query("q9", 9)], cursor, Ending);
        (await store.ReadAsync(fence.ConnectionId, 5, 10, Ending)).ShouldHaveSingleItem().Sequence.ShouldBe(6);
        await database.ExecuteAsync("DELETE FROM connections");
        (await store.CursorAsync(fence.ConnectionId, Source, Ending)).ShouldBeNull();
        (await store.SearchAsync(new QuerySearch { ConnectionId = fence.ConnectionId }, Ending)).Count.ShouldBe(3);
    }

    private static async Task<(IQueryAuditStore Store, WriteFence Fence)> StartAsync(TestDatabase database, string key = "snow")
    {
        var connection = Samples.Connection(key);
        await database.Connections.AddAsync(connection, false, [], Samples.Job(connection.Id, key), Ending);
        return (database.Get<IQueryAuditStore>(), (await database.Connections.TakeLeaseAsync(connection.Id, Ending))!.Value);
    }

    private static QueriedObject Table(string name, params string[] columns) => new(new ObjectPath("snow", "SALES", "CRM", name), columns);

    private static TakenQuery Query(string id, int minute, (string Id, string Name)? person = null, params QueriedObject[] objects) => new(
        new QueryEvent
        {
            EventId = id, StartedAt = Samples.At.AddMinutes(minute), EndedAt = Samples.At.AddMinutes(minute).AddTicks(3), Identity = person?.Name.ToUpperInvariant() ?? "ROBOT", Kind = "SELECT",
            Objects = objects.Length == 0 && person is null ? [new QueriedObject(new ObjectPath("snow", "X", "Y", "Z"), [])] : objects,
        },
        person is { } of ? [new QueryPerson(of.Id, of.Name)] : [], KnownBy.Nothing, new Dictionary<ObjectPath, IReadOnlyList<string>>(), KnownBy.Nothing);

    private static AuditEvent Own(int minute, string action) =>
        new() { Stream = AuditStream.Administration, Time = Samples.At.AddMinutes(minute), ActorId = "u-1", ActorName = "Ada", Action = action };
}
