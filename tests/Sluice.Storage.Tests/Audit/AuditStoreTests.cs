using System.Text.Json;
using Sluice.Core.Audit;
using Sluice.Core.Catalog;
using Sluice.Storage.Audit;
using Sluice.Storage.Connections;
using Sluice.Storage.Policies;

namespace Sluice.Storage.Tests.Audit;

public sealed class AuditStoreTests
{
    private static readonly AuditStream Administration = AuditStream.Administration;

    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_was_appended_is_read_back_to_the_letter_and_is_intact(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var full = Event(1) with
        {
            ActorId = "a\0b", ActorName = "\uD800 Ada", Object = new ObjectPath("lake", "d\"b", "ü"), Person = "bob", Details = """{"é":"\\"}""",
            BulkId = Guid.NewGuid(), PlanId = Guid.NewGuid(),
        };
        await database.Audit.AppendAsync([Event(0), full], Ending);
        await database.Audit.AppendAsync([Event(2)], Ending);
        var rows = await database.Audit.ReadAsync(Administration, 0, 10, Ending);
        rows.Select(r => r.Event.Sequence).ShouldBe([1, 2, 3]);
        rows[1].Event.ShouldBe(full with { Sequence = 2, ActorId = "a\uFFFDb", ActorName = "\uFFFD Ada" });
        await IntactAsync(database, rows: 3);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Whatever_somebody_does_in_the_database_is_named(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.Audit.AppendAsync([.. Enumerable.Range(0, 20).Select(Event)], Ending);
        var before = (await database.Audit.HeadsAsync(Ending)).ShouldHaveSingleItem();
        var checkpoint = AuditChain.Sign(await database.AuditKeys.CurrentAsync(Ending), before, Samples.At);

        await database.ExecuteAsync("UPDATE audit_events SET actor_id = 'eve' WHERE sequence = 7");
        (await OnlyAsync(database)).ShouldBe((AuditFault.RowAltered, 7, 7));
        await database.ExecuteAsync("UPDATE audit_events SET actor_id = 'u-1', object_path = 'no path' WHERE sequence = 7");
        (await OnlyAsync(database)).ShouldBe((AuditFault.RowAltered, 7, 7));
        await database.ExecuteAsync("DELETE FROM audit_events WHERE sequence = 7");
        (await OnlyAsync(database)).ShouldBe((AuditFault.RowsMissing, 7, 7));
        await database.ExecuteAsync("DELETE FROM audit_events WHERE sequence > 6");
        (await OnlyAsync(database)).Fault.ShouldBe(AuditFault.EndDiffers);

        // Somebody who knows how it works sets the end as well: only a checkpoint that was kept elsewhere tells.
        await database.ExecuteAsync("UPDATE audit_streams SET sequence = 6, mac = (SELECT mac FROM audit_events WHERE sequence = 6)");
        await IntactAsync(database, rows: 6);
        (await OnlyAsync(database, checkpoint)).ShouldBe((AuditFault.CheckpointAhead, 7, 20));
        await database.ExecuteAsync("DELETE FROM audit_events");
        await database.ExecuteAsync("DELETE FROM audit_streams");
        (await OnlyAsync(database, checkpoint)).ShouldBe((AuditFault.CheckpointAhead, 1, 20));
        (await OnlyAsync(database, checkpoint with { Sequence = 3 })).ShouldBe((AuditFault.CheckpointForged, 3, 3));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_chain_that_somebody_without_the_key_wrote_anew_is_found(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.Audit.AppendAsync([.. Enumerable.Range(0, 5).Select(Event)], Ending);
        await database.ExecuteAsync("DELETE FROM audit_events");
        await database.ExecuteAsync("DELETE FROM audit_streams");
        database.AuditKeys.Rotate("forger's");
        await database.Audit.AppendAsync([.. Enumerable.Range(5, 5).Select(Event)], Ending);
        database.AuditKeys.Lose("forger's");
        (await OnlyAsync(database)).ShouldBe((AuditFault.KeyUnknown, 1, 5));
        await database.ExecuteAsync("UPDATE audit_events SET key_id = 'first'");
        (await OnlyAsync(database)).ShouldBe((AuditFault.RowAltered, 1, 5));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_older_backup_that_was_put_back_and_used_is_found_by_a_checkpoint(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.Audit.AppendAsync([.. Enumerable.Range(0, 3).Select(Event)], Ending);
        await database.ExecuteAsync("CREATE TABLE backup_events AS SELECT * FROM audit_events");
        await database.ExecuteAsync("CREATE TABLE backup_streams AS SELECT * FROM audit_streams");
        await database.Audit.AppendAsync([.. Enumerable.Range(3, 3).Select(Event)], Ending);
        var checkpoint = AuditChain.Sign(await database.AuditKeys.CurrentAsync(Ending), (await database.Audit.HeadsAsync(Ending))[0], Samples.At);
        foreach (var table in new[] { "events", "streams" })
        {
            await database.ExecuteAsync($"DELETE FROM audit_{table}");
            await database.ExecuteAsync($"INSERT INTO audit_{table} SELECT * FROM backup_{table}");
        }

        (await OnlyAsync(database, checkpoint)).ShouldBe((AuditFault.CheckpointAhead, 4, 6));
        await database.Audit.AppendAsync([.. Enumerable.Range(10, 4).Select(Event)], Ending);
        await IntactAsync(database, rows: 7);
        (await OnlyAsync(database, checkpoint)).ShouldBe((AuditFault.CheckpointContradicted, 6, 6));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Rows_verify_after_the_key_was_rotated_and_not_after_the_old_one_was_lost(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.Audit.AppendAsync([Event(0), Event(1)], Ending);
        database.AuditKeys.Rotate("second");
        await database.Audit.AppendAsync([Event(2)], Ending);
        await IntactAsync(database, rows: 3);
        database.AuditKeys.Lose("first");
        (await OnlyAsync(database)).ShouldBe((AuditFault.KeyUnknown, 1, 2));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Writers_of_one_stream_take_turns_and_leave_no_gap(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var other = (IAuditStore)database.StartServer().GetService(typeof(IAuditStore))!;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => (i % 2 == 0 ? database.Audit : other).AppendAsync([Event(i), Event(i) with { Stream = AuditStream.Of(Guid.AllBitsSet) }, Event(i)], Ending))));
        var reports = await database.Trail.VerifyAsync([], Ending);
        reports.ShouldAllBe(r => r.IsIntact);
        reports.Select(r => r.Rows).ShouldBe([80, 40], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_change_that_fails_leaves_no_row_and_takes_no_number(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var lake = Samples.Connection("lake", "glue:1");
        await database.Connections.AddAsync(lake, true, [], null, Ending);
        (await database.Connections.AddAsync(Samples.Connection("LAKE"), true, [], null, Ending)).Outcome.ShouldBe(ConnectionWriteOutcome.KeyTaken);
        var appender = new AuditAppender(database.AuditKeys);
        await Should.ThrowAsync<InvalidOperationException>(() => database.Database.WriteAsync<bool>(
            async (context, token) =>
            {
                await appender.AppendAsync(context, Event(1), token);
                throw new InvalidOperationException("The change failed after its row.");
            },
            Ending));
        await IntactAsync(database, rows: 1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Ten_thousand_events_go_in_at_once(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var started = TimeProvider.System.GetTimestamp();
        await database.Audit.AppendAsync([.. Enumerable.Range(0, 10_000).Select(Event)], Ending);
        TestContext.Current.TestOutputHelper?.WriteLine($"{provider}: {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0} ms");
        await IntactAsync(database, rows: 10_000);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Rows_are_found_by_what_they_are_about_newest_first(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.Audit.AppendAsync(
            [
                Event(0) with { Action = "apiKey.made", Person = "bob", Object = new ObjectPath("lake", "sales") },
                Event(1) with { Action = "apiKeyOther", Object = new ObjectPath("lake", "sales", "o%rders") },
                Event(2) with { Action = "apiKey.revoked", ActorName = "Bob", Object = new ObjectPath("lake", "sales2") },
                Event(3) with { Stream = AuditStream.Of(Guid.AllBitsSet), ActorId = "Bob" },
            ],
            Ending);
        (await FindAsync(new AuditQuery())).ShouldBe([3, 2, 1, 0]);
        (await FindAsync(new AuditQuery { Action = "apiKey" })).ShouldBe([2, 0]);
        (await FindAsync(new AuditQuery { Object = new ObjectPath("lake", "sales") })).ShouldBe([1, 0]);
        (await FindAsync(new AuditQuery { Object = new ObjectPath("lake", "sale") })).ShouldBeEmpty();
        (await FindAsync(new AuditQuery { Actor = "Bob" })).ShouldBe([3, 2]);
        (await FindAsync(new AuditQuery { Person = "bob" })).ShouldBe([0]);
        (await FindAsync(new AuditQuery { Stream = Administration, From = Samples.At.AddSeconds(1), To = Samples.At.AddSeconds(2) })).ShouldBe([1]);
        (await FindAsync(new AuditQuery { Actor = "\0" })).ShouldBeEmpty();
        var page = await database.Audit.SearchAsync(new AuditQuery { Offset = 1, Size = 2 }, Ending);
        (page.Count, page.Hits.Count, page.Hits[0].Event.Time).ShouldBe((4, 2, Samples.At.AddSeconds(2)));

        async Task<IEnumerable<double>> FindAsync(AuditQuery query) =>
            (await database.Audit.SearchAsync(query, Ending)).Hits.Select(r => (r.Event.Time - Samples.At).TotalSeconds);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Old_rows_go_up_to_a_checkpoint_and_the_rest_stays_intact(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await database.Audit.AppendAsync([Event(0), Event(1), Event(2)], Ending);
        var checkpoint = AuditChain.Sign(await database.AuditKeys.CurrentAsync(Ending), (await database.Audit.HeadsAsync(Ending))[0], Samples.At);
        await database.Audit.AddCheckpointAsync(checkpoint, Ending);
        await database.Audit.AddCheckpointAsync(checkpoint, Ending);
        await database.Audit.AppendAsync([Event(3)], Ending);
        await database.Audit.PruneAsync(checkpoint, Event(4) with { Action = AuditAction.Pruned, Details = AuditDetails.Of(("through", 3)) }, Ending);
        (await database.Audit.ReadAsync(Administration, 0, 10, Ending)).Select(r => r.Event.Sequence).ShouldBe([4, 5]);
        (await database.Audit.LatestCheckpointsAsync(Ending)).ShouldHaveSingleItem().ToJson().ShouldBe(checkpoint.ToJson());
        await IntactAsync(database, rows: 2);
        await database.ExecuteAsync("DELETE FROM audit_events WHERE sequence = 4");
        (await database.Trail.VerifyAsync([], Ending))[0].Findings[0].Fault.ShouldBe(AuditFault.RowsMissing);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Changes_of_keys_connections_objects_and_jobs_leave_their_rows(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await database.Connections.UpdateAsync(
            tree.Connection.Id, 1, new Sluice.Storage.Connections.ConnectionUpdate { SettingsJson = """{"isActive":false,"mode":"observe"}""" }, Samples.Bob, null, Ending);
        await database.Catalog.ChangeSettingsAsync(
            tree.Root, new Sluice.Storage.Catalog.SettingsChange(Sluice.Storage.Catalog.Given<bool?>.Of(null), default, default), Samples.Ada, null, Ending);
        await database.Jobs.AskAsync(Samples.Job(tree.Connection.Id, tree.Connection.Key), Samples.Bob, Ending);
        await database.Connections.DeleteAsync(tree.Connection.Id, null, Samples.Ada, Ending);
        var rows = (await database.Audit.SearchAsync(new AuditQuery { Size = 100 }, Ending)).Hits;
        rows.Where(r => r.Event.Stream == Administration).OrderBy(r => r.Event.Sequence).Select(r => r.Event.Action)
            .ShouldBe([AuditAction.ConnectionRegistered, AuditAction.ConnectionUpdated, AuditAction.ConnectionDeleted]);
        rows.Where(r => r.Event.Stream == AuditStream.Of(tree.Connection.Id)).OrderBy(r => r.Event.Sequence).Select(r => r.Event.Action)
            .ShouldBe([AuditAction.ObjectSettingsChanged, AuditAction.CrawlAsked]);
        var updated = rows.Single(r => r.Event.Action == AuditAction.ConnectionUpdated).Event;
        updated.ActorId.ShouldBe(Samples.Bob.Id);
        JsonDocument.Parse(updated.Details).RootElement.GetProperty("settings").GetProperty("mode").GetProperty("to").GetString().ShouldBe("observe");
        (await database.Trail.VerifyAsync([], Ending)).ShouldAllBe(r => r.IsIntact);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_policy_leaves_a_row_for_each_change_and_none_when_nothing_changed(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var policies = (IPolicyStore)database.StartServer().GetService(typeof(IPolicyStore))!;
        var put = new PolicyPut("sales", "Sales", "subscription", false, """{"policyKey":"sales"}""");
        await policies.WriteAsync([put], [], Samples.Ada, Ending);
        await policies.WriteAsync([put], ["none"], Samples.Ada, Ending);
        await policies.WriteAsync([put with { DocumentJson = """{"policyKey":"sales","staged":true}""" }], [], Samples.Bob, Ending);
        await policies.WriteAsync([], ["sales"], Samples.Bob, Ending);
        var rows = await database.Audit.ReadAsync(Administration, 0, 10, Ending);
        rows.Select(r => (r.Event.Action, r.Event.ActorId)).ShouldBe([(AuditAction.PolicyPut, "u-1"), (AuditAction.PolicyPut, "u-2"), (AuditAction.PolicyDeleted, "u-2")]);
        rows[1].Event.Details.ShouldBe("""{"document":{"policyKey":"sales","staged":true},"outcome":"updated","policyKey":"sales"}""");
        await IntactAsync(database, rows: 3);
    }

    private static AuditEvent Event(int i) => new()
    {
        Stream = Administration, Time = Samples.At.AddSeconds(i), ActorId = "u-1", ActorName = "Ada", Action = AuditAction.PolicyPut, Details = AuditDetails.Of(("n", i)),
    };

    private static async Task IntactAsync(TestDatabase database, long rows)
    {
        var report = (await database.Trail.VerifyAsync([], Ending)).ShouldHaveSingleItem();
        report.Findings.ShouldBeEmpty();
        report.Rows.ShouldBe(rows);
    }

    private static async Task<(AuditFault Fault, long From, long To)> OnlyAsync(TestDatabase database, params AuditCheckpoint[] checkpoints)
    {
        var finding = (await database.Trail.VerifyAsync(checkpoints, Ending)).SelectMany(r => r.Findings).ShouldHaveSingleItem();
        return (finding.Fault, finding.From, finding.To);
    }
}
