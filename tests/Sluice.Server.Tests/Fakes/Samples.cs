using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Engine.Catalog;
using Sluice.Engine.Connections;
using Sluice.Platforms;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.Jobs;

namespace Sluice.Server.Tests.Fakes;

/// <summary>Things to answer with.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Moment = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Guid JobId = Guid.Parse("0198d7a0-0000-7000-8000-00000000000a");

    private static readonly Guid ConnectionId = Guid.Parse("0198d7a0-0000-7000-8000-0000000000ff");

    public static readonly IReadOnlyList<Check> Checks =
    [
        new("credentials", CheckStatus.Passed, "arn:aws:iam::123456789012:user/sluice"),
        new("glue:GetTables", CheckStatus.Warning, "denied for one database", "Grant glue:GetTables."),
    ];

    public static ConnectionView Connection() => new(
        new StoredConnection
        {
            Id = ConnectionId,
            Key = "lake",
            Technology = Technology.Glue,
            AuthenticationType = "accessKey",
            DocumentJson = """{"technology":"Glue","authenticationType":"accessKey","region":"us-east-1","accountId":"123456789012","accessKeyId":"AKIAIOSFODNN7EXAMPLE"}""",
            SecretDestination = "glue",
            SettingsJson = """{"isActive":false,"mode":"sync"}""",
            Options = new CrawlOptions(),
            IdentityKey = "glue:aws:123456789012:us-east-1",
            IdentityName = "Glue Data Catalog 123456789012 in us-east-1",
            Status = ConnectionStatus.Unhealthy,
            StatusReason = "The credentials were refused.",
            RootObjectId = 1,
            Revision = 12,
            CreatedAt = Moment,
            CreatedBy = new Actor("oidc:alice", "Alice", "alice@example.com"),
            UpdatedAt = Moment,
            UpdatedBy = new Actor("administrator", "Administrator"),
            NextSyncAt = Moment.AddDays(1),
        },
        ["secretAccessKey", "oAuthClientConfig.clientSecret"],
        Checks);

    /// <summary>A connection with a native integration.</summary>
    public static ConnectionView Integrated()
    {
        var view = Connection();
        return view with
        {
            Stored = view.Stored with
            {
                Key = "snow",
                Technology = Technology.Snowflake,
                IntegrationJson = """{"type":"Snowflake","autoBootstrap":false,"config":{"host":"acme.snowflakecomputing.com","oAuthClientConfig":{"clientId":"c"}}}""",
                RootObjectId = 7,
            },
            SecretFields = ["password", "oAuthClientConfig.clientSecret"],
        };
    }

    public static ObjectView Table(ObjectPath path, bool isActive = true) => new(
        new StoredObject
        {
            Id = 77,
            ConnectionId = ConnectionId,
            ParentId = 5,
            Lineage = "1/5/77/",
            Path = path,
            Technology = Technology.Glue,
            Kind = ObjectKind.IcebergTable,
            NativeId = "orders@1",
            Comment = "All orders",
            GrantMethod = "tags",
            Overrides = new ObjectOverrides(true, null, null),
            Effective = new ObjectOverrides(true, null, ["alice@example.com"]),
            Descendants = new DescendantOverrides(false, false, true),
            IsDiscoveredNew = true,
            DiscoveredAt = Moment,
            LastCrawledAt = Moment,
        },
        [
            new StoredColumn(0, new DiscoveredColumn("id", "bigint"), false),
            new StoredColumn(1, new DiscoveredColumn("day", "date", null, "Of the order", true), true),
        ],
        [new ObjectTag(null, "domain", "sales", Inherited: true), new ObjectTag("id", "pii", "")],
        isActive,
        isActive ? null : "IAM access control");

    public static StoredJob Job() => new()
    {
        Id = JobId,
        BulkId = FakeConnections.BulkId,
        ConnectionId = ConnectionId,
        Type = "crawl",
        Path = new ObjectPath("lake"),
        State = JobState.Completed,
        ProgressDone = 4,
        ProgressTotal = 4,
        Attempts = 1,
        OutputJson = """{"added":60}""",
        RequestedBy = "administrator",
        CreatedAt = Moment,
        DueAt = Moment,
        StartedAt = Moment,
        FinishedAt = Moment,
        ExpiresAt = Moment.AddDays(7),
    };
}
