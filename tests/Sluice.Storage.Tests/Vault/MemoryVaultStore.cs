using Sluice.Storage.Vault;

namespace Sluice.Storage.Tests.Vault;

/// <summary>Data keys in memory. <see cref="Before"/> and <see cref="After"/> let a test stop the server at any step.</summary>
internal sealed class MemoryVaultStore : IVaultStore
{
    private readonly Lock _turn = new();
    private readonly Dictionary<Guid, WrappedDataKey> _keys = [];

    public Action<string>? Before { get; set; }

    public Action<string>? After { get; set; }

    public IReadOnlyList<WrappedDataKey> Keys
    {
        get
        {
            lock (_turn) return [.. _keys.Values];
        }
    }

    public Task<IReadOnlyList<WrappedDataKey>> DataKeysAsync(CancellationToken cancellationToken) => Step("read", () => Keys);

    public Task AddDataKeyAsync(WrappedDataKey key, CancellationToken cancellationToken) => Step("add", () =>
    {
        lock (_turn) _keys.Add(key.Id, key);
        return true;
    });

    public Task<bool> RewrapAsync(WrappedDataKey key, string expectedKeyEncryptionKeyId, CancellationToken cancellationToken) => Step("rewrap", () =>
    {
        lock (_turn)
        {
            if (!_keys.TryGetValue(key.Id, out var stored) || stored.KeyEncryptionKeyId != expectedKeyEncryptionKeyId) return false;
            _keys[key.Id] = key;
            return true;
        }
    });

    public void Put(WrappedDataKey key)
    {
        lock (_turn) _keys[key.Id] = key;
    }

    public void Clear()
    {
        lock (_turn) _keys.Clear();
    }

    private async Task<T> Step<T>(string name, Func<T> step)
    {
        await Task.Yield();
        Before?.Invoke(name);
        var result = step();
        After?.Invoke(name);
        return result;
    }
}
