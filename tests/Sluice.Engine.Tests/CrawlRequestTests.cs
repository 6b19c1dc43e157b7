using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Engine.Errors;
using Sluice.Storage.Jobs;

namespace Sluice.Engine.Tests;

/// <summary>What a request for a crawl asks for, and what it may not.</summary>
public sealed class CrawlRequestTests
{
    private static readonly ObjectPath Root = new("pg");

    [Fact]
    public async Task Any_number_of_requests_while_a_crawl_runs_make_one_more()
    {
        var go = new TaskCompletionSource();
        var running = new TaskCompletionSource();
        var platform = new FakePlatform();
        platform.Add("db0");
        await using var engine = await EngineHost.StartAsync(platform);
        await engine.RegisterAndCrawlAsync();
        platform.BeforePage = (_, _, _) =>
        {
            running.TrySetResult();
            return go.Task;
        };
        var first = await CrawlAsync(engine);
        await running.Task;

        var later = new List<Guid>();
        for (var i = 0; i < 20; i++) later.Add((await CrawlAsync(engine)).BulkId);
        go.SetResult();

        later.Distinct().ShouldHaveSingleItem().ShouldNotBe(first.BulkId);
        (await engine.WaitAsync(new(Root, later[0]))).State.ShouldBe(JobState.Completed);
    }

    [Fact]
    public async Task The_permission_is_looked_at_before_the_body()
    {
        await using var engine = await EngineHost.StartAsync(new FakePlatform());
        await engine.RegisterAndCrawlAsync();
        var wish = EngineHost.Json("""{"forceRecursiveCrawl": true}""");
        var nobody = new Caller("bob", "Bob", null, new HashSet<string>());

        var refused = await Should.ThrowAsync<RequestRefusedException>(() => engine.Catalog.CrawlAsync(Root, wish, null, nobody, default));
        var searched = await Should.ThrowAsync<RequestRefusedException>(() => engine.Catalog.SearchAsync(Root, wish, nobody, default));
        var wrong = await Should.ThrowAsync<RequestRefusedException>(() => engine.Catalog.CrawlAsync(Root, wish, null, EngineHost.Admin, default));

        refused.Code.ShouldBe(ErrorCode.Forbidden);
        searched.Code.ShouldBe(ErrorCode.Forbidden);
        wrong.Problems!.ShouldHaveSingleItem().Path.ShouldBe("$.forceRecursiveCrawl");
    }

    [Fact]
    public async Task An_old_revision_neither_crawls_nor_deletes_nor_changes_anything()
    {
        var platform = new FakePlatform();
        platform.Add("db0");
        await using var engine = await EngineHost.StartAsync(platform);
        await engine.RegisterAndCrawlAsync();
        var path = Root.Child("db0");
        var old = (await engine.ReadAsync("pg")).Revision;
        var active = EngineHost.Json("""{"isActive": true}""");
        await engine.WaitAsync((await engine.Catalog.ChangeSettingsAsync(path, active, [old], EngineHost.Admin, default)).Accepted);

        foreach (var call in new Func<Task>[]
        {
            () => engine.Catalog.CrawlAsync(path, default, [old], EngineHost.Admin, default),
            () => engine.Catalog.ChangeSettingsAsync(path, active, [old], EngineHost.Admin, default),
            () => engine.Catalog.DeleteAsync(path, [old], EngineHost.Admin, default),
            () => engine.Catalog.DeleteAsync(Root, [old], EngineHost.Admin, default),
        })
        {
            (await Should.ThrowAsync<RequestRefusedException>(call)).Code.ShouldBe(ErrorCode.RevisionChanged);
        }

        (await engine.Catalog.DeleteAsync(path, [0, old + 1], EngineHost.Admin, default)).ChildCount.ShouldBe(0);
    }

    private static Task<Connections.Accepted> CrawlAsync(EngineHost engine) => engine.Catalog.CrawlAsync(Root, default, null, EngineHost.Admin, default);
}
