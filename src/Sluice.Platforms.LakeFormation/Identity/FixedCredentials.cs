namespace Sluice.Platforms.LakeFormation.Identity;

/// <summary>A long-term access key.</summary>
internal sealed class FixedCredentials(AwsCredentials credentials) : ICredentialSource
{
    public ValueTask<AwsCredentials> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credentials);

    public bool Expire(AwsCredentials rejected) => false;
}
