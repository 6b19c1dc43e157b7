namespace Sluice.Platforms.LakeFormation.Identity;

/// <summary>The server's own identity, for the calls to STS that assume a role or ask who the server is.</summary>
internal sealed class ServerCredentials(IServerAwsIdentity identity) : ICredentialSource
{
    public ValueTask<AwsCredentials> GetAsync(CancellationToken cancellationToken) => identity.GetCredentialsAsync(cancellationToken);

    public bool Expire(AwsCredentials rejected) => false;
}
