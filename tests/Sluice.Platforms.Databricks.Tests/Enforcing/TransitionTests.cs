using System.Collections.Concurrent;
using Sluice.Core.Connections;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Sql;
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
        foreach (var seed in Seeds.Of(3002, few: 4, many: 100))
        {
            var world = GeneratedUnityTests.Typed(new CaseGenerator(GeneratedUnityTests.Options).Of(seed) with { Now = TimeProvider.System.GetUtcNow() });
            await using var unity = await EnforcedUnity.StartAsync([.. world.Identities.Select(static i => GeneratedUnityTests.Login(i.Name))], gate: (int)seed);
            GeneratedUnityTests.Make(unity, world);

            // Every second world begins with nothing enforced.
            if (seed % 2 == 1) await unity.EnforceAsync(GeneratedUnityTests.Intent(world), $"seed {seed}");
            for (uint transition = 1; transition <= Transitions; transition++)
            {
                var before = transition == 1 && seed % 2 == 0 ? null : world;
                var about = $"seed {seed}";
                for (uint change = 0; change < 4; change++)
                {
                    var mutation = new MutationGenerator(GeneratedUnityTests.Options).Mutate(world, (seed * 1000) + (transition * 10) + change);
                    about = $"{about}, {mutation.ToString()!.Split('\n')[0]}";
                    world = GeneratedUnityTests.Typed(mutation.After);
                }

                await PassAsync(unity, before, world, about, tally);
            }

            output.WriteLine($"seed {seed}: {tally}");
        }

        tally.Writes.ShouldBeGreaterThan(0);
        tally.Readings.ShouldBeGreaterThan(0);
    }

    private sealed record Tally
    {
        public int Changes { get; set; }
        public int Writes { get; set; }
        public int Readings { get; set; }
    }

    internal sealed record Reading(IReadOnlyList<string[]>? Rows, string After)
    {
        public string Text => Rows is null ? "refused" : string.Join('\n', Rows.Select(static r => string.Join('|', r)).Order(StringComparer.Ordinal));
    }

    private static async Task PassAsync(EnforcedUnity unity, World? before, World after, string about, Tally tally)
    {
        var intent = GeneratedUnityTests.Intent(after);
        var plan = await unity.PlanAsync(intent);
        var first = await ReadAsync(unity, after, "nothing");
        var saltBefore = await SaltAsync(unity);
        var seen = new ConcurrentDictionary<(string Who, int Table, string Text), Reading>();
        // What a reader met would be a fault of the platform's to whoever writes.
        var faults = new ConcurrentQueue<string>();
        unity.Gate!.After = async write =>
        {
            try
            {
                var readings = await ReadAsync(unity, after, write);
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

        var last = await ReadAsync(unity, after, "all of it");
        // It goes with the last mask.
        var salt = await SaltAsync(unity) ?? saltBefore ?? "";
        foreach (var (key, reading) in seen)
        {
            var table = after.Tables[key.Table];
            var place = (key.Who, key.Table);
            TableSight.FaultOf(
                    reading.Rows, SightOf(unity, before, place, first[place], table, salt), SightOf(unity, after, place, last[place], table, salt), PlainOf(table), BetweenOf(plan, table))
                .ShouldBeNull($"{key.Who} on {table.Object.Path} after {reading.After}; {about}\nbefore: {before}\nafter: {after}\n{string.Join('\n', plan.Changes.Select(static c => $"{c.Phase} {c.Verb} {c.Key} {c.Definition}"))}");
        }
    }

    private static async Task<string?> SaltAsync(EnforcedUnity unity) =>
        (await unity.TryReadAsync(unity.Sandbox.Token, $"SELECT salt FROM {EnforcedUnity.Own}.entitlements.salt")).Rows is [[{ } only]] ? only : null;

    // By the naive evaluator; or, where somebody else granted it to them, whatever policies say. Of somebody who is subscribed and refused in the state itself something can't be enforced; that this is told, generated worlds prove.
    internal static TableSight SightOf(EnforcedUnity unity, World? world, (string Who, int Table) place, Reading then, CaseTable plain, string salt, bool isGranted = false)
    {
        if (world?.Tables[place.Table] is not { IsActive: true } table) return new TableSight(isGranted ? PlainOf(plain) : null, PlainOf(plain));
        var (governed, holders) = (table.Object, world.Holders().Single(h => GeneratedUnityTests.Login(h.Name) == place.Who).Holders);
        // Of an identity one of whose holders is disabled nothing is known, as of one that is nobody's.
        var isKnown = holders.All(static h => h.IsEnabled);
        IReadOnlyList<Person?> people = isKnown ? [.. holders] : [null];
        var naive = (isKnown ? world : world with { Unregistered = UnregisteredBehaviour.Protect }).Naive(Technology.Databricks.Name);
        var desired = unity.Platform.Compile(GeneratedUnityTests.Intent(world) with { OwnContainer = EnforcedUnity.Own });
        var hidesNumbers = governed.Columns.Select(c => GeneratedUnityTests.HidesNumbers(desired, governed.Path, c)).ToList();
        var masked = table.Rows.Select(row => (IReadOnlyList<string>)[.. governed.Columns.Select((column, c) => GeneratedUnityTests.Expected(
            NaiveMasks.Compose(ColumnKinds.Of(column.Type), people.SelectMany(h => naive.MasksOn(h, governed, column.Name, row)), Technology.Databricks.Name) is { } mask ? new CellOutcome.Masked(mask) : new CellOutcome.Clear(),
            column, row[c], salt, hidesNumbers[c]))]).ToList();
        var isRefused = then.Rows is null || (!isGranted && (!isKnown || !holders.All(h => naive.IsSubscribed(h, governed, Core.Policies.AccessKind.Read))));
        return new TableSight(isRefused ? null : [.. table.Rows.Select((row, r) => people.All(h => naive.IsRowVisible(h, governed, row)) ? masked[r] : null)], masked);
    }

    internal static IReadOnlyList<IReadOnlyList<string>> PlainOf(CaseTable table) =>
        [.. table.Rows.Select(row => (IReadOnlyList<string>)[.. table.Object.Columns.Select((column, c) => GeneratedUnityTests.Expected(new CellOutcome.Clear(), column, row[c], "", hidesNumbers: false))])];

    // ADR 0013: where a function is replaced while what is known of people changes, one that shows nothing stands in between.
    private static Between BetweenOf(Plan plan, CaseTable table)
    {
        var replaced = plan.Changes.Where(c => c is { Phase: ChangePhase.Know, Verb: ChangeVerb.Replace } && table.Object.Path.Equals(c.Key.Object)).ToList();
        var closed = plan.Changes.Any(static c => c.Phase == ChangePhase.Know && PeopleWriter.IsOfPeople(c))
            ? replaced
            : replaced.Where(c => c.Key.Kind == FactKind.RowRule && replaced.Exists(static m => m.Key.Kind == FactKind.Mask)).ToList();
        return new Between(
            IsRefused: false,
            closed.Exists(static c => c.Key.Kind == FactKind.RowRule),
            Enumerable.Range(0, table.Object.Columns.Count).Where(i => closed.Exists(c => c.Key.Kind == FactKind.Mask && c.Key.Subject == table.Object.Columns[i].Name)).ToHashSet());
    }

    internal static async Task<ConcurrentDictionary<(string Who, int Table), Reading>> ReadAsync(EnforcedUnity unity, World world, string after)
    {
        var readings = new ConcurrentDictionary<(string Who, int Table), Reading>();
        var places = world.Identities.SelectMany(i => Enumerable.Range(0, world.Tables.Count).Where(t => world.Tables[t].Rows.Count > 0).Select(t => (Who: GeneratedUnityTests.Login(i.Name), Table: t)));
        await Parallel.ForEachAsync(places, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (place, _) =>
        {
            var governed = world.Tables[place.Table].Object;
            var (rows, refusal) = await unity.ReadAsAsync(place.Who, $"SELECT {string.Join(", ", governed.Columns.Select(static c => $"CAST({Quote.Identifier(c.Name)} AS STRING)"))} FROM {GeneratedUnityTests.Named(governed.Path)}");
            refusal?.ShouldContain("INSUFFICIENT_PERMISSIONS", customMessage: $"{place.Who} on {governed.Path}");
            readings[place] = new Reading(
                refusal is null ? [.. rows.Select(r => r.Select((v, i) => GeneratedUnityTests.Canonical(v, ColumnKinds.Of(governed.Columns[i].Type))).ToArray())] : null, after);
        });
        return readings;
    }
}
