using Microsoft.Extensions.DependencyInjection;
using Sluice.Core.Catalog;
using Sluice.Core.QueryAudit;
using Sluice.Storage.QueryAudit;
using Sluice.Testing;

namespace Sluice.Storage.Tests.QueryAudit;

/// <summary>
/// Generated feeds into the real store: what they show comes late, shuffled and more than once, and whoever reads dies between pages, in the midst of one, or because
/// another took over, and begins again on the same database. No event is there twice, and none that was shown in time is lost.
/// </summary>
public sealed class QueryFeedTests(ITestOutputHelper output)
{
    private const string Source = "history";
    private static readonly FeedTiming Timing = new(Lag: TimeSpan.FromMinutes(30), Overlap: TimeSpan.FromMinutes(20), Stretch: TimeSpan.FromMinutes(60));

    private enum Death { None, BetweenPages, WhileWriting, ByAnotherWriter }

    [Fact]
    public async Task No_event_is_taken_twice_and_none_is_lost()
    {
        var (events, pieces, deaths) = (0, 0, new Dictionary<Death, int>());
        foreach (var seed in Seeds.Of(1, few: 12, many: 300))
        {
            await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
            var random = new Random((int)seed);
            var shown = Enumerable.Range(0, random.Next(1, 60)).Select(i => AnyShown(random, $"q{i}")).ToList();
            var reader = await Reader.BeginAsync(database, shown, random);
            var now = Samples.At;
            for (var run = random.Next(3, 20); run > 0; run--)
            {
                now += TimeSpan.FromMinutes(random.Next(0, 90));
                var death = await reader.RunAsync(now, (Death)random.Next(4));
                deaths[death] = deaths.GetValueOrDefault(death) + 1;
                if (random.Next(4) == 0) await reader.RestartAsync();
            }

            // In the end it reads in peace, past whatever may still come.
            for (var i = 0; i < 15; i++) await reader.RunAsync(now += TimeSpan.FromHours(1), Death.None);

            var taken = await reader.TakenAsync();
            taken.ShouldBeUnique($"an event was taken twice, seed {seed}");
            shown.Where(static s => s.ShownAt - s.At <= Timing.Lag + Timing.Overlap).Select(static s => s.EventId).Except(taken).ShouldBeEmpty($"lost, seed {seed}");
            taken.Except(shown.Select(static s => s.EventId)).ShouldBeEmpty($"seed {seed}");
            var objects = await reader.ObjectsAsync();
            foreach (var each in shown.Where(s => objects.ContainsKey(s.EventId)))
            {
                objects[each.EventId].ShouldBeUnique($"an object was told twice, seed {seed}");
                each.Pieces.Where(p => p.ShownAt <= each.At + Timing.Lag + Timing.Overlap).Select(static p => p.Column).Except(objects[each.EventId]).ShouldBeEmpty($"a piece was lost, seed {seed}");
                objects[each.EventId].Except(each.Pieces.Select(static p => p.Column)).ShouldBeEmpty($"seed {seed}");
                pieces += objects[each.EventId].Count;
            }

            events += taken.Count;
        }

        output.WriteLine($"{events} events of {pieces} pieces, {string.Join(", ", deaths.Select(static d => $"{d.Key}: {d.Value}"))}");
        foreach (var death in Enum.GetValues<Death>()) deaths.GetValueOrDefault(death).ShouldBeGreaterThan(0, $"no run ended so: {death}");
    }

    // What is pruned must not come again either, however often it is shown.
    [Fact]
    public async Task What_was_pruned_is_not_taken_again()
    {
        foreach (var seed in Seeds.Of(1, few: 6, many: 100))
        {
            await using var database = await TestDatabase.CreateAsync(TestDatabase.Sqlite);
            var random = new Random((int)seed);
            var shown = Enumerable.Range(0, 60).Select(i => AnyShown(random, $"q{i}") with { ShownAt = Samples.At }).ToList();
            var reader = await Reader.BeginAsync(database, shown, random);
            var all = new List<string>();
            for (var now = Samples.At.AddMinutes(30); now < Samples.At.AddHours(12); now += TimeSpan.FromMinutes(random.Next(1, 120)))
            {
                var before = await reader.TakenAsync();
                await reader.RunAsync(now, (Death)random.Next(4));
                all.AddRange((await reader.TakenAsync()).Except(before));
                if (random.Next(3) == 0) await reader.PruneAsync(now - Timing.Lag - TimeSpan.FromMinutes(random.Next(0, 60)));
            }

            all.ShouldBeUnique($"seed {seed}");
            all.Count.ShouldBeGreaterThan(0);
        }
    }

    private static Shown AnyShown(Random random, string id)
    {
        var at = Samples.At.AddMinutes(random.Next(0, 600));
        var shownAt = at.AddMinutes(random.Next(0, 80));
        var pieces = Enumerable.Range(0, random.Next(0, 5)).Select(i => new Piece($"T{random.Next(2)}.C{i}", at.AddMinutes(random.Next(0, 80)))).ToList();
        return new Shown(id, at, shownAt, pieces, random.Next(1, 4));
    }

    private sealed record Piece(string Column, DateTimeOffset ShownAt)
    {
        public QueriedObject Object => new(new ObjectPath("snow", "D", "S", Column[..2]), [Column]);
    }

