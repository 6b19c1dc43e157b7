using Sluice.Core.Connections;

namespace Sluice.Storage.Connections;

/// <summary>Between a connection and its row.</summary>
internal static class ConnectionRows
{
    public static ConnectionRow Row(StoredConnection connection, bool isActive, long rootObjectId) => new()
    {
        Id = connection.Id,
        Key = connection.Key,
        KeyNormalized = ConnectionKey.Normalized(connection.Key),
        Technology = connection.Technology.Name,
        AuthenticationType = connection.AuthenticationType,
        Document = connection.DocumentJson,
        Integration = connection.IntegrationJson,
        SecretDestination = connection.SecretDestination,
        Settings = ConnectionSettingsText.WithIsActive(connection.SettingsJson, isActive),
        AcceptUnknownGovernance = ConnectionSettingsText.AcceptsUnknownGovernance(connection.SettingsJson),
        ForceRecursiveCrawl = connection.Options.ForceRecursiveCrawl,
        IdentityKey = connection.IdentityKey,
        IdentityName = connection.IdentityName,
        Status = connection.Status,
        StatusReason = connection.StatusReason,
        Checks = connection.ChecksJson,
        RootObjectId = rootObjectId,
        Revision = connection.Revision,
        CreatedAt = connection.CreatedAt,
        CreatedById = connection.CreatedBy.Id,
        CreatedByName = connection.CreatedBy.Name,
        CreatedByEmail = connection.CreatedBy.Email,
        UpdatedAt = connection.UpdatedAt,
        UpdatedById = connection.UpdatedBy.Id,
        UpdatedByName = connection.UpdatedBy.Name,
        UpdatedByEmail = connection.UpdatedBy.Email,
        NextSyncAt = connection.NextSyncAt,
    };

    public static StoredConnection Connection(ConnectionRow row) => new()
    {
        Id = row.Id,
        Key = row.Key,
        Technology = new Technology(row.Technology),
        AuthenticationType = row.AuthenticationType,
        DocumentJson = row.Document,
        IntegrationJson = row.Integration,
        SecretDestination = row.SecretDestination,
        SettingsJson = row.Settings,
        Options = new CrawlOptions(row.ForceRecursiveCrawl),
        IdentityKey = row.IdentityKey,
        IdentityName = row.IdentityName,
        Status = row.Status,
        StatusReason = row.StatusReason,
        ChecksJson = row.Checks,
        RootObjectId = row.RootObjectId,
        Revision = row.Revision,
        CreatedAt = row.CreatedAt,
        CreatedBy = new Actor(row.CreatedById, row.CreatedByName, row.CreatedByEmail),
        UpdatedAt = row.UpdatedAt,
        UpdatedBy = new Actor(row.UpdatedById, row.UpdatedByName, row.UpdatedByEmail),
        NextSyncAt = row.NextSyncAt,
    };
}
