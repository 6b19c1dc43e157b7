using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Tests.Connections;

public sealed class WriteFenceTests
{
    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Whoever_lost_the_lease_writes_nothing(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var insert = await tree.InsertAsync(Samples.Found(tree.Path("d"), ObjectKind.Database));
        var fresh = (await database.Connections.TakeLeaseAsync(tree.Connection.Id, Ending)).ShouldNotBeNull();
        fresh.Epoch.ShouldBeGreaterThan(tree.Fence.Epoch);

        await Stale(() => tree.ApplyAsync(w => w with { Inserts = [insert] }));
        await Stale(() => database.Catalog.AddUnitsAsync(tree.Fence, tree.JobId, [1], Ending));
        await Stale(() => database.Connections.SetStatusAsync(tree.Fence, ConnectionStatus.Active, null, null, Ending));
        await Stale(() => database.Jobs.ClaimAsync(tree.Fence, Samples.At, Ending));
        await Stale(() => database.Jobs.ProgressAsync(tree.Fence, tree.JobId, 1, 2, Ending));
        await Stale(() => database.Jobs.CompleteAsync(tree.Fence, tree.JobId, null, [], Samples.At, Ending));
        await Stale(() => database.Jobs.RetryAsync(tree.Fence, tree.JobId, Samples.At, "x", Ending));

        (await tree.FindAsync("d")).ShouldBeNull();
        (await database.Catalog.UnitsAsync(tree.JobId, Ending)).ShouldBeEmpty();
        (await database.Connections.FindAsync(tree.Connection.Id, Ending)).ShouldBe(tree.Connection);
        var job = (await database.Jobs.FindAsync(tree.JobId, Ending))!;
        (job.State, job.ProgressTotal).ShouldBe((JobState.Active, 0));

        static Task Stale(Func<Task> write) => Should.ThrowAsync<StaleWriterException>(write);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_lease_on_nothing_is_none(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        (await database.Connections.TakeLeaseAsync(Guid.NewGuid(), Ending)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Of_servers_that_take_the_lease_at_once_the_last_one_writes_alone(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var fences = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => database.Connections.TakeLeaseAsync(tree.Connection.Id, Ending))));
        fences.Select(f => f!.Value.Epoch).Distinct().Count().ShouldBe(10);
        var wrote = await Task.WhenAll(fences.Select(async fence =>
        {
            try
            {
                await database.Catalog.ApplyAsync(fence!.Value, tree.Write() with { Seen = [1] }, Ending);
                return true;
            }
            catch (StaleWriterException)
            {
                return false;
            }
        }));
        wrote.Count(w => w).ShouldBe(1);
        wrote[Array.IndexOf(fences, fences.MaxBy(f => f!.Value.Epoch))].ShouldBeTrue();
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Pages_settings_and_deletions_that_meet_leave_no_row_behind(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        for (var round = 0; round < 5; round++)
        {
            await tree.AddDatabaseAsync("d");
            var inserts = new List<ObjectInsert>();
            for (var i = 0; i < 20; i++) inserts.Add(await tree.InsertAsync(Samples.Found(tree.Path("d", $"t{i}"), ObjectKind.Table, null, new DiscoveredColumn("id", "int"))));
            await Task.WhenAll(
                Task.Run(() => tree.ApplyAsync(w => w with { Inserts = inserts }), Ending),
                Task.Run(() => tree.SetAsync(true, "d"), Ending),
                Task.Run(() => database.Catalog.DeleteAsync(tree.Path("d"), null, Samples.Ada, Ending), Ending));

            (await database.NumberAsync("SELECT count(*) FROM data_objects")).ShouldBe(1);
            (await database.NumberAsync("SELECT count(*) FROM data_columns")).ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("lease")]
    [InlineData("update")]
    [InlineData("delete")]
    [InlineData("settings")]
    [InlineData("delete object")]
    [InlineData("job")]
    [InlineData("claim")]
    [InlineData("page")]
    public async Task Whoever_changes_a_connection_waits_for_the_page_being_written(string change)
    {
        // SQLite has one writer at a time: there is nothing to see.
        await using var database = await TestDatabase.CreateAsync(TestDatabase.PostgreSql);
        var tree = await TestTree.CreateAsync(database);
        await tree.AddDatabaseAsync("d");
        var holds = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var page = database.Database.WriteAsync(
            async (context, token) =>
            {
                await context.CheckAsync(tree.Fence, token);
                holds.SetResult();
                await release.Task;
            },
            Ending);
        await holds.Task;

        var id = tree.Connection.Id;
        Task changing = change switch
        {
            "lease" => database.Connections.TakeLeaseAsync(id, Ending),
            "update" => database.Connections.UpdateAsync(id, tree.Connection.Revision, new ConnectionUpdate(), Samples.Ada, null, Ending),
            "delete" => database.Connections.DeleteAsync(id, null, Samples.Ada, Ending),
            "settings" => tree.SetAsync(true, "d"),
            "delete object" => database.Catalog.DeleteAsync(tree.Path("d"), null, Samples.Ada, Ending),
            "job" => database.Jobs.AddAsync(Samples.Job(id, "Lake"), Ending),
            "claim" => database.Jobs.ClaimAsync(tree.Fence, Samples.At, Ending),
            _ => tree.ApplyAsync(w => w with { Seen = [1] }),
        };
        while (!changing.IsCompleted && await Waiting() == 0) await Task.Delay(10, Ending);
        changing.IsCompleted.ShouldBeFalse();
        release.SetResult();
        await page;
        await changing;

        Task<long?> Waiting() => database.NumberAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
    }
}
