using System.Text.Json.Nodes;
using Sluice.Engine.Setup;

namespace Sluice.Server.Setup;

/// <summary>What to put into AWS, filled in.</summary>
internal sealed record AwsIdentityAnswer(
    string? Principal, string? PrincipalProblem, string ExternalId, JsonNode PermissionPolicy, JsonNode TrustPolicy, IReadOnlyList<string> LfTagSteps)
{
    public static AwsIdentityAnswer Of(AwsIdentity identity) => new(
        identity.Principal, identity.PrincipalProblem, identity.ExternalId, identity.PermissionPolicy, identity.TrustPolicy, identity.LfTagSteps);
}
