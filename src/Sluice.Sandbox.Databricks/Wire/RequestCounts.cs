using System.Collections.Concurrent;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>How often each operation was asked for, and what was answered.</summary>
internal sealed class RequestCounts
{
    private readonly ConcurrentDictionary<string, long> operations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> statements = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> errors = new(StringComparer.Ordinal);

    private readonly Peak requests = new();
    private readonly Peak running = new();

    /// <summary>A request begins; answers how many are being served with it.</summary>
    public int Enter() => requests.Enter();

    public void Leave() => requests.Leave();

    /// <summary>A statement or command runs until this is disposed.</summary>
    public IDisposable Running() => new Run(running);

    public void Asked(string operation) => Count(operations, operation);

    public void Ran(string verb) => Count(statements, verb);

    public void Failed(string code) => Count(errors, code);

    public SandboxRequests Snapshot() => new(Sorted(operations), Sorted(statements), Sorted(errors), requests.Most) { MostStatementsAtOnce = running.Most };

    public void Clear()
    {
        operations.Clear();
        statements.Clear();
        errors.Clear();
        requests.Clear();
        running.Clear();
    }

    private static void Count(ConcurrentDictionary<string, long> counts, string key) => counts.AddOrUpdate(key, 1, (_, count) => count + 1);

    private sealed class Run : IDisposable
    {
        private readonly Peak peak;

        public Run(Peak peak)
        {
            this.peak = peak;
            peak.Enter();
        }

        public void Dispose() => peak.Leave();
    }

    private static SortedDictionary<string, long> Sorted(ConcurrentDictionary<string, long> counts) => new(counts, StringComparer.Ordinal);
}
