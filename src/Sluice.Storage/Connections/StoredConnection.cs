using Sluice.Core.Connections;

namespace Sluice.Storage.Connections;

/// <summary>A connection's state as <c>GET /data/connection</c> shows it. The numbers are stored: never renumber.</summary>
public enum ConnectionStatus
{
    /// <summary>Registered, its first crawl not finished yet.</summary>
    Creating = 0,

    /// <summary>Crawled, and the root is active.</summary>
    Active = 1,

    /// <summary>Crawled, and the root is inactive.</summary>
    Inactive = 2,

    /// <summary>The last check or crawl failed; the reason says why.</summary>
    Unhealthy = 3,

    /// <summary>Its deletion is under way.</summary>
    Deleting = 4,
}

/// <summary>Who did something.</summary>
/// <param name="Id">The user's or service's id.</param>
/// <param name="Name">For people to read.</param>
/// <param name="Email">Where known.</param>
public sealed record Actor(string Id, string Name, string? Email = null)
{
    /// <summary>The server itself, where nobody asked.</summary>
    public static readonly Actor Server = new("system", "Sluice");
}

/// <summary>A connection as stored, without its secrets.</summary>
public sealed record StoredConnection
{
    /// <summary>Its id, stable for its life.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name, as registered.</summary>
    public required string Key { get; init; }

    /// <summary>The platform.</summary>
    public required Technology Technology { get; init; }

    /// <summary>The documented authentication type.</summary>
    public required string AuthenticationType { get; init; }

    /// <summary>The <c>connection</c> object without secrets, as JSON text.</summary>
    public required string DocumentJson { get; init; }

    /// <summary>The <c>nativeIntegration</c> object without secrets, as JSON text; null on a platform that has none.</summary>
    public string? IntegrationJson { get; init; }

    /// <summary>Where its secrets go, in one canonical text; see the platforms' <c>ConnectionSpec</c>.</summary>
    public required string SecretDestination { get; init; }

    /// <summary>The <c>settings</c> object, complete, as JSON text. <c>isActive</c> in it is the root object's override.</summary>
    public required string SettingsJson { get; init; }

    /// <summary>The documented <c>options</c>.</summary>
    public required CrawlOptions Options { get; init; }

    /// <summary>What the platform says it is; unique over all connections.</summary>
    public required string IdentityKey { get; init; }

    /// <summary>The same for people.</summary>
    public required string IdentityName { get; init; }

    /// <summary>The state.</summary>
    public required ConnectionStatus Status { get; init; }

    /// <summary>Why it is in that state, where there is something to say.</summary>
    public string? StatusReason { get; init; }

    /// <summary>The last checks, a JSON list of <c>{name, status, result, message}</c>.</summary>
    public string? ChecksJson { get; init; }

    /// <summary>The root of its tree.</summary>
    public required long RootObjectId { get; init; }

    /// <summary>Grows with every update; the ETag.</summary>
    public required long Revision { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public required Actor CreatedBy { get; init; }

    /// <summary>When it was last updated by someone.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>By whom.</summary>
    public required Actor UpdatedBy { get; init; }

    /// <summary>When the next scheduled object sync is due.</summary>
    public DateTimeOffset? NextSyncAt { get; init; }
}

/// <summary>A sealed secret of a connection; see <c>Vault</c>.</summary>
/// <param name="Field">The member path below <c>connection</c>.</param>
/// <param name="Ciphertext">Self-describing: key id, nonce, tag, ciphertext.</param>
public sealed record SealedSecret(string Field, byte[] Ciphertext);
