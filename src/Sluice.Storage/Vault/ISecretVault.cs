using Sluice.Core.Payloads;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Vault;

/// <summary>
/// Where secrets are kept: sealed with AES-256-GCM under data keys that the database holds only wrapped, by a key-encryption key that it
/// does not hold. A sealed secret opens for the connection and the field it was sealed for, and for no other.
/// </summary>
public interface ISecretVault
{
    /// <summary>
    /// Seals what a payload said in the place of a secret. A reference is sealed as it stands; whether it leads to a secret shows when it is opened.
    /// </summary>
    /// <param name="connectionId">The connection it is for.</param>
    /// <param name="field">The member path below <c>connection</c>.</param>
    /// <param name="secret">A literal or a reference.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ArgumentException">The input is <see cref="SecretInput.Kept"/>, or the connection has no id.</exception>
    /// <exception cref="SecretUnavailableException">The reference is of no known form.</exception>
    /// <exception cref="VaultException">The vault's keys can't be had.</exception>
    Task<SealedSecret> SealAsync(Guid connectionId, string field, SecretInput secret, CancellationToken cancellationToken);

    /// <summary>Opens a sealed secret, and follows it where it is a reference.</summary>
    /// <exception cref="SecretUnavailableException">It is a reference, and leads to no secret now.</exception>
    /// <exception cref="VaultException">It was altered, cut short, moved from another connection or field, or its keys can't be had.</exception>
    Task<string> OpenAsync(Guid connectionId, SealedSecret sealedSecret, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a new key-encryption key (a key file; the other sources bring their own), wraps every data key anew under the current one and
    /// starts a new data key for future secrets. Secrets can be sealed and opened all the while. When it is cut short, the next run finishes.
    /// </summary>
    /// <exception cref="VaultException">The vault's keys can't be had.</exception>
    Task<VaultRotation> RotateAsync(CancellationToken cancellationToken);
}
