using Sluice.Core.Catalog;
using Sluice.Engine.Errors;
using Sluice.Engine.Jobs;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

public sealed class CrawlTests
{
    private static FakePlatform Platform(int databases = 2, int tables = 7)
    {
        var platform = new FakePlatform();
        for (var d = 0; d < databases; d++)
        {
            platform.Add($"db{d}");
            for (var t = 0; t < tables; t++) platform.Add($"db{d}/t{t}");
        }

        return platform;
    }

    [Fact]
    public async Task A_registration_crawls_everything_and_the_connection_becomes_inactive()
    {
        await using var engine = await EngineHost.StartAsync(Platform());
        var job = await engine.RegisterAndCrawlAsync();

        job.State.ShouldBe(JobState.Completed, job.Error);
        (await engine.PresentAsync()).ShouldBe(engine.Platform.Remote.Keys.Order(StringComparer.Ordinal));
        var view = await engine.Connections.ReadAsync("PG", EngineHost.Admin, CancellationToken.None);
        view.Stored.Status.ShouldBe(ConnectionStatus.Inactive);
        job.ProgressDone.ShouldBe(job.ProgressTotal);
        (await engine.ReadAsync("pg", "db0", "t3")).Columns.Select(c => c.Column.Name).ShouldBe(["id", "name"]);
    }

    [Fact]
    public async Task Crawling_twice_changes_nothing()
    {
        await using var engine = await EngineHost.StartAsync(Platform());
        await engine.RegisterAndCrawlAsync();
        var before = (await engine.TreeAsync()).Select(o => (o.Object.Id, o.Object.Path.ToString())).ToList();

        var job = await engine.CrawlAsync("pg");

        job.OutputJson.ShouldNotBeNull().ShouldContain("\"added\":0");
        job.OutputJson.ShouldContain("\"updated\":0");
        (await engine.TreeAsync()).Select(o => (o.Object.Id, o.Object.Path.ToString())).ShouldBe(before);
    }

    [Fact]
    public async Task A_dropped_table_is_missing_and_comes_back_whole()
    {
        await using var engine = await EngineHost.StartAsync(Platform());
        await engine.RegisterAndCrawlAsync();
        var path = new ObjectPath("pg", "db0", "t1");
        await engine.WaitAsync((await engine.Catalog.ChangeSettingsAsync(path, EngineHost.Json("""{"isActive": true}"""), null, EngineHost.Admin, default)).Accepted);
        var before = await engine.ReadAsync("pg", "db0", "t1");
        before.DataSource.ShouldNotBeNull().Name.ShouldBe("pg.db0.t1");

        engine.Platform.Remote.TryRemove("db0/t1", out var remote).ShouldBeTrue();
        await engine.CrawlAsync("pg", "db0");
        var gone = await engine.ReadAsync("pg", "db0", "t1");
        gone.IsActive.ShouldBeFalse();
        gone.DataSource.ShouldBeNull();
        gone.Object.Overrides.IsActive.ShouldBe(true);

        engine.Platform.Remote["db0/t1"] = remote;
        await engine.CrawlAsync("pg", "db0");
        var back = await engine.ReadAsync("pg", "db0", "t1");
        back.Object.Id.ShouldBe(before.Object.Id);
        back.DataSource.ShouldBe(before.DataSource);
    }

    [Fact]
    public async Task A_table_read_alone_is_updated_or_missing_alone()
    {
        await using var engine = await EngineHost.StartAsync(Platform());
        await engine.RegisterAndCrawlAsync();
        engine.Platform.Remote.Clear();

        (await engine.CrawlAsync("pg", "db0", "t1")).State.ShouldBe(JobState.Completed);

        var tree = await engine.TreeAsync();
        tree.Where(o => o.Object.MissingSince is not null).Select(o => o.Object.Path.ToString()).ShouldBe(["pg/db0/t1"]);
    }

