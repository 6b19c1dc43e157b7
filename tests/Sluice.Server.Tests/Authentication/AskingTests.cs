using System.Threading.RateLimiting;
using Sluice.Server.Authentication;

namespace Sluice.Server.Tests.Authentication;

public sealed class AskingTests
{
    [Fact]
    public async Task A_partition_that_was_disposed_of_while_it_was_asked_is_made_anew()
    {
        await using var limiter = new Disposing(times: 1);

        using var lease = limiter.Ask("somebody");

        lease.IsAcquired.ShouldBeTrue();
    }

    [Fact]
    public async Task A_limiter_that_is_no_more_is_told()
    {
        await using var limiter = new Disposing(times: int.MaxValue);

        Should.Throw<ObjectDisposedException>(() => limiter.Ask("somebody"));
    }

    /// <summary>Throws so many times, as the library does.</summary>
    private sealed class Disposing(int times) : PartitionedRateLimiter<string>
    {
        private readonly ConcurrencyLimiter _inner = new(new ConcurrencyLimiterOptions { PermitLimit = 1 });
        private int _asked;

        public override RateLimiterStatistics? GetStatistics(string resource) => null;

        protected override RateLimitLease AttemptAcquireCore(string resource, int permitCount) =>
            _asked++ < times ? throw new ObjectDisposedException(nameof(ConcurrencyLimiter)) : _inner.AttemptAcquire(permitCount);

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(string resource, int permitCount, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        protected override void Dispose(bool disposing) => _inner.Dispose();
    }
}
