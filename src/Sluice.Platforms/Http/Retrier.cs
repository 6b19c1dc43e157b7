namespace Sluice.Platforms.Http;

/// <summary>Tries a call again while its <see cref="PlatformException"/> is transient and the policy allows. Safe for concurrent use.</summary>
/// <param name="time">Measures the deadline and the pauses.</param>
/// <param name="random">Spreads the pauses; the shared one when null.</param>
public sealed class Retrier(TimeProvider time, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;

    /// <summary>Runs a call.</summary>
    /// <param name="policy">When it is tried again.</param>
    /// <param name="attempt">The call. Its token ends with the caller's, or at the deadline.</param>
    /// <param name="cancellationToken">The caller's; its cancellation is never retried.</param>
    /// <exception cref="PlatformException">
    /// The last attempt's, or <see cref="PlatformFailure.Unreachable"/> when the first one met the deadline.
    /// </exception>
    public async Task<T> RunAsync<T>(RetryPolicy policy, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(policy.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        PlatformException? last = null;
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt(either.Token);
            }
            catch (PlatformException e) when (e.IsTransient)
            {
                last = e;
                var pause = policy.NextDelay(number, e.RetryAfter, _random.NextDouble());
                if (pause is null || time.GetElapsedTime(started) + pause >= policy.Deadline)
                    throw;
                await Task.Delay(pause.Value, time, cancellationToken);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw last ?? new PlatformException(
                    PlatformFailure.Unreachable, $"There was no answer within {policy.Deadline.TotalSeconds:0.#} seconds.");
            }
        }
    }
}
