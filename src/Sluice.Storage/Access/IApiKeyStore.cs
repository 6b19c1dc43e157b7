using Sluice.Storage.Connections;

namespace Sluice.Storage.Access;

/// <summary>An API key as stored; the key itself is not.</summary>
public sealed record StoredApiKey
{
    /// <summary>Before the id of the key that a key was made with, in <see cref="CreatedBy"/>. No caller's id begins so.</summary>
    public const string MadeWithKey = "key:";

    /// <summary>The public part, by which it is found.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of the secret part, 32 bytes.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>Whose it is.</summary>
    public required string HolderId { get; init; }

    /// <summary>The permissions, by their documented names.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>Whether it may what its holder may as a data owner, and sees the holder's jobs.</summary>
    public bool SpeaksForHolder { get; init; }

    /// <summary>The identity provider that keeps its people with this key and does nothing else with it; null: it is no SCIM token.</summary>
    public string? ScimSource { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it ends; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was revoked.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>API keys.</summary>
public interface IApiKeyStore
{
    /// <summary>Adds a key, with its event.</summary>
    Task AddAsync(StoredApiKey key, Actor by, CancellationToken cancellationToken);

    /// <summary>By id, revoked and expired ones included.</summary>
    Task<StoredApiKey?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>A holder's keys, or all.</summary>
    Task<IReadOnlyList<StoredApiKey>> ListAsync(string? holderId, CancellationToken cancellationToken);

    /// <summary>Records a use.</summary>
    Task TouchAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Revokes, with its event; false when it is gone or was revoked before.</summary>
    Task<bool> RevokeAsync(string id, Actor by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Whether any key exists: a server without one is new.</summary>
    Task<bool> AnyAsync(CancellationToken cancellationToken);
}
