using Sluice.Core.Audit;

namespace Sluice.Storage.Vault;

/// <summary>The key-encryption keys a source holds: the current one first, then older ones.</summary>
internal sealed class KeyRing(IReadOnlyList<KeyEncryptionKey> keys) : IDisposable
{
    public KeyEncryptionKey Current => keys[0];

    public IReadOnlyList<string> Ids => [.. keys.Select(k => k.Id)];

    public IReadOnlyDictionary<string, AuditKey> Audit => keys.ToDictionary(k => k.Id, k => k.Audit, StringComparer.Ordinal);

    public KeyEncryptionKey? Find(string id) => keys.FirstOrDefault(k => k.Id == id);

    public void Dispose()
    {
        foreach (var key in keys) key.Dispose();
    }
}
