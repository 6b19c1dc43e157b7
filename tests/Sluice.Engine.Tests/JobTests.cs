using Sluice.Core.Catalog;
using Sluice.Engine.Jobs;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

/// <summary>What failures, cancellations and restarts make of a job, and what the connection then says of itself.</summary>
public sealed class JobTests
{
    [Fact]
    public async Task A_crawl_that_reads_a_database_less_than_another_run_of_it_did_is_complete_and_warns()
    {
        var platform = Platform(databases: 3);
        var reached = new TaskCompletionSource();
        platform.BeforePage = async (container, _, token) =>
        {
            if (container != "db1") return;
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        platform.Warnings["db0"] = "db0 has an odd table";
        var first = await EngineHost.StartAsync(platform);
        var accepted = await first.RegisterAsync();
        await reached.Task;
        await first.UntilPresentAsync(3 + 8);
        await first.UntilProgressAsync(accepted, 3);
        await first.DisposeAsync();

        Refuse(platform, "db1");
        await using var second = await EngineHost.StartAsync(platform, first.Directory);
        var job = await second.WaitAsync(accepted);

        job.State.ShouldBe(JobState.Completed, job.Error);
        job.OutputJson.ShouldNotBeNull().ShouldContain("permission denied for db1");
        job.OutputJson.ShouldContain("db0 has an odd table", Case.Sensitive, "what an earlier run was told is told too");
    }

    [Fact]
    public async Task What_was_not_read_was_not_crawled()
    {
        var platform = Platform(databases: 2);
        await using var engine = await EngineHost.StartAsync(platform);
        await engine.RegisterAndCrawlAsync();
        var before = await DatesAsync(engine);
        Refuse(platform, "db1");

        await engine.CrawlAsync("pg");

        var after = await DatesAsync(engine);
        after.Where(d => d.Value != before[d.Key]).Select(d => d.Key).Order(StringComparer.Ordinal)
            .ShouldBe(["pg/db0", "pg/db0/t0", "pg/db0/t1", "pg/db0/t2", "pg/db0/t3"]);
    }

    [Fact]
    public async Task An_inactive_object_that_a_crawl_does_not_enter_was_not_crawled()
    {
        await using var engine = await EngineHost.StartAsync(Platform(databases: 2));
        await engine.RegisterAndCrawlAsync(force: false);
        var before = await DatesAsync(engine);

        var job = await engine.CrawlAsync("pg", "db1");

        job.OutputJson.ShouldNotBeNull().ShouldContain("was not read");
        (await DatesAsync(engine)).ShouldBe(before);
    }

    [Fact]
    public async Task A_crawl_of_one_object_is_one_step()
    {
        await using var engine = await EngineHost.StartAsync(Platform(databases: 2));
        await engine.RegisterAndCrawlAsync();

        var job = await engine.CrawlAsync("pg", "db0");

        (job.ProgressDone, job.ProgressTotal).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_job_that_fails_while_it_is_being_cancelled_is_cancelled()
    {
        var platform = Platform(databases: 1);
        await using var engine = await EngineHost.StartAsync(platform, options: new EngineOptions { RetryBaseDelay = TimeSpan.FromDays(1), RetryMaxDelay = TimeSpan.FromDays(1) });
        await engine.RegisterAndCrawlAsync();
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        platform.BeforePage = async (_, _, _) =>
        {
            reached.TrySetResult();
            await release.Task;
            throw new PlatformException(PlatformFailure.Unavailable, "The platform is unwell.");
        };
        var accepted = await engine.Catalog.CrawlAsync(new ObjectPath("pg", "db0"), default, null, EngineHost.Admin, default);
        await reached.Task;
        var running = (await engine.Jobs.ListAsync(accepted.BulkId, EngineHost.Admin, default)).Single();
        await engine.Jobs.CancelAsync(running.Id, EngineHost.Admin, default);
        release.SetResult();

        (await engine.WaitAsync(accepted)).State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task A_connection_whose_first_crawl_was_cancelled_is_created()
    {
        var platform = Platform(databases: 1);
        var reached = new TaskCompletionSource();
        platform.BeforePage = async (_, _, token) =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        await using var engine = await EngineHost.StartAsync(platform);
        var accepted = await engine.RegisterAsync(isActive: true);
        await reached.Task;
        var running = (await engine.Jobs.ListAsync(accepted.BulkId, EngineHost.Admin, default)).Single();

        await engine.Jobs.CancelAsync(running.Id, EngineHost.Admin, default);
        await engine.WaitAsync(accepted);

        (await engine.Connections.ReadAsync("pg", EngineHost.Admin, default)).Stored.Status.ShouldBe(ConnectionStatus.Active);
    }

    [Fact]
    public async Task After_a_crawl_that_failed_for_good_the_next_comes_within_the_hour()
    {
        var platform = Platform(databases: 1);
        await using var engine = await EngineHost.StartAsync(platform);
        await engine.RegisterAndCrawlAsync();
        platform.BeforePage = static (_, _, _) => throw new PlatformException(PlatformFailure.Unreachable, "The platform is away.");

        (await engine.CrawlAsync("pg")).State.ShouldBe(JobState.Failed);

        var connection = (await engine.Connections.ReadAsync("pg", EngineHost.Admin, default)).Stored;
        connection.Status.ShouldBe(ConnectionStatus.Unhealthy);
        connection.NextSyncAt!.Value.ShouldBeLessThanOrEqualTo(TimeProvider.System.GetUtcNow().AddHours(1));
    }

    [Fact]
    public async Task A_crawl_of_one_object_puts_no_column_check_off()
    {
        var platform = Platform(databases: 1);
        await using var engine = await EngineHost.StartAsync(platform, options: new EngineOptions { PollInterval = TimeSpan.FromHours(1) });
        var whole = await engine.RegisterAndCrawlAsync(isActive: true);
        await engine.CrawlAsync("pg", "db0");
        var checks = engine.Get<ColumnChecks>();
        var all = await engine.Get<IConnectionStore>().ListAsync(default);

        await checks.AddDueAsync(all, whole.CreatedAt.AddMinutes(15).AddTicks(-1), default);
        (await ChecksAsync()).ShouldBe(0);
        await checks.AddDueAsync(all, whole.CreatedAt.AddMinutes(15), default);
        (await ChecksAsync()).ShouldBe(1);
        await checks.AddDueAsync(all, whole.CreatedAt.AddMinutes(15), default);
        (await ChecksAsync()).ShouldBe(1, "one that waits is enough");

        async Task<int> ChecksAsync() => (await engine.Jobs.SearchAsync(new JobQuery { Type = JobTypes.ColumnCheck }, EngineHost.Admin, default)).Jobs.Count;
    }

    private static FakePlatform Platform(int databases)
    {
        var platform = new FakePlatform();
        for (var d = 0; d < databases; d++)
        {
            platform.Add($"db{d}");
            for (var t = 0; t < 4; t++) platform.Add($"db{d}/t{t}");
        }

        return platform;
    }

    private static void Refuse(FakePlatform platform, string database) => platform.BeforePage = (container, _, _) =>
        container == database ? throw new PlatformException(PlatformFailure.AccessDenied, $"permission denied for {database}") : Task.CompletedTask;

    private static async Task<Dictionary<string, DateTimeOffset?>> DatesAsync(EngineHost engine)
    {
        var dates = (await engine.TreeAsync()).ToDictionary(o => o.Object.Path.ToString(), o => o.Object.LastCrawledAt);
        dates["pg"] = (await engine.ReadAsync("pg")).Object.LastCrawledAt;
        return dates;
    }
}
