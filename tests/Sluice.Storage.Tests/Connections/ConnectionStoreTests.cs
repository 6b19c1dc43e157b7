using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Tests.Connections;

public sealed class ConnectionStoreTests
{
    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_connection_is_stored_with_its_root_secrets_and_first_job(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var connection = Samples.Connection("My Lake") with
        {
            StatusReason = "first crawl", ChecksJson = "[]", NextSyncAt = Samples.At.AddDays(1), Options = new CrawlOptions(false), CreatedBy = Samples.Bob,
        };
        var job = Samples.Job(connection.Id, connection.Key);
        SealedSecret[] secrets = [new("password", [1, 2, 3]), new("a.key", [])];
        (await database.Connections.AddAsync(connection, isActive: true, secrets, job, Ending)).ShouldBe(new ConnectionWrite(ConnectionWriteOutcome.Done));

        var stored = (await database.Connections.FindAsync("MY LAKE", Ending)).ShouldNotBeNull();
        stored.ShouldBe(connection with { RootObjectId = stored.RootObjectId, SettingsJson = """{"isActive":true}""" });
        (await database.Connections.FindAsync(connection.Id, Ending)).ShouldBe(stored);
        var read = await database.Connections.SecretsAsync(connection.Id, Ending);
        read.Select(s => s.Field).ShouldBe(["a.key", "password"]);
        read[0].Ciphertext.ShouldBeEmpty();
        read[1].Ciphertext.ShouldBe([1, 2, 3]);

        var root = (await database.Catalog.FindAsync(new ObjectPath("my lake"), Ending)).ShouldNotBeNull();
        (root.Id, root.Kind, root.Path.Name, root.ParentId, root.Overrides.IsActive).ShouldBe(
            (stored.RootObjectId, ObjectKind.Connection, "My Lake", null, true));
        (await database.Jobs.FindAsync(job.Id, Ending)).ShouldNotBeNull().State.ShouldBe(JobState.Created);
        (await database.Connections.FindAsync("nowhere", Ending)).ShouldBeNull();
        (await database.Connections.FindAsync("a\0", Ending)).ShouldBeNull();
        (await database.Connections.FindAsync(Guid.NewGuid(), Ending)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_taken_key_or_identity_stores_nothing_and_names_the_holder(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var holder = Samples.Connection("Lake", "glue:1");
        await database.Connections.AddAsync(holder, false, [], null, Ending);

        var sameKey = Samples.Connection("LAKE");
        (await database.Connections.AddAsync(sameKey, false, [new("s", [1])], Samples.Job(sameKey.Id, "LAKE"), Ending))
            .ShouldBe(new ConnectionWrite(ConnectionWriteOutcome.KeyTaken, "Lake"));
        var sameIdentity = Samples.Connection("Other", "glue:1");
        (await database.Connections.AddAsync(sameIdentity, false, [], Samples.Job(sameIdentity.Id, "Other"), Ending))
            .ShouldBe(new ConnectionWrite(ConnectionWriteOutcome.IdentityTaken, "Lake"));

        (await database.Connections.ListAsync(Ending)).Select(c => c.Key).ShouldBe(["Lake"]);
        foreach (var table in new[] { "secrets", "jobs" }) (await database.NumberAsync($"SELECT count(*) FROM {table}")).ShouldBe(0);
        (await database.NumberAsync("SELECT count(*) FROM data_objects")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Of_many_that_race_for_a_key_or_an_identity_one_wins_and_the_others_learn_who(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        string[] keys = ["lake", "LAKE", "Lake", "laKE"];
        for (var round = 0; round < 5; round++)
        {
            var byKey = await RaceAsync(i => Samples.Connection($"{keys[i % 4]}{round}"));
            foreach (var lost in byKey.Lost) lost.ShouldBe(new ConnectionWrite(ConnectionWriteOutcome.KeyTaken, byKey.Winner));
            var byIdentity = await RaceAsync(i => Samples.Connection($"c{round}-{i}", $"same {round}"));
            foreach (var lost in byIdentity.Lost) lost.ShouldBe(new ConnectionWrite(ConnectionWriteOutcome.IdentityTaken, byIdentity.Winner));
        }

        (await database.NumberAsync("SELECT count(*) FROM data_objects")).ShouldBe(10);

        async Task<(string Winner, List<ConnectionWrite> Lost)> RaceAsync(Func<int, StoredConnection> make)
        {
            var racers = Enumerable.Range(0, 8).Select(make).ToList();
            var results = await Task.WhenAll(racers.Select(c => Task.Run(() => database.Connections.AddAsync(c, false, [], null, Ending))));
            var winner = results.Index().Where(r => r.Item.Outcome == ConnectionWriteOutcome.Done).ToList().ShouldHaveSingleItem();
            return (racers[winner.Index].Key, [.. results.Where(r => r.Outcome != ConnectionWriteOutcome.Done)]);
        }
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_update_replaces_what_it_says_and_leaves_the_rest(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var before = await AddAsync(database, Samples.Connection("Lake"), [new("a", [1]), new("b", [2])]);
        var at = database.Clock.Advance(TimeSpan.FromHours(2));
        var job = Samples.Job(before.Id, "Lake");

        (await database.Connections.UpdateAsync(before.Id, before.Revision, new ConnectionUpdate(), Samples.Bob, job, Ending)).Outcome.ShouldBe(ConnectionWriteOutcome.Done);
        var same = (await database.Connections.FindAsync(before.Id, Ending))!;
        same.ShouldBe(before with { Revision = before.Revision + 1, UpdatedAt = at, UpdatedBy = Samples.Bob });
        (await database.Connections.SecretsAsync(before.Id, Ending)).Count.ShouldBe(2);
        (await database.Jobs.FindAsync(job.Id, Ending)).ShouldNotBeNull();

        var update = new ConnectionUpdate
        {
            Document = new ConnectionDocument("assumedRole", "{}", """{"type":"Glue"}""", "elsewhere", [new SealedSecret("c", [3])], "glue:new", "new name"),
            SettingsJson = """{"isActive":false,"mode":"observe"}""",
            IsActive = true,
            Options = new CrawlOptions(false),
            ChecksJson = """[{"name":"login"}]""",
            NextSyncAt = at.AddDays(3),
        };
        (await database.Connections.UpdateAsync(before.Id, same.Revision, update, Samples.Ada, null, Ending)).Outcome.ShouldBe(ConnectionWriteOutcome.Done);
        var after = (await database.Connections.FindAsync(before.Id, Ending))!;
        (after.AuthenticationType, after.DocumentJson, after.IntegrationJson, after.SecretDestination, after.IdentityKey, after.IdentityName).ShouldBe(
            ("assumedRole", "{}", """{"type":"Glue"}""", "elsewhere", "glue:new", "new name"));
        (after.Options, after.ChecksJson, after.NextSyncAt, after.Revision).ShouldBe((new CrawlOptions(false), """[{"name":"login"}]""", at.AddDays(3), same.Revision + 1));
        var settings = JsonDocument.Parse(after.SettingsJson).RootElement;
        (settings.GetProperty("isActive").GetBoolean(), settings.GetProperty("mode").GetString()).ShouldBe((true, "observe"));
        (await database.Catalog.FindAsync(new ObjectPath("Lake"), Ending))!.Overrides.IsActive.ShouldBe(true);
        (await database.Connections.SecretsAsync(before.Id, Ending)).ShouldHaveSingleItem().Field.ShouldBe("c");
        after.CreatedBy.ShouldBe(before.CreatedBy);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task An_update_that_is_refused_changes_nothing(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await AddAsync(database, Samples.Connection("Holder", "taken"));
        var before = await AddAsync(database, Samples.Connection("Lake"), [new("a", [1])]);
        var job = Samples.Job(before.Id, "Lake");
        var moved = new ConnectionUpdate { Document = new ConnectionDocument("x", "{}", """{"type":"x"}""", "y", [], "taken", "z"), IsActive = true };

        (await UpdateAsync(before.Id, before.Revision)).ShouldBe(new ConnectionWrite(ConnectionWriteOutcome.IdentityTaken, "Holder"));
        (await UpdateAsync(before.Id, before.Revision - 1)).Outcome.ShouldBe(ConnectionWriteOutcome.RevisionChanged);
        (await UpdateAsync(Guid.NewGuid(), 1)).Outcome.ShouldBe(ConnectionWriteOutcome.NotFound);

        (await database.Connections.FindAsync(before.Id, Ending)).ShouldBe(before);
        (await database.Connections.SecretsAsync(before.Id, Ending)).ShouldHaveSingleItem();
        (await database.Jobs.FindAsync(job.Id, Ending)).ShouldBeNull();
        (await database.Catalog.FindAsync(new ObjectPath("Lake"), Ending))!.Overrides.IsActive.ShouldBe(false);

        Task<ConnectionWrite> UpdateAsync(Guid id, long revision) => database.Connections.UpdateAsync(id, revision, moved, Samples.Bob, job, Ending);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Of_updates_from_the_same_revision_one_is_written(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var before = await AddAsync(database, Samples.Connection("Lake"));
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => database.Connections.UpdateAsync(
            before.Id, before.Revision, new ConnectionUpdate { ChecksJson = $"[{i}]" }, Samples.Bob, null, Ending))));
        results.Count(r => r.Outcome == ConnectionWriteOutcome.Done).ShouldBe(1);
        results.Count(r => r.Outcome == ConnectionWriteOutcome.RevisionChanged).ShouldBe(7);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Deleting_a_connection_leaves_only_its_jobs_and_none_of_them_runs(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var other = await TestTree.CreateAsync(database, "Other");
        await other.AddDatabaseAsync("kept");
        await tree.AddDatabaseAsync("d");
        await tree.AddTableAsync("d", "t", null, new DiscoveredColumn("id", "int"));
        var id = tree.Connection.Id;
        var waiting = Samples.Job(id, "Lake");
        await database.Jobs.AddAsync(waiting, Ending);

        (await database.Connections.DeleteAsync(id, null, Samples.Ada, Ending)).ShouldBe(2);

        (await database.Connections.FindAsync(id, Ending)).ShouldBeNull();
        (await database.Connections.DeleteAsync(id, null, Samples.Ada, Ending)).ShouldBeNull();
        foreach (var table in new[] { "secrets", "data_columns", "object_tags", "object_syncs" })
            (await database.NumberAsync($"SELECT count(*) FROM {table}")).ShouldBe(0, table);
        (await database.NumberAsync("SELECT count(*) FROM data_objects")).ShouldBe(2);
        foreach (var jobId in new[] { tree.JobId, waiting.Id })
        {
            var job = (await database.Jobs.FindAsync(jobId, Ending)).ShouldNotBeNull();
            (job.State, job.ConnectionId, job.Error).ShouldBe((JobState.Cancelled, null, "The connection was deleted."));
            job.FinishedAt.ShouldBe(database.Clock.Now);
            job.Path.ShouldBe(new ObjectPath("Lake"));
        }

        (await database.Jobs.FindAsync(other.JobId, Ending))!.State.ShouldBe(JobState.Active);
        (await database.Jobs.RunnableConnectionsAsync(Samples.At, Ending)).ShouldBe([other.Connection.Id]);
        await Should.ThrowAsync<StaleWriterException>(() => tree.ApplyAsync(w => w));

        var late = Samples.Job(id, "Lake");
        await database.Jobs.AddAsync(late, Ending);
        (await database.Jobs.FindAsync(late.Id, Ending)).ShouldNotBeNull().State.ShouldBe(JobState.Cancelled);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Finished_jobs_keep_their_state_when_the_connection_goes(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await database.Jobs.CompleteAsync(tree.Fence, tree.JobId, "{}", [], Samples.At, Ending);
        await database.Connections.DeleteAsync(tree.Connection.Id, null, Samples.Ada, Ending);
        var job = (await database.Jobs.FindAsync(tree.JobId, Ending))!;
        (job.State, job.OutputJson, job.ConnectionId).ShouldBe((JobState.Completed, "{}", null));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_status_is_recorded_without_being_an_update(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var due = Samples.At.AddDays(1);
        await database.Connections.SetStatusAsync(tree.Fence, ConnectionStatus.Unhealthy, "no", due, Ending);
        var after = (await database.Connections.FindAsync(tree.Connection.Id, Ending))!;
        after.ShouldBe(tree.Connection with { Status = ConnectionStatus.Unhealthy, StatusReason = "no", NextSyncAt = due });
        await database.Connections.SetStatusAsync(tree.Fence, ConnectionStatus.Active, null, null, Ending);
        after = (await database.Connections.FindAsync(tree.Connection.Id, Ending))!;
        (after.Status, after.StatusReason, after.NextSyncAt).ShouldBe((ConnectionStatus.Active, null, due));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Checks_are_recorded_with_the_state_they_lead_to_or_without(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);

        await database.Connections.RecordChecksAsync(tree.Fence, "[1]", new ConnectionHealth(ConnectionStatus.Unhealthy, "no"), Ending);
        (await database.Connections.FindAsync(tree.Connection.Id, Ending))!.ShouldBe(
            tree.Connection with { ChecksJson = "[1]", Status = ConnectionStatus.Unhealthy, StatusReason = "no" });

        await database.Connections.RecordChecksAsync(tree.Fence, "[2]", null, Ending);
        (await database.Connections.FindAsync(tree.Connection.Id, Ending))!.ShouldBe(
            tree.Connection with { ChecksJson = "[2]", Status = ConnectionStatus.Unhealthy, StatusReason = "no" });

        await database.Connections.TakeLeaseAsync(tree.Connection.Id, Ending);
        await Should.ThrowAsync<StaleWriterException>(() => database.Connections.RecordChecksAsync(tree.Fence, "[3]", null, Ending));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Syncs_are_due_by_date_unless_the_whole_connection_is_being_crawled(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var now = Samples.At.AddDays(1);
        var due = await AddAsync(database, Samples.Connection("Due") with { NextSyncAt = now });
        await AddAsync(database, Samples.Connection("Later") with { NextSyncAt = now.AddTicks(1) });
        await AddAsync(database, Samples.Connection("Never"));
        await AddAsync(database, Samples.Connection("Going") with { NextSyncAt = now, Status = ConnectionStatus.Deleting });
        var busy = await AddAsync(database, Samples.Connection("Busy") with { NextSyncAt = now.AddHours(-1) });
        var crawl = Samples.Job(busy.Id, "Busy");
        await database.Jobs.AddAsync(crawl, Ending);
        var part = await AddAsync(database, Samples.Connection("Part") with { NextSyncAt = now.AddHours(-2) });
        await database.Jobs.AddAsync(Samples.Job(part.Id, "Part") with { Path = new ObjectPath("Part", "d") }, Ending);

        (await database.Connections.DueForSyncAsync(now, Ending)).ShouldBe([part.Id, due.Id]);
        await database.Jobs.RequestCancelAsync(crawl.Id, now, Ending);
        (await database.Connections.DueForSyncAsync(now, Ending)).ShouldBe([part.Id, busy.Id, due.Id]);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_scheduled_sync_brings_its_job_and_moves_the_schedule_on(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var connection = await AddAsync(database, Samples.Connection("Lake") with { NextSyncAt = Samples.At });
        var job = Samples.Job(connection.Id, "Lake");
        await database.Connections.ScheduleSyncAsync(connection.Id, Samples.At.AddDays(1), job, Ending);
        (await database.Connections.FindAsync(connection.Id, Ending)).ShouldBe(connection with { NextSyncAt = Samples.At.AddDays(1) });
        (await database.Jobs.FindAsync(job.Id, Ending)).ShouldNotBeNull();
        var late = Samples.Job(Guid.NewGuid(), "Gone");
        await database.Connections.ScheduleSyncAsync(late.ConnectionId, Samples.At, late, Ending);
        (await database.Jobs.FindAsync(late.Id, Ending)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Connections_are_listed_by_key(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        foreach (var key in new[] { "b", "C", "a" }) await AddAsync(database, Samples.Connection(key));
        (await database.Connections.ListAsync(Ending)).Select(c => c.Key).ShouldBe(["a", "b", "C"]);
    }

    private static async Task<StoredConnection> AddAsync(TestDatabase database, StoredConnection connection, params SealedSecret[] secrets)
    {
        (await database.Connections.AddAsync(connection, false, secrets, null, Ending)).Outcome.ShouldBe(ConnectionWriteOutcome.Done);
        return (await database.Connections.FindAsync(connection.Id, Ending))!;
    }
}
