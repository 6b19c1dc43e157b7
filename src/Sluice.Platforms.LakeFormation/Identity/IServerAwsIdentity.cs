namespace Sluice.Platforms.LakeFormation.Identity;

/// <summary>The AWS identity of this server itself, which assumes the roles of connections.</summary>
public interface IServerAwsIdentity
{
    /// <summary>Credentials that are valid now. Renewing them is the implementation's.</summary>
    /// <exception cref="PlatformException"><see cref="PlatformFailure.CredentialsRejected"/>: this server has no AWS identity.</exception>
    ValueTask<AwsCredentials> GetCredentialsAsync(CancellationToken cancellationToken);
}
