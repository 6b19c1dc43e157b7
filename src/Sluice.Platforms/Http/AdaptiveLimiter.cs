namespace Sluice.Platforms.Http;

/// <summary>
/// Lets a number of requests run at once that follows what the platform bears. First come, first served. Safe for concurrent use; one per
/// connection and service.
/// </summary>
public sealed class AdaptiveLimiter
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<LimiterLease>> _waiting = new();
    private LimiterState _state;
    private int _running;

    /// <summary>A limiter at its initial limit.</summary>
    /// <param name="bounds">The defaults when null.</param>
    /// <exception cref="ArgumentException">The bounds contradict each other.</exception>
    public AdaptiveLimiter(LimiterBounds? bounds = null)
    {
        bounds ??= new LimiterBounds();
        if (!bounds.AreConsistent)
            throw new ArgumentException($"The bounds contradict each other: {bounds}.", nameof(bounds));
        _state = LimiterState.Start(bounds);
    }

    /// <summary>How many requests may run at once now.</summary>
    public int CurrentLimit
    {
        get
        {
            lock (_lock)
                return _state.Permits;
        }
    }

    /// <summary>How many requests run now. After a decrease it may be above the limit until they end.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
                return _running;
        }
    }

    /// <summary>How many requests wait now.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>Waits for its turn.</summary>
    /// <returns>The right to run one request; the caller disposes of it.</returns>
    public async ValueTask<LimiterLease> AcquireAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource<LimiterLease>> turn;
        lock (_lock)
        {
            // A free place means that nobody waits: whoever gives one back hands it on at once.
            if (_running < _state.Permits)
                return Grant();
            turn = _waiting.AddLast(new TaskCompletionSource<LimiterLease>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((Action<CancellationToken>)state!)(token), (Action<CancellationToken>)(token => GiveUp(turn, token)));
        return await turn.Value.Task;
    }

    internal void Release(int epoch, LimiterLease.Outcome outcome)
    {
        lock (_lock)
        {
            _state = outcome switch
            {
                LimiterLease.Outcome.Succeeded => _state.Succeeded(epoch, _running),
                LimiterLease.Outcome.Throttled => _state.Throttled(epoch),
                _ => _state,
            };
            _running--;
            while (_running < _state.Permits && _waiting.First is { } next)
            {
                _waiting.RemoveFirst();
                next.Value.SetResult(Grant());
            }
        }
    }

    private LimiterLease Grant()
    {
        _running++;
        return new LimiterLease(this, _state.Epoch);
    }

    // Whoever takes the turn off the list, under the lock, decides how it ends: a turn granted and cancelled at once is granted.
    private void GiveUp(LinkedListNode<TaskCompletionSource<LimiterLease>> turn, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (turn.List is null)
                return;
            _waiting.Remove(turn);
        }

        turn.Value.SetCanceled(cancellationToken);
    }
}
