using Npgsql;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Testing;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;
using System.Collections.Concurrent;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>
/// People who read while a plan is applied: at no moment do they see a cell that neither the old nor the new state lets them see. Changes are made one after the
/// other, in any order within a phase, and after each everybody reads everything at least once.
/// </summary>
public sealed class TransitionTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly uint Transitions = Seeds.IsLong ? 4u : 2u;
    private static readonly Capabilities Columns = new(HasNativeMasks: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_ever_sees_a_cell_that_neither_the_old_nor_the_new_state_shows()
    {
        var (made, seen) = (0, 0);
        foreach (var seed in Seeds.Of(2001, few: 2, many: 60))
        {
            // Every second world begins with nothing enforced.
            var round = await GeneratedRound.BeginAsync(postgres, seed, hasViews: seed % 3 != 0);
            if (seed % 2 == 1) await round.EnforceAsync();
            for (uint transition = 1; transition <= Transitions; transition++)
            {
                var before = transition == 1 && seed % 2 == 0 ? null : round.World;
                for (uint change = 0; change < 4; change++) round.Change((seed * 1000) + (transition * 10) + change);
                var (changes, readings) = await ApplyAndReadAsync(round, seed);
                made += changes;
                seen += await CompareAsync(round, before, readings);
            }

            output.WriteLine($"seed {seed}: {made} changes, {seen} readings");
        }

        made.ShouldBeGreaterThan(0);
        seen.ShouldBeGreaterThan(0);
    }

    /// <summary>Rows of some columns that somebody read from a table or its view, as one text a row.</summary>
    private sealed record Reading(string Identity, ObjectPath Table, int Column, string Rows);

    private const int WholeView = -1;

    private static async Task<(int Changes, IReadOnlyCollection<Reading> Readings)> ApplyAndReadAsync(GeneratedRound round, uint seed)
    {
        var readings = new ConcurrentDictionary<Reading, bool>();
        var intent = round.Intent();
        var plan = await round.PlanAsync(intent);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var readers = round.World.Holders().Take(4).Select(h => new Reader(round, h, readings)).ToList();
        var reading = readers.ConvertAll(r => r.ReadAsync(stopping.Token));
        var dice = new Random((int)seed);
        foreach (var phase in plan.Changes.GroupBy(c => c.Phase))
        {
            // What is known of people changes together with the views that ask for it, and the row rules of one table together.
            var steps = phase.Key == ChangePhase.Know
                ? [phase.ToList()]
                : phase.GroupBy(c => c.Key.Kind == FactKind.RowRule ? (object)c.Key.Object! : c).Select(g => g.ToList()).ToList();
            foreach (var step in Ordered(phase.Key, steps, dice))
            {
                (await round.Database.ApplyAsync(intent, step)).Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty(round.About("a step"));
                await Task.WhenAll(readers.Select(r => r.PassAsync(reading[readers.IndexOf(r)])));
            }
        }

        await stopping.CancelAsync();
        await Task.WhenAll(reading);
        (await round.PlanAsync(intent)).Changes.ShouldBeEmpty(round.About("a second plan"));
        return (plan.Changes.Count, [.. readings.Keys]);
    }

    // What others rest on comes first and goes last; everything else in any order.
    private static IEnumerable<IReadOnlyList<Change>> Ordered(ChangePhase phase, List<List<Change>> steps, Random dice) => phase switch
    {
        ChangePhase.Prepare => steps.OrderBy(s => s[0].Key.Kind is FactKind.Support ? s[0].Key.Detail.Length == 0 ? 0 : 1 : s[0].Key.Kind == FactKind.Audience ? 1 : 2).ThenBy(_ => dice.Next()),
        ChangePhase.Clean => steps.OrderBy(s => s[0].Key.Kind == FactKind.Audience ? 1 : s[0].Key is { Kind: FactKind.Support, Detail: "" } ? 2 : 0).ThenBy(_ => dice.Next()),
        _ => steps.OrderBy(_ => dice.Next()),
    };

    private static async Task<int> CompareAsync(GeneratedRound round, World? before, IReadOnlyCollection<Reading> readings)
    {
        var salt = await round.SaltAsync();
        var evaluators = new[] { before, round.World }.OfType<World>().Select(w => (World: w, Naive: w.Naive())).ToList();
        foreach (var several in readings.GroupBy(r => (r.Identity, r.Table, r.Column)))
        {
            var columns = round.World.Tables.Single(t => t.Object.Path.Equals(several.Key.Table)).Object.Columns;
            var allowed = evaluators.ConvertAll(e => Allowed(round, e.World, e.Naive, several.Key.Identity, several.Key.Table, several.Key.Column, salt));
            foreach (var reading in several)
            {
                var rows = reading.Rows.Split('\u0001')[1..].Select(r => r.Split('\u0002')).ToList();
                Fits(rows, [.. allowed.SelectMany(a => a).GroupBy(a => a.Row).Select(g => g.Select(a => a.Cells).ToList())], several.Key.Column == WholeView)
                    .ShouldBeTrue(round.About($"{reading.Identity} read of {reading.Table}, {(reading.Column < 0 ? "the view" : columns[reading.Column].Name)}:\n{string.Join('\n', rows.Select(r => string.Join('|', r)))}\nbefore: {before}"));
            }
        }

        return readings.Count(r => r.Rows.Length > 0);
    }

    // Of each row what one state shows of it: null where a cell is not shown.
    private static IEnumerable<(int Row, string?[] Cells)> Allowed(GeneratedRound round, World world, NaiveEvaluator naive, string identity, ObjectPath path, int column, string? salt)
    {
        var table = world.Tables.Single(t => t.Object.Path.Equals(path));
        if (!table.IsActive) yield break;
        var governed = GeneratedRound.Typed(table.Object);
        var holders = world.Holders().Single(h => h.Name == identity).Holders;
        for (var row = 0; row < table.Rows.Count; row++)
        {
            yield return (row, [.. governed.Columns.Select((c, i) => column != WholeView && i != column ? null : round.Expected(
                naive.OutcomeOf([.. holders], governed, c.Name, table.Rows[row], column == WholeView ? Capabilities.All : Columns), c, round.Texts(path)[row][i], table.Rows[row][i], salt))]);
        }
    }

    // Whether each row that was read can be one of the table's, no two of them the same, with each cell as one of the states shows it.
    private static bool Fits(List<string[]> rows, List<List<string?[]>> states, bool isWhole)
    {
        var taken = new int[states.Count];
        Array.Fill(taken, -1);
        return Enumerable.Range(0, rows.Count).All(r => Place(r, new bool[states.Count]));

        bool Place(int row, bool[] tried)
        {
            for (var s = 0; s < states.Count; s++)
            {
                if (tried[s] || !Matches(rows[row], states[s])) continue;
                tried[s] = true;
                if (taken[s] >= 0 && !Place(taken[s], tried)) continue;
                taken[s] = row;
                return true;
            }

            return false;
        }

        bool Matches(string[] read, List<string?[]> shown) => isWhole
            ? Enumerable.Range(0, read.Length).All(c => shown.Exists(s => s[c] == read[c]))
            : shown.Exists(s => s.Any(cell => cell == read[0]));
    }

    private sealed class Reader(GeneratedRound round, IdentityHolders identity, ConcurrentDictionary<Reading, bool> readings)
    {
        private readonly SemaphoreSlim _passed = new(0);
        private int _waiting;

        /// <summary>Reads everything again and again.</summary>
        public async Task ReadAsync(CancellationToken cancellationToken)
        {
            await using var connection = await round.ConnectAsync(round.Login(identity.Name));
            while (!cancellationToken.IsCancellationRequested)
            {
                // Who waits now, waits for a pass that begins now.
                var waiting = Volatile.Read(ref _waiting);
                foreach (var table in round.World.Tables) await ReadAsync(connection, table.Object);
                if (waiting > 0)
                {
                    Interlocked.Decrement(ref _waiting);
                    _passed.Release();
                }
            }
        }

        /// <summary>Waits until everything has been read once from now on.</summary>
        public async Task PassAsync(Task reading)
        {
            Interlocked.Increment(ref _waiting);
            var passed = _passed.WaitAsync(Token);
            if (await Task.WhenAny(passed, reading) == reading) await reading;
        }

        private async Task ReadAsync(NpgsqlConnection connection, GovernedObject governed)
        {
            for (var i = 0; i < governed.Columns.Count; i++) await ReadAsync(connection, governed, [governed.Columns[i]], governed.Path, i);
            if (round.HasViews) await ReadAsync(connection, governed, governed.Columns, round.Database.Names.View(governed.Path), WholeView);
        }

        private async Task ReadAsync(NpgsqlConnection connection, GovernedObject governed, IReadOnlyList<GovernedColumn> columns, ObjectPath from, int column)
        {
            var (rows, refusal) = await GeneratedRound.TryReadAsync(connection, GeneratedRound.Select(columns.Select(c => c.Name), from));
            if (refusal is not null) return;
            var texts = rows.Select(r => string.Join('\u0002', r.Select((v, i) => GeneratedRound.Canonical(v, ColumnKinds.Of(columns[i].Type))))).Order(StringComparer.Ordinal);
            readings.TryAdd(new Reading(identity.Name, governed.Path, column, string.Join("", texts.Select(t => $"\u0001{t}"))), true);
        }
    }
}
