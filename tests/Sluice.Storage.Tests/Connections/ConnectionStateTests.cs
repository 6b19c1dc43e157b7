using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Tests.Connections;

public sealed class ConnectionStateTests
{
    private static CancellationToken Ending => TestDatabase.Ending;

    [Theory, MemberData(nameof(TestDatabase.Each), MemberType = typeof(TestDatabase))]
    public async Task A_connection_whose_first_crawl_was_cancelled_or_expired_is_no_longer_being_created(string provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (waiting, _) = await ConnectAsync(database, "waiting");
        var (expiring, _) = await ConnectAsync(database, "expiring");
        var (running, fence) = await ConnectAsync(database, "running", isActive: true);
        var first = await AddAsync(database, waiting);
        await AddAsync(database, expiring);
        var third = await AddAsync(database, running);
        await database.Jobs.ClaimAsync(fence, Samples.At, Ending);

        await database.Jobs.RequestCancelAsync(first, Samples.At, Ending);
        (await StatesAsync()).ShouldBe([ConnectionStatus.Inactive, ConnectionStatus.Creating, ConnectionStatus.Creating]);
        await database.Jobs.RequestCancelAsync(third, Samples.At, Ending);
        (await StatesAsync()).ShouldBe([ConnectionStatus.Inactive, ConnectionStatus.Creating, ConnectionStatus.Creating], "it runs until its writer says so");
        await database.Jobs.GiveUpAsync(fence, third, JobState.Cancelled, null, Samples.At, Ending);
        await database.Jobs.SweepAsync(Samples.At.AddHours(2), Samples.At, Ending);
        (await StatesAsync()).ShouldBe([ConnectionStatus.Inactive, ConnectionStatus.Inactive, ConnectionStatus.Active]);

        async Task<List<ConnectionStatus>> StatesAsync()
        {
            var states = new List<ConnectionStatus>();
            foreach (var id in new[] { waiting, expiring, running }) states.Add((await database.Connections.FindAsync(id, Ending))!.Status);
            return states;
        }
    }

    private static async Task<(Guid Id, WriteFence Fence)> ConnectAsync(TestDatabase database, string key, bool isActive = false)
    {
        var connection = Samples.Connection(key);
        await database.Connections.AddAsync(connection, isActive, [], null, Ending);
        return (connection.Id, (await database.Connections.TakeLeaseAsync(connection.Id, Ending))!.Value);
    }

    private static async Task<Guid> AddAsync(TestDatabase database, Guid connectionId)
    {
        var job = Samples.Job(connectionId, "Lake");
        await database.Jobs.AddAsync(job, Ending);
        return job.Id;
    }
}
