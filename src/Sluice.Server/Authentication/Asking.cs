using System.Threading.RateLimiting;

namespace Sluice.Server.Authentication;

/// <summary>Asks a limiter of partitions.</summary>
internal static class Asking
{
    /// <summary>
    /// Asks for permits. The library disposes of a partition that was idle for a while, also when it is just being asked, and throws (dotnet/runtime#99865). An idle
    /// one has nothing to remember, and asked again there is a new one.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The limiter as a whole is no more.</exception>
    public static RateLimitLease Ask<TResource>(this PartitionedRateLimiter<TResource> limiter, TResource resource, int permitCount = 1)
    {
        try
        {
            return limiter.AttemptAcquire(resource, permitCount);
        }
        catch (ObjectDisposedException)
        {
            return limiter.AttemptAcquire(resource, permitCount);
        }
    }
}
