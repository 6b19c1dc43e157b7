namespace Sluice.Storage.Vault;

/// <summary>What a server does with the vault before it serves.</summary>
public interface IVaultStartup
{
    /// <summary>
    /// Finds the key-encryption key, or makes the key file of a new server, and proves that every data key's wrapping key is at hand. Call it
    /// after the database is migrated. Later calls return at once; the vault calls it itself at its first use.
    /// </summary>
    /// <exception cref="VaultException">
    /// The settings contradict each other, the key is missing, unfit or not private, or secrets in the database were sealed under another one. A
    /// server that gets this must not start.
    /// </exception>
    Task UnlockAsync(CancellationToken cancellationToken);
}
