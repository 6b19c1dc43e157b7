using Sluice.Core.Catalog;
using Sluice.Engine.Crawling;
using Sluice.Platforms;

namespace Sluice.Engine.Tests;

public sealed class PageQueueTests
{
    [Fact]
    public async Task No_more_objects_wait_than_are_allowed()
    {
        var queue = new PageQueue(mostObjects: 10);
        await queue.AddAsync(Page(6), Ending);
        await queue.AddAsync(Page(4), Ending);

        var third = queue.AddAsync(Page(3), Ending).AsTask();
        third.IsCompleted.ShouldBeFalse();
        queue.TryTake(out _).ShouldBeTrue();

        await third.WaitAsync(Ending);
    }

    [Fact]
    public async Task A_page_larger_than_all_that_may_wait_waits_alone()
    {
        var queue = new PageQueue(mostObjects: 10);
        await queue.AddAsync(Page(50), Ending);

        var second = queue.AddAsync(Page(1), Ending).AsTask();
        second.IsCompleted.ShouldBeFalse();
        queue.TryTake(out _).ShouldBeTrue();

        await second.WaitAsync(Ending);
    }

    [Fact]
    public async Task Pages_come_out_in_order_and_then_the_end()
    {
        var queue = new PageQueue(mostObjects: 3);
        var adding = Task.Run(
            async () =>
            {
                for (var i = 0; i < 1000; i++) await queue.AddAsync(Page(i % 5), Ending);
                queue.Complete();
            },
            Ending);

        var sizes = new List<int>();
        while (await queue.WaitAsync(Ending))
            while (queue.TryTake(out var page)) sizes.Add(page.Objects.Count);

        await adding;
        sizes.ShouldBe(Enumerable.Range(0, 1000).Select(i => i % 5));
    }

    [Fact]
    public async Task Whoever_waits_for_room_can_give_up()
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var queue = new PageQueue(mostObjects: 1);
        await queue.AddAsync(Page(1), ending.Token);
        var second = queue.AddAsync(Page(1), ending.Token).AsTask();

        await ending.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(second);
    }

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    private static CrawlPage Page(int objects) => new()
    {
        Objects = [.. Enumerable.Range(0, objects).Select(i => new DiscoveredObject { Path = new ObjectPath("key", $"db{i}"), Kind = ObjectKind.Database })],
    };
}
