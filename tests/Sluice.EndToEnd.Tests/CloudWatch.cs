using System.Collections.Concurrent;

namespace Sluice.EndToEnd.Tests;

/// <summary>People who read all tables again and again, and what they read held against the state before and the state after.</summary>
/// <param name="cloud">Where.</param>
/// <param name="isSnowflake">Whether it is Snowflake's stand-in: there are audiences there.</param>
/// <param name="start">How it begins.</param>
internal sealed class CloudWatch(IGovernedCloud cloud, bool isSnowflake, CloudWorld start)
{
    private readonly ConcurrentDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private Turn _turn = new(start, start);
    private int _looks;
    private int _closed;

    /// <summary>What nobody should have read, or missed.</summary>
    public ICollection<string> Faults => _faults.Keys;

    /// <summary>How often a table was read.</summary>
    public int Looks => _looks;

    /// <summary>How often something was found closed that both states show, where the documentation says so.</summary>
    public int Closed => _closed;

    public void Begin(CloudWorld from, CloudWorld to) => Volatile.Write(ref _turn, new Turn(from, to));

    /// <summary>Reads until it is told to end.</summary>
    public Task RunAsync(CancellationToken ending) => Task.WhenAll(CloudWorld.People.Select(p => ReadOnAsync(p, ending)));

    /// <summary>Everybody reads everything once, and sees exactly what a state allows.</summary>
    public async Task ShouldBeAsync(CloudWorld world, string about)
    {
        foreach (var person in CloudWorld.People)
        {
            var read = await cloud.LogInAsync(person);
            foreach (var table in CloudWorld.Tables)
            {
                var (rows, allowed) = (await read(table), world.Allows(person, table));
                (rows is null).ShouldBe(allowed is null, $"{person} {table}; {about}; {world}; {(rows is null ? cloud.RefusalOf(person) : null)}");
                if (rows is not null) rows.Select(static r => $"{r[0]} {r[2] ?? "NULL"}").Order(StringComparer.Ordinal).ShouldBe(allowed!.Select(static r => $"{r.Key} {r.Value ?? "NULL"}").Order(StringComparer.Ordinal), $"{person} {table}; {about}; {world}");
            }
        }
    }

    private async Task ReadOnAsync(string person, CancellationToken ending)
    {
        // Without a pause the readers would take the machine from the server that they watch.
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var read = await cloud.LogInAsync(person);
        while (!ending.IsCancellationRequested)
        {
            await pause.WaitForNextTickAsync(CancellationToken.None);
            foreach (var table in CloudWorld.Tables)
            {
                foreach (var fault in await LookAsync(read, person, table)) _faults[fault] = 1;
            }
        }
    }

    // What is wrong with a reading.
    private async Task<IReadOnlyList<string>> LookAsync(Func<string, Task<IReadOnlyList<string?[]>?>> read, string person, string table)
    {
        // It may begin in one turn and end in the next.
        var begun = Volatile.Read(ref _turn);
        var (hasAnswer, rows) = await TryAsync(read, table);
        if (!hasAnswer) return [];
        var ended = Volatile.Read(ref _turn);
        Interlocked.Increment(ref _looks);
        return Judge(person, table, rows, begun == ended ? [begun] : [begun, ended]);
    }

    private static async Task<(bool HasAnswer, IReadOnlyList<string?[]>? Rows)> TryAsync(Func<string, Task<IReadOnlyList<string?[]>?>> read, string table)
    {
        try
        {
            return (true, await read(table));
        }
        catch (HttpRequestException)
        {
            // The stand-in is made to fail, for whoever reads too.
            return (false, null);
        }
    }

    private List<string> Judge(string person, string table, IReadOnlyList<string?[]>? rows, IReadOnlyList<Turn> turns)
    {
        var faults = new List<string>();
        var states = turns.SelectMany(static t => (CloudWorld[])[t.From, t.To]).Select(w => w.Allows(person, table)).ToList();
        if (rows is null)
        {
            if (states.TrueForAll(static s => s is not null)) Missed(turns.Any(t => isSnowflake && t.MayInterrupt(table)), $"it is refused, which both states allow: {cloud.RefusalOf(person)}");
            return faults;
        }

        foreach (var row in rows)
        {
            var shown = states.Where(s => s?.ContainsKey(row[0]!) == true).Select(s => s![row[0]!]).ToList();
            var plain = CloudWorld.Rows.Single(r => r[0] == row[0]);
            if (shown.Count == 0) Fault($"row {row[0]}, which no state shows");
            else if (row[1] != plain[1]) Fault($"row {row[0]} of region {row[1]}");
            else if (shown.Contains(row[2])) continue;
            // What one state shows and the other doesn't may be masked already, or still.
            else if (shown.Contains(plain[2]) && (shown.Count < states.Count || shown.Distinct().Count() > 1) && turns.Any(t => t.Masks.Contains(row[2]))) continue;
            else if (row[2] is null) Missed(turns.Any(static t => t.ClosesMasks), $"NULL for the address of row {row[0]}");
            else Fault($"row {row[0]} with {row[2]}, which no state shows");
        }

        foreach (var id in CloudWorld.Rows.Select(static r => r[0]).Where(id => states.TrueForAll(s => s?.ContainsKey(id) == true) && rows.All(r => r[0] != id)))
            Missed(turns.Any(static t => t.ClosesRows), $"without row {id}, which both states show");

        return faults;

        void Missed(bool isDocumented, string what)
        {
            if (isDocumented) Interlocked.Increment(ref _closed);
            else Fault(what);
        }

        void Fault(string what) => faults.Add($"{person} {table}: {what}\n  from {turns[0].From}\n  to {turns[^1].To}");
    }

    private sealed record Turn(CloudWorld From, CloudWorld To)
    {
        // Where a mask or row rule is replaced while what is known of people changes, one that shows nothing stands in between; so it does for rows whose masks are replaced too (ADR 0012, 0013).
        public bool ClosesMasks => IsMaskReplaced && IsRelearned;

        public bool ClosesRows => From.RowRule is not null && To.RowRule is not null && From.RowRule != To.RowRule && (IsRelearned || IsMaskReplaced);

        private bool IsMaskReplaced => From.Mask is not null && To.Mask is not null && From.Mask != To.Mask;

        /// <summary>What masks show in place of an address.</summary>
        public IEnumerable<string?> Masks => ((CloudWorld[])[From, To]).Where(static w => w.Mask is not null).Select(static w => w.MaskedAddress);

        private bool IsRelearned => !From.RegionOf.SequenceEqual(To.RegionOf) || Moved(CloudWorld.Privacy) || Moved(CloudWorld.Auditors);

        // A table that goes from one audience to another, where either crosses (plans.md): its revokes come before its grants.
        public bool MayInterrupt(string table) =>
            From.OwnerOf(table) != To.OwnerOf(table) && (IsRelearned || From.RowRule != To.RowRule || From.Mask != To.Mask || Moved(CloudWorld.Analysts) || Moved(CloudWorld.Finance));

        private bool Moved(string group) => !From.Members[group].SequenceEqual(To.Members[group]);
    }
}
