using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Core.Connections;
using Sluice.Platforms.Databricks.Setup;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks.Tests.Fakes;

/// <summary>A workspace that answers in the documented forms, or what a test says instead; it keeps what was asked and checks the token alone.</summary>
internal sealed class FakeWorkspace : IAsyncDisposable
{
    public const string Metastore = "11111111-2222-3333-4444-555555555555";
    public const string Instance = "instance-1";
    public const string Scope = "c0ffee";
    public const string Principal = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
    public const string Secret = "dose-PLANTED-SECRET";
    public const string Warehouse = "/sql/1.0/warehouses/wh1";

    private readonly WebApplication _application;
    private readonly ConcurrentDictionary<string, Func<Asked, Answer>> _answers = new(StringComparer.Ordinal);

    private FakeWorkspace(WebApplication application) => _application = application;

    public FakeMetastore Store { get; } = new();

    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>Objects a page of a REST listing; each page is followed by an empty one.</summary>
    public int RestPage { get; set; } = 2;

    /// <summary>The token that is taken.</summary>
    public string Token { get; set; } = "dapi-PLANTED-SECRET";

    public DatabricksOptions Options { get; set; } = new()
    {
        Retry = new RetryPolicy { Attempts = 3, BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) },
        LongestPoll = TimeSpan.FromMilliseconds(2),
    };

    public Uri Address => new(_application.Urls.Single());

    public static async Task<FakeWorkspace> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var fake = new FakeWorkspace(application);
        application.Run(fake.AnswerAsync);
        await application.StartAsync();
        fake.SetDefaults();
        return fake;
    }

    public FakeWorkspace On(string method, string path, Func<Asked, Answer> answer)
    {
        _answers[$"{method} {path}"] = answer;
        return this;
    }

    public FakeWorkspace On(string method, string path, string json, int status = 200) => On(method, path, _ => new Answer(json, status));

    /// <summary>Answers in place of what is answered else, where it answers at all.</summary>
    public FakeWorkspace Before(string method, string path, Func<Asked, Answer?> answer)
    {
        var known = _answers[$"{method} {path}"];
        return On(method, path, asked => answer(asked) ?? known(asked));
    }

    /// <summary>Answers each statement.</summary>
    public FakeWorkspace OnStatement(Func<string, Answer> answer) =>
        On("POST", "/api/2.0/sql/statements", asked => answer(JsonElement.Parse(asked.Body).GetProperty("statement").GetString()!));

    public int Count(string path) => Requests.Count(r => r.Path == path);

    public IPlatformSession Open(string httpPath = Warehouse, string? authority = null, TimeProvider? time = null, string? workspaceIds = null, int groupBudget = 0)
    {
        var credentials = authority is null
            ? $$""" "authenticationType": "token", "token": "{{Token}}" """
            : $$""" "authenticationType": "oAuthM2M", "oAuthClientConfig": { "useCertificate": false, "clientId": "{{Principal}}", "clientSecret": "{{Secret}}", "scope": "all-apis", "authorityUrl": "{{authority}}" } """;
        var (spec, problems) = Payload.Read(
            $$"""
            {
              "connection": { "technology": "Databricks", "hostname": "http://127.0.0.1", "port": {{Address.Port}}, "httpPath": "{{httpPath}}", {{credentials}} },
              "nativeIntegration": {
                "type": "Databricks", "autoBootstrap": false, "unityCatalog": true,
                "config": { "host": "http://127.0.0.1", "port": {{Address.Port}}, {{credentials}}, "catalog": "sluice", "audit": { "enabled": true }{{(workspaceIds is null ? "" : $", \"workspaceIds\": {workspaceIds}")}} }
              }
            }
            """,
            policy: Loopback);
        problems.ShouldBeEmpty();
        return Payload.Platform(Loopback, Options, time).Open(Payload.Access(spec!) with { Settings = new ConnectionSettings { GroupBudget = groupBudget }, Scope = Scope });
    }

    public static EgressPolicy Loopback { get; } = new() { AllowLoopback = true };

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    public static Answer Succeeded(IReadOnlyList<string?[]> rows, string id = "s1") => new(JsonSerializer.Serialize(new
    {
        statement_id = id,
        status = new { state = "SUCCEEDED" },
        manifest = new { format = "JSON_ARRAY", total_row_count = rows.Count, truncated = false },
        result = new { chunk_index = 0, row_offset = 0, row_count = rows.Count, data_array = rows },
    }));

    public static Answer StatementFailed(string message, string code = "BAD_REQUEST", string? sqlState = null) => new(JsonSerializer.Serialize(new
    {
        statement_id = "s1",
        status = new { state = "FAILED", error = new { error_code = code, message }, sql_state = sqlState },
    }));

    private void SetDefaults()
    {
        Store.Add("sluice").Comment = new InstanceMark(Instance).Comment;
        On("GET", "/api/2.1/unity-catalog/current-metastore-assignment", $$"""{"metastore_id":"{{Metastore}}","workspace_id":1234567890,"default_catalog_name":"main"}""");
        On("GET", "/api/2.1/unity-catalog/metastore_summary", $$"""{"metastore_id":"{{Metastore}}","name":"primary","cloud":"aws","region":"us-west-2"}""");
        On("GET", "/api/2.0/preview/scim/v2/Me", $$"""{"id":"1","userName":"{{Principal}}","displayName":"sluice","active":true}""");
        foreach (var scim in (string[])["/api/2.0/preview/scim/v2", "/api/2.0/account/scim/v2"]) On("GET", $"{scim}/Groups", """{"totalResults":0,"startIndex":1,"itemsPerPage":0}""");
        On("GET", "/api/2.0/sql/warehouses/wh1", """{"id":"wh1","name":"Starter","state":"RUNNING","health":{"status":"HEALTHY"}}""");
        On("GET", "/api/2.1/unity-catalog/catalogs", asked => Paged(asked, "catalogs", [.. Store.Catalogs.Select(c => c.ToJson())]));
        On("GET", "/api/2.1/unity-catalog/functions", """{"functions":[]}""");
        On("GET", "/api/2.1/unity-catalog/resource-quotas/schema/sluice.functions/function-quota", """{"quota_info":{"parent_securable_type":"SCHEMA","parent_full_name":"sluice.functions","quota_name":"function-quota","quota_count":12,"quota_limit":10000,"last_refreshed_at":1723750401}}""");
        On("GET", "/api/2.1/unity-catalog/schemas", asked =>
        {
            var catalog = Store.Catalogs.Find(c => c.Name == asked.Query["catalog_name"]);
            return catalog is null
                ? new Answer("""{"error_code":"CATALOG_DOES_NOT_EXIST","message":"Catalog does not exist."}""", 404)
                : Paged(asked, "schemas", [.. catalog.Schemas.Select(s => s.ToJson(catalog.Name)), new FakeSchema("information_schema").ToJson(catalog.Name)]);
        });
        On("GET", "/api/2.1/unity-catalog/tables", asked =>
        {
            var (catalog, schema) = (asked.Query["catalog_name"], asked.Query["schema_name"]);
            var found = Store.Catalogs.Find(c => c.Name == catalog)?.Schemas.Find(s => s.Name == schema);
            var withColumns = !asked.Query.ContainsKey("omit_columns");
            return found is null
                ? new Answer("""{"error_code":"SCHEMA_DOES_NOT_EXIST","message":"Schema does not exist."}""", 404)
                : Paged(asked, "tables", [.. found.Tables.Select(t => t.ToJson(catalog, schema, withColumns))]);
        });
        // Nothing is masked or filtered here.
        OnStatement(sql => sql == "SELECT 1" ? Succeeded([["1"]]) : sql.Contains("to_json(struct(*))", StringComparison.Ordinal) ? Succeeded([]) : Succeeded(MiniSql.Run(sql, Views())));
    }

    private Dictionary<string, IReadOnlyList<Dictionary<string, string?>>> Views()
    {
        var views = new Dictionary<string, IReadOnlyList<Dictionary<string, string?>>>(Store.Views(), StringComparer.Ordinal);
        foreach (var (schema, table) in DocumentedPrivileges.SystemTables) views[$"system.{schema}.{table}"] = [];
        return views;
    }

    // Every page is followed by an empty one that still has a token, as Databricks documents that there may be.
    private Answer Paged(Asked asked, string member, IReadOnlyList<string> items)
    {
        asked.Query["max_results"].ShouldBe("0");
        var at = asked.Query.TryGetValue("page_token", out var token) ? int.Parse(token) : 0;
        var isEmpty = at % 2 == 1;
        var page = isEmpty ? [] : items.Skip(at / 2 * RestPage).Take(RestPage);
        var isLast = !isEmpty && (at / 2 * RestPage) + RestPage >= items.Count;
        return new Answer(isLast ? $$"""{"{{member}}":[{{string.Join(',', page)}}]}""" : $$"""{"{{member}}":[{{string.Join(',', page)}}],"next_page_token":"{{at + 1}}"}""");
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var asked = new Asked(
            context.Request.Method,
            context.Request.Path.Value!,
            context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal),
            await reader.ReadToEndAsync(),
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        Requests.Enqueue(asked);
        var answer = Find(asked);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers ?? []) context.Response.Headers[name] = value;
        await context.Response.WriteAsync(answer.Body);
    }

    private Answer Find(Asked asked)
    {
        var isWorkspace = asked.Path.StartsWith("/api/", StringComparison.Ordinal);
        if (isWorkspace && asked.Headers.GetValueOrDefault("Authorization") != $"Bearer {Token}")
            return new Answer("""{"error_code":"UNAUTHENTICATED","message":"Credential was not sent or was of an unsupported type for this API."}""", 401);
        if (_answers.TryGetValue($"{asked.Method} {asked.Path}", out var known)) return known(asked);
        const string catalogs = "/api/2.1/unity-catalog/catalogs/", privileges = "/api/2.1/unity-catalog/effective-permissions/catalog/";
        if (asked.Path.StartsWith(catalogs, StringComparison.Ordinal))
        {
            return Store.Catalogs.Find(c => c.Name == asked.Path[catalogs.Length..]) is { } catalog
                ? new Answer(catalog.ToJson())
                : new Answer("""{"error_code":"CATALOG_DOES_NOT_EXIST","message":"Catalog 'sluice' does not exist."}""", 404);
        }

        if (Named(asked.Path, "/api/2.1/unity-catalog/schemas/") is [{ } inCatalog, { } schema])
        {
            return Store.Catalogs.Find(c => c.Name == inCatalog)?.Schemas.Find(s => s.Name == schema) is { } found
                ? new Answer(found.ToJson(inCatalog))
                : new Answer("""{"error_code":"SCHEMA_DOES_NOT_EXIST","message":"Schema does not exist."}""", 404);
        }

        if (Named(asked.Path, "/api/2.1/unity-catalog/tables/") is [{ } ofCatalog, { } ofSchema, { } table])
        {
            return Store.Catalogs.Find(c => c.Name == ofCatalog)?.Schemas.Find(s => s.Name == ofSchema)?.Tables.FirstOrDefault(t => t.Name == table) is { } found
                ? new Answer(found.ToJson(ofCatalog, ofSchema, withColumns: true))
                : new Answer("""{"error_code":"TABLE_DOES_NOT_EXIST","message":"Table does not exist."}""", 404);
        }

        if (asked.Path.StartsWith(privileges, StringComparison.Ordinal))
        {
            return new Answer($$"""
                {"privilege_assignments":[{"principal":"{{asked.Query["principal"]}}","privileges":[{"privilege":"ALL_PRIVILEGES"},{"privilege":"MANAGE","inherited_from_type":"CATALOG"}]}]}
                """);
        }

        return new Answer("""{"error_code":"ENDPOINT_NOT_FOUND","message":"No API found for that path."}""", 404);
    }

    private static string[] Named(string path, string under) => path.StartsWith(under, StringComparison.Ordinal) ? path[under.Length..].Split('.') : [];

    /// <summary>What is answered.</summary>
    internal sealed record Answer(string Body, int Status = 200, string ContentType = "application/json", Dictionary<string, string>? Headers = null);

    /// <summary>What was asked.</summary>
    internal sealed record Asked(string Method, string Path, Dictionary<string, string> Query, string Body, Dictionary<string, string> Headers);
}
