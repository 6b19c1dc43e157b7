using System.Collections.Concurrent;
using System.Net;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Faults;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>kill -9 in the middle of an apply on Lake Formation: what people hold at the stand-in is looked at all the while.</summary>
public sealed class LakeKillTests(ITestOutputHelper output)
{
    private const int Seed = 20261129;
    private const int WritesOfApply = 24;
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SLUICE_LONG") == "1" ? 20 : 1;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("names", ServiceGrants.LFTag, 6)]
    [InlineData("tags", ServiceGrants.Super, 50)]
    public async Task A_server_killed_in_an_apply_goes_on_after_it_and_nobody_held_what_no_state_allows(string method, ServiceGrants grants, int others)
    {
        string[] crowd = [.. Enumerable.Range(0, others).Select(static i => $"p{i:00}")];
        var start = new World
        {
            Members = new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["Analysts"] = ["ben", "cat", "eve", .. crowd], ["Finance"] = ["ada", "eve", .. crowd], ["Privacy"] = ["ben"],
            },
            OfFinance = GovernedLake.Tables[5..],
        };
        await using var lake = await GovernedLake.StartAsync(grants, start.Members, asProcess: true);
        var random = new Random(Seed);
        using (var api = lake.Server.Api())
        {
            await GovernedLake.PutAsync(api, start.Policies);
            await ReconciledAsync(api, GovernedLake.Key);
        }

        var granted = await lake.GrantsAsync();
        granted.Any(static g => g.Contains("sluice_r", StringComparison.Ordinal)).ShouldBe(method == "tags", "the method that this is about");
        start.ShouldBeSeen(lake);
        // So that a kill meets requests that are under way.
        lake.Aws.SetFaults([.. ((string[])["BatchGrantPermissions", "BatchRevokePermissions", "AddLFTagsToResource", "RemoveLFTagsFromResource"])
            .Select(static o => new AwsSandboxFault { Operation = o, Kind = AwsSandboxFaultKind.Latency, LatencyMilliseconds = 20, JitterMilliseconds = 60 })]);

        var watch = new Watch(lake, start);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var watching = watch.RunAsync(ending.Token);
        for (var round = 0; round < Rounds; round++)
        {
            // Ada leaves Finance while tables join it, and comes back while they leave; no state lets her have those.
            var moved = start.With("Finance", ["eve", .. crowd]) with { OfFinance = GovernedLake.Tables[2..] };
            await TurnAsync(lake, watch, start, moved, random, mayInterrupt: true);

            // A mask comes; Ben is exempt no more, and Cat is.
            var masked = moved.With("Privacy", ["cat"]) with { IsMasked = true };
            await TurnAsync(lake, watch, moved, masked, random, mayInterrupt: false);

            var back = masked with { Members = masked.With("Finance", ["ada", "eve", .. crowd]).Members, OfFinance = GovernedLake.Tables[5..] };
            await TurnAsync(lake, watch, masked, back, random, mayInterrupt: true);

            await TurnAsync(lake, watch, back, start, random, mayInterrupt: false);
            (await lake.GrantsAsync()).ShouldBe(granted, $"what nobody asks for is gone; round {round}, seed {Seed}");
        }