    // Its objects come in pieces, some of them later than the event itself, and nothing says when that was all.
    private sealed record Shown(string EventId, DateTimeOffset At, DateTimeOffset ShownAt, IReadOnlyList<Piece> Pieces, int Copies)
    {
        public QueryEvent As(DateTimeOffset now) => new()
        {
            EventId = EventId, StartedAt = At, EndedAt = At, Identity = "ANN", Kind = "SELECT", IsComplete = Pieces.Any(p => p.ShownAt <= now), ComesInPieces = true,
            Objects = ObjectPieces.Joined([], [.. Pieces.Where(p => p.ShownAt <= now).Select(static p => p.Object)]),
        };
    }

    /// <summary>Reads as the server does: each page is a transaction, and the last of a window takes the cursor along.</summary>
    private sealed class Reader(TestDatabase database, IReadOnlyList<Shown> source, Random random, Guid connection)
    {
        private IQueryAuditStore _store = database.Get<IQueryAuditStore>();

        public static async Task<Reader> BeginAsync(TestDatabase database, IReadOnlyList<Shown> source, Random random)
        {
            var connection = Samples.Connection("snow");
            await database.Connections.AddAsync(connection, false, [], Samples.Job(connection.Id, "snow"), TestDatabase.Ending);
            return new Reader(database, source, random, connection.Id);
        }

        /// <summary>Another server on the same file.</summary>
        public Task RestartAsync()
        {
            _store = database.StartServer().GetRequiredService<IQueryAuditStore>();
            return Task.CompletedTask;
        }

        public Task PruneAsync(DateTimeOffset before) => _store.PruneAsync(before, 1000, TestDatabase.Ending);

        public async Task<List<string>> TakenAsync() => [.. (await _store.ReadAsync(connection, 0, 1000, TestDatabase.Ending)).Select(static q => q.Taken.Event.EventId)];

        /// <summary>The columns of each event, as they are stored.</summary>
        public async Task<Dictionary<string, List<string>>> ObjectsAsync()
        {
            var stored = await _store.ReadAsync(connection, 0, 1000, TestDatabase.Ending);
            foreach (var each in stored) each.Taken.Event.Objects.Select(static o => o.Path).ShouldBeUnique();
            return stored.ToDictionary(static q => q.Taken.Event.EventId, static q => q.Taken.Event.Objects.SelectMany(static o => o.Columns).ToList(), StringComparer.Ordinal);
        }

        /// <summary>Reads up to a moment, or dies on the way; how it ended.</summary>
        public async Task<Death> RunAsync(DateTimeOffset now, Death death)
        {
            var fence = (await database.Connections.TakeLeaseAsync(connection, TestDatabase.Ending))!.Value;
            var pages = random.Next(0, 6);
            while (true)
            {
                var cursor = await _store.CursorAsync(connection, Source, TestDatabase.Ending) ?? FeedCursor.StartingAt(Samples.At);
                var window = cursor.Next(Timing, now);
                if (window.IsEmpty) return Death.None;
                var shown = source.Where(s => s.ShownAt <= now).SelectMany(s => Enumerable.Repeat(s.As(now), s.Copies)).ToArray();
                random.Shuffle(shown);
                foreach (var page in shown.Chunk(random.Next(1, 20)))
                {
                    if (death != Death.None && pages-- == 0) return await DieAsync(death, fence, window, page, cursor);
                    await StoreAsync(fence, window, page, cursor, TestDatabase.Ending);
                }

                await StoreAsync(fence, window, [], cursor.After(window, Timing), TestDatabase.Ending);
                if (window.IsLast) return Death.None;
            }
        }

        private async Task<Death> DieAsync(Death death, WriteFence fence, FeedWindow window, QueryEvent[] page, FeedCursor cursor)
        {
            if (death == Death.ByAnotherWriter)
            {
                await database.Connections.TakeLeaseAsync(connection, TestDatabase.Ending);
                await Should.ThrowAsync<StaleWriterException>(StoreAsync(fence, window, page, cursor.After(window, Timing), TestDatabase.Ending));
            }

            if (death != Death.WhileWriting) return death;
            // Whether the page was written or not: nobody hears of it.
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestDatabase.Ending);
            var writing = StoreAsync(fence, window, page, cursor, ending.Token);
            if (random.Next(2) == 0) await Task.Yield();
            await ending.CancelAsync();
            try
            {
                await writing;
            }
            catch (OperationCanceledException)
            {
                // It was not.
            }

            return death;
        }

        private async Task StoreAsync(WriteFence fence, FeedWindow window, QueryEvent[] page, FeedCursor cursor, CancellationToken cancellationToken)
        {
            var known = await _store.TakenAsync(connection, Source, [.. page.Select(static e => e.EventId)], cancellationToken);
            var grown = page.Where(e => known.Contains(e.EventId)).Select(Taken).ToList();
            if (grown.Count > 0) await _store.GrowAsync(fence, Source, grown, cancellationToken);
            var fresh = FeedCursor.Take(window, Timing, page, known.Contains).Select(Taken);
            await _store.RecordAsync(fence, "snow", Source, [.. fresh], cursor, cancellationToken);

            static TakenQuery Taken(QueryEvent of) => new(of, [], KnownBy.Nothing, new Dictionary<ObjectPath, IReadOnlyList<string>>(), KnownBy.Nothing);
        }
    }
}
