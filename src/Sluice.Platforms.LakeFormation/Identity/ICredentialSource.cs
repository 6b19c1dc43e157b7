namespace Sluice.Platforms.LakeFormation.Identity;

/// <summary>Where a connection's credentials come from.</summary>
internal interface ICredentialSource
{
    /// <summary>Credentials that are valid now.</summary>
    ValueTask<AwsCredentials> GetAsync(CancellationToken cancellationToken);

    /// <summary>AWS said that these have expired. True when <see cref="GetAsync"/> can give others.</summary>
    bool Expire(AwsCredentials rejected);
}
