using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Platforms;
using Sluice.Storage.Connections;

namespace Sluice.Engine.Platforms;

/// <summary>A stored connection as its platform reads it: every secret kept.</summary>
internal static class StoredSpec
{
    public static ConnectionSpec Of(StoredConnection connection, IReadOnlyList<SealedSecret> secrets)
    {
        using var document = JsonDocument.Parse(connection.DocumentJson);
        using var integration = connection.IntegrationJson is { } json ? JsonDocument.Parse(json) : null;
        return new ConnectionSpec
        {
            Technology = connection.Technology,
            AuthenticationType = connection.AuthenticationType,
            Document = document.RootElement.Clone(),
            Integration = integration?.RootElement.Clone(),
            Secrets = secrets.ToDictionary(s => s.Field, SecretInput (_) => new SecretInput.Kept(), StringComparer.Ordinal),
            SecretDestination = connection.SecretDestination,
        };
    }
}
