using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Sluice.Platforms;

namespace Sluice.Engine.Crawling;

/// <summary>
/// The pages of a unit that were read and wait to be written: one, or several that hold no more objects than are allowed, so that memory stays bounded
/// however large a platform makes its pages. For one reader and one writer.
/// </summary>
internal sealed class PageQueue(int mostObjects)
{
    private readonly Channel<CrawlPage> _pages = Channel.CreateUnbounded<CrawlPage>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Lock _gate = new();
    private int _waiting;
    private int _objects;
    private TaskCompletionSource? _room;

    /// <summary>Adds a page, once there is room for it.</summary>
    public async ValueTask AddAsync(CrawlPage page, CancellationToken cancellationToken)
    {
        while (!TryEnter(page, out var room)) await room.WaitAsync(cancellationToken);
        _pages.Writer.TryWrite(page);
    }

    /// <summary>No page follows.</summary>
    public void Complete() => _pages.Writer.Complete();

    /// <summary>Waits for a page; false when none follows.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _pages.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes a page that waits.</summary>
    public bool TryTake([NotNullWhen(true)] out CrawlPage? page)
    {
        if (!_pages.Reader.TryRead(out page)) return false;
        lock (_gate)
        {
            _waiting--;
            _objects -= SizeOf(page);
            _room?.SetResult();
            _room = null;
        }

        return true;
    }

    private bool TryEnter(CrawlPage page, out Task room)
    {
        lock (_gate)
        {
            var isFull = _waiting > 0 && _objects + SizeOf(page) > mostObjects;
            if (isFull) _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            else (_waiting, _objects) = (_waiting + 1, _objects + SizeOf(page));
            room = _room?.Task ?? Task.CompletedTask;
            return !isFull;
        }
    }

    private static int SizeOf(CrawlPage page) => page.Objects.Count + page.Unchanged.Count;
}
