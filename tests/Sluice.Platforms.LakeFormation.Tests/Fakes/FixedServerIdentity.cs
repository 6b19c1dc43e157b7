using Sluice.Platforms.LakeFormation.Identity;

namespace Sluice.Platforms.LakeFormation.Tests.Fakes;

internal sealed class FixedServerIdentity(AwsCredentials credentials) : IServerAwsIdentity
{
    public ValueTask<AwsCredentials> GetCredentialsAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credentials);
}
