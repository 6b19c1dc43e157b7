using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Tests.Jobs;

/// <summary>A job that waits for its first run serves whoever asks for the same again.</summary>
public sealed class JoinedJobTests
{
    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_waiting_job_is_joined_by_its_like_alone(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var first = Samples.Job(tree.Connection.Id, "Lake");
        (await database.Jobs.AddOrJoinAsync(first, Ending)).ShouldBe(first.BulkId);

        var again = Like(first) with { CreatedAt = first.CreatedAt.AddMinutes(1), ExpiresAt = first.ExpiresAt.AddMinutes(1) };
        (await database.Jobs.AddOrJoinAsync(again, Ending)).ShouldBe(first.BulkId);
        (await database.Jobs.FindAsync(again.Id, Ending)).ShouldBeNull();
        (await database.Jobs.FindAsync(first.Id, Ending))!.ExpiresAt.ShouldBe(again.ExpiresAt, "who asked last waits as long as anybody");

        foreach (var other in new[] { Like(first) with { RequestedBy = "u-2" }, Like(first) with { Path = new ObjectPath("Lake", "d") }, Like(first) with { Type = "columnCheck" } })
            (await database.Jobs.AddOrJoinAsync(other, Ending)).ShouldBe(other.BulkId);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_job_that_has_begun_was_cancelled_or_has_expired_is_not_joined(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var running = Samples.Job(tree.Connection.Id, "Lake");
        await database.Jobs.AddOrJoinAsync(running, Ending);
        await database.Jobs.ClaimAsync(tree.Fence, running.CreatedAt, Ending);
        var cancelled = Like(running);
        (await database.Jobs.AddOrJoinAsync(cancelled, Ending)).ShouldBe(cancelled.BulkId);
        (await database.Jobs.RequestCancelAsync(cancelled.Id, cancelled.CreatedAt, Ending)).ShouldBeTrue();
        var expired = Like(running);
        (await database.Jobs.AddOrJoinAsync(expired, Ending)).ShouldBe(expired.BulkId);
        var late = Like(running) with { CreatedAt = expired.ExpiresAt, ExpiresAt = expired.ExpiresAt.AddDays(7) };
        (await database.Jobs.AddOrJoinAsync(late, Ending)).ShouldBe(late.BulkId);
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task Whoever_asks_while_jobs_are_claimed_gets_a_job_that_begins_later(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var asking = Task.Run(AskAsync, Ending);
        var claims = 0;
        while (!asking.IsCompleted || await ClaimAsync())
            if (await ClaimAsync()) claims++;

        var asked = await asking;
        claims.ShouldBeLessThanOrEqualTo(asked.Count);
        foreach (var (bulkId, claimedBefore) in asked)
        {
            var job = (await database.Jobs.SearchAsync(new JobQuery { BulkId = bulkId }, Ending)).Jobs.ShouldHaveSingleItem();
            job.State.ShouldBe(JobState.Active);
            claimedBefore.ShouldNotContain(job.Id);
        }

        async Task<List<(Guid BulkId, List<Guid> ClaimedBefore)>> AskAsync()
        {
            var answers = new List<(Guid, List<Guid>)>();
            for (var i = 0; i < 50; i++)
            {
                var claimed = await database.Jobs.SearchAsync(new JobQuery { States = [JobState.Active], Size = 1000 }, Ending);
                answers.Add((await database.Jobs.AddOrJoinAsync(Samples.Job(tree.Connection.Id, "Lake"), Ending), [.. claimed.Jobs.Select(j => j.Id)]));
            }

            return answers;
        }

        async Task<bool> ClaimAsync() => await database.Jobs.ClaimAsync(tree.Fence, Samples.At, Ending) is not null;
    }

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_change_of_settings_joins_the_crawl_that_waits(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var tree = await TestTree.CreateAsync(database);
        var first = Samples.Job(tree.Connection.Id, "Lake");
        var change = new SettingsChange(Given<bool?>.Of(true), default, default);

        (await database.Catalog.ChangeSettingsAsync(tree.Root, change, Samples.Ada, first, Ending))!.BulkId.ShouldBe(first.BulkId);
        (await database.Catalog.ChangeSettingsAsync(tree.Root, change, Samples.Ada, Like(first), Ending))!.BulkId.ShouldBe(first.BulkId);
    }

    private static NewJob Like(NewJob job) => job with { Id = Guid.NewGuid(), BulkId = Guid.NewGuid() };
}
