using System.Text.Json;
using Sluice.Core.Payloads;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.Vault;

namespace Sluice.Engine.Platforms;

/// <summary>Opens platform sessions. The only place where secrets leave the vault, and they go into the session alone.</summary>
internal sealed class SessionOpener(PlatformRegistry platforms, IConnectionStore connections, ISecretVault vault)
{
    /// <summary>Opens a session on a stored connection.</summary>
    public async Task<IPlatformSession> OpenAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var secret in await connections.SecretsAsync(connection.Id, cancellationToken))
            secrets[secret.Field] = await vault.OpenAsync(connection.Id, secret, cancellationToken);
        using var document = JsonDocument.Parse(connection.DocumentJson);
        return platforms.Of(connection.Technology).Open(new ConnectionAccess(connection.Key, document.RootElement.Clone(), secrets));
    }

    /// <summary>Opens a session on a connection that is not stored (yet): its secrets are sealed already.</summary>
    public async Task<IPlatformSession> OpenAsync(
        Guid connectionId, string key, ConnectionSpec spec, IReadOnlyList<SealedSecret> sealedSecrets, CancellationToken cancellationToken)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var secret in sealedSecrets) secrets[secret.Field] = await vault.OpenAsync(connectionId, secret, cancellationToken);
        return platforms.Of(spec.Technology).Open(new ConnectionAccess(key, spec.Document, secrets));
    }

    /// <summary>Seals what a payload brought and keeps what it left: every secret of the connection, sealed.</summary>
    public async Task<IReadOnlyList<SealedSecret>> SealAsync(
        Guid connectionId, ConnectionSpec spec, IReadOnlyList<SealedSecret> stored, CancellationToken cancellationToken)
    {
        var result = new List<SealedSecret>(spec.Secrets.Count);
        foreach (var (field, input) in spec.Secrets.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (input is not SecretInput.Kept) result.Add(await vault.SealAsync(connectionId, field, input, cancellationToken));
            else if (stored.FirstOrDefault(s => s.Field == field) is { } kept) result.Add(kept);
        }

        return result;
    }
}
