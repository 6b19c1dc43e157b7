using System.Text;
using Sluice.Core.Catalog;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;
using Sluice.Platforms.LakeFormation.Connections;
using Sluice.Platforms.LakeFormation.Identity;
using Sluice.Sandbox.Aws;

namespace Sluice.Platforms.LakeFormation.Tests.Fakes;

/// <summary>A sandbox and a platform that may reach it.</summary>
internal sealed class SandboxLake : IAsyncDisposable
{
    public const string Key = "lake";

    private SandboxLake(AwsSandbox sandbox) => Sandbox = sandbox;

    public AwsSandbox Sandbox { get; }

    public static ObjectPath Root { get; } = new(Key);

    public static async Task<SandboxLake> StartAsync(AwsSandboxOptions? options = null) =>
        new(await AwsSandbox.StartAsync(options ?? new AwsSandboxOptions()));

    public LakeFormationOptions Options { get; set; } = new()
    {
        ExternalId = "sluice-sandbox-external-id",
        Mark = new InstanceMark("test"),
        AllowedStsHosts = ["127.0.0.1"],
        Retry = new RetryPolicy { Attempts = 6, BaseDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(20) },
    };

    public IPlatformSession OpenWithKey(AwsSandboxCredentials? credentials = null, TimeProvider? time = null)
    {
        var key = credentials ?? Sandbox.Credentials;
        return Open($$"""
            "authenticationType": "accessKey", "accessKeyId": "{{key.AccessKeyId}}", "secretAccessKey": "{{key.SecretAccessKey}}"
            """, time);
    }

    public IPlatformSession OpenWithRole(TimeProvider? time = null)
    {
        var server = Sandbox.ServerCredentials;
        Options = Options with { ServerIdentity = new FixedServerIdentity(new AwsCredentials(server.AccessKeyId, server.SecretAccessKey)) };
        return Open($$"""
            "authenticationType": "assumedRole", "roleARN": "{{Sandbox.RoleArn}}"
            """, time);
    }

    /// <summary>Calls an operation of Lake Formation as the data lake's administrator.</summary>
    public async Task AdministrateAsync(string operation, string body)
    {
        var connection = new GlueConnection
        {
            Region = AwsRegion.Parse(Sandbox.Region)!,
            AccountId = Sandbox.AccountId,
            Endpoints = new Dictionary<AwsService, Uri> { [AwsService.LakeFormation] = Sandbox.Endpoint },
        };
        using var wiring = new SessionWiring(new EgressGuard(new EgressPolicy { AllowLoopback = true }), Options, TimeProvider.System, connection);
        var key = Sandbox.AdministratorCredentials;
        var client = wiring.Client(AwsService.LakeFormation, new FixedCredentials(new AwsCredentials(key.AccessKeyId, key.SecretAccessKey)));
        using var answer = await client.CallAsync(operation, Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken);
    }

    /// <summary>Grants as the administrator.</summary>
    public Task GrantAsync(string principal, string resource, string permissions, string grantable = "[]") => AdministrateAsync(
        "GrantPermissions",
        $$"""{"Principal":{"DataLakePrincipalIdentifier":"{{principal}}"},"Resource":{{resource}},"Permissions":{{permissions}},"PermissionsWithGrantOption":{{grantable}}}""");

    public static async Task<List<CrawlPage>> CrawlAsync(IPlatformSession session, CrawlScope? scope = null)
    {
        var pages = new List<CrawlPage>();
        await foreach (var page in session.CrawlAsync(scope ?? new CrawlScope { Container = Root }, TestContext.Current.CancellationToken))
            pages.Add(page);
        return pages;
    }

    public static Dictionary<string, DiscoveredObject> ByPath(IEnumerable<CrawlPage> pages) =>
        pages.SelectMany(p => p.Objects).ToDictionary(o => string.Join('/', o.Path.Names.Skip(1)), StringComparer.Ordinal);

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();

    private IPlatformSession Open(string credentials, TimeProvider? time)
    {
        var endpoint = Sandbox.Endpoint.AbsoluteUri;
        var policy = new EgressPolicy { AllowLoopback = true };
        var (spec, problems) = Payload.Read(
            $$"""
            {"technology": "Glue", {{credentials}}, "region": "{{Sandbox.Region}}", "accountId": "{{Sandbox.AccountId}}",
             "endpoints": {"glue": "{{endpoint}}", "lakeformation": "{{endpoint}}", "sts": "{{endpoint}}" } }
            """,
            options: Options,
            policy: policy);
        problems.ShouldBeEmpty();
        return Payload.Platform(Options, policy, time).Open(Payload.Access(spec!, Key));
    }
}
