using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace Sluice.Platforms.LakeFormation.Identity;

/// <summary>AWS's own credential chain: environment, web identity, profile, container, instance.</summary>
public sealed class DefaultServerAwsIdentity : IServerAwsIdentity
{
    /// <inheritdoc/>
    public async ValueTask<AwsCredentials> GetCredentialsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var chain = await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync().WaitAsync(cancellationToken);
            var found = await chain.GetCredentialsAsync().WaitAsync(cancellationToken);
            return new AwsCredentials(found.AccessKey, found.SecretKey, found.UseToken ? found.Token : null);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or InvalidOperationException)
        {
            throw new PlatformException(
                PlatformFailure.CredentialsRejected,
                "This server has no AWS identity that could assume a role: its operator gives it one (instance or container role, "
                + "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE). Without one, use authenticationType accessKey.",
                e);
        }
    }
}
