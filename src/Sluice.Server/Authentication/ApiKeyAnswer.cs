using Sluice.Storage.Access;

namespace Sluice.Server.Authentication;

/// <summary>A key as the API shows it: never the key itself.</summary>
internal record ApiKeyAnswer
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Holder { get; init; }

    public required IReadOnlyList<string> Permissions { get; init; }

    public required bool SpeaksForHolder { get; init; }

    public required string? ScimSource { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required DateTimeOffset? LastUsedAt { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    public static ApiKeyAnswer Of(StoredApiKey key) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Holder = key.HolderId,
        Permissions = key.Permissions,
        SpeaksForHolder = key.SpeaksForHolder,
        ScimSource = key.ScimSource,
        CreatedAt = key.CreatedAt,
        CreatedBy = key.CreatedBy,
        ExpiresAt = key.ExpiresAt,
        LastUsedAt = key.LastUsedAt,
        RevokedAt = key.RevokedAt,
    };
}

/// <summary>A new key: the only answer that ever holds one.</summary>
internal sealed record NewApiKeyAnswer(string Key, ApiKeyAnswer ApiKey);
