namespace Sluice.Engine.Auditing;

/// <summary>Log records that were handed on and wait in memory to be sent: what is lost with the process, and, past a bound, without it.</summary>
public interface IRecordsUnderWay
{
    /// <summary>Waits until each has been sent, or given up by whoever sends them.</summary>
    Task EndAsync(CancellationToken cancellationToken);
}

/// <summary>Where nothing sends them, none is under way.</summary>
internal sealed class NoRecordsUnderWay : IRecordsUnderWay
{
    public Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
