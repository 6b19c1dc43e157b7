using System.Collections.Concurrent;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Testing;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>
/// People who read while a plan is applied at the stand-in: requests run one after the other, in any order that they may arrive in, and after each of them everybody reads
/// everything. Nobody ever sees a row or cell that neither the old nor the new state shows them, nor misses what both do, but where something is closed for a moment.
/// </summary>
public sealed class TransitionTests(ITestOutputHelper output)
{
    private static readonly uint Transitions = Seeds.IsLong ? 3u : 2u;

    [Fact]
    public async Task Nobody_sees_what_neither_state_shows_nor_misses_what_both_do()
    {
        var tally = new Tally();
        foreach (var seed in Seeds.Of(3006, few: 4, many: 100))
        {
            var asked = GeneratedUnity.Of(seed);
            var world = GeneratedUnity.Typed(asked);
            await using var unity = await GeneratedUnity.StartAsync(world, Intent(world, seed), gate: (int)seed);

            // Every second world begins with nothing enforced.
            if (seed % 2 == 1) await unity.EnforceAsync(Intent(world, seed), $"seed {seed}");
            for (uint transition = 1; transition <= Transitions; transition++)
            {
                var before = transition == 1 && seed % 2 == 0 ? null : world;
                var about = $"seed {seed}";
                // What becomes of the unregistered is a setting, which changes too.
                if (seed % 4 > 1) asked = asked with { Unregistered = asked.Unregistered == UnregisteredBehaviour.Pass ? UnregisteredBehaviour.Protect : UnregisteredBehaviour.Pass };
                for (uint change = 0; change < 4; change++)
                {
                    var mutation = new MutationGenerator(GeneratedUnity.Options).Mutate(asked, (seed * 1000) + (transition * 10) + change);
                    about = $"{about}, {mutation.ToString()!.Split('\n')[0]}";
                    asked = mutation.After;
                }

                world = GeneratedUnity.Typed(asked);
                await PassAsync(unity, before, world, seed, about, tally);
            }

            output.WriteLine($"seed {seed}: {tally}");
        }

        tally.Writes.ShouldBeGreaterThan(0);
        tally.Readings.ShouldBeGreaterThan(0);
        tally.OfStrangers.ShouldBeGreaterThan(0);
        tally.PassedOver.ShouldBeGreaterThan(0);
    }

    private static AccessIntent Intent(World world, uint seed) => GeneratedUnity.Intent(world, hasExempt: GeneratedUnity.HasExempt(seed));

    private sealed record Tally
    {
        public int Changes { get; set; }
        public int Writes { get; set; }
        public int Readings { get; set; }

        /// <summary>Different readings of a stranger that showed something otherwise than it is.</summary>
        public int OfStrangers { get; set; }

        /// <summary>Different readings, of those whom policies pass over, that others are shown otherwise.</summary>
        public int PassedOver { get; set; }

        /// <summary>Different readings of tables on which something can't be put.</summary>
        public int Narrowed { get; set; }
    }

    internal sealed record Reading(IReadOnlyList<string[]>? Rows, string After)
    {
        public string Text => Rows is null ? "refused" : TextOf(Rows);
    }

    private static string TextOf(IEnumerable<IReadOnlyList<string>?> rows) =>
        string.Join('\n', rows.OfType<IReadOnlyList<string>>().Select(static r => string.Join('|', r)).Order(StringComparer.Ordinal));

