using Sluice.Core.Catalog;
using Sluice.Storage.Jobs;
using Sluice.Storage.Plans;

namespace Sluice.Storage.Tests.Plans;

public sealed class RemovedGrantTests
{
    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task What_was_taken_and_not_put_back_outlives_its_connection_and_is_found_by_its_key(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var plans = database.Plans;
        var tree = await TestTree.CreateAsync(database, "My Lake");
        var other = await TestTree.CreateAsync(database, "My_Lake");
        var (open, back, others) = (Grant(tree.Connection.Id, "My Lake"), Grant(tree.Connection.Id, "My Lake"), Grant(other.Connection.Id, "My_Lake"));
        await plans.AddRemovedAsync([open, back, others], Ending);
        await plans.RestoredAsync([back.Id], Ending);
        (await plans.RemovedAsync(tree.Connection.Id, Ending)).ShouldBe([open]);
        (await plans.RemovedAsync([open.Id, back.Id, Guid.NewGuid()], Ending)).Select(g => g.RestoredAt is not null).ShouldBe([false, true], ignoreOrder: true);

        await database.Connections.DeleteAsync(tree.Connection.Id, null, Samples.Ada, Ending);

        (await plans.RemovedAsync("MY LAKE", Ending)).ShouldBe([open], "the other key is another, and what is back is no more of interest");
        (await plans.RemovedAsync("my_lake", Ending)).ShouldBe([others]);
        (await plans.RemovedAsync("lake\0", Ending)).ShouldBeEmpty();
        (await database.NumberAsync("SELECT count(*) FROM removed_grants")).ShouldBe(2);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_job_that_deletes_its_connection_is_completed_with_it_under_its_lease_alone(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var fence = tree.Fence;
        await Should.ThrowAsync<StaleWriterException>(
            () => database.Connections.DeleteAsync(fence with { Epoch = fence.Epoch - 1 }, tree.JobId, "{}", Samples.Ada, Ending));
        (await database.Connections.FindAsync(tree.Connection.Id, Ending)).ShouldNotBeNull();

        (await database.Connections.DeleteAsync(fence, tree.JobId, """{"takenBack":3}""", Samples.Ada, Ending)).ShouldBe(0);

        (await database.Connections.FindAsync(tree.Connection.Id, Ending)).ShouldBeNull();
        var job = (await database.Jobs.FindAsync(tree.JobId, Ending)).ShouldNotBeNull();
        (job.State, job.OutputJson, job.Error, job.ConnectionId).ShouldBe((JobState.Completed, """{"takenBack":3}""", null, null));
    }

    private static RemovedGrant Grant(Guid connectionId, string key) => new(
        Guid.NewGuid(), connectionId, Guid.NewGuid(), new ObjectPath(key, "shop", "public", "customers"), "mallory", "SELECT", "GRANT SELECT", "owner", Samples.At, null);
}
