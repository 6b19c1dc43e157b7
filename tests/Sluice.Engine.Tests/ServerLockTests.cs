using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sluice.Core.Catalog;
using Sluice.Storage;
using Sluice.Storage.Jobs;
using Sluice.Storage.Server;
using Sluice.Testing;

namespace Sluice.Engine.Tests;

public sealed class ServerLockTests
{
    [Fact]
    public async Task A_second_server_does_not_start_on_the_database_of_the_first()
    {
        var cluster = await Requires.PostgreSqlAsync();
        var database = await cluster.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        var platform = new FakePlatform();
        platform.Add("db0");
        platform.Add("db0/t0");
        await using var one = await EngineHost.StartAsync(platform, postgreSql: database);

        await Should.ThrowAsync<DatabaseTakenException>(() => EngineHost.StartAsync(platform, postgreSql: database));

        var job = await one.RegisterAndCrawlAsync();
        job.State.ShouldBe(JobState.Completed, job.Error);
        job.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_not_sure_of_its_database_begins_no_job_until_it_is()
    {
        var server = new SwitchedLock();
        var options = new EngineOptions { PollInterval = TimeSpan.FromMilliseconds(20) };
        await using var engine = await EngineHost.StartAsync(
            new FakePlatform(), options: options, replace: services => services.Replace(ServiceDescriptor.Singleton<IServerLock>(server)));
        await engine.RegisterAndCrawlAsync();
        server.IsHeld = false;
        var asked = await engine.Catalog.CrawlAsync(new ObjectPath("pg"), default, null, EngineHost.Admin, default);

        // The pump looks again and again; the worker that the request woke has looked as well.
        await server.UntilAskedAsync(10);
        (await engine.Jobs.ListAsync(asked.BulkId, EngineHost.Admin, default)).Single().State.ShouldBe(JobState.Created);

        server.IsHeld = true;
        (await engine.WaitAsync(asked)).State.ShouldBe(JobState.Completed);
    }

    private sealed class SwitchedLock : IServerLock
    {
        private volatile bool _isHeld = true;
        private int _asked;

        public bool IsHeld
        {
            get
            {
                Interlocked.Increment(ref _asked);
                return _isHeld;
            }

            set => _isHeld = value;
        }

        public bool IsLost => false;

        public Task TakeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task KeepAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

        public async Task UntilAskedAsync(int times)
        {
            var from = Volatile.Read(ref _asked);
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (Volatile.Read(ref _asked) < from + times) await look.WaitForNextTickAsync();
        }
    }
}
