using Sluice.Engine.Connections;
using Sluice.Engine.Jobs;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

/// <summary>The checks of a registered connection, made again.</summary>
public sealed class HealthCheckTests
{
    private static readonly Check Passed = new("fake:login", CheckStatus.Passed, "logged in");
    private static readonly EngineOptions Hasty = new()
    {
        MaxAttempts = 2, RetryBaseDelay = TimeSpan.FromMilliseconds(20), PollInterval = TimeSpan.FromMilliseconds(100),
    };

    private static readonly Check Failed = new("fake:read", CheckStatus.Failed, "denied", "GRANT READ.");

    [Fact]
    public async Task A_failed_check_makes_the_connection_unhealthy_with_the_reason_and_a_passed_one_takes_it_back()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync(isActive: true);
        engine.Platform.Checks = [Passed, Failed];

        (await CheckAsync(engine)).OutputJson.ShouldBe("""{"checks":{"passed":1,"failed":1}}""");
        var sick = await ReadAsync(engine);
        (sick.Stored.Status, sick.Stored.StatusReason).ShouldBe((ConnectionStatus.Unhealthy, "fake:read: denied. GRANT READ."));
        sick.Checks.ShouldBe([Passed, Failed]);

        engine.Platform.Checks = [Passed];
        (await CheckAsync(engine)).State.ShouldBe(JobState.Completed);
        var well = await ReadAsync(engine);
        (well.Stored.Status, well.Stored.StatusReason).ShouldBe((ConnectionStatus.Active, null));
        well.Checks.ShouldBe([Passed]);
    }

    [Fact]
    public async Task A_platform_that_can_not_be_asked_is_a_failed_check_too()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        engine.Platform.BeforeIdentify = _ => throw new PlatformException(PlatformFailure.CredentialsRejected, "The password is wrong.");

        (await CheckAsync(engine)).State.ShouldBe(JobState.Failed);
        var sick = await ReadAsync(engine);
        sick.Stored.Status.ShouldBe(ConnectionStatus.Unhealthy);
        sick.Stored.StatusReason.ShouldNotBeNull().ShouldContain("The password is wrong.");

        engine.Platform.BeforeIdentify = static _ => Task.CompletedTask;
        (await CheckAsync(engine)).State.ShouldBe(JobState.Completed);
        (await ReadAsync(engine)).Stored.Status.ShouldBe(ConnectionStatus.Inactive);
    }

    [Fact]
    public async Task Another_platform_behind_the_same_address_is_a_failed_check()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        engine.Platform.IdentityPrefix = "other";

        (await CheckAsync(engine)).Error.ShouldNotBeNull().ShouldContain("Another platform answers now");
        (await ReadAsync(engine)).Stored.Status.ShouldBe(ConnectionStatus.Unhealthy);
    }

    [Fact]
    public async Task What_a_failed_crawl_made_unhealthy_a_check_does_not_mend_and_what_a_check_found_a_crawl_does_not()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        engine.Platform.BeforePage = static (_, _, _) => throw new PlatformException(PlatformFailure.AccessDenied, "permission denied");
        (await engine.CrawlAsync("pg")).State.ShouldBe(JobState.Failed);
        (await CheckAsync(engine)).State.ShouldBe(JobState.Completed);
        (await ReadAsync(engine)).Stored.StatusReason.ShouldBe("permission denied");

        engine.Platform.BeforePage = static (_, _, _) => Task.CompletedTask;
        (await engine.CrawlAsync("pg")).State.ShouldBe(JobState.Completed);
        (await ReadAsync(engine)).Stored.Status.ShouldBe(ConnectionStatus.Inactive);

        engine.Platform.Checks = [Failed];
        await CheckAsync(engine);
        (await engine.CrawlAsync("pg")).State.ShouldBe(JobState.Completed);
        (await ReadAsync(engine)).Stored.Status.ShouldBe(ConnectionStatus.Unhealthy);
    }

    [Fact]
    public async Task When_a_crawl_and_a_check_have_both_failed_each_takes_back_its_own()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        engine.Platform.Checks = [Failed];
        await CheckAsync(engine);
        engine.Platform.BeforePage = static (_, _, _) => throw new PlatformException(PlatformFailure.AccessDenied, "permission denied");
        await engine.CrawlAsync("pg");

        engine.Platform.Checks = [Passed];
        await CheckAsync(engine);
        (await ReadAsync(engine)).Stored.StatusReason.ShouldBe("permission denied", "a check says nothing of the crawl");

        engine.Platform.Checks = [Failed];
        await CheckAsync(engine);
        (await ReadAsync(engine)).Stored.StatusReason.ShouldBe("permission denied");
        engine.Platform.BeforePage = static (_, _, _) => Task.CompletedTask;
        await engine.CrawlAsync("pg");
        (await ReadAsync(engine)).Stored.StatusReason.ShouldBe("fake:read: denied. GRANT READ.");

        engine.Platform.Checks = [Passed];
        await CheckAsync(engine);
        (await ReadAsync(engine)).Stored.Status.ShouldBe(ConnectionStatus.Inactive);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_throttled_platform_leaves_the_connection_as_it_was_and_the_checks_say_so(bool isSick)
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform(), options: Hasty);
        await engine.RegisterAndCrawlAsync(isActive: true);
        engine.Platform.Checks = isSick ? [Passed, Failed] : [Passed];
        await CheckAsync(engine);
        var before = await ReadAsync(engine);
        engine.Platform.BeforeIdentify = _ => throw new PlatformException(PlatformFailure.Throttled, "Too many requests.");

        for (var time = 0; time < 2; time++)
        {
            var job = await CheckAsync(engine);
            (job.State, job.Error, job.Attempts).ShouldBe((JobState.Failed, "Too many requests.", 2));
            var after = await ReadAsync(engine);
            (after.Stored.Status, after.Stored.StatusReason).ShouldBe((before.Stored.Status, before.Stored.StatusReason));
            after.Checks.SkipLast(1).ShouldBe(before.Checks);
            var note = after.Checks[^1];
            (note.Name, note.Status, note.Result).ShouldBe(("latest check", CheckStatus.Skipped, "not conclusive"));
            note.Message.ShouldNotBeNull().ShouldStartWith("Too many requests. That says nothing of the connection");
        }

        engine.Platform.BeforeIdentify = static _ => Task.CompletedTask;
        engine.Platform.Checks = [Passed];
        await CheckAsync(engine);
        var well = await ReadAsync(engine);
        (well.Stored.Status, well.Stored.StatusReason).ShouldBe((ConnectionStatus.Active, null));
        well.Checks.ShouldBe([Passed]);
    }

    [Fact]
    public async Task A_check_that_was_not_answered_just_now_leaves_what_was_seen_before()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        engine.Platform.Checks = [Passed, Failed];
        await CheckAsync(engine);

        engine.Platform.Checks = [Passed with { Status = CheckStatus.Failed, IsInconclusive = true }, Failed with { Status = CheckStatus.Skipped, IsInconclusive = true }];
        (await CheckAsync(engine)).State.ShouldBe(JobState.Completed);
        var open = await ReadAsync(engine);
        open.Stored.StatusReason.ShouldBe("fake:read: denied. GRANT READ.");
        open.Checks.SkipLast(1).ShouldBe([Passed, Failed]);
        open.Checks[^1].Message.ShouldNotBeNull().ShouldStartWith("The platform did not answer for fake:login, fake:read.");

        engine.Platform.Checks = [Passed, Failed with { Status = CheckStatus.Skipped }];
        await CheckAsync(engine);
        (await ReadAsync(engine)).Stored.Status.ShouldBe(ConnectionStatus.Inactive, "what is skipped for a reason is not open");
    }

    [Theory]
    [InlineData(PlatformFailure.Throttled, 31, true)]
    [InlineData(PlatformFailure.Throttled, 29, false)]
    [InlineData(PlatformFailure.CredentialsRejected, 31, false)]
    [InlineData(PlatformFailure.CredentialsRejected, 61, true)]
    public async Task A_check_that_told_nothing_is_made_again_in_half_the_time(PlatformFailure failure, int minutes, bool isDue)
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform(), options: Hasty);
        await engine.RegisterAndCrawlAsync();
        engine.Platform.BeforeIdentify = _ => throw new PlatformException(failure, "No.");
        await CheckAsync(engine);
        var now = TimeProvider.System.GetUtcNow();
        var connection = (await ReadAsync(engine)).Stored with { CreatedAt = now.AddDays(-1) };

        await engine.Get<HealthChecks>().AddDueAsync([connection], now.AddMinutes(minutes), default);

        (await engine.Jobs.SearchAsync(new JobQuery { Type = JobTypes.HealthCheck }, EngineHost.Admin, default)).Jobs.Count.ShouldBe(isDue ? 2 : 1);
    }

    [Fact]
    public async Task A_platform_that_shows_more_of_itself_than_before_is_the_same()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform { IdentityPrefix = "" });
        await engine.RegisterAndCrawlAsync();
        engine.Platform.IdentityPrefix = "7123";

        (await CheckAsync(engine)).State.ShouldBe(JobState.Completed);
        (await ReadAsync(engine)).Stored.Status.ShouldBe(ConnectionStatus.Inactive);
    }

    [Fact]
    public async Task A_check_that_waits_is_enough_for_whoever_asks_again()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        engine.Platform.BeforeIdentify = _ =>
        {
            reached.TrySetResult();
            return go.Task;
        };
        var running = await AskAsync(engine);
        await reached.Task;

        var waiting = await AskAsync(engine);
        (await AskAsync(engine)).BulkId.ShouldBe(waiting.BulkId);
        waiting.BulkId.ShouldNotBe(running.BulkId);

        go.SetResult();
        (await engine.WaitAsync(waiting)).State.ShouldBe(JobState.Completed);
    }

    [Fact]
    public async Task Checks_are_made_again_by_themselves()
    {
        var options = new EngineOptions { HealthCheckEvery = TimeSpan.FromMilliseconds(1), PollInterval = TimeSpan.FromMilliseconds(50) };
        await using var engine = await EngineHost.StartAsync(new FakePlatform(), options: options);
        await engine.RegisterAndCrawlAsync();

        var check = await engine.UntilAsync(JobTypes.HealthCheck);

        (check.State, check.RequestedBy).ShouldBe((JobState.Completed, "system"));
    }

    private static async Task<StoredJob> CheckAsync(EngineHost engine) =>
        await engine.WaitAsync(await AskAsync(engine));

    private static Task<Accepted> AskAsync(EngineHost engine) => engine.Connections.CheckAsync("pg", EngineHost.Admin, CancellationToken.None);

    private static Task<ConnectionView> ReadAsync(EngineHost engine) => engine.Connections.ReadAsync("pg", EngineHost.Admin, CancellationToken.None);
}
