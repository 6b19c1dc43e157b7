namespace Sluice.Storage.Vault;

/// <summary>A data key, wrapped by a key-encryption key that the database does not hold.</summary>
/// <param name="Id">Stands in every ciphertext sealed with it.</param>
/// <param name="KeyEncryptionKeyId">Which key-encryption key wraps it.</param>
/// <param name="Wrapped">The wrapped 256-bit key.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record WrappedDataKey(Guid Id, string KeyEncryptionKeyId, byte[] Wrapped, DateTimeOffset CreatedAt);

/// <summary>The wrapped data keys.</summary>
public interface IVaultStore
{
    /// <summary>All data keys.</summary>
    Task<IReadOnlyList<WrappedDataKey>> DataKeysAsync(CancellationToken cancellationToken);

    /// <summary>Adds a data key.</summary>
    Task AddDataKeyAsync(WrappedDataKey key, CancellationToken cancellationToken);

    /// <summary>Replaces the wrapping of a key, when it is still wrapped by <paramref name="expectedKeyEncryptionKeyId"/>.</summary>
    Task<bool> RewrapAsync(WrappedDataKey key, string expectedKeyEncryptionKeyId, CancellationToken cancellationToken);
}
