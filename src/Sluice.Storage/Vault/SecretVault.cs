using System.Security.Cryptography;
using Sluice.Core.Payloads;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Vault;

/// <inheritdoc cref="ISecretVault"/>
internal sealed class SecretVault(IVaultStartup startup, DataKeys dataKeys, KeyRotation rotation, ISecretReferences references) : ISecretVault
{
    public async Task<SealedSecret> SealAsync(Guid connectionId, string field, SecretInput secret, CancellationToken cancellationToken)
    {
        if (connectionId == Guid.Empty) throw new ArgumentException("A secret is sealed for a connection that has an id.", nameof(connectionId));
        if (secret is SecretInput.Reference reference) SecretReference.Parse(reference.Source);
        var plaintext = SecretText.Write(secret);
        try
        {
            await startup.UnlockAsync(cancellationToken);
            var key = await dataKeys.ForSealAsync(cancellationToken);
            var box = key.Seal(plaintext, AssociatedBytes.OfSecret(connectionId, field));
            return new SealedSecret(field, new SecretEnvelope(key.Id, box).ToBytes());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    public async Task<string> OpenAsync(Guid connectionId, SealedSecret sealedSecret, CancellationToken cancellationToken)
    {
        var envelope = SecretEnvelope.Read(sealedSecret.Ciphertext)
            ?? throw Unopenable(connectionId, sealedSecret, "it was altered or cut short");
        await startup.UnlockAsync(cancellationToken);
        var key = await dataKeys.FindAsync(envelope.DataKeyId, cancellationToken)
            ?? throw Unopenable(connectionId, sealedSecret, $"the database holds no data key {envelope.DataKeyId}");

        var plaintext = key.Open(envelope.Box.Span, AssociatedBytes.OfSecret(connectionId, sealedSecret.Field))
            ?? throw Unopenable(connectionId, sealedSecret, "it was altered, or moved from another connection or field");
        try
        {
            return SecretText.Read(plaintext) switch
            {
                SecretInput.Literal literal => literal.Value,
                SecretInput.Reference reference => await references.ResolveAsync(reference.Source, cancellationToken),
                _ => throw Unopenable(connectionId, sealedSecret, "it was sealed by a newer version"),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    public async Task<VaultRotation> RotateAsync(CancellationToken cancellationToken)
    {
        await startup.UnlockAsync(cancellationToken);
        return await rotation.RunAsync(cancellationToken);
    }

    private static VaultException Unopenable(Guid connectionId, SealedSecret secret, string why) =>
        new($"The secret {secret.Field} of connection {connectionId} can't be opened: {why}. Bring it again with an update of the connection.");
}
