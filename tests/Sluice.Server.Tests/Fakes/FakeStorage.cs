using System.Collections.Concurrent;
using Sluice.Storage;
using Sluice.Storage.Access;
using Sluice.Storage.Connections;
using Sluice.Storage.Server;

namespace Sluice.Server.Tests.Fakes;

internal sealed class FakeDatabase : IDatabase
{
    public bool IsReady { get; set; } = true;

    public int Migrations { get; private set; }

    public string Provider => "memory";

    public Task MigrateAsync(CancellationToken cancellationToken)
    {
        Migrations++;
        return Task.CompletedTask;
    }

    public Task BackUpAsync(string file, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Thrown when it is asked whether it is ready.</summary>
    public Exception? Fails { get; set; }

    public Task<bool> IsReadyAsync(CancellationToken cancellationToken) => Fails is null ? Task.FromResult(IsReady) : Task.FromException<bool>(Fails);
}

internal sealed class FakeFacts : IServerFacts
{
    private readonly ConcurrentDictionary<string, string> _facts = new(StringComparer.Ordinal);

    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(_facts.GetValueOrDefault(name));

    public Task<string> GetOrAddAsync(string name, Func<string> create, CancellationToken cancellationToken) =>
        Task.FromResult(_facts.GetOrAdd(name, _ => create()));

    public Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        _facts[name] = value;
        return Task.CompletedTask;
    }
}

internal sealed class FakeApiKeys : IApiKeyStore
{
    public ConcurrentDictionary<string, StoredApiKey> Stored { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<(string Id, DateTimeOffset At)> Touches { get; } = new();

    /// <summary>Awaited before a key is added.</summary>
    public Func<Task>? Adding { get; set; }

    public async Task AddAsync(StoredApiKey key, Actor by, CancellationToken cancellationToken)
    {
        if (Adding is not null) await Adding();
        if (!Stored.TryAdd(key.Id, key)) throw new InvalidOperationException("The id is taken.");
        if (Added is not null) await Added();
    }

    /// <summary>Awaited after a key was added, before whoever added it hears of it.</summary>
    public Func<Task>? Added { get; set; }

    /// <summary>Awaited by every look for a key.</summary>
    public Func<Task>? Slow { get; set; }

    public async Task<StoredApiKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (Slow is not null) await Slow();
        return Stored.TryGetValue(id, out var key) ? key : null;
    }

    public Task<IReadOnlyList<StoredApiKey>> ListAsync(string? holderId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredApiKey>>([.. Stored.Values.Where(k => holderId is null || k.HolderId == holderId)]);

    public Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Touches.Enqueue((id, at));
        Stored[id] = Stored[id] with { LastUsedAt = at };
        return Task.CompletedTask;
    }

    public Task<bool> RevokeAsync(string id, Actor by, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!Stored.TryGetValue(id, out var key) || key.RevokedAt is not null) return Task.FromResult(false);
        Stored[id] = key with { RevokedAt = at };
        return Task.FromResult(true);
    }

    public Task<bool> AnyAsync(CancellationToken cancellationToken) => Task.FromResult(!Stored.IsEmpty);
}
