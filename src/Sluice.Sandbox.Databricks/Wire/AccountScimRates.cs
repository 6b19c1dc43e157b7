using System.Collections.Concurrent;

namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>How often the account's SCIM API may be asked, from https://docs.databricks.com/aws/en/resources/limits.</summary>
internal sealed class AccountScimRates(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Queue<DateTimeOffset>> passed = new(StringComparer.Ordinal);

    /// <summary>Counts a request, unless it is one too many for the time that just passed.</summary>
    public bool Exceeds(Operation operation)
    {
        if (!operation.Name.StartsWith("account.scim.", StringComparison.Ordinal)) return false;
        var (kind, most, window) = Rate(operation);
        var queue = passed.GetOrAdd(kind, _ => new());
        lock (queue)
        {
            var now = clock.GetUtcNow();
            while (queue.TryPeek(out var first) && first <= now - window) queue.Dequeue();
            if (queue.Count >= most) return true;
            queue.Enqueue(now);
            return false;
        }
    }

    public void Clear() => passed.Clear();

    private static (string Kind, int Most, TimeSpan Window) Rate(Operation operation) => operation.Method switch
    {
        "GET" when operation.Name.EndsWith(".list", StringComparison.Ordinal) => ("LIST", 240, TimeSpan.FromMinutes(1)),
        "GET" => ("GET", 20, TimeSpan.FromSeconds(1)),
        "PATCH" => ("PATCH", 2, TimeSpan.FromSeconds(1)),
        _ => (operation.Method, 5, TimeSpan.FromSeconds(1)),
    };
}
