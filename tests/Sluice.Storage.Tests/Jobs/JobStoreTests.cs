using Sluice.Core.Catalog;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Tests.Jobs;

public sealed class JobStoreTests
{
    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_job_waits_runs_and_ends(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (id, fence) = await ConnectAsync(database);
        var job = Samples.Job(id, "Lake") with { Path = new ObjectPath("Lake", "a/b", "😀") };
        await database.Jobs.AddAsync(job, Ending);

        var waiting = (await database.Jobs.FindAsync(job.Id, Ending)).ShouldNotBeNull();
        waiting.ShouldSatisfyAllConditions(
            j => j.State.ShouldBe(JobState.Created), j => j.Path.ShouldBe(job.Path), j => j.Attempts.ShouldBe(0), j => j.BulkId.ShouldBe(job.BulkId),
            j => j.ConnectionId.ShouldBe(id), j => j.RequestedBy.ShouldBe("u-1"), j => j.DueAt.ShouldBe(job.CreatedAt), j => j.ExpiresAt.ShouldBe(job.ExpiresAt));
        (await database.Jobs.RunnableConnectionsAsync(Samples.At, Ending)).ShouldBe([id]);

        var running = (await database.Jobs.ClaimAsync(fence, Samples.At, Ending)).ShouldNotBeNull();
        (running.Id, running.State, running.Attempts, running.StartedAt).ShouldBe((job.Id, JobState.Active, 1, Samples.At));
        (await database.Jobs.ProgressAsync(fence, job.Id, 3, 10, Ending)).ShouldBeFalse();
        await database.Jobs.CompleteAsync(fence, job.Id, """{"found":3}""", [], Samples.At.AddMinutes(1), Ending);

        var ended = (await database.Jobs.FindAsync(job.Id, Ending))!;
        (ended.State, ended.OutputJson, ended.ProgressDone, ended.ProgressTotal, ended.FinishedAt).ShouldBe(
            (JobState.Completed, """{"found":3}""", 3, 10, Samples.At.AddMinutes(1)));
        (await database.Jobs.RunnableConnectionsAsync(Samples.At.AddMinutes(5), Ending)).ShouldBeEmpty();
        (await database.Jobs.ClaimAsync(fence, Samples.At.AddMinutes(5), Ending)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_job_left_active_comes_first_then_the_oldest_that_is_due(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (id, fence) = await ConnectAsync(database);
        var first = await AddAsync(database, id, Samples.At);
        var second = await AddAsync(database, id, Samples.At.AddSeconds(1));
        var third = await AddAsync(database, id, Samples.At.AddSeconds(2));
        var now = Samples.At.AddMinutes(1);
        (await ClaimAsync(fence)).ShouldBe(first);
        await database.Jobs.GiveUpAsync(fence, first, JobState.Failed, "no", now, Ending);
        (await ClaimAsync(fence)).ShouldBe(second);

        var restarted = (await database.Connections.TakeLeaseAsync(id, Ending))!.Value;
        var again = (await database.Jobs.ClaimAsync(restarted, now, Ending))!;
        (again.Id, again.Attempts, again.Failures).ShouldBe((second, 2, 0), "a crash is no failure of the job");
        (await ClaimAsync(restarted)).ShouldBe(third, "what the same writer has taken is not taken again");
        (await ClaimAsync(restarted)).ShouldBeNull();

        async Task<Guid?> ClaimAsync(WriteFence by) => (await database.Jobs.ClaimAsync(by, now, Ending))?.Id;
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_retried_job_waits_until_it_is_due_and_does_not_expire(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (id, fence) = await ConnectAsync(database);
        var job = await AddAsync(database, id, Samples.At);
        await database.Jobs.ClaimAsync(fence, Samples.At, Ending);
        var due = Samples.At.AddHours(3);
        await database.Jobs.RetryAsync(fence, job, due, "throttled", Ending);

        (await database.Jobs.FindAsync(job, Ending))!.ShouldSatisfyAllConditions(
            j => j.Failures.ShouldBe(1), j => j.State.ShouldBe(JobState.Retry), j => j.Error.ShouldBe("throttled"), j => j.DueAt.ShouldBe(due));
        (await database.Jobs.RunnableConnectionsAsync(due.AddTicks(-1), Ending)).ShouldBeEmpty();
        (await database.Jobs.ClaimAsync(fence, due.AddTicks(-1), Ending)).ShouldBeNull();
        await database.Jobs.SweepAsync(due, Samples.At, Ending);
        (await database.Jobs.RunnableConnectionsAsync(due, Ending)).ShouldBe([id]);
        (await database.Jobs.ClaimAsync(fence, due, Ending)).ShouldNotBeNull().Attempts.ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_waiting_job_is_cancelled_at_once_and_a_running_one_is_told(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (id, fence) = await ConnectAsync(database);
        var running = await AddAsync(database, id, Samples.At);
        await database.Jobs.ClaimAsync(fence, Samples.At, Ending);
        var waiting = await AddAsync(database, id, Samples.At);

        (await database.Jobs.RequestCancelAsync(waiting, Samples.At, Ending)).ShouldBeTrue();
        (await database.Jobs.FindAsync(waiting, Ending))!.ShouldSatisfyAllConditions(
            j => j.State.ShouldBe(JobState.Cancelled), j => j.FinishedAt.ShouldBe(Samples.At));
        (await database.Jobs.RequestCancelAsync(waiting, Samples.At, Ending)).ShouldBeFalse("it has ended");
        (await database.Jobs.RequestCancelAsync(Guid.NewGuid(), Samples.At, Ending)).ShouldBeFalse();

        (await database.Jobs.RequestCancelAsync(running, Samples.At, Ending)).ShouldBeTrue();
        (await database.Jobs.FindAsync(running, Ending))!.ShouldSatisfyAllConditions(
            j => j.State.ShouldBe(JobState.Active), j => j.IsCancelRequested.ShouldBeTrue(), j => j.FinishedAt.ShouldBeNull());
        (await database.Jobs.ProgressAsync(fence, running, 1, 1, Ending)).ShouldBeTrue();
        await database.Jobs.GiveUpAsync(fence, running, JobState.Cancelled, null, Samples.At, Ending);
        (await database.Jobs.ProgressAsync(fence, running, 2, 2, Ending)).ShouldBeTrue("a job that ended is not to go on");
        (await database.Jobs.FindAsync(running, Ending))!.ProgressDone.ShouldBe(1);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_cancelled_job_never_runs_and_a_claimed_one_is_told_whoever_is_first(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (id, fence) = await ConnectAsync(database);
        for (var round = 0; round < 30; round++)
        {
            var job = await AddAsync(database, id, Samples.At);
            var cancel = Task.Run(() => database.Jobs.RequestCancelAsync(job, Samples.At, Ending));
            var claim = Task.Run(() => database.Jobs.ClaimAsync(fence, Samples.At, Ending));
            (await cancel).ShouldBeTrue();
            var claimed = await claim;
            var stored = (await database.Jobs.FindAsync(job, Ending))!;
            stored.State.ShouldBe(claimed is null ? JobState.Cancelled : JobState.Active);
            stored.IsCancelRequested.ShouldBeTrue();
            (stored.FinishedAt is null).ShouldBe(claimed is not null);
            if (claimed is not null) await database.Jobs.GiveUpAsync(fence, job, JobState.Cancelled, null, Samples.At, Ending);
        }
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_job_is_claimed_once_however_many_claim(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (id, fence) = await ConnectAsync(database);
        for (var i = 0; i < 5; i++) await AddAsync(database, id, Samples.At);
        var claims = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => database.Jobs.ClaimAsync(fence, Samples.At, Ending))));
        var taken = claims.OfType<StoredJob>().Select(j => j.Id).ToList();
        taken.Count.ShouldBe(5);
        taken.Distinct().Count().ShouldBe(5);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_sweep_expires_what_never_started_and_forgets_what_ended_long_ago(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        await tree.ApplyAsync(w => w with { Seen = [1] });
        await database.Jobs.CompleteAsync(tree.Fence, tree.JobId, null, [], Samples.At, Ending);
        var late = await AddAsync(database, tree.Connection.Id, Samples.At);
        var now = Samples.At.AddHours(1);
        (await database.Jobs.ClaimAsync(tree.Fence, now, Ending)).ShouldBeNull("its time ran out");
        (await database.Jobs.RunnableConnectionsAsync(now, Ending)).ShouldBeEmpty();

        await database.Jobs.SweepAsync(now, Samples.At, Ending);
        (await database.Jobs.FindAsync(tree.JobId, Ending)).ShouldNotBeNull();
        (await database.Jobs.FindAsync(late, Ending))!.ShouldSatisfyAllConditions(j => j.State.ShouldBe(JobState.Expired), j => j.FinishedAt.ShouldBe(now));

        await database.Jobs.SweepAsync(now, Samples.At.AddTicks(1), Ending);
        (await database.Jobs.FindAsync(tree.JobId, Ending)).ShouldBeNull();
        (await database.Catalog.UnitsAsync(tree.JobId, Ending)).ShouldBeEmpty();
        (await database.NumberAsync("SELECT count(*) FROM crawl_unit_pages")).ShouldBe(0);
        (await database.Jobs.FindAsync(late, Ending)).ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Searching_pages_newest_first_and_meets_each_job_once(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (id, _) = await ConnectAsync(database);
        var added = new List<Guid>();
        for (var i = 0; i < 23; i++) added.Add(await AddAsync(database, id, Samples.At.AddSeconds(i / 5)));

        var met = new List<Guid>();
        string? next = null;
        do
        {
            var page = await database.Jobs.SearchAsync(new JobQuery { Size = 4, Next = next }, Ending);
            met.AddRange(page.Jobs.Select(j => j.Id));
            next = page.Next;
        }
        while (next is not null);

        added.Reverse();
        met.ShouldBe(added);
        foreach (var wrong in new[] { "", "x", "1-", "-1-1", "ffffffffffffffff-1", "1-2-3" })
            await Should.ThrowAsync<ArgumentException>(() => database.Jobs.SearchAsync(new JobQuery { Next = wrong }, Ending));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_search_narrows_by_everything_it_says(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (lake, fence) = await ConnectAsync(database);
        var (sea, _) = await ConnectAsync(database, "Sea");
        var bulk = Guid.NewGuid();
        var a = Samples.Job(lake, "Lake", by: "ada", bulkId: bulk);
        var b = Samples.Job(lake, "Lake", type: "apply", by: "bob", bulkId: bulk, createdAt: Samples.At.AddSeconds(1));
        var c = Samples.Job(sea, "Sea", by: "ada", createdAt: Samples.At.AddSeconds(2));
        foreach (var job in new[] { a, b, c }) await database.Jobs.AddAsync(job, Ending);
        await database.Jobs.ClaimAsync(fence, Samples.At, Ending);

        (await Ids(new JobQuery { RequestedBy = "ada" })).ShouldBe([c.Id, a.Id]);
        (await Ids(new JobQuery { Type = "apply" })).ShouldBe([b.Id]);
        (await Ids(new JobQuery { BulkId = bulk })).ShouldBe([b.Id, a.Id]);
        (await Ids(new JobQuery { ConnectionKey = "SEA" })).ShouldBe([c.Id]);
        (await Ids(new JobQuery { States = [JobState.Active, JobState.Failed] })).ShouldBe([a.Id]);
        (await Ids(new JobQuery { States = [] })).ShouldBeEmpty();
        (await Ids(new JobQuery { RequestedBy = "ada", BulkId = bulk, States = [JobState.Created] })).ShouldBeEmpty();
        (await Ids(new JobQuery { Type = "a\0" })).ShouldBeEmpty();
        (await database.Jobs.FindManyAsync([c.Id, Guid.NewGuid(), a.Id, a.Id], Ending)).Select(j => j.Id).ShouldBe([a.Id, c.Id], ignoreOrder: true);
        (await database.Jobs.FindManyAsync([], Ending)).ShouldBeEmpty();
        (await database.Jobs.SummaryAsync(null, Ending)).ShouldBe(new Dictionary<JobState, long> { [JobState.Active] = 1, [JobState.Created] = 2 }, ignoreOrder: true);
        (await database.Jobs.SummaryAsync("bob", Ending)).ShouldBe(new Dictionary<JobState, long> { [JobState.Created] = 1 });
        await database.Connections.DeleteAsync(sea, null, Samples.Ada, Ending);
        (await Ids(new JobQuery { ConnectionKey = "sea" })).ShouldBe([c.Id], "the jobs of a deleted connection are found by its key");

        async Task<IEnumerable<Guid>> Ids(JobQuery query) => (await database.Jobs.SearchAsync(query, Ending)).Jobs.Select(j => j.Id);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_job_that_is_given_up_has_failed_or_was_cancelled(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (id, fence) = await ConnectAsync(database);
        var job = await AddAsync(database, id, Samples.At);
        foreach (var state in Enum.GetValues<JobState>().Except([JobState.Failed, JobState.Cancelled]))
            await Should.ThrowAsync<ArgumentOutOfRangeException>(() => database.Jobs.GiveUpAsync(fence, job, state, null, Samples.At, Ending));
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_job_that_was_asked_to_stop_is_not_put_back(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (id, fence) = await ConnectAsync(database);
        for (var round = 0; round < 20; round++)
        {
            var job = await AddAsync(database, id, Samples.At);
            await database.Jobs.ClaimAsync(fence, Samples.At, Ending);

            var cancel = Task.Run(() => database.Jobs.RequestCancelAsync(job, Samples.At, Ending));
            var retry = Task.Run(() => database.Jobs.RetryAsync(fence, job, Samples.At.AddHours(1), "away", Ending));

            // Whoever is first: the job was put back and cancelled there, or is still the writer's to end.
            (await cancel).ShouldBeTrue();
            var state = (await database.Jobs.FindAsync(job, Ending))!.State;
            state.ShouldBe(await retry ? JobState.Cancelled : JobState.Active);
            if (state == JobState.Active) await database.Jobs.GiveUpAsync(fence, job, JobState.Cancelled, null, Samples.At, Ending);
        }
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_connection_was_looked_at_by_jobs_of_the_whole_of_it_that_are_recent_or_unfinished(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (recent, recentFence) = await ConnectAsync(database, "recent");
        var (waiting, _) = await ConnectAsync(database, "waiting");
        var (old, oldFence) = await ConnectAsync(database, "old");
        var (part, _) = await ConnectAsync(database, "part");
        await ConnectAsync(database, "never");
        var since = Samples.At.AddMinutes(30);
        await EndAsync(recent, recentFence, since.AddTicks(1));
        await AddAsync(database, waiting, Samples.At);
        await EndAsync(old, oldFence, Samples.At);
        await database.Jobs.AddAsync(Samples.Job(part, "part", since.AddMinutes(1)) with { Path = new ObjectPath("part", "db") }, Ending);
        var (other, _) = await ConnectAsync(database, "other");
        await database.Jobs.AddAsync(Samples.Job(other, "other", since.AddMinutes(1)) with { Type = "healthCheck" }, Ending);

        (await database.Jobs.LookedAtAsync(since, ["crawl", "columnCheck"], Ending)).ShouldBe([recent, waiting], ignoreOrder: true);
        (await database.Jobs.LookedAtAsync(since, ["healthCheck"], Ending)).ShouldBe([other]);

        async Task EndAsync(Guid connection, WriteFence fence, DateTimeOffset at)
        {
            var job = await AddAsync(database, connection, at);
            await database.Jobs.ClaimAsync(fence, at, Ending);
            await database.Jobs.CompleteAsync(fence, job, null, [], at, Ending);
        }
    }

    private static async Task<(Guid Id, WriteFence Fence)> ConnectAsync(TestDatabase database, string key = "Lake")
    {
        var connection = Samples.Connection(key);
        await database.Connections.AddAsync(connection, false, [], null, Ending);
        return (connection.Id, (await database.Connections.TakeLeaseAsync(connection.Id, Ending))!.Value);
    }

    private static async Task<Guid> AddAsync(TestDatabase database, Guid connectionId, DateTimeOffset at)
    {
        var job = Samples.Job(connectionId, "Lake", at);
        await database.Jobs.AddAsync(job, Ending);
        return job.Id;
    }
}
