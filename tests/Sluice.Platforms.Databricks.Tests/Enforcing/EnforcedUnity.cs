using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Setup;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Identity;
using Sluice.Testing.Wire;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>A stand-in on which access is enforced, and people that read it under their own tokens.</summary>
internal sealed class EnforcedUnity : IAsyncDisposable
{
    public const string Own = "sluice_home";

    private readonly HttpClient _http;
    private HashSet<FactKey> _made = [];
    private int _checked;

    private EnforcedUnity(DatabricksSandbox sandbox, IPlatformSession session, WriteGate? gate)
    {
        (Sandbox, Session, Gate) = (sandbox, session, gate);
        _http = new HttpClient { BaseAddress = sandbox.Endpoint };
    }

    public DatabricksSandbox Sandbox { get; }

    public IPlatformSession Session { get; }

    /// <summary>Where what Sluice changes goes through, a request at a time; null without.</summary>
    public WriteGate? Gate { get; }

    /// <summary>Every request that Sluice sent through the gate.</summary>
    public required ConcurrentQueue<SentRequest> Sent { get; init; }

    public DatabricksPlatform Platform { get; } = Payload.Platform(FakeWorkspace.Loopback);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Called after every change that was made.</summary>
    public Func<ChangeOutcome, Task> OnOutcome { get; set; } = static _ => Task.CompletedTask;

    /// <summary>With Sluice's own catalog as the script makes it, and a catalog <c>cases</c> that is governed.</summary>
    /// <param name="people">Who is in the account.</param>
    /// <param name="mayMakeGroups">Whether Sluice's service principal may make account groups: it is an account admin then.</param>
    /// <param name="options">How the stand-in is otherwise.</param>
    /// <param name="client">How the client is otherwise.</param>
    /// <param name="gate">The seed of the order in which concurrent requests go through a gate; null without.</param>
    /// <param name="onCluster">Whether statements run on the cluster, and not on the warehouse.</param>
    /// <param name="workspaceIds">The connection's <c>config.workspaceIds</c>.</param>
    public static async Task<EnforcedUnity> StartAsync(IEnumerable<string> people, bool mayMakeGroups = false, DatabricksSandboxOptions? options = null, DatabricksOptions? client = null, int? gate = null, bool onCluster = false, string workspaceIds = "[]")
    {
        var sandbox = await DatabricksSandbox.StartAsync((options ?? new()) with { ServiceGrants = ServiceGrants.None, Principals = [.. people.Select(static p => new SandboxPrincipal { Name = p })] });
        if (mayMakeGroups) sandbox.SetPrincipal(new() { Name = sandbox.ClientId, Kind = SandboxPrincipalKind.ServicePrincipal, IsAccountAdmin = true });
        var grantee = $"`{sandbox.ClientId}`";
        sandbox.Change($"CREATE CATALOG {Own} COMMENT '{new InstanceMark(FakeWorkspace.Instance).Comment}'");
        foreach (var schema in DocumentedPrivileges.OwnSchemas) sandbox.Change($"CREATE SCHEMA {Own}.{schema}");
        sandbox.Change($"GRANT {string.Join(", ", DocumentedPrivileges.OnOwn)} ON CATALOG {Own} TO {grantee}");
        sandbox.Change("CREATE CATALOG cases");
        sandbox.Change($"GRANT {string.Join(", ", DocumentedPrivileges.OnGoverned)} ON CATALOG cases TO {grantee}");
        var sent = new ConcurrentQueue<SentRequest>();
        var wire = gate is { } seed ? await WriteGate.StartAsync(sandbox.Endpoint, Watched, seed) : null;
        var port = wire?.Port ?? sandbox.Endpoint.Port;
        var credentials = $$""" "authenticationType": "token", "token": "{{sandbox.Token}}" """;
        var (spec, problems) = Payload.Read(
            $$"""
            {
              "connection": { "technology": "Databricks", "hostname": "http://127.0.0.1", "port": {{port}}, "httpPath": "{{(onCluster ? $"sql/protocolv1/o/{sandbox.WorkspaceId}/{sandbox.ClusterId}" : $"/sql/1.0/warehouses/{sandbox.WarehouseId}")}}", {{credentials}} },
              "nativeIntegration": {
                "type": "Databricks", "autoBootstrap": false, "unityCatalog": true,
                "config": { "host": "http://127.0.0.1", "port": {{port}}, {{credentials}}, "catalog": "{{Own}}", "audit": { "enabled": false }, "workspaceIds": {{workspaceIds}} }
              }
            }
            """,
            policy: FakeWorkspace.Loopback);
        problems.ShouldBeEmpty();
        return new EnforcedUnity(sandbox, Payload.Platform(FakeWorkspace.Loopback, client).Open(Payload.Access(spec!)), wire) { Sent = sent };

        string? Watched(string method, string path, string body)
        {
            if (path.StartsWith("/api/", StringComparison.Ordinal)) sent.Enqueue(new SentRequest(method, path, body));
            return WriteOf(method, path, body);
        }
    }

