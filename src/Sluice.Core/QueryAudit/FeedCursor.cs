namespace Sluice.Core.QueryAudit;

/// <summary>A stretch of the source's time, read at a moment.</summary>
/// <param name="From">The first moment in it.</param>
/// <param name="To">The first moment behind it.</param>
/// <param name="ReadAt">When the reading began: what the source showed then is seen.</param>
public readonly record struct FeedWindow(DateTimeOffset From, DateTimeOffset To, DateTimeOffset ReadAt)
{
    /// <summary>Whether there is nothing to read: a clock was set back.</summary>
    public bool IsEmpty => From >= To;

    /// <summary>Whether nothing is left behind it.</summary>
    public bool IsLast => To >= ReadAt;
}

/// <summary>
/// How far a feed was taken from a source that shows its events late, in any order and more than once. Each event that the source shows within lag and overlap
/// is taken exactly once; a later one at most once. Whoever keeps it stores two things in one transaction with the events: it, and the ids of what was taken,
/// which it may forget once they stand before <see cref="RemembersFrom"/>.
/// </summary>
/// <param name="Since">Nothing before it is wanted.</param>
/// <param name="Watermark">All before it was shown, and is taken.</param>
public sealed record FeedCursor(DateTimeOffset Since, DateTimeOffset Watermark)
{
    /// <summary>A feed of which nothing was taken yet.</summary>
    public static FeedCursor StartingAt(DateTimeOffset since) => new(since, since);

    /// <summary>The ids of events from here on must be remembered: they may be shown again.</summary>
    public DateTimeOffset RemembersFrom(FeedTiming timing)
    {
        var from = Watermark - timing.Overlap;
        return from > Since ? from : Since;
    }

    /// <summary>What to read next.</summary>
    public FeedWindow Next(FeedTiming timing, DateTimeOffset now)
    {
        var most = Watermark + timing.Stretch;
        return new FeedWindow(RemembersFrom(timing), most < now ? most : now, now);
    }

    /// <summary>The new events of a page: in the window, told whole or past the lag, and not taken before. In the page's order, each once.</summary>
    /// <param name="window">What was read.</param>
    /// <param name="timing">Of the source.</param>
    /// <param name="page">What the source showed, some of it perhaps twice.</param>
    /// <param name="isTaken">Whether an event of that id was taken before.</param>
    public static IReadOnlyList<T> Take<T>(FeedWindow window, FeedTiming timing, IEnumerable<T> page, Func<string, bool> isTaken) where T : IFeedEvent
    {
        var taken = new List<T>();
        var here = new HashSet<string>(StringComparer.Ordinal);
        foreach (var each in page)
        {
            if (each.At < window.From || each.At >= window.To) continue;
            if (!each.IsComplete && each.At >= window.ReadAt - timing.Lag) continue;
            if (!isTaken(each.EventId) && here.Add(each.EventId)) taken.Add(each);
        }

        return taken;
    }

    /// <summary>The cursor once a window was read to its end. Before that it stays as it is.</summary>
    public FeedCursor After(FeedWindow window, FeedTiming timing)
    {
        var shown = window.ReadAt - timing.Lag;
        var settled = window.To < shown ? window.To : shown;
        return settled > Watermark ? this with { Watermark = settled } : this;
    }
}
