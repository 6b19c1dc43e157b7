namespace Sluice.Platforms.LakeFormation.Identity;

/// <summary>AWS credentials: long-term ones, or those of a session.</summary>
/// <param name="AccessKeyId">Not a secret.</param>
/// <param name="SecretAccessKey">Signs requests; is never sent.</param>
/// <param name="SessionToken">Sent with every request of a session; null for long-term credentials.</param>
/// <param name="Expires">When a session ends; null for long-term credentials.</param>
public sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken = null, DateTimeOffset? Expires = null)
{
    /// <summary>Never the secrets.</summary>
    public override string ToString() => $"AwsCredentials {{ {AccessKeyId} }}";
}
