using Sluice.Core.Connections;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;
using Sluice.Platforms.LakeFormation.Connections;
using Sluice.Platforms.LakeFormation.Identity;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation;

/// <summary>
/// The HTTP clients of a session. Each service has its own, which reaches only that service's hosts: credentials and the external id can't
/// go elsewhere. A service's calls share a limiter; STS must not wait for the calls it gives credentials to.
/// </summary>
internal sealed class SessionWiring(EgressGuard egress, LakeFormationOptions options, TimeProvider time, GlueConnection connection) : IDisposable
{
    private readonly Dictionary<AwsService, PlatformHttpClient> _clients = AwsServices.All.ToDictionary(
        service => service,
        service => new PlatformHttpClient(
            Technology.Glue,
            egress.CreateHttpHandler(new EgressHttpOptions { Suffixes = connection.Region.HostsOf(service) }),
            new PlatformHttpOptions { Refusal = AwsRefusal.Read, Retry = options.Retry, MaxResponseBytes = options.Limits.AnswerBytes },
            new AdaptiveLimiter(),
            time));

    public LakeFormationOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>A client of a service for work in the background.</summary>
    public AwsClient Client(AwsService service, ICredentialSource credentials) =>
        new(
            _clients[service],
            service,
            connection.EndpointOf(service),
            new SigV4Signer(connection.Region.Name, service.Name()),
            credentials,
            time,
            options.Retry);

    /// <summary>STS. Someone always waits for it: a person, or a call that holds a place in a limiter.</summary>
    public StsClient Sts(ICredentialSource credentials) => new(Client(AwsService.Sts, credentials).With(RetryPolicy.Interactive));

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
    }
}
