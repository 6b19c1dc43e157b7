using Sluice.Core.Catalog;
using Sluice.Engine.Jobs;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public async Task The_scheduled_sync_comes_by_itself()
    {
        var platform = Platform();
        var time = new AheadTime();
        await using var engine = await EngineHost.StartAsync(platform, add: services => EngineHost.AddTime(services, time));
        await engine.RegisterAndCrawlAsync();
        await engine.WaitAsync(await engine.Connections.UpdateAsync(
            "pg", EngineHost.Json("""{"settings": {"objectSyncEvery": "PT10M"}}"""), null, EngineHost.Admin, default));
        platform.Add("db0/later");
        (await engine.Get<IConnectionStore>().DueForSyncAsync(time.GetUtcNow(), default)).ShouldBeEmpty();

        time.Ahead = TimeSpan.FromMinutes(11);

        await engine.UntilPresentAsync(3);
        (await engine.PresentAsync()).ShouldBe(["db0", "db0/later", "db0/t0"]);
        var newest = (await engine.Jobs.SearchAsync(new JobQuery { Type = JobTypes.Crawl }, EngineHost.Admin, default)).Jobs[0];
        newest.RequestedBy.ShouldBe("system");
        (await engine.Get<IConnectionStore>().DueForSyncAsync(time.GetUtcNow(), default)).ShouldBeEmpty("the next is ten minutes away");
    }

    [Fact]
    public async Task A_cancelled_scheduled_sync_does_not_come_back_before_its_next_time()
    {
        var platform = Platform();
        await using var engine = await EngineHost.StartAsync(platform, options: new EngineOptions { PollInterval = TimeSpan.FromHours(1) });
        await engine.RegisterAndCrawlAsync();
        var connections = engine.Get<IConnectionStore>();
        var connection = (await connections.FindAsync("pg", default))!;
        var later = connection.NextSyncAt!.Value.AddDays(1);
        var job = new NewJob
        {
            Id = Guid.NewGuid(), BulkId = Guid.NewGuid(), ConnectionId = connection.Id, Type = JobTypes.Crawl, Path = new ObjectPath("pg"),
            RequestedBy = "system", CreatedAt = TimeProvider.System.GetUtcNow(), ExpiresAt = later,
        };

        await connections.ScheduleSyncAsync(connection.Id, later, job, default);
        await engine.Jobs.CancelAsync(job.Id, EngineHost.Admin, default);

        (await connections.DueForSyncAsync(connection.NextSyncAt.Value.AddHours(1), default)).ShouldBeEmpty();
        (await connections.FindAsync("pg", default))!.NextSyncAt.ShouldBe(later);
    }

    [Fact]
    public async Task A_job_whose_time_has_come_starts_at_the_look_that_asks_for_it()
    {
        var platform = Platform();
        var directory = EngineHost.NewDirectory();
        await using (var before = await EngineHost.StartAsync(platform, directory)) await before.RegisterAndCrawlAsync();

        var options = new EngineOptions { PollInterval = TimeSpan.FromHours(1), ChangePollInterval = TimeSpan.FromHours(1) };
        await using var engine = await EngineHost.StartAsync(
            platform, directory, options, add: static services => EngineHost.AddTime(services, new AheadTime { Ahead = TimeSpan.FromHours(2) }));

        (await engine.UntilAsync(JobTypes.HealthCheck)).State.ShouldBe(JobState.Completed);
    }

    private static FakePlatform Platform()
    {
        var platform = new FakePlatform();
        platform.Add("db0");
        platform.Add("db0/t0");
        return platform;
    }

    /// <summary>The real time, or ahead of it when a test says so; its timers are real.</summary>
    private sealed class AheadTime : TimeProvider
    {
        private long _ahead;

        public TimeSpan Ahead
        {
            set => Interlocked.Exchange(ref _ahead, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));
    }
}