    /// <summary>Runs a statement as somebody: its rows, or why it is refused.</summary>
    public async Task<(IReadOnlyList<string?[]> Rows, string? Refusal)> TryReadAsync(string token, string statement)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/2.0/sql/statements") { Content = JsonContent.Create(new { statement, warehouse_id = Sandbox.WarehouseId, wait_timeout = "50s" }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _http.SendAsync(request, Token);
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(Token));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (StateOf(answer) is "PENDING" or "RUNNING" && await look.WaitForNextTickAsync(Token))
        {
            using var asking = new HttpRequestMessage(HttpMethod.Get, $"/api/2.0/sql/statements/{answer.GetProperty("statement_id").GetString()}");
            asking.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var asked = await _http.SendAsync(asking, Token);
            answer = JsonElement.Parse(await asked.Content.ReadAsStringAsync(Token));
        }

        var status = answer.GetProperty("status");
        if (StateOf(answer) != "SUCCEEDED") return ([], status.GetProperty("error").GetProperty("message").GetString());
        return answer.GetProperty("result").TryGetProperty("data_array", out var rows)
            ? ([.. rows.EnumerateArray().Select(static r => r.EnumerateArray().Select(static v => v.GetString()).ToArray())], null)
            : ([], null);

        static string? StateOf(JsonElement answer) => answer.GetProperty("status").GetProperty("state").GetString();
    }

    public Task<(IReadOnlyList<string?[]> Rows, string? Refusal)> ReadAsAsync(string person, string statement) => TryReadAsync(Sandbox.TokenOf(person), statement);

    /// <summary>Asks the account as its administrator; null where nothing is answered.</summary>
    public async Task<JsonElement> AdministerAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: JsonSerializerOptions.Default) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Sandbox.AdministratorToken);
        using var response = await _http.SendAsync(request, Token);
        response.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}");
        var answer = await response.Content.ReadAsStringAsync(Token);
        return answer.Length == 0 ? default : JsonElement.Parse(answer);
    }

    public async Task<Plan> PlanAsync(AccessIntent intent, EnforcementMode mode = EnforcementMode.Sync)
    {
        var asked = intent with { OwnContainer = Own, OwnGrants = _made, Scope = FakeWorkspace.Scope };
        var observed = await ObserveAsync(intent);
        return PlanBuilder.Build(Platform.Compile(asked), observed, mode, new ImpactScope(3, new HashSet<string>(), static _ => false));
    }

    public async Task<ObservedState> ObserveAsync(AccessIntent intent)
    {
        var observed = await ((IObservesAccess)Session).ObserveAsync(intent with { OwnContainer = Own, OwnGrants = _made, Scope = FakeWorkspace.Scope }, Token);
        CheckSent();
        return observed;
    }

    /// <summary>What a server does whose crawl finds something under another name: what it granted is known by its object.</summary>
    public void Moved(ObjectPath from, ObjectPath to)
    {
        _made = [.. _made.Select(k => k.Object is { } on && on.Covers(from) ? k with { Object = Above(to, on.Depth) } : k)];

        static ObjectPath Above(ObjectPath path, int depth) => path.Depth == depth ? path : Above(path.Parent!, depth);
    }

    /// <summary>Plans, applies without a failure, and plans again: nothing is left to do.</summary>
    public async Task EnforceAsync(AccessIntent intent, string about)
    {
        var plan = await PlanAsync(intent);
        var failed = (await ApplyAsync(intent, plan.Changes)).Where(static o => o.Error is not null).Select(static o => $"{o.Change.Verb} {o.Change.Key}: {o.Error} {o.Change.Definition}");
        failed.ShouldBeEmpty(about);
        (await PlanAsync(intent)).Changes.Select(static c => $"{c.Verb} {c.Key} {c.Definition}").ShouldBeEmpty($"a second plan; {about}");
    }

    public async Task<List<ChangeOutcome>> ApplyAsync(AccessIntent intent, IReadOnlyList<Change> changes)
    {
        var outcomes = new List<ChangeOutcome>();
        var before = _made.ToHashSet();
        foreach (var phase in changes.GroupBy(static c => c.Phase).OrderBy(static g => g.Key))
        {
            await foreach (var outcome in ((IAppliesChanges)Session).ApplyAsync(intent with { OwnContainer = Own, OwnGrants = before, Scope = FakeWorkspace.Scope }, [.. phase], Token))
            {
                outcomes.Add(outcome);
                if (outcome is { Error: null, Change.Key.Kind: FactKind.Grant })
                {
                    if (outcome.Change.Verb == ChangeVerb.Remove) _made.Remove(outcome.Change.Key);
                    else _made = [.. _made, outcome.Change.Key];
                }

                await OnOutcome(outcome);
            }
        }

        CheckSent();
        return outcomes;
    }

    // Each request is looked at once.
    private void CheckSent()
    {
        var sent = Sent.Skip(_checked).ToList();
        GoldenRequests.ShouldHold(sent);
        _checked += sent.Count;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Session.DisposeAsync();
        if (Gate is not null) await Gate.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    private static string? WriteOf(string method, string path, string body)
    {
        if (method == "PATCH") return $"{path} {body}";
        if (RequestKind.StatementOf(new SentRequest(method, path, body)) is not { } text) return null;
        return ((string[])["SELECT", "SHOW", "DESC"]).Any(r => text.StartsWith(r, StringComparison.OrdinalIgnoreCase)) ? null : text;
    }
}
