using Sluice.Core.Connections;
using Sluice.Core.Policies;
using Sluice.EndToEnd.Tests;
using Sluice.Testing;
using Sluice.Testing.Cases;
using Sluice.Testing.Naive;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>
/// Generated people, policies and tables at the stand-in: whoever logs in reads exactly what the naive evaluator says, rows, columns and values, and after
/// every change again; and so does somebody whom no policy knows.
/// </summary>
public sealed class GeneratedWorldTests(ITestOutputHelper output)
{
    private static readonly int Changes = Seeds.IsLong ? 3 : 1;

    [Fact]
    public async Task Everybody_reads_what_the_naive_evaluator_says()
    {
        var seen = new Tally();
        foreach (var seed in Seeds.Of(1, few: 6, many: 200))
        {
            await using var round = await GeneratedRound.BeginAsync(seed);
            await EnforceAndCompareAsync(round, seen);
            for (uint change = 1; change <= Changes; change++)
            {
                round.Change((seed * 1000) + change);
                await EnforceAndCompareAsync(round, seen);
            }

            output.WriteLine($"seed {seed}: {seen}");
        }

        // A run in which nobody reads, or nothing is hidden, proves nothing.
        seen.Read.ShouldBeGreaterThan(0);
        seen.Refused.ShouldBeGreaterThan(0);
        seen.RowsHidden.ShouldBeGreaterThan(0);
        seen.Masked.ShouldBeGreaterThan(0);
        seen.Custom.ShouldBeGreaterThan(0);
        seen.Narrowed.ShouldBeGreaterThan(0);
        seen.PassedOver.ShouldBeGreaterThan(0);
    }

    private sealed record Tally
    {
        public int Read { get; set; }
        public int Refused { get; set; }
        public int RowsHidden { get; set; }
        public int Masked { get; set; }
        public int Custom { get; set; }
        public int Narrowed { get; set; }

        /// <summary>Cells that the stranger would have met otherwise than they are, were policies not to pass over their role.</summary>
        public int PassedOver { get; set; }
    }

    private static async Task EnforceAndCompareAsync(GeneratedRound round, Tally seen)
    {
        await round.EnforceAsync();
        var salt = await round.SaltAsync();
        var naive = round.World.Naive(Technology.Snowflake.Name);
        var intent = round.Intent();
        var narrowing = intent.Objects.ToDictionary(o => o.Object.Path, GeneratedRound.NarrowingOf);
        seen.Narrowed += narrowing.Values.Count(n => n.Count > 0);
        foreach (var identity in round.World.Holders())
        {
            using var session = await SnowflakeSql.LogInAsync(round.Account.Sandbox, identity.Name, EnforcedAccount.Password);
            foreach (var table in round.World.Tables.Where(t => t.IsActive))
            {
                var isPassedOver = round.PassedOver.Contains(identity.Name, StringComparer.Ordinal);
                // Users who are passed over by their name keep what can't be protected.
                var isNarrowed = !isPassedOver && narrowing[table.Object.Path].Any(r => !intent.MembersOf(r).Contains(identity.Name, StringComparer.Ordinal));
                var outcomes = table.Rows.Select(row => table.Object.Columns.Select(c => isPassedOver ? new CellOutcome.Clear() : GeneratedRound.Outcome(
                    naive.OutcomeOf([.. identity.Holders], table.Object, c.Name, row, Capabilities.All), c,
                    [.. identity.Holders.SelectMany(h => naive.MasksOn(h, table.Object, c.Name, row))])).ToArray()).ToList();
                await CompareAsync(round, session, table, outcomes, isNarrowed || !identity.Holders.All(h => naive.IsSubscribed(h, table.Object, AccessKind.Read)), salt, seen, identity.Name);
            }
        }

        foreach (var stranger in GeneratedRound.Strangers)
        {
            using var session = await SnowflakeSql.LogInAsync(round.Account.Sandbox, stranger, EnforcedAccount.Password);
            var isPassedOver = round.PassedOver.Contains(stranger, StringComparer.Ordinal);
            foreach (var table in round.World.Tables.Where(t => t.IsActive && (isPassedOver || narrowing[t.Object.Path].Count == 0)))
            {
                var outcomes = table.Rows.Select(row => table.Object.Columns.Select(c => GeneratedRound.Outcome(
                    naive.OutcomeOfUnregistered(table.Object, c.Name, row, Capabilities.All), c, naive.MasksOn(null, table.Object, c.Name, row))).ToArray()).ToList();
                if (isPassedOver)
                {
                    seen.PassedOver += outcomes.Sum(static row => row.Count(static o => o is not CellOutcome.Clear));
                    outcomes = [.. outcomes.Select(static row => row.Select(static _ => (CellOutcome)new CellOutcome.Clear()).ToArray())];
                }

                await CompareAsync(round, session, table, outcomes, isRefused: false, salt, seen, stranger);
            }
        }
    }

    private static async Task CompareAsync(
        GeneratedRound round, SnowflakeSql session, CaseTable table, List<CellOutcome[]> outcomes, bool isRefused, string? salt, Tally seen, string who)
    {
        var about = round.About($"{who} on {table.Object.Path}");
        var (rows, refusal) = await round.ReadAsync(session, table);
        if (isRefused)
        {
            // Who has another privilege on it is told that it is there.
            refusal.ShouldNotBeNull(about);
            refusal.Split(':')[0].ShouldBeOneOf(["002003", "003001"], about);
            seen.Refused++;
            return;
        }

        refusal.ShouldBeNull(about);
        var expected = outcomes.Select((row, r) => (Cells: row, Row: r)).Where(r => r.Cells.All(o => o is not CellOutcome.RowAbsent))
            .Select(r => string.Join('|', r.Cells.Select((o, c) => GeneratedRound.Expected(o, table.Object.Columns[c], table.Rows[r.Row][c], salt)))).Order(StringComparer.Ordinal);
        rows.Select(r => string.Join('|', r)).Order(StringComparer.Ordinal).ShouldBe(expected, about);
        seen.Read++;
        seen.RowsHidden += table.Rows.Count - rows.Count;
        seen.Masked += outcomes.Sum(row => row.Count(o => o is CellOutcome.Masked));
        seen.Custom += outcomes.Sum(row => row.Count(o => o is CellOutcome.Masked(MaskFunction.Custom)));
    }
}
