namespace Sluice.Storage.Vault;

/// <summary>Where key-encryption keys come from.</summary>
internal interface IKeySource
{
    /// <summary>Makes ready what <see cref="ReadAsync"/> reads. Runs once a start.</summary>
    /// <param name="mayCreate">Whether a missing key may be made: nothing was ever sealed under it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task PrepareAsync(bool mayCreate, CancellationToken cancellationToken);

    /// <summary>Reads the keys as they are now. The caller disposes of them.</summary>
    Task<KeyRing> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Makes a new current key, where the source can; false where the operator brings it.</summary>
    Task<bool> TryAddAsync(CancellationToken cancellationToken);
}
