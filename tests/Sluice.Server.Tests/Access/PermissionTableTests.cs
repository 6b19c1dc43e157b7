using System.Globalization;
using Sluice.Engine.Callers;
using Sluice.Server.Authentication;
using Sluice.Storage.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Sluice.Server.Tests.Access;

/// <summary>
/// The permission table of the API, asked of the real server on a real database: every endpoint x every permission x no token. Nothing is
/// registered, so who may call gets an answer other than 401 and 403 (a 200, or the 400, 404 of a request without substance).
/// </summary>
public sealed class PermissionTableTests(PermissionTableTests.RealServer server) : IClassFixture<PermissionTableTests.RealServer>
{
    private const string Anyone = "*";
    private const string Nobody = "";
    private const string Readers = "APPLICATION_ADMIN GOVERNANCE CREATE_DATA_SOURCE";
    private const string Admin = "APPLICATION_ADMIN";
    private const string Keepers = "USER_ADMIN";
    private const string Seers = "USER_ADMIN GOVERNANCE AUDIT";

    // Written out from api.md, not from the code. "*": whoever has a valid token; data owners come on top where objects exist.
    private static readonly (string Method, string Path, string Allowed)[] Table =
    [
        ("POST", "/data/connection", Admin),
        ("POST", "/data/connection?dryRun=true", Admin),
        ("GET", "/data/connection/lake", Readers),
        ("PUT", "/data/connection/lake", Admin),
        ("GET", "/data/object/lake/sales", Readers),
        ("GET", "/data/object?objectPath=[%22lake%22]", Readers),
        ("POST", "/data/object/search", Readers),
        ("POST", "/data/object/search/lake", Readers),
        ("POST", "/data/object/search?objectPath=[%22lake%22]", Readers),
        ("PUT", "/data/settings/lake", Admin),
        ("PUT", "/data/settings/lake?dryRun=true", Admin),
        ("PUT", "/data/settings?objectPath=[%22lake%22]", Admin),
        ("POST", "/data/crawl/lake", Admin),
        ("POST", "/data/crawl?objectPath=[%22lake%22]", Admin),
        ("DELETE", "/data/object/lake", Admin),
        ("DELETE", "/data/object?objectPath=[%22lake%22]", Admin),
        ("GET", "/jobs", Anyone),
        ("GET", "/jobs?bulkId=0198d7a0-0000-7000-8000-000000000001", Anyone),
        ("GET", "/jobs/search", Anyone),
        ("GET", "/jobs/summary", Anyone),
        ("POST", "/jobs/statuses", Anyone),
        ("DELETE", "/jobs/0198d7a0-0000-7000-8000-00000000000a", Anyone),
        ("POST", "/api/v1/connections/lake/check", Admin),
        ("POST", "/api/v1/connections/lake/confirm-restore", "GOVERNANCE"),
        ("GET", "/api/v1/access/history?objectPath=[%22lake%22]", "GOVERNANCE AUDIT"),
        ("GET", "/integrations", Admin),
        ("GET", "/integrations/7", Admin),
        ("GET", "/integrations/7/status", Admin),
        ("POST", "/integrations/7/scripts/edit", Admin),
        ("POST", "/integrations/7/scripts/delete", Admin),
        ("POST", "/integrations/scripts/create", Admin),
        ("POST", "/integrations/scripts/cleanup", Admin),
        ("GET", "/api/v1/aws/identity", Admin),
        ("POST", "/api/v1/api-keys", Anyone),
        ("GET", "/api/v1/api-keys", Anyone),
        ("DELETE", "/api/v1/api-keys/0123456789abcdef", Anyone),
        ("GET", "/api/v1/users", Seers),
        ("POST", "/api/v1/users", Keepers),
        ("POST", "/api/v1/users/import", Keepers),
        ("GET", "/api/v1/users/ada", Seers),
        ("PUT", "/api/v1/users/ada", Keepers),
        ("DELETE", "/api/v1/users/ada", Keepers),
        ("GET", "/api/v1/users/ada/attributes", Seers),
        ("PUT", "/api/v1/users/ada/attributes", Keepers),
        ("POST", "/api/v1/users/ada/attributes", Keepers),
        ("DELETE", "/api/v1/users/ada/attributes?name=Region", Keepers),
        ("GET", "/api/v1/users/ada/identities", Seers),
        ("PUT", "/api/v1/users/ada/identities", Keepers),
        ("POST", "/api/v1/users/ada/identities", Keepers),
        ("DELETE", "/api/v1/users/ada/identities?connectionKey=lake&name=ADA", Keepers),
        ("GET", "/api/v1/users/ada/permissions", Admin),
        ("PUT", "/api/v1/users/ada/permissions", Admin),
        ("GET", "/api/v1/groups", Seers),
        ("POST", "/api/v1/groups", Keepers),
        ("GET", "/api/v1/groups/Analysts", Seers),
        ("PUT", "/api/v1/groups/Analysts", Keepers),
        ("DELETE", "/api/v1/groups/Analysts", Keepers),
        ("GET", "/api/v1/groups/Analysts/members", Seers),
        ("PUT", "/api/v1/groups/Analysts/members", Keepers),
        ("POST", "/api/v1/groups/Analysts/members", Keepers),
        ("DELETE", "/api/v1/groups/Analysts/members?user=ada", Keepers),
        ("POST", "/api/v2/policy", "GOVERNANCE"),
        ("GET", "/api/v1/policies", "GOVERNANCE"),
        ("GET", "/api/v1/policies/sales", "GOVERNANCE"),
        ("DELETE", "/api/v1/policies/sales", "GOVERNANCE"),
        ("GET", "/api/v1/tags", Readers),
        ("POST", "/api/v1/tags", "GOVERNANCE"),
        ("POST", "/api/v1/tags/PII/rename", "GOVERNANCE"),
        ("DELETE", "/api/v1/tags/PII", "GOVERNANCE"),
        ("PUT", "/api/v1/objects/lake/sales/orders/tags", "GOVERNANCE"),
        ("PUT", "/api/v1/objects/lake/sales/orders/columns/id/tags", "GOVERNANCE"),
        ("GET", "/api/v1/objects/lake/sales/orders/vanished-tags", Readers),
        ("DELETE", "/api/v1/objects/lake/sales/orders/vanished-tags", "GOVERNANCE"),
        ("DELETE", "/api/v1/objects/lake/sales/main/orders/columns/id/vanished-tags", "GOVERNANCE"),
        ("DELETE", "/api/v1/objects/lake/sales/orders/discovered-new", "GOVERNANCE"),
        ("DELETE", "/api/v1/objects/lake/sales/main/orders/columns/id/discovered-new", "GOVERNANCE"),
        ("GET", "/api/v1/objects/lake/sales/orders/subscriptions", "GOVERNANCE"),
        ("POST", "/api/v1/objects/lake/sales/orders/subscriptions", "GOVERNANCE"),
        ("DELETE", "/api/v1/subscriptions/0198d7a0-0000-7000-8000-00000000000a", Anyone),
        // A service asks for nothing: whoever asks is a registered person.
        ("POST", "/api/v1/requests", "a registered person"),
        ("GET", "/api/v1/requests", Anyone),
        ("POST", "/api/v1/requests/0198d7a0-0000-7000-8000-00000000000a/approve", Anyone),
        ("POST", "/api/v1/requests/0198d7a0-0000-7000-8000-00000000000a/deny", Anyone),
        ("POST", "/api/v1/requests/0198d7a0-0000-7000-8000-00000000000a/withdraw", Anyone),
        ("POST", "/api/v1/access/explain", Anyone),
        ("POST", "/api/v1/access/check", Anyone),
        ("POST", "/api/v1/access/simulate", "GOVERNANCE"),
        ("GET", "/api/v1/access/objects/lake/sales/orders/people", "GOVERNANCE AUDIT"),
        ("GET", "/api/v1/access/people/ada/objects", "GOVERNANCE AUDIT"),
        ("POST", "/api/v1/plans", "APPLICATION_ADMIN GOVERNANCE"),
        ("GET", "/api/v1/plans?connectionKey=lake", "APPLICATION_ADMIN GOVERNANCE"),
        ("GET", "/api/v1/plans/0198d7a0-0000-7000-8000-00000000000a", "APPLICATION_ADMIN GOVERNANCE"),
        ("POST", "/api/v1/plans/0198d7a0-0000-7000-8000-00000000000a/apply", "GOVERNANCE"),
        ("POST", "/api/v1/plans/0198d7a0-0000-7000-8000-00000000000a/confirm", "GOVERNANCE"),
        ("GET", "/api/v1/removed-grants?connection=lake", "GOVERNANCE"),
        ("POST", "/api/v1/removed-grants/restore", "GOVERNANCE"),
        ("POST", "/api/v1/adopt", "GOVERNANCE"),
        ("GET", "/api/v1/audit", "AUDIT"),
        ("GET", "/api/v1/audit/export", "AUDIT"),
        ("GET", "/api/v1/audit/queries", "AUDIT"),
        ("GET", "/api/v1/audit/queries/export", "AUDIT"),
        ("POST", "/api/v1/connections/lake/audit", "AUDIT APPLICATION_ADMIN"),
        ("GET", "/api/v1/objects/lake/lineage", "GOVERNANCE AUDIT APPLICATION_ADMIN"),
        ("DELETE", "/api/v1/objects/lake/sales/orders/lineage?from=[%22lake%22,%22sales%22,%22people%22]", "GOVERNANCE"),
        ("POST", "/api/v1/audit/verify", "AUDIT"),
        ("GET", "/metrics", "METRICS"),
        ("GET", "/healthz", Nobody),
        ("GET", "/readyz", Nobody),
    ];

