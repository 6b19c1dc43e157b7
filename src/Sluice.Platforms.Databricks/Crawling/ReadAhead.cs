using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Sluice.Platforms.Databricks.Crawling;

/// <summary>Reads pages before they are asked for.</summary>
internal static class ReadAhead
{
    /// <summary>The same pages, up to so many of them ahead. Whoever stops taking them stops the reading.</summary>
    public static async IAsyncEnumerable<T> Ahead<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> read, int pages, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Start(read, pages, ended.Token);
        try
        {
            await foreach (var page in reading.Pages.ReadAllAsync(cancellationToken)) yield return page;
        }
        finally
        {
            await ended.CancelAsync();
            await reading.Ended;
        }
    }

    /// <summary>Starts reading; the failure that ends it stands in place of a page, and the task never fails.</summary>
    public static (ChannelReader<T> Pages, Task Ended) Start<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> read, int pages, CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(pages) { SingleReader = true, SingleWriter = true });
        var ended = Task.Run(
            async () =>
            {
                try
                {
                    await foreach (var page in read(cancellationToken)) await channel.Writer.WriteAsync(page, cancellationToken);
                    channel.Writer.Complete();
                }
                catch (Exception e)
                {
                    channel.Writer.Complete(e);
                }
            },
            CancellationToken.None);
        return (channel.Reader, ended);
    }
}
