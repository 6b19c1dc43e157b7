namespace Sluice.Engine;

/// <summary>New ids; injected so that tests can foretell them.</summary>
public interface IIdSource
{
    /// <summary>A new, time-ordered id.</summary>
    Guid NewId();
}

/// <summary>UUIDs of version 7: later ids sort later, which keeps indexes narrow.</summary>
internal sealed class SystemIdSource(TimeProvider time) : IIdSource
{
    public Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());
}
