using System.Security.Cryptography;
using Sluice.Storage.Server;

namespace Sluice.Engine;

/// <summary>What this instance is, read from (or first written to) its database at start, before anything is served.</summary>
public sealed class InstanceFacts(IServerFacts facts)
{
    private const int InstanceIdBytes = 16;
    private const int ExternalIdBytes = 24;
    private string? _instanceId;
    private string? _externalId;

    /// <summary>The instance's id: it names this Sluice in every mark it leaves.</summary>
    public string InstanceId => _instanceId ?? throw NotLoaded();

    /// <summary>The external id for AWS trust policies: unguessable, generated once, never accepted from a payload.</summary>
    public string ExternalId => _externalId ?? throw NotLoaded();

    /// <summary>Reads or makes the facts. Call once, after the database's schema is there.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        _instanceId = await facts.GetOrAddAsync("instanceId", static () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(InstanceIdBytes)), cancellationToken);
        _externalId = await facts.GetOrAddAsync(
            "aws.externalId", static () => "sluice-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ExternalIdBytes)), cancellationToken);
    }

    private static InvalidOperationException NotLoaded() => new("InstanceFacts.LoadAsync has not run yet.");
}
