using Sluice.Platforms.LakeFormation.Identity;

namespace Sluice.Engine;

/// <summary>What the operator decides about AWS.</summary>
public sealed record AwsOptions
{
    /// <summary>Which roles may be assumed: ARNs with <c>*</c> and <c>?</c>. Default: any.</summary>
    public IReadOnlyList<string> AllowedRoleArns { get; init; } = ["*"];

    /// <summary>Hosts besides AWS's own that may serve as STS for assumed roles. Default: none.</summary>
    public IReadOnlyList<string> AllowedStsHosts { get; init; } = [];

    /// <summary>The server's own AWS identity; null: AWS's credential chain.</summary>
    public IServerAwsIdentity? ServerIdentity { get; init; }
}
