using CsCheck;
using Sluice.Core.QueryAudit;

namespace Sluice.Core.Tests.QueryAudit;

/// <summary>A feed against generated sources: what they show comes late, shuffled and more than once, and the reader dies at any point.</summary>
public sealed class FeedCursorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly FeedTiming Timing = new(Lag: TimeSpan.FromMinutes(30), Overlap: TimeSpan.FromMinutes(20), Stretch: TimeSpan.FromMinutes(60));

    private static readonly Gen<Shown> AnyShown =
        from at in Gen.Int[0, 600]
        from delay in Gen.Int[0, 80]
        from whole in Gen.Int[0, 30]
        from copies in Gen.Int[1, 3]
        select new Shown("", Start.AddMinutes(at), Start.AddMinutes(at + delay), Start.AddMinutes(at + Math.Max(delay, Math.Min(whole, 30))), copies);

    private static readonly Gen<Run> AnyRun =
        from pause in Gen.Int[0, 90]
        from pages in Gen.Int[0, 6]
        from seed in Gen.Int
        select new Run(TimeSpan.FromMinutes(pause), pages, seed);

    [Fact]
    public void Every_event_that_is_shown_within_lag_and_overlap_is_taken_exactly_once_and_no_other_twice() =>
        Gen.Select(AnyShown.Array[0, 60], AnyRun.Array[1, 40]).Sample((shown, runs) =>
        {
            var source = shown.Select((s, i) => s with { EventId = $"q{i}" }).ToList();
            var reader = new Reader(source, Timing, Start);
            var now = Start;
            foreach (var run in runs)
            {
                now += run.Pause;
                reader.Run(now, run.DiesAfterPages, new Random(run.Seed));
            }

            // In the end it reads in peace, past whatever may still come.
            for (var i = 0; i < 20; i++) reader.Run(now += TimeSpan.FromMinutes(60), null, new Random(i));

            reader.Taken.Count.ShouldBe(reader.Taken.Distinct().Count(), "an event was taken twice");
            foreach (var each in source.Where(s => s.ShownAt - s.At <= Timing.Lag + Timing.Overlap))
                reader.Taken.ShouldContain(each.EventId, $"{each} was lost");
            reader.Incomplete.Where(id => source.Single(s => s.EventId == id) is var s && s.WholeAt - s.At < Timing.Lag).ShouldBeEmpty("an event was taken before it was told whole");
        }, iter: 3000);

    [Fact]
    public void What_a_reader_that_begins_later_finds_begins_there() =>
        AnyShown.Array[0, 60].Sample(shown =>
        {
            var since = Start.AddMinutes(200);
            var source = shown.Where(s => s.ShownAt - s.At <= Timing.Lag).Select((s, i) => s with { EventId = $"q{i}" }).ToList();
            var reader = new Reader(source, Timing, since);
            for (var now = since; now < Start.AddMinutes(800); now = now.AddMinutes(15)) reader.Run(now, null, new Random(1));
            reader.Taken.ShouldBe(source.Where(s => s.At >= since).Select(s => s.EventId), ignoreOrder: true);
        }, iter: 500);

    [Fact]
    public void A_clock_that_was_set_back_reads_nothing_and_moves_nothing()
    {
        var cursor = FeedCursor.StartingAt(Start).After(new FeedWindow(Start, Start.AddHours(5), Start.AddHours(6)), Timing);
        cursor.Watermark.ShouldBe(Start.AddHours(5));
        var window = cursor.Next(Timing, Start.AddHours(1));
        window.IsEmpty.ShouldBeTrue();
        cursor.After(window, Timing).ShouldBe(cursor);
    }

    [Theory]
    [InlineData(0, "q1 q2")]
    [InlineData(9, "q1 q2")]
    [InlineData(10, "q2")]
    public void What_is_forgotten_stands_before_what_may_be_shown_again(int hours, string remembered)
    {
        var timing = new FeedTiming(TimeSpan.Zero, TimeSpan.FromHours(10), TimeSpan.FromDays(1));
        var cursor = FeedCursor.StartingAt(Start.AddDays(-9)) with { Watermark = Start.AddHours(11 + hours) };
        (string Id, DateTimeOffset At)[] taken = [("q1", Start.AddHours(10)), ("q2", Start.AddHours(11 + hours))];
        string.Join(' ', taken.Where(t => t.At >= cursor.RemembersFrom(timing)).Select(t => t.Id)).ShouldBe(remembered);
    }

    private sealed record Run(TimeSpan Pause, int DiesAfterPages, int Seed);

    private sealed record Shown(string EventId, DateTimeOffset At, DateTimeOffset ShownAt, DateTimeOffset WholeAt, int Copies)
    {
        public Event As(DateTimeOffset now) => new(EventId, At, WholeAt <= now);
    }

    private sealed record Event(string EventId, DateTimeOffset At, bool IsComplete) : IFeedEvent;

    /// <summary>Keeps what a database would: the cursor, and the ids that it may not forget yet. Each page is a transaction.</summary>
    private sealed class Reader(IReadOnlyList<Shown> source, FeedTiming timing, DateTimeOffset since)
    {
        private readonly Dictionary<string, DateTimeOffset> _remembered = [];
        private FeedCursor _cursor = FeedCursor.StartingAt(since);

        public List<string> Taken { get; } = [];

        public List<string> Incomplete { get; } = [];

        public void Run(DateTimeOffset now, int? diesAfterPages, Random random)
        {
            var pages = 0;
            while (true)
            {
                var window = _cursor.Next(timing, now);
                if (window.IsEmpty) return;
                var shown = source.Where(s => s.ShownAt <= now).SelectMany(s => Enumerable.Repeat(s.As(now), s.Copies)).ToArray();
                random.Shuffle(shown);
                foreach (var page in shown.Chunk(random.Next(1, 20)))
                {
                    if (pages++ == diesAfterPages) return;
                    foreach (var each in FeedCursor.Take(window, timing, page, _remembered.ContainsKey))
                    {
                        Taken.Add(each.EventId);
                        if (!each.IsComplete) Incomplete.Add(each.EventId);
                        _remembered.Add(each.EventId, each.At);
                    }
                }

                _cursor = _cursor.After(window, timing);
                foreach (var old in _remembered.Where(r => r.Value < _cursor.RemembersFrom(timing)).Select(r => r.Key).ToList()) _remembered.Remove(old);
                if (window.IsLast) return;
            }
        }
    }
}
