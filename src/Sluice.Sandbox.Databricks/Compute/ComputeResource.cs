namespace Sluice.Sandbox.Databricks.Compute;

/// <summary>What runs SQL: the warehouse, or the cluster. Deleted, stopped, starting or running.</summary>
internal sealed class ComputeResource(SandboxComputeState first, TimeSpan startDelay, TimeProvider clock)
{
    private readonly Lock gate = new();
    private DateTimeOffset? ready = first == SandboxComputeState.Running ? DateTimeOffset.MinValue : null;
    private bool deleted = first == SandboxComputeState.Deleted;

    public bool IsDeleted
    {
        get
        {
            lock (gate) return deleted;
        }
    }

    /// <summary>Null while it is stopped or deleted; else how long it takes until it runs.</summary>
    public TimeSpan? Left
    {
        get
        {
            lock (gate) return ready is { } at ? Until(at) : null;
        }
    }

    /// <summary>Starts what is stopped, which what is deleted isn't; answers how long it still takes.</summary>
    public TimeSpan Start()
    {
        lock (gate)
        {
            var at = ready ?? clock.GetUtcNow() + startDelay;
            ready = at;
            return Until(at);
        }
    }

    public void Set(SandboxComputeState state)
    {
        lock (gate)
        {
            deleted = state == SandboxComputeState.Deleted;
            ready = state == SandboxComputeState.Running ? DateTimeOffset.MinValue : null;
        }
    }

    private TimeSpan Until(DateTimeOffset at) => at > clock.GetUtcNow() ? at - clock.GetUtcNow() : TimeSpan.Zero;
}