    private static async Task PassAsync(EnforcedUnity unity, World? before, World after, uint seed, string about, Tally tally)
    {
        var intent = Intent(after, seed);
        var plan = await unity.PlanAsync(intent);
        var observed = (await unity.ObserveAsync(intent)).Facts.ToDictionary(static f => f.Key, static f => f.Definition);
        var saltBefore = await GeneratedUnity.SaltAsync(unity);
        var seen = new ConcurrentDictionary<(string Who, int Table, string Text), Reading>();
        // What a reader met would be a fault of the platform's to whoever writes.
        var faults = new ConcurrentQueue<string>();
        unity.Gate!.After = async write =>
        {
            try
            {
                var readings = await ReadAsync(unity, intent, after, write);
                foreach (var (key, reading) in readings) seen.TryAdd((key.Who, key.Table, reading.Text), reading);
                tally.Writes++;
                tally.Readings += readings.Count;
            }
            catch (Exception e)
            {
                faults.Enqueue($"after {write}: {e.Message}");
            }
        };
        var failed = (await unity.ApplyAsync(intent, plan.Changes)).Where(static o => o.Error is not null).Select(static o => $"{o.Change.Key}: {o.Error} {o.Change.Definition}");
        unity.Gate.After = null;
        faults.ShouldBeEmpty(about);
        failed.ShouldBeEmpty(about);
        (await unity.PlanAsync(intent)).Changes.Select(static c => $"{c.Verb} {c.Key} {c.Definition}").ShouldBeEmpty($"a second plan; {about}");
        tally.Changes += plan.Changes.Count;

        // It goes with the last mask.
        var salt = await GeneratedUnity.SaltAsync(unity) ?? saltBefore ?? "";
        var (old, made) = (new GeneratedSight(before, before is null ? null : Intent(before, seed)), new GeneratedSight(after, intent));
        var (passedOver, unpassed) = (GeneratedUnity.PassedOver(intent), new GeneratedSight(after, intent with { ExemptRoles = [] }));
        foreach (var (key, reading) in seen)
        {
            var table = after.Tables[key.Table];
            TableSight.FaultOf(reading.Rows, old.Of(key.Who, table, salt), made.Of(key.Who, table, salt), GeneratedSight.PlainOf(table), BetweenOf(plan, observed, table))
                .ShouldBeNull($"{key.Who} on {table.Object.Path} after {reading.After}; {about}\nbefore: {before}\nafter: {after}\n{string.Join('\n', plan.Changes.Select(static c => $"{c.Phase} {c.Verb} {c.Key} {c.Definition}"))}");
            if (old.IsNarrowed(table) || made.IsNarrowed(table)) tally.Narrowed++;
            if (key.Who == GeneratedUnity.Stranger && reading.Text != TextOf(GeneratedSight.PlainOf(table))) tally.OfStrangers++;
            if (reading.Rows is not null && passedOver.Contains(key.Who, StringComparer.Ordinal) && TextOf(unpassed.Of(key.Who, table, salt).Rows ?? []) != reading.Text) tally.PassedOver++;
        }
    }

    // ADR 0013: where a function is replaced while what is known of people changes, or reads a column that a mask leaves or comes to, one that shows nothing stands in between.
    private static Between BetweenOf(Plan plan, IReadOnlyDictionary<FactKey, string> observed, CaseTable table)
    {
        var replaced = plan.Changes.Where(c => c is { Phase: ChangePhase.Know, Verb: ChangeVerb.Replace } && table.Object.Path.Equals(c.Key.Object)).ToList();
        var closed = plan.Changes.Any(static c => c.Phase == ChangePhase.Know && PeopleWriter.IsOfPeople(c))
            ? replaced
            : replaced.Where(c => c.Key.Kind == FactKind.RowRule && replaced.Exists(static m => m.Key.Kind == FactKind.Mask)).ToList();
        var changed = plan.Changes.Where(c => c.Key.Kind is FactKind.Mask or FactKind.RowRule && table.Object.Path.Equals(c.Key.Object)).ToList();
        closed.AddRange(changed.Where(c => Masked(ChangeVerb.Remove).Exists(column => c.Verb != ChangeVerb.Remove && Attachment.Parse(c.Definition).Reads(column))));
        closed.AddRange(changed.Where(c => Masked(ChangeVerb.Add).Exists(column => c.Verb != ChangeVerb.Add && Attachment.Parse(observed[c.Key]).Reads(column))));
        return new Between(
            IsRefused: false,
            closed.Exists(static c => c.Key.Kind == FactKind.RowRule),
            Enumerable.Range(0, table.Object.Columns.Count).Where(i => closed.Exists(c => c.Key.Kind == FactKind.Mask && c.Key.Subject == table.Object.Columns[i].Name)).ToHashSet());

        List<string> Masked(ChangeVerb verb) => changed.Where(c => c.Key.Kind == FactKind.Mask && c.Verb == verb).Select(static c => c.Key.Subject).ToList();
    }

    internal static async Task<ConcurrentDictionary<(string Who, int Table), Reading>> ReadAsync(EnforcedUnity unity, AccessIntent intent, World world, string after)
    {
        var readings = new ConcurrentDictionary<(string Who, int Table), Reading>();
        var places = intent.Identities.Select(static i => i.Name).Concat(GeneratedUnity.Strangers)
            .SelectMany(who => Enumerable.Range(0, world.Tables.Count).Where(t => world.Tables[t].Rows.Count > 0).Select(t => (Who: who, Table: t)));
        await Parallel.ForEachAsync(places, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (place, _) =>
            readings[place] = new Reading(await GeneratedUnity.ReadAsync(unity, place.Who, world.Tables[place.Table]), after));
        return readings;
    }
}