        await ending.CancelAsync();
        await watching;
        watch.Faults.ShouldBeEmpty();
        watch.Looks.ShouldBeGreaterThan(100);
        using var last = lake.Server.Api();
        var trail = await last.PostAsync("/api/v1/audit/verify", "{}");
        trail.Status.ShouldBe(HttpStatusCode.OK, trail.Text);
        output.WriteLine($"{method}: {Rounds} rounds, {Rounds * 4} kills, {watch.Looks} looks, {lake.Written} writing requests, seed {Seed}");
    }

    // All of it becomes one plan: while it is put together nothing is written.
    private static async Task TurnAsync(GovernedLake lake, Watch watch, World from, World to, Random random, bool mayInterrupt)
    {
        using (var api = lake.Server.Api())
        {
            await GovernedLake.ModeAsync(api, "observe");
            foreach (var (group, members) in to.Members)
                if (!members.SequenceEqual(from.Members[group])) await GovernedLake.MembersAsync(api, group, members);
            await GovernedLake.PutAsync(api, to.Policies);
            watch.Begin(from, to, mayInterrupt);
            var until = lake.Written + random.Next(1, WritesOfApply);
            await GovernedLake.ModeAsync(api, "sync");
            await WrittenAsync(lake, api, until);
        }

        await lake.KillAsync();
        using var next = lake.Server.Api();
        await ReconciledAsync(next, GovernedLake.Key);
        to.ShouldBeSeen(lake);
        watch.Begin(to, to, mayInterrupt: false);
    }

    // A point in the apply is how many writing requests the stand-in has met: some kills meet a server that is done.
    private static async Task WrittenAsync(GovernedLake lake, Api api, long until)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var looks = 1; lake.Written < until; looks++)
        {
            await look.WaitForNextTickAsync(Token);
            if (looks % 200 == 0 && await IsReconciledAsync(api, GovernedLake.Key)) return;
        }
    }

    // Who is in which group, whose the tables are, and whether addresses are masked: whatever else there is does not change.
    private sealed record World
    {
        public required IReadOnlyDictionary<string, string[]> Members { get; init; }

        public required string[] OfFinance { get; init; }

        public bool IsMasked { get; init; }

        public string Policies => string.Join(
            "\n---\n", GovernedLake.Reading("Analysts", GovernedLake.Tables.Except(OfFinance)), GovernedLake.Reading("Finance", OfFinance), GovernedLake.Masking("Privacy", isStaged: !IsMasked));

        public World With(string group, string[] members) => this with { Members = new Dictionary<string, string[]>(Members, StringComparer.Ordinal) { [group] = members } };

        public bool Allows(string person, string table, string column) =>
            Members[OfFinance.Contains(table) ? "Finance" : "Analysts"].Contains(person) && (column != "email" || !IsMasked || Members["Privacy"].Contains(person));

        public void ShouldBeSeen(GovernedLake lake)
        {
            foreach (var (person, table, column) in Watch.Everything(lake))
                (lake.Seen(person, table)?.Contains(column) ?? false).ShouldBe(Allows(person, table, column), $"{person} {table}.{column}");
        }
    }

    // Holds everything that people may read against the state before and the state after.
    private sealed class Watch(GovernedLake lake, World start)
    {
        private readonly List<(string Person, string Table, string Column)> _everything = [.. Everything(lake)];
        private readonly ConcurrentDictionary<string, int> _faults = new(StringComparer.Ordinal);
        private (World From, World To, bool MayInterrupt) _turn = (start, start, false);

        public ICollection<string> Faults => _faults.Keys;

        public int Looks { get; private set; }

        public static IEnumerable<(string Person, string Table, string Column)> Everything(GovernedLake lake) =>
            from table in GovernedLake.Tables from column in lake.Seen("lake-admin", table)! from person in GovernedLake.People select (person, table, column);

        public void Begin(World from, World to, bool mayInterrupt)
        {
            lock (_faults) _turn = (from, to, mayInterrupt);
        }

        public async Task RunAsync(CancellationToken ending)
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(4));
            while (!ending.IsCancellationRequested)
            {
                await pause.WaitForNextTickAsync(CancellationToken.None);
                lock (_faults) Look();
                Looks++;
            }
        }

        private void Look()
        {
            var (from, to, mayInterrupt) = _turn;
            var seen = GovernedLake.People.SelectMany(p => GovernedLake.Tables.Select(t => (Person: p, Table: t))).ToDictionary(static k => k, k => lake.Seen(k.Person, k.Table) ?? []);
            foreach (var (person, table, column) in _everything)
            {
                var (before, after) = (from.Allows(person, table, column), to.Allows(person, table, column));
                var has = seen[(person, table)].Contains(column);
                if (has && !before && !after) _faults[$"{person} held {table}.{column}, which no state allows"] = 1;
                if (!has && before && after && !mayInterrupt) _faults[$"{person} lost {table}.{column}, which both states allow"] = 1;
            }
        }
    }
}
