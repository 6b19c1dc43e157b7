using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Jobs;
using Sluice.Testing;

namespace Sluice.Engine.Tests;

/// <summary>Listings of the kinds that only odd platforms have.</summary>
public sealed class ListingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_object_whose_name_can_not_be_stored_is_passed_over_and_stops_no_other(bool isPostgreSql)
    {
        var own = isPostgreSql ? await (await Requires.PostgreSqlAsync()).CreateDatabaseAsync(TestContext.Current.CancellationToken) : null;
        var platform = new FakePlatform();
        foreach (var path in (string[])["db0", "db0/a", "db0/b", "db0/gone", "odd\0", "odd\0/t"]) platform.Add(path);
        await using var engine = await EngineHost.StartAsync(platform, postgreSql: own);
        var first = await engine.RegisterAndCrawlAsync(isActive: true);
        first.State.ShouldBe(JobState.Completed, first.Error);
        first.OutputJson.ShouldNotBeNull().ShouldContain("passed over: its name holds a NUL character");
        (await engine.PresentAsync()).ShouldBe(["db0", "db0/a", "db0/b", "db0/gone"]);

        // b is renamed to what can't be stored: it is there still. What is gone is gone.
        platform.Remote.TryRemove("db0/b", out var b);
        platform.Remote["db0/\0"] = b!;
        platform.Remote["db0/\ud800"] = b! with { NativeId = "nobody's" };
        platform.Remote[$"db0/{new string('x', ObjectPath.MaxNameLength + 1)}"] = b! with { NativeId = "nobody's either" };
        platform.Remote.TryRemove("db0/gone", out _);
        platform.Add("db0/z");
        var second = await engine.CrawlAsync("pg");

        second.State.ShouldBe(JobState.Completed, second.Error);
        (await engine.PresentAsync()).ShouldBe(["db0", "db0/a", "db0/b", "db0/z"]);
        (await engine.ReadAsync("pg", "db0", "b")).IsActive.ShouldBeTrue();
    }

    [Fact]
    public async Task However_fast_pages_come_a_write_holds_a_few_of_them()
    {
        var platform = new FakePlatform { PageSize = 1 };
        platform.Add("db0");
        for (var t = 0; t < 300; t++) platform.Add($"db0/t{t:000}");
        var writes = new ConcurrentQueue<CrawlWrite>();
        await using var engine = await EngineHost.StartAsync(platform, replace: services =>
        {
            var real = services.Single(d => d.ServiceType == typeof(ICatalogStore)).ImplementationType!;
            services.AddSingleton(s => RecordedCatalog.Over((ICatalogStore)ActivatorUtilities.CreateInstance(s, real), writes));
        });

        (await engine.RegisterAndCrawlAsync()).State.ShouldBe(JobState.Completed);

        writes.Sum(w => w.Counts.Found).ShouldBe(301);
        writes.Max(w => w.Counts.Found).ShouldBeLessThanOrEqualTo(16);
    }

    /// <summary>Passes every call on, and remembers what was written.</summary>
    private class RecordedCatalog : DispatchProxy
    {
        private ICatalogStore _catalog = null!;
        private ConcurrentQueue<CrawlWrite> _writes = null!;

        public static ICatalogStore Over(ICatalogStore catalog, ConcurrentQueue<CrawlWrite> writes)
        {
            var proxy = Create<ICatalogStore, RecordedCatalog>();
            ((RecordedCatalog)proxy)._catalog = catalog;
            ((RecordedCatalog)proxy)._writes = writes;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            foreach (var write in args!.OfType<CrawlWrite>()) _writes.Enqueue(write);
            return targetMethod!.Invoke(_catalog, args);
        }
    }
}