    public static TheoryData<string, string, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string, bool>();
            foreach (var (method, path, allowed) in Table)
            {
                foreach (var permission in (IEnumerable<string>)[.. Permission.All, "none"])
                    cases.Add(method, path, permission, allowed is Anyone or Nobody || allowed.Split(' ').Contains(permission));
            }

            return cases;
        }
    }

    public static TheoryData<string, string, bool> CasesWithoutToken
    {
        get
        {
            var cases = new TheoryData<string, string, bool>();
            foreach (var (method, path, allowed) in Table) cases.Add(method, path, allowed == Nobody);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_permission_opens_what_the_table_says_and_nothing_else(string method, string path, string permission, bool isAllowed)
    {
        var status = await server.StatusAsync(method, path, server.KeyWith(permission));

        if (isAllowed) status.ShouldNotBeOneOf(401, 403, 405, 500, 503);
        else status.ShouldBe(403);
    }

    [Theory]
    [MemberData(nameof(CasesWithoutToken))]
    public async Task Without_a_token_only_health_answers(string method, string path, bool isOpen)
    {
        (await server.StatusAsync(method, path, authorization: null)).ShouldBe(isOpen ? 200 : 401);
        (await server.StatusAsync(method, path, "Bearer wrong")).ShouldBe(isOpen ? 200 : 401);
    }

    [Fact]
    public void The_table_has_every_documented_operation()
    {
        var asked = Table.Select(t => OpenApi.Contract.Operation(t.Method, t.Path)!["operationId"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        var documented = OpenApi.Contract.Document["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!["operationId"]!.GetValue<string>());

        asked.ShouldBe(documented, ignoreOrder: true);
    }

    /// <summary>The server as it is shipped: SQLite, vault and engine, in a directory of its own.</summary>
    public sealed class RealServer : IAsyncLifetime
    {
        private readonly string _directory = Directory.CreateTempSubdirectory("sluice-real-").FullName;
        private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
        private SluiceServer? _server;
        private HttpClient? _http;

        public async ValueTask InitializeAsync()
        {
            var settings = RunningServer.Settings(_directory, "--vault-key-in-data", "--rate-limit", "0", "--auth-failure-limit", "100000", "--log-level", "error");
            _server = await SluiceServer.StartAsync(settings, CancellationToken.None);
            _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_server.Urls[0]) };
            var store = _server.Services.GetRequiredService<IApiKeyStore>();
            foreach (var permission in (IEnumerable<string>)[.. Permission.All, "none"])
            {
                var key = ApiKey.New();
                _keys[permission] = key.Text;
                await store.AddAsync(
                    new StoredApiKey
                    {
                        Id = key.Id,
                        Hash = key.Hash,
                        Name = permission,
                        HolderId = $"service:{permission}",
                        Permissions = permission == "none" ? [] : [permission],
                        CreatedAt = TimeProvider.System.GetUtcNow(),
                        CreatedBy = "test",
                    },
                    Caller.System.AsActor(),
                    CancellationToken.None);
            }
        }

        public string KeyWith(string permission) => _keys[permission];

        public async Task<int> StatusAsync(string method, string path, string? authorization)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
            if (method is "POST" or "PUT") request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            using var answer = await _http!.SendAsync(request, TestContext.Current.CancellationToken);
            var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
            if (OpenApi.Contract.Operation(method, path)!["responses"]![status] is null) Assert.Fail($"{method} {path}: {status} is not documented");
            return (int)answer.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            _http?.Dispose();
            if (_server is not null) await _server.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
        }
    }
}
