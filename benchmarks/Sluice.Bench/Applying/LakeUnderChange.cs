using System.Text.Json;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.People;
using Sluice.Core.Planning;
using Sluice.Core.Policies.Predicates;
using Sluice.Core.Problems;
using Sluice.Platforms;
using Sluice.Platforms.Egress;
using Sluice.Platforms.LakeFormation;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Faults;
using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Bench.Applying;

/// <summary>The AWS stand-in with tables that audiences read by LF-Tags and others that people are granted by name, and what is asked for before and after a change.</summary>
internal sealed class LakeUnderChange : IAsyncDisposable
{
    private const string Key = "lake";
    private const int Tables = 1_000;
    private const int Databases = 10;
    private const int Audiences = 10;
    private const int TablesOfAudience = 20;
    private const int MembersBefore = 500;
    private const int Joining = 500;
    private const int NamedReaders = 3;

    private readonly AwsSandbox _sandbox;
    private readonly LakeFormationPlatform _platform;
    private readonly ConnectionAccess _access;
    private readonly IReadOnlyList<DiscoveredObject> _tables;

    private LakeUnderChange(AwsSandbox sandbox, LakeFormationPlatform platform, ConnectionAccess access, IReadOnlyList<DiscoveredObject> tables) =>
        (_sandbox, _platform, _access, _tables) = (sandbox, platform, access, tables);

    /// <summary>How many requests were made since the start.</summary>
    public long Requests => _sandbox.Requests.Operations.Values.Sum();

    /// <summary>Starts it.</summary>
    public static async Task<LakeUnderChange> StartAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var sandbox = await AwsSandbox.StartAsync(
            new AwsSandboxOptions
            {
                ServiceGrants = ServiceGrants.Super,
                Catalog = AwsSandboxCatalog.Generated(Tables, columnsPerTable: 2, Databases),
                Principals = [.. Enumerable.Range(0, MembersBefore + Joining).Select(static i => new SandboxPrincipal { Name = UserOf(i) })],
            },
            cancellationToken);
        var platform = new LakeFormationPlatform(
            new EgressGuard(new EgressPolicy { AllowLoopback = true }),
            new LakeFormationOptions { ExternalId = sandbox.ExternalId!, Mark = new InstanceMark("bench"), AllowedStsHosts = ["127.0.0.1"] },
            time);
        var access = AccessOf(sandbox, platform);
        await using var session = platform.Open(access);
        var tables = new List<DiscoveredObject>();
        await foreach (var page in session.CrawlAsync(new CrawlScope { Container = new ObjectPath(Key) }, cancellationToken))
            tables.AddRange(page.Objects.Where(static o => o.Path.Depth == 2 && o.GrantMethod == "tags"));
        return new LakeUnderChange(sandbox, platform, access, [.. tables.OrderBy(static t => t.Path.ToString(), StringComparer.Ordinal)]);
    }

    /// <summary>A session as the server opens one: nothing is known of how much the platform bears.</summary>
    public IPlatformSession Open() => _platform.Open(_access);

    /// <summary>From now on every answer takes this long.</summary>
    public void Delay(TimeSpan latency) =>
        _sandbox.SetFaults(new AwsSandboxFault { Kind = AwsSandboxFaultKind.Latency, LatencyMilliseconds = (int)latency.TotalMilliseconds });

    public async Task<Plan> PlanAsync(AccessIntent intent, IPlatformSession session, CancellationToken cancellationToken) => PlanBuilder.Build(
        _platform.Compile(intent),
        await ((IObservesAccess)session).ObserveAsync(intent, cancellationToken),
        EnforcementMode.Sync,
        new ImpactScope(2, new HashSet<string>(), static _ => false));

    /// <summary>What is asked for. In the change people join every audience, and a few people are granted each other table by name.</summary>
    public AccessIntent Intent(bool isChanged)
    {
        var people = Enumerable.Range(0, MembersBefore + Joining).Select(ArnOf).ToArray();
        string[] members = [.. people.Take(isChanged ? MembersBefore + Joining : MembersBefore).Order(StringComparer.Ordinal)];
        var tagged = Audiences * TablesOfAudience;
        return new AccessIntent
        {
            Prefix = "SLUICE",
            Objects =
            [
                .. _tables.Take(tagged).Select((t, i) => Asked(t) with { Access = ReadableBy(AudienceOf(i / TablesOfAudience)) }),
                .. _tables.Skip(tagged).Select((t, i) => Asked(t) with
                {
                    DirectReaders = isChanged ? [.. Enumerable.Range(0, NamedReaders).Select(n => people[((i * NamedReaders) + n) % people.Length]).Order(StringComparer.Ordinal)] : [],
                }),
            ],
            Identities = [.. people.Select(static p => new IdentityHolders(p, [Person(p)]))],
            MembersOf = rule => rule.Equals(AccessRule.Nobody) ? [] : members,
        };
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    private static IntendedObject Asked(DiscoveredObject table) => new()
    {
        Object = new GovernedObject { Path = table.Path, Kind = table.Kind, Tags = [], Columns = [.. table.Columns.Select(static c => new GovernedColumn(c.Name, c.Type ?? "", []))] },
        GrantMethod = table.GrantMethod,
        Access = ReadableBy(AccessRule.Nobody),
    };

    private static ObjectAccess ReadableBy(AccessRule rule) => new() { Read = rule, Write = AccessRule.Nobody, SubscriptionPolicies = ["bench"] };

    private static AccessRule AudienceOf(int number) => AccessRule.Of(new Predicate.InGroups([$"Group{number}"]));

    private static Person Person(string name) => new() { Id = name, Username = name, Groups = new HashSet<string>(), Attributes = new HashSet<PersonAttribute>() };

    private static string UserOf(int number) => $"user{number:D4}";

    private static string ArnOf(int number) => $"arn:aws:iam::123456789012:user/{UserOf(number)}";

    private static ConnectionAccess AccessOf(AwsSandbox sandbox, LakeFormationPlatform platform)
    {
        var endpoint = sandbox.Endpoint.AbsoluteUri;
        var problems = new ProblemList();
        var payload = JsonSerializer.SerializeToElement(new
        {
            technology = "Glue", authenticationType = "accessKey", accessKeyId = sandbox.Credentials.AccessKeyId, secretAccessKey = sandbox.Credentials.SecretAccessKey,
            region = sandbox.Region, accountId = sandbox.AccountId, endpoints = new { glue = endpoint, lakeformation = endpoint, sts = endpoint },
        });
        var spec = platform.ReadConnection(new PayloadObject(payload, "$.connection", problems), null, null)
            ?? throw new InvalidOperationException($"The stand-in's connection is refused: {string.Join("; ", problems.ByPath().Select(static p => $"{p.Key} {string.Join(", ", p.Value)}"))}");
        return new ConnectionAccess(Key, spec.Document, null, spec.Secrets.ToDictionary(static s => s.Key, static s => ((SecretInput.Literal)s.Value).Value, StringComparer.Ordinal));
    }
}
