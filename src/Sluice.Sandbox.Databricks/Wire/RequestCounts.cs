using System.Collections.Concurrent;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>How often each operation was asked for, and what was answered.</summary>
internal sealed class RequestCounts
{
    private readonly ConcurrentDictionary<string, long> operations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> statements = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> errors = new(StringComparer.Ordinal);

    private int atOnce;
    private int mostAtOnce;

    /// <summary>A request begins; answers how many are being served with it.</summary>
    public int Enter()
    {
        var now = Interlocked.Increment(ref atOnce);
        for (var most = Volatile.Read(ref mostAtOnce); now > most; most = Volatile.Read(ref mostAtOnce)) Interlocked.CompareExchange(ref mostAtOnce, now, most);
        return now;
    }

    public void Leave() => Interlocked.Decrement(ref atOnce);

    public void Asked(string operation) => Count(operations, operation);

    public void Ran(string verb) => Count(statements, verb);

    public void Failed(string code) => Count(errors, code);

    public SandboxRequests Snapshot() => new(Sorted(operations), Sorted(statements), Sorted(errors), Volatile.Read(ref mostAtOnce));

    public void Clear()
    {
        operations.Clear();
        statements.Clear();
        errors.Clear();
        Volatile.Write(ref mostAtOnce, 0);
    }

    private static void Count(ConcurrentDictionary<string, long> counts, string key) => counts.AddOrUpdate(key, 1, (_, count) => count + 1);

    private static SortedDictionary<string, long> Sorted(ConcurrentDictionary<string, long> counts) => new(counts, StringComparer.Ordinal);
}
