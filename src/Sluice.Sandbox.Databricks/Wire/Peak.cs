namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>How many are at it now, and were at most.</summary>
internal sealed class Peak
{
    private int now;
    private int most;

    public int Most => Volatile.Read(ref most);

    public int Enter()
    {
        var entered = Interlocked.Increment(ref now);
        for (var seen = Volatile.Read(ref most); entered > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, entered, seen);
        return entered;
    }

    public void Leave() => Interlocked.Decrement(ref now);

    public void Clear() => Volatile.Write(ref most, 0);
}
