using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Core.Problems;
using Sluice.Platforms;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;
using Sluice.Platforms.Snowflake;
using Sluice.Sandbox.Snowflake;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Faults;

namespace Sluice.Bench.Clouds;

/// <summary>The stand-in for a Snowflake account, set up by the script.</summary>
internal sealed class SnowflakeCloud : ICloud
{
    private const string Key = "snow";
    private const string Database = "SLUICE_BENCH";
    private const int Columns = 10;
    private const int TablesOfSchema = 100;
    private const int TablesOfDatabase = 1_000;

    private readonly SnowflakeSandbox _sandbox;
    private readonly SnowflakePlatform _platform;
    private readonly ConnectionAccess _access;
    private readonly int _people;

    private SnowflakeCloud(SnowflakeSandbox sandbox, SnowflakePlatform platform, ConnectionAccess access, IReadOnlyList<DiscoveredObject> tables, int people) =>
        (_sandbox, _platform, _access, Tables, _people) = (sandbox, platform, access, tables, people);

    public string Name => "snowflake";

    public string OwnContainer => Database;

    public IReadOnlyList<DiscoveredObject> Tables { get; }

    public IReadOnlyDictionary<string, long> Asked => _sandbox.Requests.Operations;

    /// <summary>Starts one; a hundred tables a schema and ten schemas a database.</summary>
    public static async Task<SnowflakeCloud> StartAsync(int tables, int people, CancellationToken cancellationToken)
    {
        var sandbox = await SnowflakeSandbox.StartAsync(
            new SnowflakeSandboxOptions
            {
                Catalog = SnowflakeSandboxCatalog.Generated(tables, Columns, Math.Max(1, tables / TablesOfDatabase), TablesOfSchema),
                Users = [.. Enumerable.Range(0, people).Select(static i => new SnowflakeSandboxUser(User(i)))],
            },
            cancellationToken);
        var platform = PlatformOf(new SnowflakeOptions());
        await RunScriptAsync(sandbox, platform, cancellationToken);
        var access = AccessOf(sandbox, platform);
        return new SnowflakeCloud(sandbox, platform, access, await CloudCrawl.ReadAsync(platform.Open(access), Key, cancellationToken), people);
    }

    public string UserOf(int number) => User(number);

    public ColumnFamily FamilyOf(string type) => _platform.FamilyOf(type);

    public DesiredState Compile(AccessIntent intent) => _platform.Compile(intent);

    public bool IsDirectAudience(string subject) => _platform.IsDirectAudience(CloudScene.Prefix, subject);

    public IPlatformSession Open(CloudLimits? limits = null)
    {
        var options = new SnowflakeOptions();
        if (limits is not null)
        {
            options = options with
            {
                Statements = new LimiterBounds { Initial = limits.AtOnce, Maximum = limits.AtOnce }, StatementsPerRequest = limits.StatementsOfRequest ?? options.StatementsPerRequest,
            };
        }

        return PlatformOf(options).Open(_access);
    }

    public void OpenToEverybody() => _sandbox.Change(
    [
        "CREATE ROLE ANALYST", .. Tables.Select(static t => t.Path.Names[1]).Distinct(StringComparer.Ordinal).Select(static d => $"GRANT SELECT ON ALL TABLES IN DATABASE {d} TO ROLE ANALYST"),
        .. Enumerable.Range(0, _people).Select(static i => $"GRANT ROLE ANALYST TO USER {User(i)}"),
    ]);

    public void Delay(TimeSpan latency) =>
        _sandbox.SetFaults(new SnowflakeSandboxFault { Kind = SnowflakeSandboxFaultKind.Latency, LatencyMilliseconds = (int)latency.TotalMilliseconds });

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static string User(int number) => $"USER{number:D5}";

    private static SnowflakePlatform PlatformOf(SnowflakeOptions options) =>
        new(new EgressGuard(new EgressPolicy { AllowLoopback = true }), new InstanceMark("bench"), TimeProvider.System, options);

    private static async Task RunScriptAsync(SnowflakeSandbox sandbox, SnowflakePlatform platform, CancellationToken cancellationToken)
    {
        var problems = new ProblemList();
        var request = JsonSerializer.SerializeToElement(new JsonObject { ["type"] = "Snowflake", ["autoBootstrap"] = false, ["config"] = Config(sandbox) });
        var script = platform.WriteSetupScript(new PayloadObject(request, "$", problems)) ?? throw CloudCrawl.Refused(problems);
        using var http = new HttpClient { BaseAddress = sandbox.Endpoint };
        var login = await PostAsync("/session/v1/login-request", new JsonObject
        {
            ["data"] = new JsonObject { ["LOGIN_NAME"] = SnowflakeSandbox.AdministratorName, ["PASSWORD"] = sandbox.PasswordOf(SnowflakeSandbox.AdministratorName) },
        });
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Snowflake Token=\"{login["data"]!["token"]!.GetValue<string>()}\"");
        await PostAsync("/queries/v1/query-request?requestId=00000000-0000-4000-8000-000000000001", new JsonObject
        {
            ["sqlText"] = script, ["parameters"] = new JsonObject { ["MULTI_STATEMENT_COUNT"] = 0 },
        });

        async Task<JsonNode> PostAsync(string path, JsonObject body)
        {
            using var response = await http.PostAsJsonAsync(path, body, cancellationToken);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
            return answer["success"]!.GetValue<bool>() ? answer : throw new InvalidOperationException($"The setup failed: {answer["message"]}");
        }
    }

    private static ConnectionAccess AccessOf(SnowflakeSandbox sandbox, SnowflakePlatform platform)
    {
        var connection = new JsonObject
        {
            ["technology"] = "Snowflake", ["hostname"] = HostOf(sandbox), ["port"] = sandbox.Endpoint.Port, ["warehouse"] = SnowflakeSandbox.WarehouseName, ["role"] = SnowflakeSandbox.ServiceRoleName,
            ["authenticationType"] = "userPassword", ["username"] = SnowflakeSandbox.ServiceName, ["password"] = sandbox.PasswordOf(SnowflakeSandbox.ServiceName),
        };
        var integration = new JsonObject { ["type"] = "Snowflake", ["autoBootstrap"] = false, ["config"] = Config(sandbox) };
        return CloudCrawl.AccessOf(Key, connection, integration, platform);
    }

    private static JsonObject Config(SnowflakeSandbox sandbox) => new()
    {
        ["host"] = HostOf(sandbox), ["port"] = sandbox.Endpoint.Port, ["warehouse"] = SnowflakeSandbox.WarehouseName, ["database"] = Database,
        ["authenticationType"] = "userPassword", ["username"] = SnowflakeSandbox.ServiceName, ["password"] = sandbox.PasswordOf(SnowflakeSandbox.ServiceName),
    };

    private static string HostOf(SnowflakeSandbox sandbox) => $"http://{sandbox.AccountIdentifier.ToLowerInvariant()}.localhost";
}
