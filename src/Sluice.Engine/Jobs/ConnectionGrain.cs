using Orleans;

namespace Sluice.Engine.Jobs;

/// <inheritdoc cref="IConnectionGrain"/>
internal sealed class ConnectionGrain(ConnectionWorkerFactory workers) : Grain, IConnectionGrain
{
    private static readonly TimeSpan KeepAfterWake = TimeSpan.FromMinutes(2);
    private ConnectionWorker? _worker;

    public Task WakeAsync()
    {
        // The pump wakes every connection with unfinished jobs, so a working grain stays.
        DelayDeactivation(KeepAfterWake);
        if (_worker is null || !_worker.TryWake()) _worker = workers.Start(this.GetPrimaryKey());
        return Task.CompletedTask;
    }

    public Task CancelAsync(Guid jobId)
    {
        _worker?.Cancel(jobId);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_worker is not null) await _worker.StopAsync(cancellationToken);
    }
}
