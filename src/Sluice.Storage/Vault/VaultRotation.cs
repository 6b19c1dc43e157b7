namespace Sluice.Storage.Vault;

/// <summary>What a rotation did.</summary>
/// <param name="KeyEncryptionKeyId">The key-encryption key that wraps from now on.</param>
/// <param name="MadeKeyEncryptionKey">Whether this run made it. False when the operator brought it, or an earlier run was cut short after making it.</param>
/// <param name="Rewrapped">How many data keys this run wrapped anew.</param>
/// <param name="Unreadable">How many data keys can't be unwrapped: their secrets must be brought again.</param>
/// <param name="DataKeyId">The data key that seals from now on.</param>
/// <param name="UnusedKeyEncryptionKeyIds">The keys at hand that wrap nothing in this database any more. Older backups may still need them, and older rows of the audit trail.</param>
public sealed record VaultRotation(
    string KeyEncryptionKeyId,
    bool MadeKeyEncryptionKey,
    int Rewrapped,
    int Unreadable,
    Guid DataKeyId,
    IReadOnlyList<string> UnusedKeyEncryptionKeyIds)
{
    /// <summary>The same for people to read.</summary>
    public override string ToString() =>
        $"{(MadeKeyEncryptionKey ? "Made" : "Took")} key-encryption key {KeyEncryptionKeyId}, wrapped {Rewrapped} data keys anew, "
        + $"started data key {DataKeyId}."
        + (Unreadable > 0 ? $" {Unreadable} data keys can't be unwrapped: their secrets must be brought again." : "")
        + (UnusedKeyEncryptionKeyIds.Count > 0 ? $" Only older backups and older rows of the audit trail need: {string.Join(", ", UnusedKeyEncryptionKeyIds)}." : "");
}
