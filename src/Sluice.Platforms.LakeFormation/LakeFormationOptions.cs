using Sluice.Platforms.Http;
using Sluice.Platforms.LakeFormation.Identity;

namespace Sluice.Platforms.LakeFormation;

/// <summary>What the operator of this server decides about AWS.</summary>
public sealed record LakeFormationOptions
{
    /// <summary>
    /// This server's external id: generated once per server, put by customers into the trust policies of their roles, sent with every
    /// AssumeRole and never taken from a payload. It keeps one customer from naming another one's role.
    /// </summary>
    public required string ExternalId { get; init; }

    /// <summary>The instance whose LF-Tags are ours.</summary>
    public required InstanceMark Mark { get; init; }

    /// <summary>Which roles may be assumed: ARNs with <c>*</c> and <c>?</c>. Default: any.</summary>
    public IReadOnlyList<string> AllowedRoleArns { get; init; } = ["*"];

    /// <summary>
    /// Hosts (or host:port) besides AWS's own that may serve as STS for <c>assumedRole</c>; they see this server's AWS identity at work.
    /// Default: none.
    /// </summary>
    public IReadOnlyList<string> AllowedStsHosts { get; init; } = [];

    /// <summary>The AWS identity that assumes roles. Default: AWS's own credential chain (environment, profile, container, instance).</summary>
    public IServerAwsIdentity ServerIdentity { get; init; } = new DefaultServerAwsIdentity();

    /// <summary>How calls of a crawl are retried. Calls a person waits for always use <see cref="RetryPolicy.Interactive"/>.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Background;

    /// <summary>AWS's documented limits.</summary>
    public AwsLimits Limits { get; init; } = new();
}
