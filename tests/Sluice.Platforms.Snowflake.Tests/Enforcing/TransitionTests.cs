using System.Collections.Concurrent;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.EndToEnd.Tests;
using Sluice.Testing;
using Sluice.Testing.Cases;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// People who read while a plan is applied at the stand-in: statements run one after the other, in any order that requests may arrive in, and after each of them everybody
/// reads everything. Nobody ever sees a row or cell that neither the old nor the new state shows them, nor misses what both do, but where something is closed for a moment.
/// </summary>
public sealed class TransitionTests(ITestOutputHelper output)
{
    private static readonly uint Transitions = Seeds.IsLong ? 3u : 2u;

    [Fact]
    public async Task Nobody_sees_what_neither_state_shows_nor_misses_what_both_do()
    {
        var tally = new Tally();
        foreach (var seed in Seeds.Of(3001, few: 4, many: 100))
        {
            // Every second world begins with nothing enforced.
            await using var round = await GeneratedRound.BeginAsync(seed, isGated: true);
            if (seed % 2 == 1) await round.EnforceAsync();
            for (uint transition = 1; transition <= Transitions; transition++)
            {
                var before = transition == 1 && seed % 2 == 0 ? null : round.World;
                for (uint change = 0; change < 4; change++) round.Change((seed * 1000) + (transition * 10) + change);
                await PassAsync(round, before, tally);
            }

            output.WriteLine($"seed {seed}: {tally}");
        }

        tally.Writes.ShouldBeGreaterThan(0);
        tally.Readings.ShouldBeGreaterThan(0);
        tally.PassedOver.ShouldBeGreaterThan(0);
    }

    private sealed record Tally
    {
        public int Changes { get; set; }
        public int Writes { get; set; }
        public int Readings { get; set; }

        /// <summary>Different readings of those whom policies pass over.</summary>
        public int PassedOver { get; set; }
    }

    private static async Task PassAsync(GeneratedRound round, World? before, Tally tally)
    {
        var beforeIntent = before is null ? null : round.Intent(before);
        var intent = round.Intent();
        var plan = await round.Account.PlanAsync(intent);
        var seen = new ConcurrentDictionary<(string Who, int Table, string Rows), (IReadOnlyList<string[]>? Rows, string After)>();
        var written = new ConcurrentQueue<string>();
        string About(string what) =>
            $"{round.About(what)}\n{string.Join('\n', plan.Changes.Select(static c => $"{c.Phase} {c.Verb} {c.Key} {c.Definition}"))}\n{string.Join('\n', written)}";
        await using var readers = await Readers.LogInAsync(round);
        round.Account.Gate!.After = async write =>
        {
            tally.Writes++;
            written.Enqueue(write);
            tally.Readings += await readers.ReadAsync(seen, write);
        };
        var failed = (await round.Account.ApplyAsync(intent, plan.Changes)).Where(static o => o.Error is not null).Select(static o => $"{o.Change.Key}: {o.Error}");
        round.Account.Gate.After = null;
        failed.ShouldBeEmpty(About("an apply"));
        (await round.Account.PlanAsync(intent)).Changes.Select(static c => $"{c.Verb} {c.Key} {c.Definition}").ShouldBeEmpty(About("a second plan"));
        tally.Changes += plan.Changes.Count;

        var (old, made) = (new GeneratedSight(before, beforeIntent, round.PassedOver), new GeneratedSight(round.World, intent, round.PassedOver));
        var salt = await round.SaltAsync();
        var (policiesBefore, policies) = (Policies(round, beforeIntent), Policies(round, intent));
        foreach (var ((who, place, _), (rows, after)) in seen)
        {
            var table = round.World.Tables[place];
            var isStranger = GeneratedRound.Strangers.Contains(who, StringComparer.Ordinal);
            var isPassedOver = round.PassedOver.Contains(who, StringComparer.Ordinal);
            TableSight Of(GeneratedSight sight) => isStranger ? sight.OfUnregistered(who, table, salt) : sight.Of(who, table, salt);
            if (isStranger && !isPassedOver && (old.IsNarrowed(table) || made.IsNarrowed(table))) continue;
            // What shows nothing for a moment passes over those whom policies pass over.
            var between = BetweenOf(plan, who, table, Meet(policiesBefore[table.Object.Path], policies[table.Object.Path].ToList(), table));
            if (isPassedOver || (isStranger && !intent.ProtectsUnregistered)) between = between with { HidesRows = false, NullColumns = new HashSet<int>() };
            if (isPassedOver) tally.PassedOver++;
            TableSight.FaultOf(rows, Of(old), Of(made), GeneratedSight.PlainOf(table), between)
                .ShouldBeNull($"{who} on {table.Object.Path} after {after}; {About("read in between")}\nbefore: {before}");
        }
    }

