using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Platforms.Egress;
using Sluice.Platforms.LakeFormation.Connections;
using Sluice.Platforms.LakeFormation.Enforcing;
using Sluice.Platforms.LakeFormation.Identity;
using Sluice.Platforms.LakeFormation.Wire;
using Sluice.Sandbox.Aws;

namespace Sluice.Platforms.LakeFormation.Tests.Enforcing;

/// <summary>What is given back of a lake, as its administrator sees it.</summary>
public sealed class ReturnTests
{
    private static readonly AccessRule Sales = People.Rule("Sales");
    private static readonly ImpactScope Scope = new(2, new HashSet<string>(), static _ => false);
    private static readonly string[] Tables = ["customers", "customer_addresses", "orders", "order_items", "order_events", "returns", "products", "price_lists"];

    [Theory]
    [InlineData(ServiceGrants.LFTag)]
    [InlineData(ServiceGrants.Super)]
    public async Task Named_grants_and_LFTags_of_ours_are_taken_back_until_nothing_is_left(ServiceGrants grants)
    {
        await using var lake = await EnforcedLake.StartAsync(grants, "ann", "bob", "cy");
        lake.Identities = [EnforcedLake.Person("ann", "Sales"), EnforcedLake.Person("bob"), .. Enumerable.Range(0, 40).Select(i => EnforcedLake.Person($"p{i:00}", "Sales"))];
        var before = await SeenAsync(lake);
        var intent = lake.Intent([.. Tables.Select(t => lake.Object($"sales/{t}", t == "customers" ? EnforcedLake.Readable(Sales, EnforcedLake.Mask("email", AccessRule.Nobody)) : EnforcedLake.Readable(Sales)))]);
        var own = (await lake.ReconcileAsync(intent)).Changes.Where(c => c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.Grant }).Select(c => c.Key).ToHashSet();
        (await SeenAsync(lake)).Except(before).Count().ShouldBeGreaterThan(40);
        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldNotBeNull();

        var nothing = lake.Intent() with { OwnGrants = own };
        var first = PlanOfReturn.Of(await ObserveAsync(lake, intent with { OwnGrants = own }), [], Scope);
        first.Changes.ShouldAllBe(c => c.Verb == ChangeVerb.Remove);
        (await lake.ApplyAsync(nothing, first)).ShouldAllBe(o => o.Error == null);
        var second = PlanOfReturn.Of(await ObserveAsync(lake, nothing), [], Scope);
        (await lake.ApplyAsync(nothing, second)).ShouldAllBe(o => o.Error == null);

        PlanOfReturn.Of(await ObserveAsync(lake, nothing), [], Scope).Changes.ShouldBeEmpty();
        (await SeenAsync(lake)).ShouldBe(before, ignoreOrder: true);
        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldBeNull();
        second.Changes.Count.ShouldBe(grants == ServiceGrants.Super ? 1 : 0, "the key of the LF-Tag is what is left of the first");
    }

    [Fact]
    public async Task A_grant_is_put_back_as_it_was()
    {
        await using var lake = await EnforcedLake.StartAsync(ServiceGrants.LFTag, "ann", "bob", "cy");
        lake.Identities = [EnforcedLake.Person("ann", "Sales")];
        var open = lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(Sales)));
        await lake.ReconcileAsync(open);
        var removal = (await lake.ReconcileAsync(lake.Intent(lake.Object("sales/orders", EnforcedLake.Readable(AccessRule.Nobody))))).Changes.ShouldHaveSingleItem();

        var back = lake.Platform.PutBack(removal.Key, removal.Restore!, removal.MadeBy);
        (await lake.ApplyAsync(lake.Intent(), PlanOfReturn.Of([back]))).ShouldHaveSingleItem().Error.ShouldBeNull();

        (await lake.ColumnsOfAsync("ann", "sales/orders")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"Permissions":["SELECT"]}""", "")]
    [InlineData("""{"Permissions":["SELECT"],"PermissionsWithGrantOption":["SELECT"]}""", "with the grant option")]
    [InlineData("""{"Permissions":[],"PermissionsWithGrantOption":["SELECT"]}""", "the grant option alone")]
    public void What_was_kept_tells_its_form(string entry, string form) => GrantForm.OfKept(entry).ShouldBe(form);

    [Theory]
    [InlineData("GRANT SELECT")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"Permissions":"SELECT"}""")]
    public void What_is_no_entry_is_refused(string entry) => Should.Throw<FormatException>(() => GrantForm.OfKept(entry));

    [Fact]
    public void Named_grants_are_told_as_reading_and_writing()
    {
        var (held, left) = HeldGrants.Of([Grant("ann", "SELECT"), Grant("ann", "DESCRIBE"), Grant("bob", "INSERT"), Grant("bob", "DELETE"), Grant("cy", "SELECT except [\"email\"]"), Grant("dee", "ALL")]);

        held.Select(h => $"{h.Identity} {h.Access}").ShouldBe(["ann Read", "bob Write", "dee Read", "dee Write"]);
        left.Select(l => $"{l.Identity}: {l.Text}").ShouldBe(["cy: SELECT except [\"email\"]", "dee: ALL"]);

        static ObservedFact Grant(string identity, string privilege) =>
            new(new FactKey(FactKind.Grant, EnforcedLake.Path("sales/orders"), identity, privilege), "", FactOwner.Registered);
    }

    private static Task<ObservedState> ObserveAsync(EnforcedLake lake, AccessIntent intent) =>
        ((IObservesAccess)lake.Session).ObserveAsync(intent, TestContext.Current.CancellationToken);

    // Every permission and every LF-Tag there is.
    private static async Task<List<string>> SeenAsync(EnforcedLake lake)
    {
        var connection = new GlueConnection
        {
            Region = AwsRegion.Parse(lake.Sandbox.Region)!,
            AccountId = lake.Sandbox.AccountId,
            Endpoints = new Dictionary<AwsService, Uri> { [AwsService.LakeFormation] = lake.Sandbox.Endpoint },
        };
        using var wiring = new SessionWiring(new EgressGuard(new EgressPolicy { AllowLoopback = true }), lake.Lake.Options, TimeProvider.System, connection);
        var key = lake.Sandbox.AdministratorCredentials;
        var client = new LakeFormationClient(
            wiring.Client(AwsService.LakeFormation, new FixedCredentials(new AwsCredentials(key.AccessKeyId, key.SecretAccessKey))), lake.Sandbox.AccountId, new AwsLimits(), new LakePool());
        var seen = new List<string>();
        await Paging.ReadAllAsync(
            (token, cancel) => client.ListPermissionsAsync(token, cancel),
            entries => seen.AddRange(entries.Select(e => $"{e.Principal} {e.Resource} {(e.Resource is LakeResource.TagPolicy policy ? ChangeText.Expression(policy) : "")} {(e.Resource is LakeResource.SomeColumns some ? string.Join(',', some.Columns) : "")} {e.Granted} {e.Grantable}")),
            new AwsLimits(), TestContext.Current.CancellationToken);
        await Paging.ReadAllAsync(
            (token, cancel) => client.ListLFTagsAsync(token, cancel), tags => seen.AddRange(tags.Select(t => $"tag {t.Key} {string.Join(',', t.Values)}")),
            new AwsLimits(), TestContext.Current.CancellationToken);
        return seen;
    }
}
