using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Testing;
using Sluice.Testing.Cases;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>
/// What the modes that take nothing back leave of generated worlds at the stand-in, half of them with account groups: what is there stays, what is missing is added, and nobody reads what neither
/// the state before nor the state that policies ask for shows them.
/// </summary>
public sealed class ModeTests(ITestOutputHelper output)
{
    private const uint Mutations = 6;

    [Theory]
    [InlineData(EnforcementMode.CreateOnly)]
    [InlineData(EnforcementMode.UpsertOnly)]
    public async Task What_is_there_stays_and_what_is_added_shows_nothing_that_no_state_does(EnforcementMode mode)
    {
        var (added, left, waiting, readings) = (0, 0, 0, 0);
        foreach (var seed in Seeds.Of(5201, few: 8, many: 100))
        {
            var asked = GeneratedUnity.Of(seed);
            var before = GeneratedUnity.Typed(asked);
            await using var unity = await GeneratedUnity.StartAsync(before, IntentOf(before, seed), mayMakeGroups: true);
            await unity.EnforceAsync(IntentOf(before, seed), $"seed {seed}");
            var granted = Plant(unity, before, seed, (await unity.ObserveAsync(IntentOf(before, seed))).Facts);
            for (uint change = 0; change < Mutations; change++) asked = new MutationGenerator(GeneratedUnity.Options).Mutate(asked, (seed * 1000) + change).After;
            var after = GeneratedUnity.Typed(asked);
            var intent = IntentOf(after, seed);
            var first = await TransitionTests.ReadAsync(unity, intent, after, "nothing");
            var there = (await unity.ObserveAsync(intent)).Facts;
            var plan = await unity.PlanAsync(intent, mode);
            (await unity.ApplyAsync(intent, plan.Changes)).Where(static o => o.Error is not null).Select(static o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty($"seed {seed}");
            var about = $"seed {seed}, {mode}\n{string.Join('\n', plan.Changes.Select(static c => $"{c.Phase} {c.Verb} {c.Key} {c.Definition}"))}\nbefore: {before}\nafter: {after}";

            StandingFacts.LostOf(there, (await unity.ObserveAsync(intent)).Facts, mode).ShouldBeEmpty(about);
            (await unity.PlanAsync(intent, mode)).Changes.Select(static c => $"{c.Verb} {c.Key}").ShouldBeEmpty($"a second plan; {about}");
            readings += await ShouldBeOfAStateAsync(unity, (before, after), first, granted, mode, seed, about);
            added += plan.Changes.Count(static c => c.Verb == ChangeVerb.Add);
            left += plan.LeftAlone.Count;
            waiting += plan.Shortfalls.Count(static s => s.Reason.StartsWith("held back", StringComparison.Ordinal));
        }

        output.WriteLine($"{mode}: {added} added, {left} left alone, {waiting} held back, {readings} readings");
        added.ShouldBeGreaterThan(0);
        left.ShouldBeGreaterThan(0);
    }

    private static AccessIntent IntentOf(World world, uint seed) => GeneratedUnity.Intent(world).Grouped(seed % 2 == 0 ? 1000 : 0);

    // Grants of registered people's own, by somebody else, to those whom Sluice granted nothing: one that it made would be the same grant, and so would the way down to it.
    private static HashSet<(string Who, ObjectPath Table)> Plant(EnforcedUnity unity, World world, uint seed, IReadOnlyList<ObservedFact> there)
    {
        var random = new Random((int)seed);
        var granted = new HashSet<(string, ObjectPath)>();
        foreach (var table in world.Tables.Where(static t => t.IsActive))
        {
            var who = GeneratedUnity.Login(world.Identities[random.Next(world.Identities.Count)].Name);
            if (there.Any(f => f.Key.Kind == FactKind.Grant && f.Owner == FactOwner.Ours && f.Key.Subject == who)) continue;
            GeneratedUnity.LetIn(unity, who, table.Object.Path);
            granted.Add((who, table.Object.Path));
        }

        return granted;
    }

    private static async Task<int> ShouldBeOfAStateAsync(
        EnforcedUnity unity, (World Before, World After) worlds, IReadOnlyDictionary<(string Who, int Table), TransitionTests.Reading> first, HashSet<(string Who, ObjectPath Table)> granted,
        EnforcementMode mode, uint seed, string about)
    {
        var (before, after) = (new GeneratedSight(worlds.Before, IntentOf(worlds.Before, seed)), new GeneratedSight(worlds.After, IntentOf(worlds.After, seed)));
        var salt = await GeneratedUnity.SaltAsync(unity) ?? "";
        var readings = 0;
        foreach (var (place, reading) in await TransitionTests.ReadAsync(unity, IntentOf(worlds.After, seed), worlds.After, "all of it"))
        {
            var table = worlds.After.Tables[place.Table];
            var isGranted = granted.Contains((place.Who, table.Object.Path));
            if (first[place].Rows is not null && (isGranted || mode == EnforcementMode.CreateOnly)) reading.Rows.ShouldNotBeNull($"{place.Who} on {table.Object.Path} lost it; {about}");
            TableSight.FaultOf(
                    reading.Rows, before.Of(place.Who, table, salt, isGranted), after.Of(place.Who, table, salt, isGranted), GeneratedSight.PlainOf(table),
                    new Between(IsRefused: false, HidesRows: false, new HashSet<int>()))
                .ShouldBeNull($"{place.Who} on {table.Object.Path}; {about}");
            readings++;
        }

        return readings;
    }
}