    // What is closed in between: ADR 0012 of policies that are replaced while what is known of people changes, and of columns that go from one policy to another;
    // plans.md of audiences that two changes cross.
    private static Between BetweenOf(Plan plan, string who, CaseTable table, bool isMet)
    {
        var path = table.Object.Path;
        var replaced = plan.Changes.Where(c => c is { Phase: ChangePhase.Know, Verb: ChangeVerb.Replace } && path.Equals(c.Key.Object)).ToList();
        var closed = plan.Changes.Any(static c => c.Phase == ChangePhase.Know && PeopleWriter.IsAboutPeople(c))
            ? replaced
            : replaced.Where(c => c.Key.Kind == FactKind.RowRule && replaced.Exists(static m => m.Key.Kind == FactKind.Mask)).ToList();
        var isRefused = plan.Changes.Any(c => c.Phase == ChangePhase.EarlyRevoke
            && (c.Key.Kind == FactKind.Member ? c.Key.Detail == who : c.Key.Object is { } on && on.Names.SequenceEqual(path.Names.Take(on.Names.Length))));
        return new Between(
            isRefused,
            isMet || closed.Exists(static c => c.Key.Kind == FactKind.RowRule),
            Enumerable.Range(0, table.Object.Columns.Count).Where(i => isMet || closed.Exists(c => c.Key.Kind == FactKind.Mask && c.Key.Subject == table.Object.Columns[i].Name)).ToHashSet());
    }

    private static ILookup<ObjectPath, DesiredFact> Policies(GeneratedRound round, AccessIntent? intent) =>
        (intent is null ? [] : round.Account.Compile(intent).Facts).Where(static f => f.Key.Kind is FactKind.Mask or FactKind.RowRule).ToLookup(static f => f.Key.Object!);

    // Whether a column goes from one policy to another.
    private static bool Meet(IEnumerable<DesiredFact> before, List<DesiredFact> after, CaseTable table)
    {
        return before.Any(old => after.Exists(made => made.Key != old.Key && table.Object.Columns.Any(c => IsGiven(old, c.Name) && IsGiven(made, c.Name))));

        static bool IsGiven(DesiredFact policy, string column) => SetPolicy.Read(policy.Definition).Columns.Contains(Sql.Quote.Identifier(column), StringComparison.Ordinal);
    }

    private sealed class Readers(GeneratedRound round, IReadOnlyList<(string Who, SnowflakeSql Session)> sessions) : IAsyncDisposable
    {
        public static async Task<Readers> LogInAsync(GeneratedRound round)
        {
            var sessions = new List<(string, SnowflakeSql)>();
            foreach (var name in round.World.Holders().Select(static h => h.Name).Concat(GeneratedRound.Strangers))
                sessions.Add((name, await SnowflakeSql.LogInAsync(round.Account.Sandbox, name, EnforcedAccount.Password)));
            return new Readers(round, sessions);
        }

        /// <summary>Everybody reads everything; what nobody read before is kept.</summary>
        public async Task<int> ReadAsync(ConcurrentDictionary<(string Who, int Table, string Rows), (IReadOnlyList<string[]>? Rows, string After)> seen, string after)
        {
            await Parallel.ForEachAsync(sessions, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (reader, _) =>
            {
                for (var table = 0; table < round.World.Tables.Count; table++)
                {
                    var (rows, refusal) = await round.ReadAsync(reader.Session, round.World.Tables[table]);
                    if (refusal is not null) refusal.ShouldMatch("^00(2003|3001):");
                    var text = refusal is null ? string.Join('\n', rows.Select(static r => string.Join('|', r)).Order(StringComparer.Ordinal)) : "refused";
                    seen.TryAdd((reader.Who, table, text), (refusal is null ? rows : null, after));
                }
            });
            return sessions.Count * round.World.Tables.Count;
        }

        public ValueTask DisposeAsync()
        {
            foreach (var (_, session) in sessions) session.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
