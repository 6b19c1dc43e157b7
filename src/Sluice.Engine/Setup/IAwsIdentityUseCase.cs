using System.Text.Json.Nodes;
using Sluice.Engine.Callers;

namespace Sluice.Engine.Setup;

/// <summary>What a customer puts into AWS, filled in.</summary>
/// <param name="Principal">The server's own AWS principal ARN; null when it has none.</param>
/// <param name="PrincipalProblem">Why there is none, and what to do.</param>
/// <param name="ExternalId">This server's external id for trust policies.</param>
/// <param name="PermissionPolicy">The IAM policy of the documented actions.</param>
/// <param name="TrustPolicy">The role's trust policy; with a placeholder when there is no principal.</param>
/// <param name="LfTagSteps">The Lake Formation steps, in order.</param>
public sealed record AwsIdentity(
    string? Principal, string? PrincipalProblem, string ExternalId, JsonNode PermissionPolicy, JsonNode TrustPolicy, IReadOnlyList<string> LfTagSteps);

/// <summary>GET /api/v1/aws/identity.</summary>
public interface IAwsIdentityUseCase
{
    /// <summary>Reads the identity; needs APPLICATION_ADMIN.</summary>
    Task<AwsIdentity> ReadAsync(Caller caller, CancellationToken cancellationToken);
}
