using System.Collections.Concurrent;

namespace Sluice.Sandbox.Snowflake.Wire;

/// <summary>How often each operation was asked for, and what was answered.</summary>
internal sealed class RequestCounts
{
    private readonly ConcurrentDictionary<string, long> operations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> errors = new(StringComparer.Ordinal);

    public void Asked(string action) => operations.AddOrUpdate(action, 1, (_, count) => count + 1);

    public void Failed(string code) => errors.AddOrUpdate(code, 1, (_, count) => count + 1);

    public SandboxRequests Snapshot() => new(Sorted(operations), Sorted(errors));

    public void Clear()
    {
        operations.Clear();
        errors.Clear();
    }

    private static SortedDictionary<string, long> Sorted(ConcurrentDictionary<string, long> counts) => new(counts, StringComparer.Ordinal);
}
