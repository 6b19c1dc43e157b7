using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.DataLineage;
using Sluice.Core.Payloads;
using Sluice.Core.QueryAudit;
using Sluice.Platforms;

namespace Sluice.Engine.Tests;

/// <summary>A platform that lives in memory: what it holds, how it fails and when it waits is the test's to say.</summary>
internal sealed class FakePlatform : IPlatform, INamesScriptPrincipal, IFoldsIdentities
{
    public const string Password = "planted-secret-5f1c";

    public Technology Technology { get; init; } = Technology.PostgreSql;

    /// <summary>Below the connection: database, or database and table.</summary>
    public ConcurrentDictionary<string, RemoteObject> Remote { get; } = new(StringComparer.Ordinal);

    /// <summary>When each table was last changed, by its path; where there is none, the platform does not tell.</summary>
    public ConcurrentDictionary<string, int> LastChanges { get; } = new(StringComparer.Ordinal);

    /// <summary>The columns of a table, by its path, where they are not the usual ones.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<DiscoveredColumn>> Columns { get; } = new(StringComparer.Ordinal);

    /// <summary>The tags of a table, by its path.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<ObjectTag>> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether tags may not be read just now.</summary>
    public bool HidesTags { get; set; }

    /// <summary>The path of every table that was read, not listed alone.</summary>
    public ConcurrentQueue<string> Reads { get; } = [];

    /// <summary>Whether the listing of a database's tables is told, and known again.</summary>
    public bool TellsListings { get; init; }

    public int PageSize { get; init; } = 3;

    public Func<string, int, CancellationToken, Task> BeforePage { get; set; } = static (_, _, _) => Task.CompletedTask;

