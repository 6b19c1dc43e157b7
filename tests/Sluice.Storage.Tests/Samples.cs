using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Storage.Tests;

/// <summary>Things to store.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset At = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(7);
    public static readonly Actor Ada = new("u-1", "Ada", "ada@example.com");
    public static readonly Actor Bob = new("u-2", "Bob");

    public static StoredConnection Connection(string key, string? identity = null) => new()
    {
        Id = Guid.NewGuid(),
        Key = key,
        Technology = Technology.Glue,
        AuthenticationType = "accessKey",
        DocumentJson = """{"technology":"Glue"}""",
        SecretDestination = "Glue|eu-west-1",
        SettingsJson = """{"isActive":false}""",
        Options = new CrawlOptions(),
        IdentityKey = identity ?? $"glue:{Guid.NewGuid():N}",
        IdentityName = "account 1 in eu-west-1",
        Status = ConnectionStatus.Creating,
        RootObjectId = 0,
        Revision = 1,
        CreatedAt = At,
        CreatedBy = Ada,
        UpdatedAt = At,
        UpdatedBy = Ada,
    };

    public static NewJob Job(Guid connectionId, string key, DateTimeOffset? createdAt = null, string type = "crawl", string by = "u-1", Guid? bulkId = null) => new()
    {
        Id = Guid.NewGuid(),
        BulkId = bulkId ?? Guid.NewGuid(),
        ConnectionId = connectionId,
        Type = type,
        Path = new ObjectPath(key),
        RequestedBy = by,
        CreatedAt = createdAt ?? At,
        ExpiresAt = (createdAt ?? At) + TimeSpan.FromHours(1),
    };

    public static DiscoveredObject Found(ObjectPath path, ObjectKind kind, string? nativeId = null, params ReadOnlySpan<DiscoveredColumn> columns) =>
        new() { Path = path, Kind = kind, NativeId = nativeId, Columns = [.. columns] };

    public static CrawlCounts Counts(long added = 0) => CrawlCounts.Zero with { Added = added };
}
