using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Identity;

/// <summary>Credentials of an assumed role, renewed <see cref="Margin"/> before they end.</summary>
internal sealed class AssumedRoleCredentials(StsClient sts, string roleArn, string sessionName, string externalId, TimeProvider time)
    : ICredentialSource, IDisposable
{
    /// <summary>How long before their end credentials are renewed: longer than the longest retry of a request signed with them.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _renewing = new(1, 1);
    private AwsCredentials? _current;

    public async ValueTask<AwsCredentials> GetAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } fresh) return fresh;
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } renewed) return renewed;
            var assumed = await sts.AssumeRoleAsync(roleArn, sessionName, externalId, cancellationToken);
            Volatile.Write(ref _current, assumed);
            return assumed;
        }
        catch (PlatformException e) when (e.IsTransient && Volatile.Read(ref _current) is { } old && old.Expires > time.GetUtcNow())
        {
            // What is left of the old session serves until STS answers again.
            return old;
        }
        finally
        {
            _renewing.Release();
        }
    }

    public bool Expire(AwsCredentials rejected)
    {
        Interlocked.CompareExchange(ref _current, null, rejected);
        return true;
    }

    public void Dispose() => _renewing.Dispose();

    private AwsCredentials? Fresh() =>
        Volatile.Read(ref _current) is { } current && current.Expires - time.GetUtcNow() > Margin ? current : null;
}