    [Fact]
    public async Task A_listing_that_breaks_off_marks_nothing_missing_and_is_tried_again()
    {
        await using var engine = await EngineHost.StartAsync(Platform(databases: 1));
        await engine.RegisterAndCrawlAsync();
        engine.Platform.Remote.TryRemove("db0/t0", out _);
        var failures = 2;
        engine.Platform.BeforePage = (container, at, _) =>
            container == "db0" && at >= 3 && Interlocked.Decrement(ref failures) >= 0
                ? throw new PlatformException(PlatformFailure.Unavailable, "The platform is unwell.")
                : Task.CompletedTask;

        var job = await engine.CrawlAsync("pg");

        job.State.ShouldBe(JobState.Completed, job.Error);
        job.Attempts.ShouldBe(3);
        (await engine.PresentAsync()).ShouldNotContain("db0/t0");
        (await engine.PresentAsync()).Count.ShouldBe(7);
    }

    [Fact]
    public async Task A_refusal_fails_the_job_at_once_and_the_connection_says_why()
    {
        await using var engine = await EngineHost.StartAsync(Platform());
        await engine.RegisterAndCrawlAsync();
        engine.Platform.BeforePage = (_, _, _) => throw new PlatformException(PlatformFailure.AccessDenied, "permission denied for pg_class");

        var job = await engine.CrawlAsync("pg");

        job.State.ShouldBe(JobState.Failed);
        job.Attempts.ShouldBe(1);
        job.Error.ShouldBe("permission denied for pg_class");
        var view = await engine.Connections.ReadAsync("pg", EngineHost.Admin, CancellationToken.None);
        view.Stored.Status.ShouldBe(ConnectionStatus.Unhealthy);
        view.Stored.StatusReason.ShouldBe("permission denied for pg_class");
        (await engine.PresentAsync()).Count.ShouldBe(16);
    }

