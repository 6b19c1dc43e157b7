using Microsoft.Extensions.Logging;
using Sluice.Storage;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;
using Sluice.Storage.Server;

namespace Sluice.Engine.Jobs;

/// <summary>Starts workers.</summary>
internal sealed class ConnectionWorkerFactory(
    IConnectionStore connections, IJobStore jobs, JobRunner runner, IServerLock server, TimeProvider time, ILogger<ConnectionWorker> logger)
{
    public ConnectionWorker Start(Guid connectionId) => new(connectionId, connections, jobs, runner, server, time, logger);
}

/// <summary>Takes a connection's lease and runs its jobs one after the other until none is due.</summary>
internal sealed partial class ConnectionWorker
{
    private readonly Guid _connectionId;
    private readonly IConnectionStore _connections;
    private readonly IJobStore _jobs;
    private readonly JobRunner _runner;
    private readonly IServerLock _server;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _work;
    private bool _again = true;
    private bool _ended;
    private (Guid Id, CancellationTokenSource Cancel)? _current;

    public ConnectionWorker(
        Guid connectionId, IConnectionStore connections, IJobStore jobs, JobRunner runner, IServerLock server, TimeProvider time, ILogger logger)
    {
        _connectionId = connectionId;
        _connections = connections;
        _jobs = jobs;
        _runner = runner;
        _server = server;
        _time = time;
        _logger = logger;
        // Outside of the grain's own scheduler: a crawl is never a grain call.
        _work = Task.Run(RunAsync);
    }

    /// <summary>Has it look for jobs once more; false when it has ended.</summary>
    public bool TryWake()
    {
        lock (_lock)
        {
            if (_ended) return false;
            _again = true;
            return true;
        }
    }

    /// <summary>Stops the job if it is the one that runs.</summary>
    public void Cancel(Guid jobId)
    {
        lock (_lock)
        {
            if (_current is { } current && current.Id == jobId) current.Cancel.Cancel();
        }
    }

    /// <summary>Finishes or parks the page in hand, then ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        try
        {
            // Where another server may be at work, a lease would only be taken from it. The pump comes back once the database is ours again.
            if (!_server.IsHeld || await _connections.TakeLeaseAsync(_connectionId, _stop.Token) is not { } fence)
            {
                End();
                return;
            }

            while (ShallGoOn())
            {
                while (_server.IsHeld && await _jobs.ClaimAsync(fence, _time.GetUtcNow(), _stop.Token) is { } job) await RunAsync(job, fence);
            }
        }
        catch (StaleWriterException)
        {
            Log.LeaseLost(_logger, _connectionId);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Log.Stopped(_logger, _connectionId);
        }
        catch (DatabaseDiskException e)
        {
            // Not even how the job ended could be stored: it stays active and goes on at its last page once there is room.
            Log.NotStored(_logger, _connectionId, e.Message);
        }
        catch (Exception e)
        {
            // The pump wakes the connection again: nothing may end the process here, and nothing may pass unlogged.
            Log.Failed(_logger, _connectionId, e);
        }
        finally
        {
            End();
        }
    }

    private async Task RunAsync(StoredJob job, WriteFence fence)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        lock (_lock) _current = (job.Id, cancel);
        try
        {
            await _runner.RunAsync(job, fence, cancel.Token, _stop.Token);
        }
        finally
        {
            lock (_lock) _current = null;
        }
    }

    private bool ShallGoOn()
    {
        lock (_lock)
        {
            if (!_again || _stop.IsCancellationRequested)
            {
                _ended = true;
                return false;
            }

            _again = false;
            return true;
        }
    }

    private void End()
    {
        lock (_lock) _ended = true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2121, Level = LogLevel.Information, Message = "The lease on connection {ConnectionId} went to another writer, or the connection is gone")]
        public static partial void LeaseLost(ILogger logger, Guid connectionId);

        [LoggerMessage(EventId = 2122, Level = LogLevel.Information, Message = "The worker of connection {ConnectionId} was stopped; its job goes on at the next start")]
        public static partial void Stopped(ILogger logger, Guid connectionId);

        [LoggerMessage(EventId = 2123, Level = LogLevel.Error, Message = "The worker of connection {ConnectionId} failed and will be started again")]
        public static partial void Failed(ILogger logger, Guid connectionId, Exception exception);

        [LoggerMessage(EventId = 2104, Level = LogLevel.Error, Message = "The worker of connection {ConnectionId} could not store what it did and will be started again: {Reason}")]
        public static partial void NotStored(ILogger logger, Guid connectionId, string reason);
    }
}
