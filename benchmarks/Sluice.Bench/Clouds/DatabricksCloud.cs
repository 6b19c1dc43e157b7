using System.Text.Json.Nodes;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms;
using Sluice.Platforms.Databricks;
using Sluice.Platforms.Egress;
using Sluice.Sandbox.Databricks;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Faults;
using Sluice.Sandbox.Databricks.Identity;

namespace Sluice.Bench.Clouds;

/// <summary>The stand-in for a Databricks workspace, in which a person has made Sluice's own catalog and let it manage all others.</summary>
internal sealed class DatabricksCloud : ICloud
{
    private const string Key = "unity";
    private const string Own = "sluice_bench";
    private const string Everybody = "everybody";
    private const string WorkspaceAdministrators = "admins";
    private const int Columns = 10;
    private const int TablesOfCatalog = 1_000;

    private static readonly InstanceMark Mark = new("bench");

    private readonly DatabricksSandbox _sandbox;
    private readonly DatabricksPlatform _platform;
    private readonly ConnectionAccess _access;
    private readonly int _people;

    private DatabricksCloud(DatabricksSandbox sandbox, DatabricksPlatform platform, ConnectionAccess access, IReadOnlyList<DiscoveredObject> tables, int people) =>
        (_sandbox, _platform, _access, Tables, _people) = (sandbox, platform, access, tables, people);

    public string Name => "databricks";

    public string OwnContainer => Own;

    public IReadOnlyList<DiscoveredObject> Tables { get; }

    public IReadOnlyDictionary<string, long> Asked => _sandbox.Requests.Operations;

    /// <summary>Starts one; a catalog for each thousand tables.</summary>
    public static async Task<DatabricksCloud> StartAsync(int tables, int people, CancellationToken cancellationToken)
    {
        var sandbox = await DatabricksSandbox.StartAsync(
            new DatabricksSandboxOptions
            {
                Catalog = DatabricksSandboxCatalog.Generated(tables, Columns, Math.Max(1, tables / TablesOfCatalog)),
                Principals =
                [
                    .. Enumerable.Range(0, people).Select(static i => new SandboxPrincipal { Name = User(i) }),
                    new SandboxPrincipal { Name = WorkspaceAdministrators, Kind = SandboxPrincipalKind.WorkspaceGroup, Members = [SandboxCast.Administrator, SandboxCast.ServicePrincipal] },
                ],
            },
            cancellationToken);
        sandbox.Change(
            $"CREATE CATALOG {Own} COMMENT '{Mark.Comment}'", $"CREATE SCHEMA {Own}.entitlements", $"CREATE SCHEMA {Own}.functions",
            $"GRANT USE CATALOG, USE SCHEMA, CREATE TABLE, CREATE FUNCTION, SELECT, MODIFY, EXECUTE, MANAGE ON CATALOG {Own} TO `{sandbox.ClientId}`");
        var platform = PlatformOf(new DatabricksOptions());
        var access = AccessOf(sandbox, platform);
        return new DatabricksCloud(sandbox, platform, access, await CloudCrawl.ReadAsync(platform.Open(access), Key, cancellationToken), people);
    }

    public string UserOf(int number) => User(number);

    public ColumnFamily FamilyOf(string type) => _platform.FamilyOf(type);

    public DesiredState Compile(AccessIntent intent) => _platform.Compile(intent);

    public bool IsDirectAudience(string subject) => false;

    public IPlatformSession Open(CloudLimits? limits = null)
    {
        var options = new DatabricksOptions();
        return PlatformOf(limits is null ? options : options with { MostRequests = limits.AtOnce, StatementsAtOnce = limits.AtOnce }).Open(_access);
    }

    public void OpenToEverybody()
    {
        _sandbox.SetPrincipal(new SandboxPrincipal { Name = Everybody, Kind = SandboxPrincipalKind.Group, Members = [.. Enumerable.Range(0, _people).Select(User)] });
        _sandbox.Change([.. Tables.Select(static t => t.Path.Names[1]).Distinct(StringComparer.Ordinal).Select(static c => $"GRANT SELECT ON CATALOG {c} TO `{Everybody}`")]);
    }

    public void Delay(TimeSpan latency) =>
        _sandbox.SetFaults(new DatabricksSandboxFault { Kind = DatabricksSandboxFaultKind.Latency, LatencyMilliseconds = (int)latency.TotalMilliseconds });

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static string User(int number) => $"user{number:D5}@example.org";

    private static DatabricksPlatform PlatformOf(DatabricksOptions options) => new(new EgressGuard(new EgressPolicy { AllowLoopback = true }), Mark, options, TimeProvider.System);

    private static ConnectionAccess AccessOf(DatabricksSandbox sandbox, DatabricksPlatform platform)
    {
        var connection = new JsonObject { ["technology"] = "Databricks", ["hostname"] = "http://127.0.0.1", ["httpPath"] = $"/sql/1.0/warehouses/{sandbox.WarehouseId}" };
        var config = new JsonObject { ["host"] = "http://127.0.0.1", ["catalog"] = Own };
        foreach (var members in new[] { connection, config }) (members["port"], members["authenticationType"], members["token"]) = (sandbox.Endpoint.Port, "token", sandbox.Token);
        var integration = new JsonObject { ["type"] = "Databricks", ["autoBootstrap"] = false, ["unityCatalog"] = true, ["config"] = config };
        return CloudCrawl.AccessOf(Key, connection, integration, platform);
    }
}