    [Fact]
    public async Task A_stopped_server_goes_on_after_the_last_stored_page()
    {
        var platform = Platform(databases: 1, tables: 9);
        var reached = new TaskCompletionSource();
        platform.BeforePage = async (container, at, token) =>
        {
            if (container != "db0" || at != 6) return;
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        var first = await EngineHost.StartAsync(platform);
        var accepted = await first.RegisterAsync();
        await reached.Task;
        await first.DisposeAsync();

        platform.BeforePage = static (_, _, _) => Task.CompletedTask;
        platform.Listings.Clear();
        await using var second = await EngineHost.StartAsync(platform, first.Directory);
        var job = await second.WaitAsync(accepted);

        job.State.ShouldBe(JobState.Completed, job.Error);
        platform.Listings.ShouldBe([("db0", "6")]);
        (await second.PresentAsync()).ShouldBe(platform.Remote.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_running_job_can_be_cancelled_and_keeps_what_it_read()
    {
        var platform = Platform(databases: 1, tables: 9);
        var reached = new TaskCompletionSource();
        platform.BeforePage = async (container, at, token) =>
        {
            if (container != "db0" || at != 6) return;
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        await using var engine = await EngineHost.StartAsync(platform);
        var accepted = await engine.RegisterAsync();
        await reached.Task;
        var running = (await engine.Jobs.ListAsync(accepted.BulkId, EngineHost.Admin, default)).Single();

        await engine.Jobs.CancelAsync(running.Id, EngineHost.Admin, default);
        var job = await engine.WaitAsync(accepted);

        job.State.ShouldBe(JobState.Cancelled);
        (await engine.PresentAsync()).Count.ShouldBe(7);
        await Should.ThrowAsync<RequestRefusedException>(() => engine.Jobs.CancelAsync(running.Id, EngineHost.Admin, default));
    }

    [Fact]
    public async Task Deleting_a_connection_stops_its_crawl_and_leaves_nothing()
    {
        var platform = Platform(databases: 1, tables: 9);
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        platform.BeforePage = async (container, at, _) =>
        {
            if (container != "db0" || at != 6) return;
            reached.TrySetResult();
            await release.Task;
        };
        await using var engine = await EngineHost.StartAsync(platform);
        var accepted = await engine.RegisterAsync();
        await reached.Task;
        await engine.UntilPresentAsync(7);

        var deleted = await engine.Catalog.DeleteAsync(new ObjectPath("pg"), null, EngineHost.Admin, default);
        release.SetResult();

        deleted.ChildCount.ShouldBe(7);
        (await engine.WaitAsync(accepted)).State.ShouldBe(JobState.Cancelled);
        (await Should.ThrowAsync<RequestRefusedException>(() => engine.ReadAsync("pg"))).Code.ShouldBe(ErrorCode.NotFound);

        // The key and the platform are free again.
        platform.BeforePage = static (_, _, _) => Task.CompletedTask;
        (await engine.RegisterAndCrawlAsync()).State.ShouldBe(JobState.Completed);
        (await engine.PresentAsync()).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Without_forceRecursiveCrawl_only_active_objects_are_entered_and_nothing_else_is_marked_missing()
    {
        await using var engine = await EngineHost.StartAsync(Platform());
        await engine.RegisterAndCrawlAsync(force: false);
        (await engine.PresentAsync()).ShouldBe(["db0", "db1"]);

        var activation = await engine.Catalog.ChangeSettingsAsync(
            new ObjectPath("pg", "db0"), EngineHost.Json("""{"isActive": true}"""), null, EngineHost.Admin, default);
        await engine.WaitAsync(activation.Accepted);
        (await engine.PresentAsync()).Count.ShouldBe(9);

        engine.Platform.Remote.TryRemove("db0/t0", out _);
        var deactivation = await engine.Catalog.ChangeSettingsAsync(
            new ObjectPath("pg", "db0"), EngineHost.Json("""{"isActive": false}"""), null, EngineHost.Admin, default);
        await engine.WaitAsync(deactivation.Accepted);
        await engine.CrawlAsync("pg");
        (await engine.PresentAsync()).ShouldContain("db0/t0");
    }

    [Fact]
    public async Task What_the_platform_does_not_govern_stays_inactive_with_its_reason_and_is_counted()
    {
        var platform = Platform(databases: 1, tables: 2);
        platform.Add("db0/iam", governance: Governance.Ungoverned);
        platform.Add("db0/dark", governance: Governance.Unknown);
        await using var engine = await EngineHost.StartAsync(platform);
        var job = await engine.RegisterAndCrawlAsync(isActive: true);

        job.OutputJson.ShouldNotBeNull().ShouldContain("\"heldBack\":{\"ungoverned\":1,\"unknown\":1}");
        var held = await engine.ReadAsync("pg", "db0", "iam");
        held.IsActive.ShouldBeFalse();
        held.InactiveReason.ShouldBe("left under IAM access control");
        (await engine.ReadAsync("pg", "db0", "t0")).IsActive.ShouldBeTrue();
    }

    [Fact]
    public async Task Active_objects_are_checked_for_new_columns_by_themselves_and_inactive_ones_are_not_entered()
    {
        var platform = Platform(databases: 2, tables: 2);
        var options = new EngineOptions { ColumnCheckEvery = TimeSpan.FromMilliseconds(1), PollInterval = TimeSpan.FromMilliseconds(50) };
        await using var engine = await EngineHost.StartAsync(platform, options: options);
        await engine.RegisterAndCrawlAsync();
        var before = (await engine.Get<IConnectionStore>().FindAsync("pg", default))!.NextSyncAt;
        platform.Listings.Clear();
        await engine.WaitAsync((await engine.Catalog.ChangeSettingsAsync(
            new ObjectPath("pg", "db1"), EngineHost.Json("""{"isActive": true}"""), null, EngineHost.Admin, default)).Accepted);

        var check = await engine.UntilAsync(JobTypes.ColumnCheck);

        check.State.ShouldBe(JobState.Completed, check.Error);
        platform.Listings.Select(l => l.Container).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(["", "db1"]);
        (await engine.Get<IConnectionStore>().FindAsync("pg", default))!.NextSyncAt.ShouldBe(before, "a check must not put the full sync off");
    }

    [Fact]
    public async Task One_database_that_may_not_be_read_keeps_no_other_from_being_read_and_loses_nothing()
    {
        await using var engine = await EngineHost.StartAsync(Platform(databases: 3, tables: 4));
        await engine.RegisterAndCrawlAsync();
        engine.Platform.Remote.TryRemove("db2/t0", out _);
        engine.Platform.Remote.TryRemove("db1/t0", out _);
        engine.Platform.BeforePage = (container, _, _) =>
            container == "db1" ? throw new PlatformException(PlatformFailure.AccessDenied, "permission denied for database db1") : Task.CompletedTask;

        var job = await engine.CrawlAsync("pg");

        job.State.ShouldBe(JobState.Completed, job.Error);
        job.OutputJson.ShouldNotBeNull().ShouldContain("permission denied for database db1");
        var present = await engine.PresentAsync();
        present.ShouldNotContain("db2/t0");
        present.ShouldContain("db1/t0", "a database that was not read loses nothing");
    }

    [Fact]
    public async Task A_crawl_that_may_read_no_database_fails()
    {
        await using var engine = await EngineHost.StartAsync(Platform());
        await engine.RegisterAndCrawlAsync();
        engine.Platform.BeforePage = (container, _, _) =>
            container.Length > 0 ? throw new PlatformException(PlatformFailure.AccessDenied, "permission denied") : Task.CompletedTask;

        (await engine.CrawlAsync("pg")).State.ShouldBe(JobState.Failed);
    }

    [Fact]
    public async Task What_was_inactive_inside_a_container_stays_inactive_when_the_container_is_made_anew()
    {
        await using var engine = await EngineHost.StartAsync(Platform(databases: 1, tables: 7));
        await engine.RegisterAndCrawlAsync();
        await SetAsync(engine, """{"isActive": true}""", "pg", "db0");
        await SetAsync(engine, """{"isActive": false, "dataOwners": ["bob"]}""", "pg", "db0", "t5");
        var before = await engine.ReadAsync("pg", "db0");

        // Dropped and made again, with all its tables: every native id is another.
        foreach (var path in engine.Platform.Remote.Keys) engine.Platform.Add(path, nativeId: $"again:{path}");
        await engine.CrawlAsync("pg");

        (await engine.ReadAsync("pg", "db0")).Object.Id.ShouldNotBe(before.Object.Id);
        (await engine.ReadAsync("pg", "db0", "t4")).IsActive.ShouldBeTrue();
        var table = await engine.ReadAsync("pg", "db0", "t5");
        table.IsActive.ShouldBeFalse();
        table.Object.Overrides.DataOwners.ShouldBe(["bob"]);

        // And once more, when the first replacement is itself replaced.
        foreach (var path in engine.Platform.Remote.Keys) engine.Platform.Add(path, nativeId: $"third:{path}");
        await engine.CrawlAsync("pg");
        (await engine.ReadAsync("pg", "db0", "t5")).IsActive.ShouldBeFalse();

        static async Task SetAsync(EngineHost engine, string settings, params string[] path) => await engine.WaitAsync(
            (await engine.Catalog.ChangeSettingsAsync(new ObjectPath(path), EngineHost.Json(settings), null, EngineHost.Admin, default)).Accepted);
    }

    [Fact]
    public async Task A_table_dropped_between_an_interrupted_listing_and_its_repetition_is_missing()
    {
        var platform = Platform(databases: 1, tables: 9);
        await using var engine = await EngineHost.StartAsync(platform);
        await engine.RegisterAndCrawlAsync();

        // A rename on the first page holds the unit back, so that the failed run is repeated from its first page.
        platform.Remote.TryRemove("db0/t8", out var renamed);
        platform.Remote["db0/a-renamed"] = renamed!;
        var failures = 1;
        platform.BeforePage = (container, at, _) =>
        {
            if (container != "db0" || at < 6 || Interlocked.Decrement(ref failures) < 0) return Task.CompletedTask;
            platform.Remote.TryRemove("db0/t0", out FakePlatform.RemoteObject? _);
            throw new PlatformException(PlatformFailure.Unavailable, "The platform is unwell.");
        };

        var job = await engine.CrawlAsync("pg");

        job.State.ShouldBe(JobState.Completed, job.Error);
        (await engine.PresentAsync()).ShouldBe(platform.Remote.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Settings_based_on_an_old_read_are_refused()
    {
        await using var engine = await EngineHost.StartAsync(Platform());
        await engine.RegisterAndCrawlAsync();
        var read = await engine.ReadAsync("pg", "db0");
        var active = EngineHost.Json("""{"isActive": true}""");

        await engine.WaitAsync((await engine.Catalog.ChangeSettingsAsync(read.Object.Path, active, [read.Revision], EngineHost.Admin, default)).Accepted);
        var refusal = await Should.ThrowAsync<RequestRefusedException>(() =>
            engine.Catalog.ChangeSettingsAsync(read.Object.Path, EngineHost.Json("""{"isActive": false}"""), [read.Revision], EngineHost.Admin, default));

        refusal.Code.ShouldBe(ErrorCode.RevisionChanged);
        (await engine.ReadAsync("pg", "db0")).IsActive.ShouldBeTrue();
    }
}
