using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.Egress;
using Sluice.Platforms.LakeFormation.Connections;
using Sluice.Platforms.LakeFormation.Identity;
using Sluice.Platforms.LakeFormation.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Wire;
using Sluice.Sandbox.Aws;
using Sluice.Sandbox.Aws.Identity;
using CatalogChange = Sluice.Sandbox.Aws.Catalog.CatalogChange;

namespace Sluice.Platforms.LakeFormation.Tests.Enforcing;

/// <summary>A sandbox on which access is enforced, and people that read it under their own keys.</summary>
internal sealed class EnforcedLake : IAsyncDisposable
{
    private readonly Dictionary<string, DiscoveredObject> _crawled;
    private readonly IPlatformSession _session;

    private EnforcedLake(SandboxLake lake, IPlatformSession session, Dictionary<string, DiscoveredObject> crawled)
    {
        Lake = lake;
        _session = session;
        _crawled = crawled;
    }

    public SandboxLake Lake { get; }

    public AwsSandbox Sandbox => Lake.Sandbox;

    public IReadOnlyList<IdentityHolders> Identities { get; set; } = [];

    public LakeFormationPlatform Platform { get; } = Payload.Platform();

    public IPlatformSession Session => _session;

    public static Task<EnforcedLake> StartAsync(ServiceGrants grants, params string[] users) => StartAsync(grants, users, []);

    /// <summary>With a catalog that was changed from the demo's.</summary>
    public static async Task<EnforcedLake> StartAsync(ServiceGrants grants, IReadOnlyList<string> users, IReadOnlyList<CatalogChange> changes)
    {
        var lake = await SandboxLake.StartAsync(new AwsSandboxOptions
        {
            ServiceGrants = grants,
            Principals = [.. users.Select(u => new SandboxPrincipal { Name = u, Allow = ["glue:Get*"] })],
        });
        lake.Sandbox.Change(changes);
        var session = lake.OpenWithKey();
        return new EnforcedLake(lake, session, SandboxLake.ByPath(await SandboxLake.CrawlAsync(session)));
    }

    public static string Arn(string user) => $"arn:aws:iam::123456789012:user/{user}";

    public static IdentityHolders Person(string user, params string[] groups) => new(Arn(user), [People.Person(user, groups)]);

    public static ObjectPath Path(string path) => new([SandboxLake.Key, .. path.Split('/')]);

    /// <summary>How a table can be granted on.</summary>
    public string? GrantMethodOf(string path) => _crawled[path].GrantMethod;

    public IntendedObject Object(string path, ObjectAccess access, string? method = null) => new()
    {
        Object = new GovernedObject
        {
            Path = Path(path),
            Kind = _crawled[path].Kind,
            Tags = [],
            Columns = [.. _crawled[path].Columns.Select(c => new GovernedColumn(c.Name, c.Type ?? "", []))],
        },
        GrantMethod = method ?? _crawled[path].GrantMethod,
        Access = access,
    };

    public static ObjectAccess Readable(AccessRule read, params ColumnMask[] masks) => new() { Read = read, Write = AccessRule.Nobody, Masks = [.. masks], SubscriptionPolicies = ["p"] };

    public static ColumnMask Mask(string column, AccessRule exempt) => new(column, new MaskFunction.Null(), exempt, null, "m");

    public AccessIntent Intent(params IntendedObject[] objects) => new()
    {
        Prefix = "SLUICE", Objects = objects, Identities = Identities, MembersOf = People.Decide(Identities),
    };

    public async Task<Plan> PlanAsync(AccessIntent intent) => PlanBuilder.Build(
        Platform.Compile(intent),
        await ((IObservesAccess)_session).ObserveAsync(intent, TestContext.Current.CancellationToken),
        EnforcementMode.Sync,
        new ImpactScope(2, new HashSet<string>(), _ => false));

    public async Task<List<ChangeOutcome>> ApplyAsync(AccessIntent intent, Plan plan)
    {
        var outcomes = new List<ChangeOutcome>();
        foreach (var phase in plan.Changes.GroupBy(c => c.Phase).OrderBy(g => g.Key))
        {
            await foreach (var outcome in ((IAppliesChanges)_session).ApplyAsync(intent, [.. phase], TestContext.Current.CancellationToken)) outcomes.Add(outcome);
        }

        return outcomes;
    }

    /// <summary>Plans, applies without a failure, and plans again: nothing is left to do.</summary>
    public async Task<Plan> ReconcileAsync(AccessIntent intent)
    {
        var plan = await PlanAsync(intent);
        var outcomes = await ApplyAsync(intent, plan);
        outcomes.Where(o => o.Error is not null).Select(o => $"{o.Change.Key}: {o.Error}").ShouldBeEmpty();
        outcomes.Select(o => o.Change).ShouldBe(plan.Changes, ignoreOrder: true);
        (await PlanAsync(intent)).Changes.ShouldBeEmpty();
        return plan;
    }

    /// <summary>The columns that somebody gets of a table, under their own key; null when the table is hidden from them.</summary>
    public async Task<string[]?> ColumnsOfAsync(string user, string path)
    {
        var connection = new GlueConnection
        {
            Region = AwsRegion.Parse(Sandbox.Region)!,
            AccountId = Sandbox.AccountId,
            Endpoints = new Dictionary<AwsService, Uri> { [AwsService.Glue] = Sandbox.Endpoint },
        };
        using var wiring = new SessionWiring(new EgressGuard(new EgressPolicy { AllowLoopback = true }), Lake.Options, TimeProvider.System, connection);
        var key = Sandbox.CredentialsOf(user);
        var client = new GlueClient(
            wiring.Client(AwsService.Glue, new FixedCredentials(new AwsCredentials(key.AccessKeyId, key.SecretAccessKey))), Sandbox.AccountId, new AwsLimits(), new LakePool());
        try
        {
            var names = path.Split('/');
            return [.. (await client.GetTableAsync(names[0], names[1], TestContext.Current.CancellationToken)).Columns.Select(c => c.Name)];
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.NotFound)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await Lake.DisposeAsync();
    }
}
