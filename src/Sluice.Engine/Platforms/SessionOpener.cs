using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Problems;
using Sluice.Engine.Connections;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.Vault;

namespace Sluice.Engine.Platforms;

/// <summary>Opens platform sessions. The only place where secrets leave the vault, and they go into the session alone.</summary>
/// <remarks>
/// A secret is sealed under its connection, its field and its destination, so it does not open towards another one: neither when somebody changes
/// the stored document, nor when an update comes between reading the document and reading the secrets.
/// </remarks>
internal sealed class SessionOpener(PlatformRegistry platforms, IConnectionStore connections, ISecretVault vault)
{
    /// <summary>Opens a session on a stored connection, which is checked anew: what the operator no longer allows is no longer used.</summary>
    public async Task<IPlatformSession> OpenAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        var secrets = await connections.SecretsAsync(connection.Id, cancellationToken);
        var problems = new ProblemList();
        var stored = StoredSpec.Of(connection, secrets);
        var spec = platforms.Of(connection.Technology).ReadConnection(
            new PayloadObject(stored.Document, "$.connection", problems),
            stored.Integration is { } integration ? new PayloadObject(integration, "$.nativeIntegration", problems) : null,
            stored);
        if (spec is null || problems.Any)
        {
            throw new PlatformException(
                PlatformFailure.Refused,
                "The stored connection is not allowed any more: " + string.Join("; ", problems.Select(p => $"{p.Path} {p.Message}")));
        }

        return await OpenAsync(connection.Id, connection.Key, spec, ConnectionUseCases.SettingsOf(connection), secrets, cancellationToken);
    }

    /// <summary>Opens a session with secrets that are sealed but perhaps not stored yet.</summary>
    public async Task<IPlatformSession> OpenAsync(
        Guid connectionId, string key, ConnectionSpec spec, ConnectionSettings settings, IReadOnlyList<SealedSecret> sealedSecrets, CancellationToken cancellationToken)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var secret in sealedSecrets)
            secrets[secret.Field] = await vault.OpenAsync(connectionId, secret with { Field = Bound(secret.Field, spec) }, cancellationToken);
        return platforms.Of(spec.Technology).Open(new ConnectionAccess(key, spec.Document, spec.Integration, secrets)
        {
            Settings = settings, Scope = ConnectionScope.Of(connectionId),
        });
    }

    /// <summary>Seals what a payload brought and keeps what it left: every secret of the connection, sealed.</summary>
    public async Task<IReadOnlyList<SealedSecret>> SealAsync(
        Guid connectionId, ConnectionSpec spec, IReadOnlyList<SealedSecret> stored, CancellationToken cancellationToken)
    {
        var result = new List<SealedSecret>(spec.Secrets.Count);
        foreach (var (field, input) in spec.Secrets.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (input is not SecretInput.Kept)
                result.Add(await vault.SealAsync(connectionId, Bound(field, spec), input, cancellationToken) with { Field = field });
            else if (stored.FirstOrDefault(s => s.Field == field) is { } kept) result.Add(kept);
        }

        return result;
    }

    // No member name holds a line end, so field and destination can't run into each other.
    private static string Bound(string field, ConnectionSpec spec) => $"{field}\n{spec.SecretDestination}";
}
