namespace Sluice.Storage.Vault;

/// <summary>Follows references to secrets that others keep.</summary>
public interface ISecretReferences
{
    /// <summary>
    /// The secret's value now. <c>env:NAME</c> reads a variable whose name begins with <c>SLUICE_SECRET_</c>; <c>file:PATH</c> a regular file of
    /// at most 64 KiB of UTF-8 that lies below <see cref="VaultOptions.SecretDirectory"/> once links are followed, less one line end at its end.
    /// </summary>
    /// <exception cref="SecretUnavailableException">It leads to no secret, or to where it may not.</exception>
    Task<string> ResolveAsync(string source, CancellationToken cancellationToken);
}
