using System.Text.Json.Nodes;
using Sluice.Engine.Callers;
using Sluice.Platforms;
using Sluice.Platforms.LakeFormation;
using Sluice.Platforms.LakeFormation.Setup;

namespace Sluice.Engine.Setup;

/// <inheritdoc cref="IAwsIdentityUseCase"/>
internal sealed class AwsIdentityUseCase(IEnumerable<IPlatform> platforms, InstanceFacts facts) : IAwsIdentityUseCase
{
    private const string Placeholder = "arn:aws:iam::<account-of-this-server>:role/<role-of-this-server>";

    // STS answers who a principal is in every region of its partition alike; AWS's own variable tells a server in China or GovCloud.
    private static readonly string Region = Environment.GetEnvironmentVariable("AWS_REGION") is { Length: > 0 } region ? region : "us-east-1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<AwsIdentity> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        var (principal, problem) = await PrincipalAsync(cancellationToken);
        return new AwsIdentity(
            principal,
            problem,
            facts.ExternalId,
            JsonNode.Parse(AwsSetup.PolicyDocument())!,
            JsonNode.Parse(AwsSetup.TrustPolicyDocument(principal ?? Placeholder, facts.ExternalId))!,
            AwsSetup.LakeFormationSteps(servicePrincipal: null));
    }

    private async Task<(string? Principal, string? Problem)> PrincipalAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var principal = await platforms.OfType<LakeFormationPlatform>().Single().ReadServerPrincipalAsync(Region, patience.Token);
            return (principal.TrustedArn, null);
        }
        catch (PlatformException e)
        {
            return (null, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"AWS did not say within {Patience.TotalSeconds:0} seconds who this server is. Give it an AWS identity (environment, profile or instance role).");
        }
    }
}
