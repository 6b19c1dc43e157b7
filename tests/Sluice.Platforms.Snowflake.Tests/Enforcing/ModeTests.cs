using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.EndToEnd.Tests;
using Sluice.Platforms.Snowflake.Sql;
using Sluice.Testing;
using Sluice.Testing.Cases;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// What the modes that take nothing back leave of generated worlds at the stand-in: what is there stays, what is missing is added, and nobody reads what neither the state
/// before nor the state that policies ask for shows them.
/// </summary>
public sealed class ModeTests(ITestOutputHelper output)
{
    private const int Mutations = 6;

    [Theory]
    [InlineData(EnforcementMode.CreateOnly)]
    [InlineData(EnforcementMode.UpsertOnly)]
    public async Task What_is_there_stays_and_what_is_added_shows_nothing_that_no_state_does(EnforcementMode mode)
    {
        var (added, left, readings, held) = (0, 0, 0, 0);
        foreach (var seed in Seeds.Of(5001, few: 8, many: 100))
        {
            await using var round = await GeneratedRound.BeginAsync(seed);
            await round.EnforceAsync();
            var granted = Plant(round, seed);
            var (world, asked) = (round.World, round.Intent());
            for (uint change = 0; change < Mutations; change++) round.Change((seed * 1000) + change);
            var intent = round.Intent();
            var before = (await round.Account.ObserveAsync(intent)).Facts;
            var plan = await round.Account.PlanAsync(intent, mode);
            (await round.Account.ApplyAsync(intent, plan.Changes)).Where(static o => o.Error is not null).Select(static o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty(round.About($"{mode}"));
            var after = (await round.Account.ObserveAsync(intent)).Facts;
            var about = round.About($"{mode}\n{string.Join('\n', plan.Changes.Select(static c => $"{c.Phase} {c.Verb} {c.Key} {c.Definition}"))}\nbefore: {world}");

            var closed = Closed(intent, after);
            var hidden = closed.ToHashSet();
            // Who is exempt anew waits for that where an older mask or row rule stays: until then what is new masks and hides for them too.
            if (round.Account.Compile(intent).Facts.Any(f => f.Key.Kind is FactKind.Exemption or FactKind.Entitlement && after.All(a => a.Key != f.Key)))
                hidden.UnionWith(plan.Changes.Select(static c => c.Key).Where(static k => k.Kind is FactKind.Mask or FactKind.RowRule));
            StandingFacts.LostOf(before, [.. after.Where(f => !closed.Contains(f.Key)), .. before.Where(f => closed.Contains(f.Key))], mode).ShouldBeEmpty(about);
            (await round.Account.PlanAsync(intent, mode)).Changes.Select(static c => $"{c.Verb} {c.Key}").ShouldBeEmpty($"a second plan; {about}");
            readings += await ShouldBeOfAStateAsync(round, new GeneratedSight(world, asked, round.PassedOver), new GeneratedSight(round.World, intent, round.PassedOver), granted, hidden, about);
            added += plan.Changes.Count(static c => c.Verb == ChangeVerb.Add);
            left += plan.LeftAlone.Count;
            held += round.Account.Compile(intent).Facts.Count(f => !after.Any(a => a.Key == f.Key));
        }

        output.WriteLine($"{mode}: {added} added, {left} left alone, {held} held back, {readings} readings");
        added.ShouldBeGreaterThan(0);
        left.ShouldBeGreaterThan(0);
    }

    // A policy that shows nothing, which made room for a new one that needs a column of the old one's: no column stands in two.
    private static HashSet<FactKey> Closed(AccessIntent intent, IReadOnlyList<ObservedFact> facts)
    {
        var names = new NativeNames(EnforcedAccount.Prefix, SnowflakeAccount.Database);
        var closing = new ClosingPolicy(names, Protection.Passes(intent, names));
        return intent.Objects.SelectMany(o => facts.Where(f => f.Key.Kind is FactKind.Mask or FactKind.RowRule && o.Object.Path.Equals(f.Key.Object) && closing.IsOne(o.Object, SetPolicy.Read(f.Definition).Name)))
            .Select(static f => f.Key).ToHashSet();
    }

    private static Between BetweenOf(CaseTable table, HashSet<FactKey> hidden) => new(
        IsRefused: false,
        hidden.Any(k => k.Kind == FactKind.RowRule && table.Object.Path.Equals(k.Object)),
        Enumerable.Range(0, table.Object.Columns.Count).Where(i => hidden.Any(k => k.Kind == FactKind.Mask && table.Object.Path.Equals(k.Object) && k.Subject == table.Object.Columns[i].Name)).ToHashSet());

    // Grants of registered people's own, by somebody else.
    private static HashSet<(string Who, ObjectPath Table)> Plant(GeneratedRound round, uint seed)
    {
        var random = new Random((int)seed);
        var granted = new HashSet<(string, ObjectPath)>();
        foreach (var table in round.World.Tables.Where(static t => t.IsActive))
        {
            var who = round.World.Identities[random.Next(round.World.Identities.Count)].Name;
            var (user, path) = (Quote.Identifier(who), table.Object.Path);
            round.Account.Change(
                $"GRANT USAGE ON DATABASE {Quote.Identifier(path.Names[1])} TO USER {user}", $"GRANT USAGE ON SCHEMA {Quote.Path(path.Names[1], path.Names[2])} TO USER {user}",
                $"GRANT SELECT ON TABLE {Quote.Path(path.Names[1], path.Names[2], path.Names[3])} TO USER {user}");
            granted.Add((who, path));
        }

        return granted;
    }

    private static async Task<int> ShouldBeOfAStateAsync(GeneratedRound round, GeneratedSight old, GeneratedSight made, HashSet<(string Who, ObjectPath Table)> granted, HashSet<FactKey> hidden, string about)
    {
        var salt = await round.SaltAsync();
        var readings = 0;
        foreach (var who in round.World.Identities.Select(static i => i.Name).Append(GeneratedRound.Application))
        {
            using var session = await SnowflakeSql.LogInAsync(round.Account.Sandbox, who, EnforcedAccount.Password);
            foreach (var table in round.World.Tables)
            {
                // Where masks are left out because only the exempt are granted a table, others who have it see what they saw.
                var isGranted = who == GeneratedRound.Application || granted.Contains((who, table.Object.Path));
                if (isGranted && (old.IsNarrowed(table) || made.IsNarrowed(table))) continue;
                var (rows, refusal) = await round.ReadAsync(session, table);
                var (before, after) = who == GeneratedRound.Application
                    ? (old.OfUnregistered(who, table, salt), made.OfUnregistered(who, table, salt))
                    : (old.Of(who, table, salt, isGranted), made.Of(who, table, salt, isGranted));
                TableSight.FaultOf(refusal is null ? rows : null, before, after, GeneratedSight.PlainOf(table), BetweenOf(table, hidden))
                    .ShouldBeNull($"{who} on {table.Object.Path}: {about}");
                readings++;
            }
        }

        return readings;
    }
}