    public Func<CancellationToken, Task> BeforeIdentify { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What the listing of a container warns of, on its last page.</summary>
    public Dictionary<string, string> Warnings { get; } = [];

    public IReadOnlyList<Check> Checks { get; set; } = [new Check("fake:login", CheckStatus.Passed, "logged in")];

    /// <summary>Container and cursor of every listing that was begun.</summary>
    public ConcurrentQueue<(string Container, string? Cursor)> Listings { get; } = [];

    public ConcurrentQueue<string> PasswordsUsed { get; } = [];

    /// <summary>The nativeIntegration of every session that was opened.</summary>
    public ConcurrentQueue<string?> IntegrationsUsed { get; } = [];

    /// <summary>Settings and scope of every session that was opened.</summary>
    public ConcurrentQueue<(ConnectionSettings Settings, string Scope)> SettingsUsed { get; } = [];

    public string IdentityPrefix { get; set; } = "fake";

    public IEqualityComparer<string> Identities { get; init; } = StringComparer.Ordinal;

    public ConnectionSpec? ReadConnection(PayloadObject connection, PayloadObject? nativeIntegration, ConnectionSpec? stored)
    {
        connection.RequiredString("technology");
        var host = connection.RequiredString("hostname");
        var password = connection.Secret("password");
        connection.RejectUnread();
        if (host is null) return null;
        return new ConnectionSpec
        {
            Technology = Technology,
            AuthenticationType = "userPassword",
            Document = JsonSerializer.SerializeToElement(new { technology = Technology.Name, hostname = host }),
            Integration = nativeIntegration is null ? stored?.Integration : IntegrationOf(nativeIntegration),
            Secrets = new Dictionary<string, SecretInput> { ["password"] = password },
            SecretDestination = host,
        };
    }

    public IPlatformSession Open(ConnectionAccess access)
    {
        PasswordsUsed.Enqueue(access.Secrets["password"]);
        IntegrationsUsed.Enqueue(access.Integration?.GetRawText());
        SettingsUsed.Enqueue((access.Settings, access.Scope));
        return new Session(this, access);
    }

    /// <summary>What there is of query audit.</summary>
    public IReadOnlyList<QueryAuditSource> AuditSources { get; set; } = [];

    /// <summary>What people ran, as a source shows it of a window.</summary>
    public Func<QueryAuditSource, FeedWindow, IAsyncEnumerable<IReadOnlyList<QueryEvent>>> Queries { get; set; } = static (_, _) => AsyncEnumerable.Empty<IReadOnlyList<QueryEvent>>();

    /// <summary>Where data went; none: there is no lineage.</summary>
    public IReadOnlyList<LineageSighting> Lineage { get; set; } = [];

    /// <summary>Whose the credentials of a script request are; null when nobody can tell.</summary>
    public string? Principal { get; init; }

    /// <summary>How often that was asked.</summary>
    public int Asked { get; private set; }

    public Task<string?> FindPrincipalAsync(PayloadObject request, CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(Principal);
    }

    public string? WriteSetupScript(PayloadObject request) => WriteSetupScript(request, null);

    public string? WriteSetupScript(PayloadObject request, string? principal) => "-- create " + DatabaseOf(request) + For(principal);

    public string? WriteEditScript(JsonElement stored, PayloadObject request) =>
        DatabaseOf(request) is { } database ? $"-- edit {stored.GetProperty("config").GetProperty("database")} to {database}" : null;

    public string WriteDeleteScript(JsonElement stored, StandingAccess standing) => $"-- delete {stored.GetProperty("config").GetProperty("database")}";

    public string? WriteCleanupScript(PayloadObject request) => WriteCleanupScript(request, null);

    public string? WriteCleanupScript(PayloadObject request, string? principal) => "-- cleanup " + DatabaseOf(request) + For(principal);

    private static string For(string? principal) => principal is null ? "" : $" for {principal}";

    private static JsonElement? IntegrationOf(PayloadObject integration)
    {
        var config = new JsonObject();
        foreach (var (name, value) in MembersOf(integration)) config[name] = JsonNode.Parse(value.GetRawText());
        return config.ContainsKey("database") ? JsonSerializer.SerializeToElement(new { type = "PostgreSQL", config }) : null;
    }

    private static string? DatabaseOf(PayloadObject integration) => MembersOf(integration).TryGetValue("database", out var database) ? database.GetString() : null;

    private static Dictionary<string, JsonElement> MembersOf(PayloadObject integration)
    {
        integration.RequiredString("type");
        var config = integration.RequiredObject("config");
        config.RequiredString("database");
        var members = ((string[])["database", "audit", "lineage", "userRolePattern", "groupPattern"])
            .Where(config.Has).ToDictionary(static m => m, m => config.Raw(m)!.Value, StringComparer.Ordinal);
        config.RejectUnread();
        integration.RejectUnread();
        return members;
    }

    public void Add(string path, ObjectKind kind = ObjectKind.Table, string? nativeId = null, Governance governance = Governance.Governed) =>
        Remote[path] = new RemoteObject(path.Contains('/') ? kind : ObjectKind.Database, nativeId ?? $"id:{path}", governance);

    internal sealed record RemoteObject(ObjectKind Kind, string NativeId, Governance Governance);

    private sealed class Session(FakePlatform platform, ConnectionAccess access) : IPlatformSession, IReadsQueryAudit, IReadsLineage
    {
        private readonly string _host = access.Document.GetProperty("hostname").GetString()!;

        public async Task<PlatformIdentity> IdentifyAsync(CancellationToken cancellationToken)
        {
            await platform.BeforeIdentify(cancellationToken);
            if (access.Secrets["password"] == "wrong")
                throw new PlatformException(PlatformFailure.CredentialsRejected, "password authentication failed") { Code = "28P01" };
            return new PlatformIdentity($"{platform.IdentityPrefix}:{_host.Split('@')[^1]}", $"{platform.IdentityPrefix} at {_host}");
        }

        public Task<IReadOnlyList<Check>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(platform.Checks);

        public async IAsyncEnumerable<CrawlPage> CrawlAsync(CrawlScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var below = string.Join('/', scope.Container.Names.Skip(1));
            platform.Listings.Enqueue((below, scope.Cursor));
            var depth = scope.Container.Depth + 1;
            var isSingle = platform.Remote.TryGetValue(below, out var self) ? self.Kind.IsReadable() : scope.Container.Depth == 2;
            var names = isSingle
                ? platform.Remote.Keys.Where(k => k == below).ToList()
                : platform.Remote.Keys.Where(k => k.Split('/').Length == depth && (below.Length == 0 || k.StartsWith(below + "/", StringComparison.Ordinal)))
                    .Order(StringComparer.Ordinal).ToList();
            var listing = platform.TellsListings && scope.Container.Depth == 1 ? ListingOf(names) : null;
            if (listing is { } told && (await scope.ListingsAsync(scope.Container.Parent!, cancellationToken)).TryGetValue(below, out var known) && known == told.Fingerprint)
            {
                await platform.BeforePage(below, 0, cancellationToken);
                var always = names.Where(n => !platform.LastChanges.ContainsKey(n)).ToList();
                yield return new CrawlPage
                {
                    Objects = [.. always.Select(n => Found(n, idIsUnread: true))],
                    UnchangedListings = [new UnchangedListing(scope.Container, names.Count - always.Count)],
                    Completed = [scope.Container],
                };
                yield break;
            }

            var stamps = isSingle ? new Dictionary<string, UInt128>() : await scope.StampsAsync(scope.Container, cancellationToken);
            bool IsUnchanged(string path) => stamps.TryGetValue(path.Split('/')[^1], out var stored) && Object(path).ChangeStamp == stored;
            var start = scope.Cursor is null ? 0 : int.Parse(scope.Cursor, System.Globalization.CultureInfo.InvariantCulture);
            for (var at = start; ; at += platform.PageSize)
            {
                await platform.BeforePage(below, at, cancellationToken);
                var last = at + platform.PageSize >= names.Count;
                var page = names.Skip(at).Take(platform.PageSize).Where(platform.Remote.ContainsKey).ToLookup(IsUnchanged);
                yield return new CrawlPage
                {
                    Objects = [.. page[false].Select(n => Found(n))],
                    Unchanged = [.. page[true].Select(PathOf)],
                    Completed = last ? [scope.Container] : [],
                    Listings = last && listing is { } whole && scope.Cursor is null ? [whole] : [],
                    Warnings = last && platform.Warnings.TryGetValue(below, out var warning) ? [warning] : [],
                    Cursor = last ? null : (at + platform.PageSize).ToString(System.Globalization.CultureInfo.InvariantCulture),
                };
                if (last) yield break;
            }
        }

        public IReadOnlyList<QueryAuditSource> AuditSources => platform.AuditSources;

        public IAsyncEnumerable<IReadOnlyList<QueryEvent>> ReadQueriesAsync(
            string connectionKey, QueryAuditSource source, FeedWindow window, CancellationToken cancellationToken) => platform.Queries(source, window);

        public IReadOnlyList<QueryAuditSource> LineageSources => platform.Lineage.Count == 0
            ? []
            : [new QueryAuditSource("lineage", new FeedTiming(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(10), TimeSpan.FromHours(2)))];

        public async IAsyncEnumerable<IReadOnlyList<LineageSighting>> ReadLineageAsync(
            string connectionKey, QueryAuditSource source, FeedWindow window, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return platform.Lineage;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private Listing? ListingOf(List<string> paths)
        {
            using var fingerprint = new ListingFingerprint();
            foreach (var path in paths) fingerprint.Add(Object(path));
            return paths.Count == 0 ? null : new Listing(PathOf(paths[0]).Parent!, fingerprint.Finish(), paths.Count);
        }

        private DiscoveredObject Found(string path, bool idIsUnread = false)
        {
            platform.Reads.Enqueue(path);
            return Object(path, idIsUnread);
        }

        private DiscoveredObject Object(string path, bool idIsUnread = false)
        {
            var remote = platform.Remote[path];
            return new DiscoveredObject
            {
                Path = PathOf(path),
                LastChanged = platform.LastChanges.TryGetValue(path, out var last) ? $"{last}" : null,
                Kind = remote.Kind,
                NativeId = idIsUnread ? null : remote.NativeId,
                NativeIdIsUnread = idIsUnread,
                Tags = !platform.HidesTags && platform.Tags.TryGetValue(path, out var tags) ? tags : [],
                TagsAreUnread = platform.HidesTags,
                Governance = platform.HidesTags && remote.Governance == Governance.Governed ? Governance.Unknown : remote.Governance,
                GovernanceReason = remote.Governance != Governance.Governed ? "left under IAM access control" : platform.HidesTags ? "its tags can't be read" : null,
                Columns = !remote.Kind.IsReadable() ? []
                    : platform.Columns.TryGetValue(path, out var columns) ? columns
                    : [new DiscoveredColumn("id", "int"), new DiscoveredColumn("name", "text")],
            };
        }

        private ObjectPath PathOf(string path) => new([access.ConnectionKey, .. path.Split('/')]);
    }
}
